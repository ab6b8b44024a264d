// The figures of the program server on a generated fleet: images of 300 components out of 40,000
// distinct ones, running copies, matches, 90 days of events. Prints one line per figure: what,
// measured, target.
//
//   fleet STORE [IMAGES [COPIES]]     STORE: "sqlite:FILE" or "postgres://..."; 10000 and 100000 by
//                                     default
//   fleet STORE submit IMAGES WORKERS  that many more images, by as many processes on one store
//
// A store that is empty is filled first; one that was filled is only asked. Everything is made of
// numbers, so that two runs make the same fleet. Times are of the clock; where it says "of the
// CPU", they are what the process used, for machines that are shared.
#include "advisory/build.h"
#include "base/digest.h"
#include "program/answers.h"
#include "program/service.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <vector>

namespace {

namespace base = scantling::base;
namespace program = scantling::program;
namespace store = scantling::store;
namespace model = scantling::model;
using scantling::advisory::Database;

constexpr int kNames = 20'000;  // each in two versions
constexpr int kComponents = 300;
constexpr int kDays = 90;
constexpr program::Millis kNow = program::Millis{1'900'000'000} * 1000;

double Cpu() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void Line(std::string_view what, double value, std::string_view unit, double target) {
  std::printf("| %.*s | %.2f %.*s | %.0f %.*s | %s |\n", static_cast<int>(what.size()), what.data(),
              value, static_cast<int>(unit.size()), unit.data(), target,
              static_cast<int>(unit.size()), unit.data(), value <= target ? "met" : "missed");
}

template <typename T>
T Must(base::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().Message().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

std::string NameOf(int package) { return "package-" + std::to_string(package); }
std::string VersionOf(int which) { return which == 0 ? "1.0.0" : "1.1.0"; }
std::string DigestOf(std::string_view kind, int number) {
  return base::Sha256Of(base::AsBytes(std::string(kind) + std::to_string(number))).ToString();
}

// One advisory per package that both versions are below; with `more` some hundred new ones.
std::shared_ptr<const Database> MakeDatabase(bool more) {
  const auto root =
      std::filesystem::temp_directory_path() / ("scantling-fleet-" + std::to_string(::getpid()));
  std::filesystem::create_directories(root / "npm-ghsa/2030");
  std::ofstream(root / "MANIFEST.tsv")
      << "name\tsource\tcommit\tas_of\tbytes\tsha256\nnpm-ghsa\tx\ty\t2030-03-15\t1\tz\n";
  const auto write = [&](int number, int package) {
    char id[32];
    std::snprintf(id, sizeof(id), "CVE-2030-%05d", number);
    std::ofstream(root / "npm-ghsa/2030" / (std::string(id) + ".json"))
        << R"({"id":"GHSA-)" << id << R"(","aliases":[")" << id
        << R"("],"modified":"2030-01-01T00:00:00Z","published":"2030-01-01T00:00:00Z","database_specific":{"severity":")"
        << (number % 10 == 0  ? "CRITICAL"
            : number % 3 == 0 ? "HIGH"
                              : "MODERATE")
        << R"("},"affected":[{"package":{"ecosystem":"npm","name":")" << NameOf(package)
        << R"("},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]})";
  };
  for (int package = 0; package < kNames; ++package) {
    write(package, package);
  }
  for (int extra = 0; more && extra < 200; ++extra) {
    write(kNames + extra, extra * 97 % kNames);
  }
  scantling::advisory::BuildOptions options;
  options.feeds_folder = root.string();
  std::string bytes;
  Must(scantling::advisory::BuildDatabase(options, &bytes));
  std::filesystem::remove_all(root);
  return std::make_shared<const Database>(Must(Database::FromOwned(std::move(bytes), false)));
}

program::Submission MakeImage(int number) {
  program::Submission out;
  model::Inventory& inventory = out.report.inventory;
  inventory.image.digest = DigestOf("image", number);
  inventory.image.platform = "linux/amd64";
  inventory.image.layers.resize(3);
  for (int layer = 0; layer < 3; ++layer) {
    inventory.image.layers[static_cast<size_t>(layer)].index = layer;
    inventory.image.layers[static_cast<size_t>(layer)].diff_id =
        DigestOf("layer", number * 3 + layer);
  }
  for (int i = 0; i < kComponents; ++i) {
    // Some are in every image, some in many, most in few, as in a real fleet.
    const int package = i < 60    ? i
                        : i < 160 ? 60 + (number * 7 + i * 13) % 2'000
                                  : (number * 131 + i * 977) % kNames;
    model::Component component;
    component.type = scantling::version::Ecosystem::kNpm;
    component.name = NameOf(package);
    component.version = VersionOf((number + package) % 2);
    component.purl = "pkg:npm/" + component.name + "@" + component.version;
    component.ref = component.purl + "#" + std::to_string(i);
    component.layer = i % 3;
    component.locations = {{"app/node_modules/" + component.name + "/package.json", i % 3}};
    component.evidence = model::Evidence::kNodePackageJson;
    inventory.components.push_back(std::move(component));
  }
  out.names = {"registry.example/team-" + std::to_string(number % 40) + "/app-" +
               std::to_string(number / 5) + ":" + std::to_string(number % 5)};
  out.document = std::to_string(number);
  out.via = "bench";
  return out;
}

program::SeenCopy MakeCopy(int slot, int life, int image) {
  program::SeenCopy copy;
  copy.uid = "containerd://" + std::to_string(slot) + "-" + std::to_string(life);
  copy.digest = DigestOf("image", image);
  copy.name_space = "ns-" + std::to_string(slot % 200);
  copy.workload_kind = "Deployment";
  copy.workload = "app-" + std::to_string(slot % 3'000);
  copy.pod = copy.workload + "-" + std::to_string(slot) + "-" + std::to_string(life);
  copy.container = "main";
  copy.node = "node-" + std::to_string(slot % 100);
  return copy;
}

// Six tenths of the images are there at first, the others come day by day; each day a hundredth of
// the copies is replaced by copies of the newest images.
void Fill(program::Service& service, program::Millis& clock, int images, int copies) {
  constexpr int kPerReport = 5'000;
  std::vector<double> times;
  std::vector<int> lives(static_cast<size_t>(copies), 0);
  std::vector<int> runs(static_cast<size_t>(copies));
  double spent = 0;
  int submitted = 0;
  int next_slot = 0;
  uint64_t moved = 0;
  double telling = 0;
  for (int day = 0; day <= kDays; ++day) {
    clock = kNow - (kDays - day) * program::kMillisPerDay;
    const int until = images * 6 / 10 + (images - images * 6 / 10) * day / kDays;
    for (; submitted < until; ++submitted) {
      const program::Submission image = MakeImage(submitted);
      const double begun = Now();
      Must(service.Submit(image));
      times.push_back(Now() - begun);
      spent += times.back();
    }
    std::vector<program::RunningReport> reports(
        static_cast<size_t>((copies + kPerReport - 1) / kPerReport));
    const auto start = [&](int slot, int image) {
      const auto at = static_cast<size_t>(slot);
      runs[at] = image;
      reports[at / kPerReport].copies.push_back(MakeCopy(slot, lives[at], image));
    };
    if (day == 0) {
      for (int slot = 0; slot < copies; ++slot) {
        start(slot, slot % until);
      }
    }
    for (int i = 0; day > 0 && i < copies / 100; ++i, ++moved) {
      const int slot = next_slot++ % copies;
      const auto at = static_cast<size_t>(slot);
      reports[at / kPerReport].gone.emplace_back(MakeCopy(slot, lives[at], runs[at]).uid, clock);
      ++lives[at];
      start(slot, until - 1 - i % std::max(1, until / 10));
    }
    const double begun = Now();
    for (size_t i = 0; i < reports.size(); ++i) {
      program::RunningReport& report = reports[i];
      report.reporter = "cluster c" + std::to_string(i);
      report.kind = "kubernetes";
      report.cluster = "c" + std::to_string(i);
      report.environment = i % 2 == 0 ? "production" : "staging";
      report.interval_ms = program::kMillisPerDay;
      report.snapshot = day == 0;
      report.at = clock;
      Must(service.Running(report));
    }
    telling += Now() - begun;
  }
  std::sort(times.begin(), times.end());
  Line("an inventory of 300 components stored, median", times[times.size() / 2] * 1000, "ms", 20);
  std::printf("| inventories a minute | %.0f | at least 1000 | %s |\n", images / spent * 60,
              images / spent * 60 >= 1000 ? "met" : "missed");
  std::printf("| %llu copies replaced, and %d told at first | %.1f s | | |\n",
              static_cast<unsigned long long>(moved), copies, telling);
  std::string owners = R"({"rules":[)";
  for (int team = 0; team < 40; ++team) {
    owners += (team == 0 ? "" : ",") + (R"({"repository":"*/team-)" + std::to_string(team) +
                                        R"(/*","owner":"team-)" + std::to_string(team) + "\"}");
  }
  Must(service.Write([&](program::Change& change) {
    return program::WriteDocument(change, "owners", owners + "]}");
  }));
}

// Several processes on one store, each with its own share of the images.
int Submit(const std::string& address, int images, int workers) {
  const auto database = MakeDatabase(false);
  const double begun = Now();
  std::vector<pid_t> children;
  std::vector<int> ends;
  for (int worker = 0; worker < workers; ++worker) {
    int pipe[2];
    if (::pipe(pipe) != 0) {
      return 1;
    }
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto opened = Must(store::Store::Open({.database = address}));
      program::Service service(*opened, {.now = [] { return kNow; }});
      Must(service.UseDatabase(database));
      std::vector<double> times;
      for (int number = worker; number < images; number += workers) {
        const program::Submission image = MakeImage(10'000'000 + number);
        const double started = Now();
        Must(service.Submit(image));
        times.push_back(Now() - started);
      }
      const size_t size = times.size() * sizeof(double);
      const bool whole = ::write(pipe[1], times.data(), size) == static_cast<ssize_t>(size);
      ::_exit(whole ? 0 : 1);
    }
    ::close(pipe[1]);
    children.push_back(child);
    ends.push_back(pipe[0]);
  }
  std::vector<double> times;
  for (const int end : ends) {
    double one = 0;
    while (::read(end, &one, sizeof(one)) == static_cast<ssize_t>(sizeof(one))) {
      times.push_back(one);
    }
  }
  int failed = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    failed += status != 0 ? 1 : 0;
  }
  const double seconds = Now() - begun;
  if (failed != 0 || times.size() != static_cast<size_t>(images)) {
    std::fprintf(stderr, "%d workers failed; %zu images\n", failed, times.size());
    return 1;
  }
  std::sort(times.begin(), times.end());
  std::printf("| what | measured | target | |\n|---|---|---|---|\n");
  Line(std::to_string(workers) + " processes: an inventory stored, median",
       times[times.size() / 2] * 1000, "ms", 20);
  Line(std::to_string(workers) + " processes: an inventory stored, p95",
       times[times.size() * 95 / 100] * 1000, "ms", 100);
  std::printf("| %d processes: inventories a minute | %.0f | at least 1000 | %s |\n", workers,
              images / seconds * 60, images / seconds * 60 >= 1000 ? "met" : "missed");
  return 0;
}

// The 95th percentile of `runs` calls, in milliseconds of the CPU: answers wait for nothing.
template <typename Work>
double Tail(int runs, Work work) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    const double begun = Cpu();
    work(run);
    times.push_back((Cpu() - begun) * 1000);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() * 95 / 100];
}

void Ask(program::Service& service) {
  using program::List;
  using program::View;
  const auto page = [&](auto make, program::TableQuery query) {
    Must(service.Read(0, [&](const View& view) -> base::Result<void> {
      List list = make(view);
      auto selected = list.table.Select(std::move(list.rows), query);
      if (!selected) {
        return std::move(selected).error();
      }
      return {};
    }));
  };
  const auto images = [](const View& view) { return program::ImageList(view, {}); };
  const auto running = [](const View& view) { return program::RunningList(view, {}); };
  const auto holes = [](const View& view) { return program::VulnerabilityList(view, {}); };
  const auto components = [](const View& view) { return Must(program::ComponentList(view, {})); };
  // As somebody scrolls: the first page after a change, then page by page.
  const auto scroll = [&](const std::string& what, auto make) {
    program::TableQuery query;
    std::vector<double> times;
    for (int call = 0; call < 100; ++call) {
      const double begun = Cpu();
      Must(service.Read(0, [&](const View& view) -> base::Result<void> {
        List list = make(view);
        auto selected = list.table.Select(std::move(list.rows), query);
        if (!selected) {
          return std::move(selected).error();
        }
        query.cursor = selected->next;
        return {};
      }));
      times.push_back((Cpu() - begun) * 1000);
    }
    Line("page of " + what + ", the first after a change", times.front(), "ms", 100);
    std::sort(times.begin(), times.end());
    Line("page of " + what + ", p95 of 100", times[94], "ms", 100);
  };
  scroll("images", images);
  scroll("running copies", running);
  scroll("vulnerabilities", holes);
  scroll("components", components);
  for (const char* sort : {"name", "-critical", "owner,name", "-scanned"}) {
    Line("images sorted by " + std::string(sort),
         Tail(5, [&](int) { page(images, {.sort = sort}); }), "ms", 300);
  }
  for (const char* sort : {"workload", "-risk", "image", "gap"}) {
    Line("copies sorted by " + std::string(sort),
         Tail(5, [&](int) { page(running, {.sort = sort}); }), "ms", 300);
  }
  Line(
      "copies filtered by owner and environment",
      Tail(5, [&](int) { page(running, {.filters = {"owner:team-7", "environment:production"}}); }),
      "ms", 300);
  Line("copies searched", Tail(5, [&](int) { page(running, {.search = "app-2999"}); }), "ms", 300);
  Line("images with counts by owner, distro and gap",
       Tail(5, [&](int) { page(images, {.facets = {"owner", "distro", "gap"}}); }), "ms", 300);
  const auto read = [&](auto make) {
    Must(service.Read(0, [&](const View& view) -> base::Result<void> {
      const std::string answer = make(view);
      return answer.empty() ? base::Result<void>(base::Invalid("no answer")) : base::Result<void>();
    }));
  };
  Line("where does a CVE run",
       Tail(20,
            [&](int run) {
              read([&](const View& view) {
                return program::VulnerabilityJson(view, {}, static_cast<uint32_t>(run) % 60);
              });
            }),
       "ms", 1000);
  Line("who carries a component below a version",
       Tail(20,
            [&](int run) {
              const std::string name = NameOf(run);
              page(
                  [&](const View& view) {
                    return Must(program::ComponentList(view, {}, name, "1.1.0"));
                  },
                  {});
            }),
       "ms", 1000);
  Line("coverage",
       Tail(20,
            [&](int) { read([](const View& view) { return program::CoverageJson(view, {}); }); }),
       "ms", 100);
  Line("what changed in a week",
       Tail(5,
            [&](int) {
              Must(service.Read(0, [&](const View& view) {
                return service.store().Read(
                    [&](store::Connection& connection) -> base::Result<void> {
                      SCANTLING_TRY(const std::string answer,
                                    program::WeekJson(connection, view, {},
                                                      kNow - 7 * program::kMillisPerDay));
                      return answer.empty() ? base::Result<void>(base::Invalid("no answer"))
                                            : base::Result<void>();
                    });
              }));
            }),
       "ms", 1000);
  const double begun = Now();
  Must(service.Read(kNow - program::kMillisPerDay,
                    [](const View&) -> base::Result<void> { return {}; }));
  Line("a view of another moment", (Now() - begun) * 1000, "ms", 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "fleet STORE [IMAGES [COPIES]]\n");
    return 2;
  }
  if (argc == 5 && std::string_view(argv[2]) == "submit") {
    return Submit(argv[1], std::atoi(argv[3]), std::atoi(argv[4]));
  }
  const int images = argc > 2 ? std::atoi(argv[2]) : 10'000;
  const int copies = argc > 3 ? std::atoi(argv[3]) : 100'000;
  program::Millis now = kNow;
  const auto database = MakeDatabase(false);
  const auto more = MakeDatabase(true);
  const auto opened = Must(store::Store::Open({.database = argv[1]}));
  std::printf("| what | measured | target | |\n|---|---|---|---|\n");
  {
    program::Service service(*opened, {.now = [&now] { return now; }});
    bool filled = false;
    Must(service.Read(0, [&](const program::View& view) -> base::Result<void> {
      filled = !view.fleet().contents().empty();
      return {};
    }));
    if (!filled) {
      now = kNow - kDays * program::kMillisPerDay;
    }
    Must(service.UseDatabase(database));
    if (!filled) {
      Fill(service, now, images, copies);
      now = kNow;
    }
  }
  program::Service service(*opened, {.now = [&now] { return now; }});
  double begun = Now();
  const double used = Cpu();
  uint64_t findings = 0;
  Must(service.Read(0, [&](const program::View& view) -> base::Result<void> {
    for (const uint32_t content : view.contents()) {
      findings += view.counts(content).findings();
    }
    return {};
  }));
  Line("start: the fold of the store in memory", Now() - begun, "s", 2);
  Line("start, of the CPU", Cpu() - used, "s", 2);
  Must(service.UseDatabase(database));
  Ask(service);
  now += 1000;
  begun = Now();
  const double used_before = Cpu();
  const program::Judged judged = Must(service.UseDatabase(more));
  uint64_t touched = 0;
  Must(service.Read(0, [&](const program::View& view) -> base::Result<void> {
    const auto list = program::VulnerabilityList(view, {});
    for (uint32_t index = 0; index < view.fleet().vulnerabilities().size(); ++index) {
      if (view.fleet().vulnerabilities()[index].name >= "CVE-2030-20000") {
        touched += program::SpreadOf(view, {}, index).counts.copies;
      }
    }
    return {};
  }));
  Line("a new database to every copy, owner and rebuild", Now() - begun, "s", 5);
  Line("a new database, of the CPU (two threads match)", Cpu() - used_before, "s", 5);
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  Line("memory of this process, both databases with it",
       static_cast<double>(usage.ru_maxrss) / 1024, "MB", 500);
  Line("store", static_cast<double>(Must(opened->SizeBytes())) / 1e6, "MB", 2000);
  std::printf(
      "\n%d images, %d copies, %llu findings; %llu matches opened by the new database, %llu copies "
      "touched\n",
      images, copies, static_cast<unsigned long long>(findings),
      static_cast<unsigned long long>(judged.opened), static_cast<unsigned long long>(touched));
  return 0;
}
