// See company.h.
#include "program/demo/company.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json_writer.h"
#include "program/builds.h"
#include "program/decisions.h"
#include "program/demo/advisories.h"
#include "program/demo/plan.h"
#include "program/documents.h"
#include "program/ingest.h"
#include "program/owners.h"
#include "program/running.h"
#include "program/scans.h"
#include "program/service.h"
#include "program/text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace scantling::program::demo {
namespace {

using version::Ecosystem;

constexpr Millis kHour = 3'600'000;
constexpr Millis kStep = 6 * kHour;  // what happened in it is told at its end
constexpr Millis kReportEvery = kMillisPerDay;
constexpr uint64_t kSeed = 20'240'917;
constexpr int kUserDatabaseDay = 10;  // the user's own advisories came that many days before
constexpr int kBaseImages = 32;

std::string HexOf(std::string_view what, uint64_t number) {
  return base::Sha256Of(base::AsBytes(std::string(what) + " " + std::to_string(number))).Hex();
}
std::string DigestOf(std::string_view what, uint64_t number = 0) {
  return "sha256:" + HexOf(what, number);
}
uint64_t Luck(uint64_t a, uint64_t b = 0, uint64_t c = 0) {
  return Mix(Mix(Mix(kSeed + a) + b) + c);
}

std::string_view RuntimeOf(Ecosystem language) {
  return language == Ecosystem::kNpm     ? "node"
         : language == Ecosystem::kPypi  ? "python"
         : language == Ecosystem::kMaven ? "java"
                                         : "";
}

std::vector<std::string_view> GroupsOf(Ecosystem language) {
  return language == Ecosystem::kPypi ? std::vector<std::string_view>{"web", "python"}
                                      : std::vector<std::string_view>{"web"};
}

// An image of the company's own that others are built on.
struct BaseImage {
  Base base = Base::kDebian12;
  Ecosystem language = Ecosystem::kGo;  // of its runtime; kGo = none
  int edition = 0;
  bool build = false;  // with compilers
  Millis at = 0;
  std::string name() const {
    const BaseInfo& info = InfoOf(base);
    const std::string_view runtime = build ? "golang-build" : RuntimeOf(language);
    return std::string(kRegistry) + "/base/" + std::string(runtime.empty() ? info.image : runtime) +
           ":" + std::string(info.version_id) + "-" + std::to_string(edition + 1);
  }
  std::string digest() const { return DigestOf("image " + name()); }
  int32_t layers() const { return build || !RuntimeOf(language).empty() ? 2 : 1; }
};

model::Layer LayerOf(int32_t index, const std::string& what, uint64_t size,
                     std::string created_by) {
  model::Layer out;
  out.index = index;
  out.diff_id = DigestOf("layer " + what);
  out.digest = DigestOf("packed layer " + what);
  out.size_bytes = size;
  out.created_by = std::move(created_by);
  return out;
}

void SetDistro(model::Image& image, Base base) {
  const BaseInfo& info = InfoOf(base);
  image.distro.id = info.distro_id;
  image.distro.version_id = info.version_id;
}

// One place in which a container runs; who is in it changes by rollouts.
struct Slot {
  size_t reporter = 0;
  int service = -1;    // its images follow the service
  std::string digest;  // of what is not a service's; "" = the runtime does not say
  std::string reference;
  SeenCopy copy;  // without digest, uid and times
};

class Company {
 public:
  Company(store::Store& store, Millis end, std::shared_ptr<const advisory::Database> maybe_own)
      : service_(store, {.now = [this] { return clock_; }}),
        end_(end),
        start_(end - kDays * kMillisPerDay),
        own_(std::move(maybe_own)) {}

  base::Result<void> Tell() {
    PlanBases();
    PlanServices();
    PlanVendors();
    PlanBlinds();
    PlanDecisions();
    PlanSlots();
    std::stable_sort(acts_.begin(), acts_.end(),
                     [](const Act& a, const Act& b) { return a.at < b.at; });
    const std::vector<int> days = AdvisoryDays();
    size_t next_day = 0;
    size_t next_act = 0;
    for (clock_ = start_;; clock_ = std::min(clock_ + kStep, end_)) {
      while (next_day < days.size() && end_ - days[next_day] * kMillisPerDay <= clock_) {
        SCANTLING_DO(Advise(days[next_day++]));
      }
      const size_t from = next_act;
      while (next_act < acts_.size() && acts_[next_act].at <= clock_) {
        ++next_act;
      }
      SCANTLING_DO(
          service_.Write([&](Change& change) { return TellStep(change, from, next_act); }));
      if (clock_ >= end_) {
        return {};
      }
    }
  }

 private:
  struct Act {
    Millis at = 0;
    std::function<base::Result<void>(Change&)> tell;
  };
  // An image of a service, ready when it is built.
  struct Version {
    std::string tag;
    std::string digest;
    Millis built = 0;
  };

  void At(Millis at, std::function<base::Result<void>(Change&)> tell) {
    acts_.push_back({at, std::move(tell)});
  }
  // What happened before the 90 days is told at their beginning.
  Millis Day(double days_before_end) const {
    return end_ - static_cast<Millis>(days_before_end * static_cast<double>(kMillisPerDay));
  }

  base::Result<void> Advise(int day) {
    std::shared_ptr<const advisory::Database> database = own_;
    if (own_ == nullptr || day > kUserDatabaseDay) {
      SCANTLING_TRY(std::string bytes, MakeAdvisories(end_, day));
      SCANTLING_TRY(advisory::Database opened,
                    advisory::Database::FromOwned(std::move(bytes), false));
      database = std::make_shared<const advisory::Database>(std::move(opened));
    }
    SCANTLING_TRY(const Judged judged, service_.UseDatabase(std::move(database)));
    static_cast<void>(judged);
    return {};
  }

  base::Result<void> TellStep(Change& change, size_t from, size_t until) {
    if (from == 0) {
      SCANTLING_TRY(const OwnerRules rules, ParseOwnerRules(OwnersJson()));
      static_cast<void>(rules);
      SCANTLING_DO(WriteDocument(change, "owners", OwnersJson()));
      messages_.resize(Clusters().size() + kHosts);
    }
    for (size_t i = from; i < until; ++i) {
      SCANTLING_DO(acts_[i].tell(change));
    }
    if (from == 0) {
      for (Slot& slot : slots_) {
        Start(slot, start_ - static_cast<Millis>(Luck(7, started_) % 2'000) * kHour / 100);
      }
    }
    for (size_t i = 0; i < messages_.size(); ++i) {
      const bool host = i >= Clusters().size();
      const size_t number = i - Clusters().size() + 1;
      if (host && number == kSilentHost && clock_ > Day(kSilentSinceDays)) {
        continue;
      }
      RunningReport& message = messages_[i];
      if (host) {
        message.reporter =
            "host edge-" + std::string(number < 10 ? "0" : "") + std::to_string(number);
        message.kind = "host";
        message.environment = "production";
      } else {
        const ReporterPlan& plan = Clusters()[i];
        message.reporter = plan.name;
        message.kind = plan.kind;
        message.cluster = plan.cluster;
        message.environment = plan.environment;
      }
      message.interval_ms = kReportEvery;
      message.at = clock_;
      message.snapshot = from == 0;
      SCANTLING_TRY(const RunningOutcome outcome, ApplyRunning(change, message));
      static_cast<void>(outcome);
      message = {};
    }
    return {};
  }

  base::Result<void> Submit(Change& change, Submission submission) {
    SCANTLING_TRY(const Stored stored, StoreInventory(change, submission, *service_.database()));
    static_cast<void>(stored);
    return {};
  }

  static Submission Inventory(const std::string& digest, std::vector<std::string> names,
                              std::vector<model::Component> components, Millis at) {
    Submission out;
    Finish(components);
    model::Inventory& inventory = out.report.inventory;
    inventory.coverage.claimed = inventory.coverage.read = components.size() / 8 + 3;
    inventory.components = std::move(components);
    inventory.image.digest = digest;
    inventory.image.config_digest = DigestOf("configuration " + digest);
    inventory.image.platform = "linux/amd64";
    inventory.image.created = FormatMillis(at - kHour / 4);
    out.names = std::move(names);
    out.document = DigestOf("document " + digest);
    out.via = "scan";
    out.at = at;
    return out;
  }

  // The layers and packages of a base image, for it and for what is built on it.
  static void AddBase(const BaseImage& base, model::Image& image,
                      std::vector<model::Component>& components) {
    const BaseInfo& info = InfoOf(base.base);
    SetDistro(image, base.base);
    const std::string what = std::string(info.image) + " " + std::to_string(base.edition);
    image.layers.push_back(LayerOf(0, what, 29'150'000, "ADD rootfs.tar.xz / # " + what));
    AddSystem(components, base.base, base.edition, {}, 0);
    if (base.layers() < 2) {
      return;
    }
    std::vector<std::string_view> groups = GroupsOf(base.language);
    if (base.build) {
      groups = {"web", "git", "build"};
    }
    image.layers.push_back(LayerOf(1, base.name(), 81'400'000, "RUN install runtime"));
    AddGroups(components, base.base, base.edition, groups, 1);
  }

  void PlanBases() {
    const auto add = [&](Base base, Ecosystem language, int edition, bool build) {
      BaseImage one{base, language, edition, build, 0};
      // The last edition came three weeks ago, those before it a month apart.
      one.at = Day(21 + 24 * (InfoOf(base).editions - 1 - edition)) +
               static_cast<Millis>(bases_.size()) * kHour / 4;
      bases_.push_back(one);
    };
    for (const Base base : {Base::kDebian12, Base::kDebian11, Base::kAlpine316, Base::kAlpine319,
                            Base::kAlmaLinux9}) {
      for (int edition = 0; edition < InfoOf(base).editions; ++edition) {
        add(base, Ecosystem::kGo, edition, false);
      }
    }
    for (const Ecosystem language : {Ecosystem::kNpm, Ecosystem::kPypi, Ecosystem::kMaven}) {
      for (int edition = 0; edition < InfoOf(Base::kDebian12).editions; ++edition) {
        add(Base::kDebian12, language, edition, false);
      }
    }
    add(Base::kDebian12, Ecosystem::kGo, 2, true);
    add(Base::kDebian12, Ecosystem::kGo, 4, true);
    SCANTLING_ASSERT(bases_.size() == kBaseImages);
    for (const BaseImage& base : bases_) {
      const std::string repository = base.name().substr(0, base.name().rfind(':'));
      Build(base.digest(), {base.name(), repository + ":latest"}, "base-images", base.at, "");
      At(base.at + kHour / 10, [this, base](Change& change) {
        std::vector<model::Component> components;
        Submission submission;
        model::Image image;
        AddBase(base, image, components);
        submission =
            Inventory(base.digest(), {base.name()}, std::move(components), base.at + kHour / 10);
        submission.report.inventory.image.layers = image.layers;
        submission.report.inventory.image.distro = image.distro;
        return Submit(change, std::move(submission));
      });
    }
  }

  void Build(const std::string& digest, std::vector<std::string> names, std::string_view source,
             Millis at, const std::string& base_digest) {
    BuildRecord record;
    record.digest = digest;
    record.names = std::move(names);
    record.source = "https://git.demo.example/" + std::string(source);
    record.commit = HexOf("commit " + digest, 1).substr(0, 40);
    record.base_digest = base_digest;
    record.committed = at - kHour / 3;
    record.at = at;
    record.url = record.source + "/runs/" + std::to_string(Luck(8, acts_.size()) % 90'000);
    At(at, [record](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
      static_cast<void>(fresh);
      return {};
    });
  }

  // The newest base that was there; teams that look after it less are an edition behind.
  const BaseImage& BaseOf(const ServicePlan& plan, Millis at, bool behind) const {
    const Ecosystem language = plan.base == Base::kDebian12 ? plan.language : Ecosystem::kGo;
    const BaseImage* newest = nullptr;
    const BaseImage* before = nullptr;
    for (const BaseImage& base : bases_) {
      if (base.base == plan.base && base.language == language && !base.build &&
          (newest == nullptr || base.at <= at)) {
        before = newest;
        newest = &base;
      }
    }
    return behind && before != nullptr ? *before : *newest;
  }

  void PlanServices() {
    constexpr std::array<int, 4> kMore = {1, -1, 2, -2};
    const auto services = Services();
    versions_.resize(services.size());
    for (size_t i = 0; i < services.size(); ++i) {
      const ServicePlan& plan = services[i];
      const int count = 6 + kMore[i % kMore.size()];
      const std::string repository =
          std::string(kRegistry) + "/" + std::string(plan.team) + "/" + std::string(plan.name);
      for (int k = 0; k < count; ++k) {
        const double spread =
            static_cast<double>(Luck(1, i, static_cast<uint64_t>(k)) % 1000) / 1000;
        // The first is older than the story; the last is some hours to some days old.
        const double day =
            k == 0 ? 91 + spread * 30 : 88.0 * (count - 1 - k + 0.9 * spread) / (count - 1) + 0.1;
        Version version;
        version.built = Day(day);
        version.tag =
            std::to_string(1 + i % 4) + "." + std::to_string(10 + k + static_cast<int>(i % 7));
        version.digest = DigestOf("image " + repository, static_cast<uint64_t>(k));
        versions_[i].push_back(version);
        const BaseImage& base = BaseOf(plan, version.built, Luck(2, i) % 3 == 0);
        Build(version.digest, {repository + ":" + version.tag, repository + ":main"},
              std::string(plan.team) + "/" + std::string(plan.name), version.built, base.digest());
        const double age = static_cast<double>(k) / (count - 1);
        At(version.built + kHour / 20, [this, i, version, repository, base, age](Change& change) {
          return Submit(change, ServiceInventory(i, version, repository, base, age));
        });
        if (k > 0) {
          PlanRollout(i, static_cast<size_t>(k), repository);
        }
      }
      current_.emplace_back(Clusters().size() + 1, 0);
    }
  }

  static Submission ServiceInventory(size_t index, const Version& version,
                                     const std::string& repository, const BaseImage& base,
                                     double age) {
    const ServicePlan& plan = Services()[index];
    std::vector<model::Component> components;
    model::Image image;
    AddBase(base, image, components);
    auto layer = static_cast<int32_t>(image.layers.size());
    // What the base does not have of what the language needs.
    std::vector<std::string_view> groups;
    if (base.layers() == 1 && plan.language != Ecosystem::kGo) {
      groups = GroupsOf(plan.language);
    }
    if (plan.name == "notebook" || plan.name == "ci-runner") {
      groups.insert(groups.end(), {"git", "build"});
    }
    if (!groups.empty()) {
      image.layers.push_back(LayerOf(layer, repository + " system " + std::to_string(base.edition),
                                     18'300'000, "RUN install packages"));
      AddGroups(components, base.base, base.edition, groups, layer++);
    }
    image.layers.push_back(LayerOf(layer, "application " + version.digest,
                                   4'000'000 + Luck(3, index) % 60'000'000,
                                   "COPY . /app # " + std::string(plan.name)));
    const double share = 0.45 + static_cast<double>(Luck(4, index) % 45) / 100;
    AddApplication(components, plan.language, Luck(5, index), share, age, plan.name, layer);
    const Millis at = version.built + kHour / 20;
    Submission out =
        Inventory(version.digest, {repository + ":" + version.tag}, std::move(components), at);
    model::Report& report = out.report;
    report.inventory.image.layers = image.layers;
    report.inventory.image.distro = image.distro;
    report.inventory.image.annotations = {
        {"org.opencontainers.image.base.digest", base.digest()},
        {"org.opencontainers.image.base.name", base.name()},
        {"org.opencontainers.image.source",
         "https://git.demo.example/" + std::string(plan.team) + "/" + std::string(plan.name)}};
    report.base_layers = base.layers();
    report.base_name = base.name();
    report.base_known_by = "annotation";
    return out;
  }

  // Staging at once, production one to three days later, and not every time.
  void PlanRollout(size_t service, size_t version, const std::string& repository) {
    const Version& what = versions_[service][version];
    const uint64_t luck = Luck(6, service, version);
    const bool last = version + 1 == versions_[service].size();
    const bool production = luck % 4 != 0 || (last && service % 5 != 0);
    const Millis wait = (24 + static_cast<Millis>(luck / 8 % 48)) * kHour;
    const auto clusters = Clusters();
    for (size_t cluster = 0; cluster < clusters.size(); ++cluster) {
      const bool staging = clusters[cluster].environment == "staging";
      if (!staging && !production) {
        continue;
      }
      const Millis at =
          what.built + (staging ? 2 * kHour : wait + static_cast<Millis>(cluster) * 5 * kHour);
      if (at > end_) {
        continue;
      }
      At(at, [this, service, version, cluster, at, repository](Change& change) {
        return RollOut(change, service, version, cluster, at, repository);
      });
    }
    if (production && what.built + wait + 24 * kHour <= end_) {
      At(what.built + wait + 24 * kHour,
         [this, service, version](Change&) { return RollHosts(service, version); });
    }
  }

  base::Result<void> RollOut(Change& change, size_t service, size_t version, size_t cluster,
                             Millis at, const std::string& repository) {
    const ReporterPlan& plan = Clusters()[cluster];
    size_t rolled = 0;
    current_[service][cluster] = version;
    for (Slot& slot : slots_) {
      if (slot.reporter == cluster && slot.service == static_cast<int>(service)) {
        Stop(slot, at + static_cast<Millis>(rolled) * 1'000);
        Start(slot, at + static_cast<Millis>(rolled++) * 1'000);
      }
    }
    if (rolled == 0) {
      return {};
    }
    BuildRecord record;
    record.deployment = true;
    record.digest = versions_[service][version].digest;
    record.names = {repository + ":" + versions_[service][version].tag};
    record.environment = plan.environment;
    record.workload = Services()[service].name;
    record.at = at;
    record.url = "https://git.demo.example/deployments/" + std::string(plan.cluster);
    record.id = std::string(plan.cluster) + " " + record.names[0];
    SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
    static_cast<void>(fresh);
    return {};
  }

  base::Result<void> RollHosts(size_t service, size_t version) {
    current_[service].back() = version;
    for (Slot& slot : slots_) {
      const bool silent =
          slot.reporter == Clusters().size() + kSilentHost - 1 && clock_ > Day(kSilentSinceDays);
      if (slot.reporter >= Clusters().size() && slot.service == static_cast<int>(service) &&
          !silent) {
        Stop(slot, clock_ - 30'000);
        Start(slot, clock_ - 20'000);
      }
    }
    return {};
  }

  void PlanVendors() {
    uint64_t number = 0;
    for (const VendorPlan& plan : Vendors()) {
      const Millis at = Day(92 + static_cast<double>(number++));
      const std::string name = std::string(plan.repository) + ":" + std::string(plan.tag);
      At(at, [this, &plan, name, at](Change& change) {
        std::vector<model::Component> components;
        model::Image image;
        SetDistro(image, plan.base);
        const BaseInfo& info = InfoOf(plan.base);
        image.layers.push_back(LayerOf(0, std::string(info.image) + std::to_string(plan.edition),
                                       27'900'000, "ADD rootfs.tar.xz /"));
        image.layers.push_back(LayerOf(1, name, 43'000'000, "COPY . /"));
        AddSystem(components, plan.base, plan.edition, {}, 0);
        AddGroups(components, plan.base, plan.edition, base::Split(plan.groups, ' '), 1);
        if (plan.share > 0) {
          AddApplication(components, plan.language, Luck(9, plan.repository.size()), plan.share,
                         plan.age_percent / 100.0,
                         plan.repository.substr(plan.repository.rfind('/') + 1), 1);
        }
        Submission submission =
            Inventory(DigestOf("image " + name), {name}, std::move(components), at);
        submission.report.inventory.image.layers = image.layers;
        submission.report.inventory.image.distro = image.distro;
        return Submit(change, std::move(submission));
      });
    }
  }

  void PlanBlinds() {
    for (const BlindPlan& plan : Blinds()) {
      const std::string name(plan.reference);
      const std::string digest = DigestOf("image " + name);
      if (plan.why == Blind::kUnsupported || plan.why == Blind::kEmpty) {
        const Millis at = Day(70);
        At(at, [this, &plan, name, digest, at](Change& change) {
          std::vector<model::Component> components;
          model::Image image;
          image.layers.push_back(LayerOf(0, name, 31'000'000, "COPY . /"));
          if (plan.why == Blind::kUnsupported) {
            SetDistro(image, Base::kOpenSuse);
            AddSystem(components, Base::kOpenSuse, 0, {}, 0);
          }
          Submission submission = Inventory(digest, {name}, std::move(components), at);
          submission.report.inventory.image.layers = image.layers;
          submission.report.inventory.image.distro = image.distro;
          return Submit(change, std::move(submission));
        });
        continue;
      }
      // Known by its running copies; what became of its scan is told later.
      if (plan.why != Blind::kNever) {
        const Millis at = plan.why == Blind::kQueued ? Day(0.05) : Day(9);
        At(at, [&plan, digest](Change& change) {
          return SetScanState(change, digest,
                              plan.why == Blind::kQueued ? kStateQueued : kStateFailed,
                              plan.detail);
        });
      }
    }
  }

  void PlanDecisions() {
    for (const DecisionPlan& plan : Decisions()) {
      At(Day(plan.day), [this, &plan](Change& change) -> base::Result<void> {
        std::string text;
        codec::JsonWriter json(&text, codec::JsonWriter::Layout::kCompact);
        json.BeginObject();
        const auto put = [&](std::string_view key, std::string_view value) {
          if (!value.empty()) {
            json.Text(key, value);
          }
        };
        put("kind", plan.kind);
        put("vulnerability", plan.vulnerability);
        put("repository", plan.repository);
        put("owner", plan.owner);
        put("reason", plan.reason);
        put("words", plan.words);
        if (plan.until != 0) {
          put("until", FormatMillis(change.now + plan.until * kMillisPerDay));
        }
        json.EndObject();
        SCANTLING_TRY(Decision decision, ParseDecision(text, change.now));
        SCANTLING_DO(SetAuthor(decision, plan.author));
        SCANTLING_TRY(const int64_t id, StoreDecision(change, decision));
        decisions_[plan.day] = id;
        return {};
      });
      if (plan.ended != 0) {
        At(Day(plan.day - plan.ended), [this, &plan](Change& change) {
          return EndDecision(change, decisions_[plan.day], plan.author);
        });
      }
    }
  }

  Slot& AddSlot(size_t reporter, std::string_view name_space, std::string_view workload) {
    Slot slot;
    slot.reporter = reporter;
    const uint64_t luck = Luck(10, slots_.size());
    const bool host = reporter >= Clusters().size();
    SeenCopy& copy = slot.copy;
    copy.workload = copy.container = workload;
    copy.labels = {{"app", std::string(workload)}};
    if (host) {
      copy.workload_kind = "container";
      copy.node = "edge-" + std::to_string(reporter - Clusters().size() + 1);
      copy.labels.emplace_back("team", "logistics");
    } else {
      const ReporterPlan& plan = Clusters()[reporter];
      copy.name_space = name_space;
      copy.workload_kind = "Deployment";
      copy.node = std::string(plan.cluster) + "-node-" +
                  std::to_string(1 + luck % static_cast<uint64_t>(plan.nodes));
    }
    slots_.push_back(std::move(slot));
    return slots_.back();
  }

  void Follow(Slot& slot, int service) {
    slot.service = service;
    slot.reference = std::string(kRegistry) + "/" +
                     std::string(Services()[static_cast<size_t>(service)].team) + "/" +
                     std::string(Services()[static_cast<size_t>(service)].name);
  }

  void PlanSlots() {
    const auto clusters = Clusters();
    const auto services = Services();
    const auto fixed = [&](size_t reporter, std::string_view name_space, const std::string& name) {
      const size_t slash = name.rfind('/');
      const std::string short_name = name.substr(slash + 1, name.rfind(':') - slash - 1);
      Slot& slot = AddSlot(reporter, name_space, short_name);
      slot.digest = DigestOf("image " + name);
      slot.reference = name;
      return &slot;
    };
    for (const VendorPlan& plan : Vendors()) {
      const std::string name = std::string(plan.repository) + ":" + std::string(plan.tag);
      for (size_t cluster = 0; cluster < clusters.size(); ++cluster) {
        const int count = plan.daemon ? clusters[cluster].nodes : cluster == 0 ? 6 : 3;
        for (int node = 1; node <= count; ++node) {
          Slot* slot = fixed(cluster, plan.name_space, name);
          if (plan.daemon) {
            slot->copy.workload_kind = "DaemonSet";
            slot->copy.node =
                std::string(clusters[cluster].cluster) + "-node-" + std::to_string(node);
          }
        }
      }
    }
    for (const BlindPlan& plan : Blinds()) {
      for (int copy = 0; copy < plan.copies; ++copy) {
        fixed(static_cast<size_t>(copy) % 2, plan.name_space, std::string(plan.reference));
      }
    }
    // Built on the node itself: no registry knows a digest.
    for (int copy = 0; copy < 11; ++copy) {
      Slot& slot = AddSlot(static_cast<size_t>(copy) % 3, "lab", "scratchpad");
      slot.reference = "localhost/scratchpad:dev";
    }
    // In stores and depots: a few services beside each other on each host.
    for (size_t host = 0; host < kHosts; ++host) {
      for (size_t i = 0; i < services.size(); ++i) {
        if (services[i].team == "logistics" || services[i].name == "log-shipper" ||
            services[i].name == "cert-watcher") {
          Follow(AddSlot(clusters.size() + host, "", services[i].name), static_cast<int>(i));
        }
      }
    }
    int weights = 0;
    for (const ServicePlan& plan : services) {
      weights += plan.weight;
    }
    const int rest = kCopies - static_cast<int>(slots_.size());
    int given = 0;
    int until = 0;  // of the weights so far: what they are given is exact at the end
    for (size_t i = 0; i < services.size(); ++i) {
      until += services[i].weight;
      const int target = rest * until / weights;
      for (int copy = 0; given < target; ++given, ++copy) {
        // Of twenty: ten and seven in production, two in staging, one in batch.
        const int place = copy % 20;
        const size_t cluster = place < 2 ? 2 : place < 12 ? 0 : place < 19 ? 1 : 3;
        Follow(AddSlot(cluster, services[i].team, services[i].name), static_cast<int>(i));
      }
    }
  }

  void Start(Slot& slot, Millis at) {
    at = std::min(at, clock_);
    SeenCopy copy = slot.copy;
    const uint64_t number = started_++;
    copy.uid = (slot.reporter >= Clusters().size() ? "podman://" : "containerd://") +
               HexOf("container", number);
    copy.digest = slot.digest;
    copy.reference = slot.reference;
    if (slot.service >= 0) {
      const auto& versions = versions_[static_cast<size_t>(slot.service)];
      const auto& current = current_[static_cast<size_t>(slot.service)];
      const Version& version = versions[current[std::min(slot.reporter, current.size() - 1)]];
      copy.digest = version.digest;
      copy.reference += ":" + version.tag;
    }
    if (slot.reporter < Clusters().size()) {
      copy.pod = copy.workload + "-" + HexOf("pod", number).substr(0, 10);
    }
    copy.started = at;
    copy.at = std::max(at, start_);
    slot.copy.uid = copy.uid;
    messages_[slot.reporter].copies.push_back(std::move(copy));
  }

  void Stop(Slot& slot, Millis at) {
    if (!slot.copy.uid.empty()) {
      messages_[slot.reporter].gone.emplace_back(slot.copy.uid, std::min(at, clock_));
    }
  }

  Millis clock_ = 0;
  Service service_;
  Millis end_;
  Millis start_;
  std::shared_ptr<const advisory::Database> own_;  // null: the set's
  std::vector<Act> acts_;
  std::vector<BaseImage> bases_;
  std::vector<std::vector<Version>> versions_;  // by service
  std::vector<std::vector<size_t>> current_;    // by service and cluster; the last: the hosts
  std::vector<Slot> slots_;
  std::vector<RunningReport> messages_;  // by reporter, of the step
  std::map<int, int64_t> decisions_;     // by the plan's day
  uint64_t started_ = 0;
};

}  // namespace

base::Result<void> FillCompany(store::Store& store, Millis end,
                               std::shared_ptr<const advisory::Database> maybe_own) {
  return Company(store, end, std::move(maybe_own)).Tell();
}

}  // namespace scantling::program::demo
