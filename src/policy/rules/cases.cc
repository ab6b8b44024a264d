// ParseCases. A field that is given sets what the variable of that name is made of; a table names
// each field once, and a test holds it against VariableTable().
#include "policy/rules/cases.h"

#include "base/strings.h"
#include "model/names.h"
#include "policy/rules/yaml_form.h"

#include <array>
#include <charconv>

namespace scantling::policy {
namespace {

constexpr std::array<std::string_view, 6> kOutcomes = {"met",    "not_met",  "in_grace",
                                                       "routed", "excepted", "unknown"};
constexpr size_t kMostCases = 10'000;
constexpr size_t kMostRecords = 100'000;  // of all cases together

// One value that is given: what it says, and how to complain of it.
class Given {
 public:
  Given(const codec::YamlNode& node, std::string what, Mistakes& mistakes)
      : node_(node), what_(std::move(what)), mistakes_(mistakes) {}

  void Text(std::string& out) {
    node_.IsScalar() ? void(out = base::ToUtf8(node_.text)) : Wrong("is to be a text");
  }
  void Date(std::string& out) {
    node_.IsScalar() && base::ParseTime(node_.text) ? void(out = node_.text)
                                                    : Wrong("is to be a date like 2026-01-31");
  }
  bool Bool() {
    if (node_.IsScalar() && !node_.quoted && (node_.text == "true" || node_.text == "false")) {
      return node_.text == "true";
    }
    Wrong("is to be true or false");
    return false;
  }
  template <typename Integer>
  void Int(Integer& out, int64_t most = 1'000'000'000) {
    const auto number = node_.IsScalar() ? base::ParseNumber<int64_t>(node_.text) : std::nullopt;
    number && *number >= 0 && *number <= most
        ? void(out = static_cast<Integer>(*number))
        : Wrong("is to be a whole number from 0 to " + std::to_string(most));
  }
  double Number() {
    double number = 0;
    const std::string_view text = node_.Text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() ||
        !(number >= 0)) {
      Wrong("is to be a number from 0 up");
      return 0;
    }
    return number;
  }
  template <size_t kCount>
  size_t Word(const std::array<std::string_view, kCount>& words) {
    return WordOf(node_, words, what_, mistakes_).value_or(0);
  }
  void Texts(std::vector<std::string>& out) {
    if (!node_.IsSequence()) {
      Wrong("is to be a list of texts");
    }
    for (const codec::YamlNode& item : node_.children) {
      if (node_.IsSequence() && item.IsScalar()) {
        out.push_back(base::ToUtf8(item.text));
      } else if (node_.IsSequence()) {
        Wrong("is to be a list of texts");
        return;
      }
    }
  }
  void Wrong(std::string_view what) { mistakes_.Add(node_, what_ + " " + std::string(what)); }
  std::string_view text() const { return node_.Text(); }

 private:
  const codec::YamlNode& node_;
  std::string what_;
  Mistakes& mistakes_;
};

template <typename Target>
struct FieldOf {
  std::string_view name;
  void (*set)(Given&, Target&);
};

// Reads a mapping by a table of fields.
template <typename Target, size_t kCount>
void ReadFields(const codec::YamlNode& node, std::string what,
                const std::array<FieldOf<Target>, kCount>& fields, Target& out,
                Mistakes& mistakes) {
  Form form(node, what, mistakes);
  std::array<std::string_view, kCount> names;
  for (size_t i = 0; i < kCount; ++i) {
    names[i] = fields[i].name;
  }
  form.Keys(names);
  for (const FieldOf<Target>& field : fields) {
    if (form.Has(field.name)) {
      Given given(form.At(field.name), what + "." + std::string(field.name), mistakes);
      field.set(given, out);
    }
  }
}

struct GivenFinding {
  model::Finding& finding;
  std::string& first_seen;
};

model::Kev& KevOf(model::Finding& finding) {
  return finding.kev ? *finding.kev : finding.kev.emplace();
}
model::Epss& EpssOf(model::Finding& finding) {
  return finding.epss ? *finding.epss : finding.epss.emplace();
}

constexpr auto kFindingFields = std::to_array<FieldOf<GivenFinding>>({
    {"id", [](Given& in, GivenFinding& to) { in.Text(to.finding.id); }},
    {"aliases", [](Given& in, GivenFinding& to) { in.Texts(to.finding.aliases); }},
    {"summary", [](Given& in, GivenFinding& to) { in.Text(to.finding.summary); }},
    {"severity",
     [](Given& in, GivenFinding& to) {
       to.finding.severity.level = static_cast<model::Level>(in.Word(model::kLevelNames));
     }},
    {"score", [](Given& in, GivenFinding& to) { to.finding.severity.score = in.Number(); }},
    {"kev",
     [](Given& in, GivenFinding& to) {
       if (in.Bool()) {
         KevOf(to.finding);
       } else {
         to.finding.kev.reset();
       }
     }},
    {"kev_due", [](Given& in, GivenFinding& to) { in.Date(KevOf(to.finding).due_date); }},
    {"ransomware",
     [](Given& in, GivenFinding& to) {
       if (in.Bool()) {
         KevOf(to.finding).ransomware = true;
       }
     }},
    {"epss", [](Given& in, GivenFinding& to) { EpssOf(to.finding).probability = in.Number(); }},
    {"epss_percentile",
     [](Given& in, GivenFinding& to) { EpssOf(to.finding).percentile = in.Number(); }},
    {"exploit",
     [](Given& in, GivenFinding& to) {
       to.finding.exploit.emplace().kind = static_cast<model::ExploitKind>(in.Word(model::kExploitNames));
     }},
    {"fix_state",
     [](Given& in, GivenFinding& to) {
       to.finding.fix_state = static_cast<model::FixState>(in.Word(model::kFixStateNames));
     }},
    {"fixable",
     [](Given& in, GivenFinding& to) {
       const bool fixable = in.Bool();
       if (fixable) {
         to.finding.fix_state = model::FixState::kFixed;
       } else if (to.finding.fix_state == model::FixState::kFixed) {
         in.Wrong("is false, and fix_state is fixed: give one of them");
       }
     }},
    {"fixed_versions", [](Given& in, GivenFinding& to) { in.Texts(to.finding.fixed_versions); }},
    {"published", [](Given& in, GivenFinding& to) { in.Date(to.finding.published); }},
    {"fix_available", [](Given& in, GivenFinding& to) { in.Date(to.finding.fix_available); }},
    {"first_seen", [](Given& in, GivenFinding& to) { in.Date(to.first_seen); }},
    {"priority",
     [](Given& in,
        GivenFinding& to) { to.finding.priority.level = model::kPriorityNames[in.Word(model::kPriorityNames)]; }},
    {"due", [](Given& in, GivenFinding& to) { in.Date(to.finding.priority.due); }},
    {"risk", [](Given& in, GivenFinding& to) { to.finding.priority.risk = in.Number(); }},
    {"origin",
     [](Given& in,
        GivenFinding& to) { to.finding.origin = static_cast<model::Origin>(in.Word(model::kOriginNames)); }},
    {"change",
     [](Given& in,
        GivenFinding& to) { to.finding.change = static_cast<model::Change>(in.Word(model::kChangeNames)); }},
    {"layer", [](Given& in, GivenFinding& to) { in.Int(to.finding.layer, 10'000); }},
    {"source", [](Given& in, GivenFinding& to) { in.Text(to.finding.source); }},
    {"advisory", [](Given& in, GivenFinding& to) { in.Text(to.finding.advisory); }},
});

using Component = model::Component;
constexpr auto kComponentFields = std::to_array<FieldOf<Component>>({
    {"name", [](Given& in, Component& to) { in.Text(to.name); }},
    {"version", [](Given& in, Component& to) { in.Text(to.version); }},
    {"purl", [](Given& in, Component& to) { in.Text(to.purl); }},
    {"type",
     [](Given& in, Component& to) {
       for (const version::Ecosystem type : version::kAllEcosystems) {
         if (version::PurlType(type) == in.text()) {
           to.type = type;
           return;
         }
       }
       in.Wrong("is to be a package URL's type: deb, apk, rpm, npm, pypi, maven, golang");
     }},
    {"source_name", [](Given& in, Component& to) { in.Text(to.source_name); }},
    {"architecture", [](Given& in, Component& to) { in.Text(to.architecture); }},
    {"owned", [](Given& in, Component& to) { to.owner = in.Bool() ? "a package" : ""; }},
    {"direct",
     [](Given& in, Component& to) {
       if (!in.Bool()) {
         to.via = {"a package"};
       }
     }},
    {"role", [](Given& in,
                Component& to) { to.role = static_cast<model::Role>(in.Word(model::kRoleNames)); }},
    {"essential", [](Given& in, Component& to) { to.essential = in.Bool(); }},
    {"licenses", [](Given& in, Component& to) { in.Texts(to.licenses); }},
    {"paths",
     [](Given& in, Component& to) {
       std::vector<std::string> paths;
       in.Texts(paths);
       for (std::string& path : paths) {
         to.locations.push_back({std::move(path), -1});
       }
     }},
    {"layer", [](Given& in, Component& to) { in.Int(to.layer, 10'000); }},
});

// The layer of the finding; its place is `index`.
struct GivenLayer {
  model::Layer layer;
  int32_t index = 0;
};
constexpr auto kLayerFields = std::to_array<FieldOf<GivenLayer>>({
    {"index", [](Given& in, GivenLayer& to) { in.Int(to.index, 10'000); }},
    {"created_by", [](Given& in, GivenLayer& to) { in.Text(to.layer.created_by); }},
    {"size_bytes", [](Given& in, GivenLayer& to) { in.Int(to.layer.size_bytes, INT64_MAX); }},
    {"line", [](Given& in, GivenLayer& to) { in.Int(to.layer.line); }},
});

struct GivenImage {
  model::Report& report;
  RunFacts& facts;
  std::string repository = {};
  std::string tag = {};
  int64_t layers = -1;
  uint64_t size_bytes = 0;
};
constexpr auto kImageFields = std::to_array<FieldOf<GivenImage>>({
    {"reference", [](Given& in, GivenImage& to) { in.Text(to.report.inventory.image.reference); }},
    {"repository", [](Given& in, GivenImage& to) { in.Text(to.repository); }},
    {"tag", [](Given& in, GivenImage& to) { in.Text(to.tag); }},
    {"digest", [](Given& in, GivenImage& to) { in.Text(to.report.inventory.image.digest); }},
    {"platform", [](Given& in, GivenImage& to) { in.Text(to.report.inventory.image.platform); }},
    {"created", [](Given& in, GivenImage& to) { in.Date(to.report.inventory.image.created); }},
    {"layers", [](Given& in, GivenImage& to) { in.Int(to.layers, 10'000); }},
    {"size_bytes", [](Given& in, GivenImage& to) { in.Int(to.size_bytes, INT64_MAX); }},
    {"components", [](Given& in, GivenImage& to) { in.Int(to.facts.components); }},
    {"distro.id", [](Given& in, GivenImage& to) { in.Text(to.report.inventory.image.distro.id); }},
    {"distro.version",
     [](Given& in, GivenImage& to) { in.Text(to.report.inventory.image.distro.version_id); }},
    {"distro.end_of_life",
     [](Given& in, GivenImage& to) { in.Date(to.report.distro_end_of_life); }},
});

// What is not given is as in an image whose configuration says nothing of it.
constexpr auto kConfigFields = std::to_array<FieldOf<model::ImageConfig>>({
    {"user", [](Given& in, model::ImageConfig& to) { in.Text(to.user); }},
    {"runs_as_root",
     [](Given& in, model::ImageConfig& to) {
       const bool root = in.Bool();
       if (root != model::RunsAsRoot(to) && !to.user.empty()) {
         in.Wrong("contradicts the user; give one of them");
       } else if (!root) {
         to.user = "given";
       }
     }},
    {"env", [](Given& in, model::ImageConfig& to) { in.Texts(to.environment); }},
    {"ports", [](Given& in, model::ImageConfig& to) { in.Texts(to.ports); }},
    {"entrypoint", [](Given& in, model::ImageConfig& to) { in.Texts(to.entrypoint); }},
    {"cmd", [](Given& in, model::ImageConfig& to) { in.Texts(to.command); }},
    {"working_dir", [](Given& in, model::ImageConfig& to) { in.Text(to.working_folder); }},
    {"volumes", [](Given& in, model::ImageConfig& to) { in.Texts(to.volumes); }},
    {"labels",
     [](Given& in, model::ImageConfig& to) {
       std::vector<std::string> labels;
       in.Texts(labels);
       for (const std::string& label : labels) {
         const size_t equals = std::min(label.find('='), label.size());
         to.labels[label.substr(0, equals)] = label.substr(std::min(equals + 1, label.size()));
       }
     }},
    {"stop_signal", [](Given& in, model::ImageConfig& to) { in.Text(to.stop_signal); }},
    {"healthcheck",
     [](Given& in, model::ImageConfig& to) {
       to.healthcheck = {in.Bool() ? "CMD-SHELL" : "NONE"};
     }},
});

constexpr auto kBaseFields = std::to_array<FieldOf<model::Report>>({
    {"known", [](Given& in, model::Report& to) { to.base_layers = in.Bool() ? 1 : -1; }},
    {"certain",
     [](Given& in, model::Report& to) {
       if (in.Bool()) {
         to.base_known_by = "certain: given by the case";
         to.base_layers = std::max(to.base_layers, 1);
       }
     }},
    {"name", [](Given& in, model::Report& to) { in.Text(to.base_name); }},
    {"layers", [](Given& in, model::Report& to) { in.Int(to.base_layers, 10'000); }},
});

struct GivenRun {
  model::Report& report;
  RunFacts& facts;
  std::string oldest = {};
  uint64_t without_data = 0;
};
constexpr auto kContextFields = std::to_array<FieldOf<GivenRun>>({
    {"environment", [](Given& in, GivenRun& to) { in.Text(to.facts.environment); }},
    {"team", [](Given& in, GivenRun& to) { in.Text(to.facts.team); }},
    {"exposed",
     [](Given& in, GivenRun& to) {
       to.facts.exposed = model::kExposureNames[in.Word(model::kExposureNames)];
     }},
    {"compared",
     [](Given& in, GivenRun& to) {
       if (in.Bool()) {
         to.report.comparison.emplace();
       } else {
         to.report.comparison.reset();
       }
     }},
});
constexpr auto kDataFields = std::to_array<FieldOf<GivenRun>>({
    {"starter_set", [](Given& in, GivenRun& to) { to.report.database.embedded = in.Bool(); }},
    {"oldest", [](Given& in, GivenRun& to) { in.Date(to.oldest); }},
});
constexpr auto kCoverageFields = std::to_array<FieldOf<GivenRun>>({
    {"skipped", [](Given& in, GivenRun& to) { in.Int(to.facts.skipped); }},
    {"without_data", [](Given& in, GivenRun& to) { in.Int(to.without_data); }},
});

class CaseReader {
 public:
  CaseReader(const CaseFiles& files, Mistakes& mistakes) : files_(files), mistakes_(mistakes) {}

  PolicyCase Read(const codec::YamlNode& node, size_t place) {
    PolicyCase out;
    out.where = mistakes_.path() + ":" + std::to_string(node.line);
    Form form(node, "case " + std::to_string(place + 1), mistakes_);
    static constexpr std::array<std::string_view, 5> kKeys = {"name", "given", "now", "expect",
                                                              "exceptions"};
    form.Keys(kKeys);
    if (!node.IsMapping()) {
      return out;
    }
    out.name = form.RequiredText("name");
    if (const auto date = form.Date("now")) {
      out.facts.now = base::ParseTime(*date).value_or(0);
    } else if (!form.Has("now")) {
      mistakes_.Add(node, form.what() + " has no now; write \"now: 2026-01-31\"");
    }
    ReadGiven(form, node, out);
    ReadExpect(form, node, out);
    if (form.Has("exceptions")) {
      out.exceptions_path = form.Text("exceptions");
      if (auto text = files_.text
                          ? files_.text(out.exceptions_path)
                          : base::Result<std::string>(base::NotFound("files are not read here"))) {
        out.exceptions = *std::move(text);
      } else {
        mistakes_.Add(node["exceptions"],
                      "the exceptions cannot be read: " + std::move(text).error().Message());
      }
    }
    return out;
  }

 private:
  void ReadExpect(Form& form, const codec::YamlNode& node, PolicyCase& out) {
    const codec::YamlNode& expect = form.At("expect");
    if (!form.Has("expect") || !expect.IsMapping() || expect.keys.empty()) {
      mistakes_.Add(form.Has("expect") ? expect : node,
                    form.what() + " expects nothing; write \"expect: {RULE: met}\"");
      return;
    }
    Form inner(expect, form.what() + ": expect", mistakes_);
    for (size_t i = 0; i < expect.keys.size() && i < expect.children.size(); ++i) {
      const std::string key = base::ToUtf8(expect.keys[i].text);
      if (key == "stop") {
        out.stop = inner.Bool("stop");
      } else if (key == "warn") {
        out.warn = inner.Bool("warn");
      } else if (const auto word =
                     WordOf(expect.children[i], kOutcomes, inner.what() + "." + key, mistakes_)) {
        out.rules[key] = static_cast<Outcome>(*word);
      }
    }
  }

  void ReadGiven(Form& form, const codec::YamlNode& node, PolicyCase& out) {
    const codec::YamlNode& given = form.At("given");
    if (!form.Has("given")) {
      mistakes_.Add(node, form.what() + " gives nothing; write \"given: {finding: {}}\"");
      return;
    }
    Form inner(given, form.what() + ": given", mistakes_);
    if (!given.IsMapping()) {
      return;
    }
    static constexpr std::array<std::string_view, 12> kKeys = {
        "finding", "component", "layer",    "image",    "config",     "base",
        "context", "data",      "coverage", "findings", "components", "report"};
    inner.Keys(kKeys);
    GivenRun run{out.report, out.facts};
    const bool whole = inner.Has("report");
    if (whole) {
      ReadReport(inner, out);
    } else {
      ReadRecords(inner, out);
    }
    if (inner.Has("config")) {
      ReadFields(inner.At("config"), "config", kConfigFields,
                 out.report.inventory.image.config.emplace(), mistakes_);
    }
    if (inner.Has("base")) {
      ReadFields(inner.At("base"), "base", kBaseFields, out.report, mistakes_);
    }
    const auto about_run = [&](std::string_view key, const auto& fields) {
      if (inner.Has(key)) {
        ReadFields(inner.At(key), std::string(key), fields, run, mistakes_);
      }
    };
    about_run("context", kContextFields);
    about_run("data", kDataFields);
    about_run("coverage", kCoverageFields);
    // Data of the day, unless the case says otherwise: a case is about its rules.
    if (!whole || !run.oldest.empty()) {
      out.report.ecosystems = {{"given", 1,
                                run.oldest.empty() ? base::FormatDate(out.facts.now) : run.oldest,
                                model::DataState::kCovered}};
    }
    if (run.without_data > 0) {
      out.report.ecosystems.push_back(
          {"without data", run.without_data, "", model::DataState::kNoData});
    }
  }

  void ReadReport(Form& inner, PolicyCase& out) {
    for (const std::string_view key :
         {"finding", "component", "layer", "image", "findings", "components"}) {
      if (inner.Has(key)) {
        mistakes_.Add(inner.At(key), inner.what() + ": " + std::string(key) +
                                         " cannot stand beside a report; give one of them");
      }
    }
    const std::string file = inner.Text("report");
    auto report = files_.report
                      ? files_.report(file)
                      : base::Result<model::Report>(base::NotFound("files are not read here"));
    if (!report) {
      mistakes_.Add(inner.At("report"),
                    "the report cannot be read: " + std::move(report).error().Message());
      return;
    }
    out.report = *std::move(report);
    out.first_seen.resize(out.report.findings.size());
  }

  void ReadRecords(Form& inner, PolicyCase& out) {
    GivenLayer layer;
    if (inner.Has("layer")) {
      ReadFields(inner.At("layer"), "layer", kLayerFields, layer, mistakes_);
    }
    GivenImage image{out.report, out.facts};
    if (inner.Has("image")) {
      ReadFields(inner.At("image"), "image", kImageFields, image, mistakes_);
    }
    codec::YamlNode empty;
    empty.kind = codec::YamlNode::Kind::kMapping;
    if (inner.Has("finding") || inner.Has("component") || inner.Has("layer")) {
      AddFinding(inner.Has("finding") ? inner.At("finding") : empty,
                 inner.Has("component") ? inner.At("component") : empty, out);
      if (inner.Has("layer") && out.report.findings.back().layer < 0) {
        out.report.findings.back().layer = layer.index;
      }
    }
    EachOf(inner, "findings", [&](const codec::YamlNode& item) { AddFinding(item, empty, out); });
    EachOf(inner, "components", [&](const codec::YamlNode& item) { AddComponent(item, out); });
    FinishImage(image, layer, inner.Has("layer"), out);
  }

  template <typename Visit>
  void EachOf(Form& inner, std::string_view key, Visit visit) {
    if (!inner.Has(key)) {
      return;
    }
    const codec::YamlNode& list = inner.At(key);
    if (!list.IsSequence()) {
      mistakes_.Add(list, inner.what() + ": " + std::string(key) + " is to be a list");
      return;
    }
    for (const codec::YamlNode& item : list.children) {
      if (++records_ > kMostRecords) {
        mistakes_.Add(item, "the cases give more than " + std::to_string(kMostRecords) +
                                " findings and components");
        return;
      }
      visit(item);
    }
  }

  Component& AddComponent(const codec::YamlNode& node, PolicyCase& out) {
    Component made;
    made.name = "given";
    ReadFields(node, "component", kComponentFields, made, mistakes_);
    made.ref = (made.purl.empty() ? made.name : made.purl) + "#" +
               std::to_string(out.report.inventory.components.size() + 1);
    return out.report.inventory.components.emplace_back(std::move(made));
  }

  void AddFinding(const codec::YamlNode& finding, const codec::YamlNode& component,
                  PolicyCase& out) {
    const std::string ref = AddComponent(component, out).ref;
    model::Finding& made = out.report.findings.emplace_back();
    made.id = "CVE-0000-" + std::to_string(out.report.findings.size());
    made.component = ref;
    made.layer = out.report.inventory.components.back().layer;
    GivenFinding target{made, out.first_seen.emplace_back()};
    ReadFields(finding, "finding", kFindingFields, target, mistakes_);
  }

  static void FinishImage(const GivenImage& given, const GivenLayer& layer, bool has_layer,
                          PolicyCase& out) {
    model::Image& image = out.report.inventory.image;
    if (!given.repository.empty() || !given.tag.empty()) {
      image.reference = (given.repository.empty() ? "given" : given.repository) +
                        (given.tag.empty() ? "" : ":" + given.tag);
    }
    size_t layers = given.layers >= 0 ? static_cast<size_t>(given.layers) : 0;
    if (given.layers < 0 && given.size_bytes > 0) {
      layers = 1;
    }
    if (has_layer) {
      layers = std::max(layers, static_cast<size_t>(layer.index) + 1);
    }
    image.layers.resize(layers);
    for (size_t i = 0; i < layers; ++i) {
      image.layers[i].index = static_cast<int32_t>(i);
    }
    if (has_layer) {
      const auto place = static_cast<size_t>(layer.index);
      image.layers[place] = layer.layer;
      image.layers[place].index = layer.index;
    }
    if (given.size_bytes > 0 && layers > 0) {
      uint64_t others = 0;
      for (const model::Layer& each : image.layers) {
        others += each.size_bytes;
      }
      image.layers[0].size_bytes += given.size_bytes > others ? given.size_bytes - others : 0;
    }
  }

  const CaseFiles& files_;
  Mistakes& mistakes_;
  size_t records_ = 0;
};

}  // namespace

std::string_view ToString(Outcome outcome) { return kOutcomes[static_cast<size_t>(outcome)]; }

base::Result<std::vector<PolicyCase>> ParseCases(std::string_view text, std::string_view path,
                                                 const CaseFiles& files) {
  SCANTLING_TRY(const codec::YamlNode root, ReadDocument(text, path, kCasesSchema));
  Mistakes mistakes(path);
  Form form(root, "the file", mistakes);
  static constexpr std::array<std::string_view, 2> kKeys = {"schema", "cases"};
  form.Keys(kKeys);
  const codec::YamlNode& list = root["cases"];
  if (!list.IsSequence() || list.children.empty() || list.children.size() > kMostCases) {
    mistakes.Add(
        root.Has("cases") ? list : root,
        "the file has no list \"cases:\", or one of more than " + std::to_string(kMostCases));
    return mistakes.ToError();
  }
  std::vector<PolicyCase> out;
  CaseReader reader(files, mistakes);
  for (size_t i = 0; i < list.children.size(); ++i) {
    out.push_back(reader.Read(list.children[i], i));
  }
  if (mistakes.any()) {
    return mistakes.ToError();
  }
  return out;
}

}  // namespace scantling::policy
