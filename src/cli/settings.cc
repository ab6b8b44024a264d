#include "cli/settings.h"

#include "base/nearest.h"
#include "base/strings.h"
#include "codec/yaml.h"

#include <algorithm>
#include <array>
#include <limits>

namespace scantling::cli {
namespace {

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
  const std::string near = base::Nearest(name, names);
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
      const std::string near = base::Nearest(key.text, names);
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
      const std::string near = base::Nearest(name, names);
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
