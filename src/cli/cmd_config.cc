// scantling config show, completion, man, docs: texts made from the tables of settings and
// commands.
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "report/text.h"

namespace scantling::cli {
namespace {

std::string ValueText(const Settings& settings, const SettingInfo& setting) {
  if (const auto* flag = std::get_if<bool Settings::*>(&setting.member)) {
    return settings.**flag ? "true" : "false";
  }
  if (const auto* number = std::get_if<uint64_t Settings::*>(&setting.member)) {
    return std::to_string(settings.**number);
  }
  if (const auto* text = std::get_if<std::string Settings::*>(&setting.member)) {
    const bool secret = setting.name == "token" || setting.name == "oidc-client-secret" ||
                        setting.name == "smtp-password";
    if (secret && !(settings.**text).empty()) {
      return "(given)";
    }
    return (settings.**text).empty() ? "\"\"" : report::Clean(settings.**text);
  }
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    return "[" + base::Join(settings.**list, ", ") + "]";
  }
  return {};
}

}  // namespace

int RunConfigShow(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  std::string text;
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFile) == 0) {
      continue;
    }
    const auto origin = settings.origins.find(setting.name);
    const std::string note =
        "  # " + (origin == settings.origins.end() ? "default: " + std::string(setting.fallback)
                                                   : report::Clean(origin->second));
    if (const auto* limits = std::get_if<base::Limits Settings::*>(&setting.member)) {
      text += report::Pad(std::string(setting.name) + ":", 32) + note + "\n";
      for (const base::LimitInfo& info : base::LimitTable()) {
        text += "  " + std::string(info.name) + ": " +
                std::to_string(settings.**limits.*info.member) + "\n";
      }
      continue;
    }
    text += report::Pad(std::string(setting.name) + ": " + ValueText(settings, setting), 32) +
            note + "\n";
  }
  return Print(text);
}

int RunCompletion(const Invocation& invocation) {
  const std::string text = Completion(invocation.arguments[0]);
  if (text.empty()) {
    return Fail(kUsageError,
                "\"" + invocation.arguments[0] + "\": completion is for bash, zsh and fish");
  }
  return Print(text);
}

int RunMan(const Invocation& /*invocation*/) { return Print(ManPage()); }

int RunDocs(const Invocation& invocation) {
  const std::string& page = invocation.arguments[0];
  if (page == "cli") {
    return Print(CliMarkdown());
  }
  if (page == "configuration") {
    return Print(ConfigurationMarkdown());
  }
  if (page == "config-schema") {
    return Print(ConfigSchema());
  }
  return Fail(kUsageError,
              "\"" + page + "\" is no page; there are cli, configuration, config-schema");
}

}  // namespace scantling::cli
