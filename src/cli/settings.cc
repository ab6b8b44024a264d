#include "cli/settings.h"

#include "base/strings.h"
#include "codec/yaml.h"
#include "report/formats.h"

#include <algorithm>
#include <array>
#include <limits>

namespace scantling::cli {
namespace {

constexpr std::string_view kScanning = "scan,inventory,explain,diff,ci";

std::vector<std::string_view> FormatNames() {
  std::vector<std::string_view> out;
  for (const report::FormatInfo& format : report::FormatTable()) {
    out.push_back(format.name);
  }
  return out;
}

std::vector<SettingInfo> MakeTable() {
  return {
      {"format", 'f', &Settings::format, kEverywhere, "FORMAT", FormatNames(),
       "scan,inventory,diff,ci,policy replay", "text; ci-text for ci",
       "what goes to standard output; docs/formats/outputs.md says what each is for"},
      {"output",
       'o',
       &Settings::output,
       kFlag,
       "[FORMAT=]FILE",
       {},
       "scan,inventory,diff,ci,db build,exceptions import",
       "standard output",
       "write to FILE, which appears whole or not at all; with FORMAT= beside what goes to "
       "standard "
       "output, and as often as wanted: -o sarif=shop.sarif -o html=shop.html",
       true},
      {"all",
       'a',
       &Settings::all,
       kEverywhere,
       "",
       {},
       "scan,diff,cache prune",
       "no",
       "scan: every finding below the step that ends it; cache prune: remove everything"},
      {"db",
       0,
       &Settings::db,
       kEverywhere,
       "FILE",
       {},
       "scan,explain,diff,ci,db info,db lookup,db verify",
       "the installed database, else the starter set",
       "advisory database to use"},
      {"fail-on",
       0,
       &Settings::fail_on,
       kEverywhere,
       "LIST",
       {"critical", "high", "medium", "low", "kev", "fixable"},
       "scan,ci",
       "never",
       "exit 1 when a finding is of that severity or above, exploited (kev), or has a fix "
       "(fixable); any one of the list is enough"},
      {"fail-on-gaps",
       0,
       &Settings::fail_on_gaps,
       kEverywhere,
       "",
       {},
       "scan,ci",
       "no",
       "exit 4 when something could not be read or has no advisory data; exit 1 goes before it"},
      {"exposed",
       0,
       &Settings::exposed,
       kEverywhere,
       "ANSWER",
       {"yes", "no", "unknown"},
       "scan,diff,ci",
       "unknown",
       "is the workload reachable from the public network? decides due dates"},
      {"base",
       0,
       &Settings::base,
       kEverywhere,
       "BASE",
       {},
       "scan,diff,ci",
       "found out",
       "what the image was built on: a reference, a digest, or a number of layers"},
      {"platform",
       0,
       &Settings::platform,
       kEverywhere,
       "OS/ARCH",
       {},
       kScanning,
       "this machine's",
       "which image of an index to read: linux/amd64, linux/arm64/v8"},
      {"registry-ca",
       0,
       &Settings::registry_ca,
       kEverywhere,
       "FILE",
       {},
       kScanning,
       "the system's, and /etc/docker/certs.d",
       "certificates (PEM) that a registry's may be signed by, beside the system's"},
      {"insecure-registry",
       0,
       &Settings::insecure_registry,
       kEverywhere,
       "HOST[:PORT]",
       {},
       kScanning,
       "none",
       "a registry whose certificate is not checked, or that has no TLS; may be given more than "
       "once"},
      {"jobs",
       'j',
       &Settings::jobs,
       kEverywhere,
       "N",
       {},
       "scan,inventory,explain,diff,ci,policy replay,db build",
       "one per core",
       "how many threads read at once; the result is the same"},
      {"limit",
       0,
       &Settings::limits,
       kEverywhere,
       "NAME=VALUE",
       {},
       "scan,inventory,explain,diff,ci,db build",
       "see the list of limits",
       "change a limit; may be given more than once; K, M, G, T are powers of 1024"},
      {"cache-dir",
       0,
       &Settings::cache_dir,
       kEverywhere,
       "DIR",
       {},
       "scan,inventory,explain,diff,ci,cache info,cache prune",
       "$XDG_CACHE_HOME/scantling",
       "where what was read from layers is kept"},
      {"no-cache",
       0,
       &Settings::no_cache,
       kEverywhere,
       "",
       {},
       kScanning,
       "no",
       "read every layer, keep nothing"},
      {"cache-bytes",
       0,
       &Settings::cache_bytes,
       kEverywhere,
       "SIZE",
       {},
       "scan,inventory,explain,diff,ci,cache prune",
       "2G",
       "largest size of the cache; what was used least goes first"},
      {"now",
       0,
       &Settings::now,
       kFlag | kEnvironment,
       "TIME",
       {},
       "scan,diff,ci,policy check,policy test,policy explain,policy replay,exceptions check",
       "the clock",
       "the present (RFC 3339): ages and due dates on the screen, what has expired, how old data "
       "is"},
      {"against",
       0,
       &Settings::against,
       kEverywhere,
       "WHAT",
       {},
       "ci",
       "no comparison",
       "the baseline: a name such as main (see --baselines), a baseline's file, a report, an SBOM, "
       "or "
       "an image"},
      {"save-baseline",
       0,
       &Settings::save_baseline,
       kEverywhere,
       "NAME|FILE",
       {},
       "ci",
       "nothing is kept",
       "write what this image is compared with next time; a name goes below --baselines"},
      {"baselines",
       0,
       &Settings::baselines,
       kEverywhere,
       "DIR",
       {},
       "ci",
       ".scantling",
       "folder of the baselines that are called by name: NAME.baseline.json"},
      {"policy",
       0,
       &Settings::policy,
       kEverywhere,
       "FILE|NAME",
       {},
       "ci",
       "look-first",
       "the policy file, or the name of a ready one (scantling policy list)"},
      {"agreements",
       0,
       &Settings::agreements,
       kEverywhere,
       "FILE",
       {},
       "ci,policy explain,policy replay",
       "none",
       "who agreed that a rule is raised"},
      {"environment",
       0,
       &Settings::environment,
       kEverywhere,
       "NAME",
       {},
       "ci,policy explain,policy replay,running",
       "none",
       "the environment that the policy is judged for, or that copies run in: production"},
      {"team",
       0,
       &Settings::team,
       kEverywhere,
       "NAME",
       {},
       "ci,policy explain,policy replay",
       "none",
       "whose image it is: its agreements count"},
      {"dockerfile",
       0,
       &Settings::dockerfile,
       kEverywhere,
       "FILE",
       {},
       "scan,ci",
       "none",
       "the Dockerfile that made the image: findings and actions then name its line"},
      {"target",
       0,
       &Settings::target,
       kEverywhere,
       "STAGE",
       {},
       "scan,ci",
       "the last stage",
       "the stage of the Dockerfile that was built"},
      {"exceptions",
       0,
       &Settings::exceptions,
       kEverywhere,
       "FILE",
       {},
       "scan,diff,ci,explain",
       "none",
       "accepted risks with owner, approver and end; may be given more than once"},
      {"vex",
       0,
       &Settings::vex,
       kEverywhere,
       "FILE",
       {},
       "scan,diff,ci,explain",
       "none",
       "VEX documents (OpenVEX, CSAF, CycloneDX); may be given more than once"},
      {"history",
       0,
       &Settings::history,
       kEverywhere,
       "DIR",
       {},
       "ci,policy replay",
       "none",
       "folder of records of runs: ci adds one, policy replay reads them"},
      {"days", 0, &Settings::days, kFlag, "N", {}, "policy replay", "30", "how many days back"},
      {"present",
       0,
       &Settings::present,
       kFlag,
       "FILE|NAME",
       {},
       "policy replay",
       "none",
       "the policy in force, to say what would change"},
      {"link",
       0,
       &Settings::link,
       kEverywhere,
       "URL",
       {},
       "scan,diff,ci",
       "none",
       "where the full report will be found, for the texts that end with a link"},
      {"template",
       0,
       &Settings::template_file,
       kEverywhere,
       "FILE",
       {},
       "scan,diff,ci",
       "none",
       "the mustache template of --format template"},
      {"feeds", 0, &Settings::feeds, kFlag, "DIR", {}, "db build", "", "folder with the feeds"},
      {"color",
       0,
       &Settings::color,
       kEverywhere,
       "WHEN",
       {"auto", "always", "never"},
       "scan,inventory,explain,diff,ci",
       "auto",
       "colours; auto = on a terminal, unless NO_COLOR is set"},
      {"server",
       0,
       &Settings::server,
       kEverywhere,
       "URL",
       {},
       "running",
       "none",
       "the Scantling server: https://scantling.example.org"},
      {"token",
       0,
       &Settings::token,
       kEverywhere,
       "TOKEN",
       {},
       "running",
       "none",
       "the server's token (sct_...); others on this machine can see a command line, so better "
       "SCANTLING_TOKEN or --token-file"},
      {"token-file",
       0,
       &Settings::token_file,
       kEverywhere,
       "FILE",
       {},
       "running",
       "none",
       "a file that holds the token; it is read again before each use"},
      {"ca-file",
       0,
       &Settings::ca_file,
       kEverywhere,
       "FILE",
       {},
       "running",
       "the system's",
       "certificates (PEM) that the server's may be signed by, beside the system's"},
      {"name",
       0,
       &Settings::name,
       kEverywhere,
       "NAME",
       {},
       "running",
       "host HOSTNAME, or cluster NAME",
       "who reports: must be unique at the server and stay the same"},
      {"cluster",
       0,
       &Settings::cluster,
       kEverywhere,
       "NAME",
       {},
       "running",
       "the kubeconfig's",
       "the cluster's name"},
      {"interval",
       0,
       &Settings::interval,
       kEverywhere,
       "SECONDS",
       {},
       "running",
       "60; a day for --from-file",
       "the whole state is told at least so often; a reporter that is silent for longer makes its "
       "copies unknown"},
      {"once",
       0,
       &Settings::once,
       kFlag | kEnvironment,
       "",
       {},
       "running",
       "no",
       "tell once and end"},
      {"print",
       0,
       &Settings::print,
       kFlag,
       "",
       {},
       "running",
       "no",
       "write what would be sent to standard output, and end"},
      {"from-file",
       0,
       &Settings::from_file,
       kFlag | kEnvironment,
       "FILE",
       {},
       "running",
       "none",
       "tell of the pods that \"kubectl get pods -A -o json\" wrote; - for standard input"},
      {"socket",
       0,
       &Settings::socket,
       kEverywhere,
       "PATH",
       {},
       "running",
       "the first that is found",
       "the container runtime's: podman's and Docker's, or containerd's and CRI-O's (by its name; "
       "docker:PATH or cri:PATH says so)"},
      {"kubeconfig",
       0,
       &Settings::kubeconfig,
       kEverywhere,
       "FILE",
       {},
       "running",
       "$KUBECONFIG, the pod's service account, ~/.kube/config",
       "how to reach the cluster"},
      {"kube-context",
       0,
       &Settings::kube_context,
       kEverywhere,
       "NAME",
       {},
       "running",
       "the current one",
       "the context of the kubeconfig"},
      {"annotations",
       0,
       &Settings::annotations,
       kEverywhere,
       "LIST",
       {},
       "running",
       "*/owner, */team, owner, team",
       "annotations of pods that are told beside all labels, for rules of owners; */NAME is any "
       "prefix"},
      {"quiet",
       'q',
       &Settings::quiet,
       kEverywhere,
       "",
       {},
       "scan,inventory,explain,diff,ci,policy check,policy test,policy explain,policy replay,"
       "exceptions check,exceptions import,db build,db info,db lookup,db verify,cache info,cache "
       "prune,running",
       "no",
       "no progress, no warnings; errors are still said"},
      {"config",
       0,
       &Settings::config,
       kFlag | kEnvironment,
       "FILE",
       {},
       "scan,inventory,explain,diff,ci,policy check,policy test,policy explain,policy replay,"
       "exceptions check,exceptions import,db build,db info,db lookup,db verify,cache info,cache "
       "prune,config show",
       "scantling.yaml here, over $XDG_CONFIG_HOME/scantling/config.yaml",
       "configuration file to read in place of the usual two"},
  };
}

base::Error Wrong(std::string text) { return {base::ErrorCode::kUsage, std::move(text)}; }

std::string QuotedChoices(const SettingInfo& setting) {
  std::string out;
  for (const std::string_view choice : setting.choices) {
    out += (out.empty() ? "" : ", ") + std::string(choice);
  }
  return out;
}

base::Result<void> CheckChoice(const SettingInfo& setting, const std::string& value) {
  if (setting.choices.empty() ||
      std::find(setting.choices.begin(), setting.choices.end(), value) != setting.choices.end()) {
    return {};
  }
  return Wrong("\"" + value + "\" is none of " + QuotedChoices(setting));
}

base::Result<void> ApplyLimit(base::Limits& limits, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view name = base::Trim(text.substr(0, equals));
  std::vector<std::string> names;
  for (const base::LimitInfo& info : base::LimitTable()) {
    names.emplace_back(info.name);
    if (info.name == name) {
      if (equals == std::string_view::npos) {
        return Wrong("\"" + std::string(text) + "\" is not of the form NAME=VALUE");
      }
      SCANTLING_TRY(const uint64_t value, ParseCount(base::Trim(text.substr(equals + 1))));
      limits.*info.member = value;
      return {};
    }
  }
  const std::string near = Nearest(name, names);
  return Wrong("there is no limit \"" + std::string(name) + "\"" +
               (near.empty() ? "; the limits are " + base::Join(names, ", ")
                             : "; did you mean \"" + near + "\"?"));
}

// The parts of values that may hold several.
std::vector<std::string> Parts(const std::vector<std::string>& values) {
  std::vector<std::string> out;
  for (const std::string& value : values) {
    for (const std::string_view part : base::Split(value, ',')) {
      if (const std::string_view text = base::Trim(part); !text.empty()) {
        out.emplace_back(text);
      }
    }
  }
  return out;
}

base::Result<void> Assign(Settings& settings, const SettingInfo& setting,
                          const std::vector<std::string>& values) {
  const std::string value = values.empty() ? std::string() : values.back();
  if (const auto* flag = std::get_if<bool Settings::*>(&setting.member)) {
    const std::string word = base::Lower(value);
    const bool yes = word == "true" || word == "yes" || word == "on" || word == "1";
    if (!yes && word != "false" && word != "no" && word != "off" && word != "0") {
      return Wrong("\"" + value + "\" is not true or false");
    }
    settings.** flag = yes;
    return {};
  }
  if (const auto* number = std::get_if<uint64_t Settings::*>(&setting.member)) {
    SCANTLING_TRY(settings.**number, ParseCount(value));
    return {};
  }
  if (const auto* text = std::get_if<std::string Settings::*>(&setting.member)) {
    SCANTLING_DO(CheckChoice(setting, value));
    settings.** text = value;
    return {};
  }
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    const std::vector<std::string> parts = setting.whole ? values : Parts(values);
    // An empty list where words are wanted is a variable that was not set: it must not switch a
    // gate off.
    if (parts.empty() && !setting.choices.empty()) {
      return Wrong("nothing is named; wanted is one or more of " + QuotedChoices(setting));
    }
    for (const std::string& part : parts) {
      SCANTLING_DO(CheckChoice(setting, part));
    }
    settings.** list = parts;
    return {};
  }
  const auto limits = std::get<base::Limits Settings::*>(setting.member);
  for (const std::string& part : Parts(values)) {
    SCANTLING_DO(ApplyLimit(settings.*limits, part));
  }
  return {};
}

// One value of a configuration file as texts.
base::Result<std::vector<std::string>> FileValues(const SettingInfo& setting,
                                                  const codec::YamlNode& node) {
  std::vector<std::string> out;
  if (node.IsMapping() && std::holds_alternative<base::Limits Settings::*>(setting.member)) {
    for (size_t i = 0; i < node.keys.size(); ++i) {
      out.push_back(node.keys[i].text + "=" + std::string(node.children[i].Text()));
    }
    return out;
  }
  const bool several =
      std::holds_alternative<std::vector<std::string> Settings::*>(setting.member) ||
      std::holds_alternative<base::Limits Settings::*>(setting.member);
  if (node.IsSequence() && several) {
    for (const codec::YamlNode& child : node.children) {
      if (!child.IsScalar()) {
        return Wrong("a list of texts is wanted");
      }
      out.emplace_back(child.Text());
    }
    return out;
  }
  if (!node.IsScalar()) {
    return Wrong(several ? "a list or a text is wanted" : "one value is wanted");
  }
  out.emplace_back(node.Text());
  return out;
}

}  // namespace

const std::vector<SettingInfo>& SettingTable() {
  static const std::vector<SettingInfo> kTable = MakeTable();
  return kTable;
}

const SettingInfo* MaybeSetting(std::string_view name) {
  for (const SettingInfo& setting : SettingTable()) {
    if (setting.name == name) {
      return &setting;
    }
  }
  return nullptr;
}

bool AppliesTo(const SettingInfo& setting, std::string_view command) {
  const auto names = base::Split(setting.commands, ',');
  return std::find(names.begin(), names.end(), command) != names.end();
}

std::string EnvironmentName(const SettingInfo& setting) {
  std::string out = "SCANTLING_";
  for (const char c : setting.name) {
    out.push_back(c == '-' ? '_' : static_cast<char>(c - 'a' + 'A'));
  }
  return out;
}

base::Result<void> Apply(Settings& settings, const SettingInfo& setting,
                         const std::vector<std::string>& values, const std::string& origin) {
  SCANTLING_DO(Assign(settings, setting, values).With(origin));
  settings.origins.insert_or_assign(std::string(setting.name), origin);
  return {};
}

base::Result<uint64_t> ParseCount(std::string_view text) {
  static constexpr std::string_view kUnits = "KMGT";
  const std::string whole(text);
  unsigned shift = 0;
  if (!text.empty()) {
    const size_t unit =
        kUnits.find(text.back() >= 'a' ? static_cast<char>(text.back() - 32) : text.back());
    if (unit != std::string_view::npos) {
      shift = static_cast<unsigned>(unit + 1) * 10;
      text.remove_suffix(1);
    }
  }
  const auto number = base::ParseNumber<uint64_t>(text);
  if (!number || *number > std::numeric_limits<uint64_t>::max() >> shift) {
    return Wrong("\"" + whole + "\" is not a whole number (K, M, G, T may follow)");
  }
  return *number << shift;
}

std::string Nearest(std::string_view name, const std::vector<std::string>& names) {
  std::string best;
  size_t least = 1 + std::max<size_t>(2, name.size() / 3);
  if (name.size() > 64) {
    return best;
  }
  for (const std::string& candidate : names) {
    std::vector<size_t> row(candidate.size() + 1);
    for (size_t j = 0; j < row.size(); ++j) {
      row[j] = j;
    }
    for (size_t i = 1; i <= name.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j < row.size(); ++j) {
        const size_t change = diagonal + (name[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = candidate;
    }
  }
  return best;
}

base::Result<void> ApplyFile(Settings& settings, std::string_view text, const std::string& path) {
  SCANTLING_TRY(const std::vector<codec::YamlNode> documents,
                codec::ParseYaml(text, {.bytes = 1 << 20, .depth = 8, .nodes = 10'000}).With(path));
  if (documents.empty() || documents[0].IsNull()) {
    return {};
  }
  const codec::YamlNode& root = documents[0];
  if (!root.IsMapping() || documents.size() > 1) {
    return Wrong(path + ":" + std::to_string(root.line) +
                 ": one list of \"setting: value\" lines is wanted");
  }
  std::vector<std::string> names;
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFile) != 0) {
      names.emplace_back(setting.name);
    }
  }
  for (size_t i = 0; i < root.keys.size(); ++i) {
    const codec::YamlNode::Key& key = root.keys[i];
    const std::string place = path + ":" + std::to_string(key.line);
    const SettingInfo* setting = MaybeSetting(key.text);
    if (setting == nullptr || (setting->where & kFile) == 0) {
      const std::string near = Nearest(key.text, names);
      return Wrong(place + ": " +
                   (setting != nullptr
                        ? "\"" + key.text + "\" can only be given on the command line"
                        : "there is no setting \"" + key.text + "\"" +
                              (near.empty() ? "; see docs/configuration.md"
                                            : "; did you mean \"" + near + "\"?")));
    }
    SCANTLING_TRY(const std::vector<std::string> values,
                  FileValues(*setting, root.children[i]).With(place + ": " + key.text));
    SCANTLING_DO(Apply(settings, *setting, values, place).With(key.text));
  }
  return {};
}

base::Result<void> ApplyEnvironment(Settings& settings, std::span<const char* const> variables,
                                    std::vector<std::string>& warnings) {
  // These tell the project's own tests where data is.
  static constexpr std::array<std::string_view, 3> kReserved = {
      "SCANTLING_FEEDS", "SCANTLING_FIXTURES", "SCANTLING_KUBE_APISERVER"};
  std::vector<std::string> names;
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kEnvironment) != 0) {
      names.push_back(EnvironmentName(setting));
    }
  }
  for (const std::string_view variable : variables) {
    if (!variable.starts_with("SCANTLING_")) {
      continue;
    }
    const size_t equals = std::min(variable.find('='), variable.size());
    const std::string name(variable.substr(0, equals));
    if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
      continue;
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string near = Nearest(name, names);
      warnings.push_back("the environment has " + name + ", which is no setting" +
                         (near.empty() ? "" : "; did you mean " + near + "?"));
      continue;
    }
    const std::string value(variable.substr(std::min(equals + 1, variable.size())));
    if (value.empty()) {
      continue;  // an empty variable is as good as none
    }
    for (const SettingInfo& setting : SettingTable()) {
      if (EnvironmentName(setting) == name) {
        SCANTLING_DO(Apply(settings, setting, {value}, name));
      }
    }
  }
  std::sort(warnings.begin(), warnings.end());
  return {};
}

}  // namespace scantling::cli
