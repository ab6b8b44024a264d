#include "cli/parse.h"

#include "base/nearest.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "report/text.h"

#include <CLI/CLI.hpp>

#include <deque>
#include <map>

namespace scantling::cli {
namespace {

struct FlagSlot {
  const SettingInfo* setting;
  CLI::Option* option;
  std::vector<std::string> values;
  bool on = false;
};

struct CommandSlot {
  const CommandInfo* command;
  CLI::App* app;
  std::deque<FlagSlot> flags;
  std::deque<std::string> arguments;
};

std::string FlagHelp(const SettingInfo& setting) {
  std::string out(setting.help);
  if (!setting.choices.empty()) {
    out += " [";
    for (size_t i = 0; i < setting.choices.size(); ++i) {
      out += (i == 0 ? "" : "|") + std::string(setting.choices[i]);
    }
    out += "]";
  }
  return out;
}

void AddFlags(CommandSlot& slot) {
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFlag) == 0 || !AppliesTo(setting, slot.command->name)) {
      continue;
    }
    FlagSlot& flag = slot.flags.emplace_back(FlagSlot{&setting, nullptr, {}, false});
    std::string names = "--" + std::string(setting.name);
    if (setting.letter != 0) {
      names = std::string("-") + setting.letter + "," + names;
    }
    if (setting.value.empty()) {
      flag.option = slot.app->add_flag(names, flag.on, FlagHelp(setting));
    } else {
      flag.option = slot.app->add_option(names, flag.values, FlagHelp(setting))
                        ->allow_extra_args(false)
                        ->type_name(std::string(setting.value));
    }
  }
}

// "the command line has --formt, which ...; did you mean --format?"
std::string UnknownText(const CommandSlot* maybe_slot, const std::vector<std::string>& rest) {
  const std::string& what = rest.front();
  if (maybe_slot == nullptr) {
    std::vector<std::string> names;
    for (const CommandInfo& command : CommandTable()) {
      names.emplace_back(command.name.substr(0, command.name.find(' ')));
    }
    const std::string near = base::Nearest(what, names);
    return "there is no command \"" + what + "\"" +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  }
  if (!what.starts_with("-")) {
    return "\"" + what + "\" is one argument too many";
  }
  std::vector<std::string> names;
  for (const FlagSlot& flag : maybe_slot->flags) {
    names.push_back("--" + std::string(flag.setting->name));
  }
  const std::string near = base::Nearest(what.substr(0, what.find('=')), names);
  return "there is no option " + what + (near.empty() ? "" : "; did you mean " + near + "?");
}

// A command is missing: which there are, below a group or in all.
std::string MissingText(const std::string& group) {
  std::string out;
  for (const CommandInfo& command : CommandTable()) {
    const size_t blank = command.name.find(' ');
    if (group.empty() || command.name.substr(0, blank) == group) {
      out += (out.empty() ? "" : ", ") + std::string(command.name);
    }
  }
  return "say what to do: " + out;
}

class Parser {
 public:
  Parser()
      : app_("Container security scanner: scan the image, get the few things to do", "scantling") {
    app_.require_subcommand(1, 1);
    app_.set_version_flag("-V,--version", std::string("scantling ") + SCANTLING_VERSION);
    app_.set_help_flag("-h,--help", "this help");
    app_.footer([] { return ProgramFooter(); });
    for (const CommandInfo& command : CommandTable()) {
      Add(command);
    }
  }

  std::variant<ParsedCommand, ParsedExit> Parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return ParsedExit{app_.help(), kDone};
    } catch (const CLI::CallForAllHelp&) {
      return ParsedExit{app_.help("", CLI::AppFormatMode::All), kDone};
    } catch (const CLI::CallForVersion&) {
      return ParsedExit{std::string("scantling ") + SCANTLING_VERSION + "\n", kDone};
    } catch (const CLI::ParseError& error) {
      return Wrong(error.what());
    } catch (const std::exception& error) {
      return Wrong(error.what());
    }
    for (CommandSlot& slot : slots_) {
      if (slot.app->parsed()) {
        return Take(slot);
      }
    }
    return Wrong("a command is missing");
  }

 private:
  // "db build" is the command build below the group db.
  void Add(const CommandInfo& command) {
    const size_t blank = command.name.find(' ');
    CLI::App* parent = &app_;
    std::string name(command.name);
    if (blank != std::string_view::npos) {
      const std::string group(command.name.substr(0, blank));
      name = command.name.substr(blank + 1);
      CLI::App*& app = groups_[group];
      if (app == nullptr) {
        static const std::map<std::string, std::string> kGroups = {
            {"db", "the advisory database: build, info, lookup, verify"},
            {"policy",
             "rules that observe, warn or stop: check, test, explain, replay, list, show"},
            {"exceptions", "accepted risks: check, import"},
            {"agreements", "who agreed that a rule is raised: check"},
            {"vex", "VEX documents: check"},
            {"record", "builds and deployments for a server: build, deploy"},
            {"version", "the order of versions: compare"},
            {"cache", "the layer cache: info, prune"},
            {"config", "the settings: show"}};
        app = app_.add_subcommand(group, kGroups.contains(group) ? kGroups.at(group) : group);
        app->require_subcommand(1, 1);
      }
      parent = app;
    }
    CommandSlot& slot = slots_.emplace_back(CommandSlot{&command, nullptr, {}, {}});
    slot.app = parent->add_subcommand(name, std::string(command.summary));
    for (const ArgumentInfo& argument : command.arguments) {
      CLI::Option* option = slot.app->add_option(
          std::string(argument.name), slot.arguments.emplace_back(), std::string(argument.help));
      option->type_name("");
      option->required(argument.required);
    }
    // When the command is met: the flags of all others would take longer than the rest of parsing.
    slot.app->preparse_callback([&slot](size_t) {
      if (slot.flags.empty()) {
        AddFlags(slot);
      }
    });
    slot.app->footer([&command] { return HelpFooter(command); });
  }

  ParsedExit Wrong(std::string text) {
    // The innermost command that was begun says what to read.
    const CommandSlot* begun = nullptr;
    for (const CommandSlot& slot : slots_) {
      begun = slot.app->count() != 0 || slot.app->parsed() ? &slot : begun;
    }
    std::string name;
    for (const auto& [group, app] : groups_) {
      name = app->count() != 0 ? group : name;
    }
    const std::vector<std::string> rest = app_.remaining(true);
    if (!rest.empty() && (begun != nullptr || name.empty())) {
      text = UnknownText(begun, rest);
    }
    if (begun != nullptr) {
      name = begun->command->name;
    } else if (rest.empty()) {
      text = MissingText(name);
    } else if (!name.empty()) {
      text = "\"" + rest.front() + "\" is no part of " + name + "; " + MissingText(name);
    }
    return {"scantling: error: " + report::Clean(text) + "\nSee: scantling " + name +
                (name.empty() ? "" : " ") + "--help\n",
            kUsageError};
  }

  static ParsedCommand Take(const CommandSlot& slot) {
    ParsedCommand out;
    out.command = slot.command->name;
    out.arguments.assign(slot.arguments.begin(), slot.arguments.end());
    for (const FlagSlot& flag : slot.flags) {
      if (flag.option->count() == 0) {
        continue;
      }
      out.flags.push_back({std::string(flag.setting->name), "--" + std::string(flag.setting->name),
                           flag.setting->value.empty()
                               ? std::vector<std::string>{flag.on ? "true" : "false"}
                               : flag.values});
    }
    return out;
  }

  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::deque<CommandSlot> slots_;
};

}  // namespace

std::variant<ParsedCommand, ParsedExit> ParseCommandLine(int argc, const char* const* argv) {
  Parser parser;
  return parser.Parse(argc, argv);
}

}  // namespace scantling::cli
