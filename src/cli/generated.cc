// Texts made from the tables of commands, settings and limits: help, the manual page, docs/cli.md,
// docs/configuration.md and api/config.schema.json. Tests hold the committed files equal to these.
#include "base/strings.h"
#include "cli/command.h"
#include "codec/json_writer.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::cli {
namespace {

using report::Pad;
using report::PadLeft;

constexpr std::string_view kExitCodes[][2] = {
    {"0", "done"},
    {"1",
     "the asked-for threshold was met (--fail-on), or an enforced rule stops the change (ci); a "
     "check (version compare, policy test, exceptions check, agreements check, vex check) found "
     "something wrong"},
    {"2",
     "usage: the command line, the environment or a configuration file is wrong: an unknown option "
     "or word, a form of SOURCE that does not exist, options that do not go together"},
    {"3",
     "the scan, or another command, could not be completed: a file is missing, cannot be read, is "
     "of another kind than is wanted, or is broken"},
    {"4", "completed, but with coverage gaps, and --fail-on-gaps was given"},
};

std::string Usage(const CommandInfo& command) {
  std::string out = "scantling " + std::string(command.name);
  for (const ArgumentInfo& argument : command.arguments) {
    out += argument.required ? " " + std::string(argument.name)
                             : " [" + std::string(argument.name) + "]";
  }
  return out;
}

std::string FlagText(const SettingInfo& setting) {
  std::string out;
  if (setting.letter != 0) {
    out = std::string("-") + setting.letter + ", ";
  }
  out += "--" + std::string(setting.name);
  return setting.value.empty() ? out : out + " " + std::string(setting.value);
}

std::string Choices(const SettingInfo& setting, std::string_view separator) {
  std::string out;
  for (const std::string_view choice : setting.choices) {
    out += (out.empty() ? "" : std::string(separator)) + std::string(choice);
  }
  return out;
}

// A value with its unit: "64 GiB", "400".
std::string LimitValue(const base::LimitInfo& info) {
  const uint64_t value = base::Limits{}.*info.member;
  if (info.unit == "bytes" && value % (uint64_t{1} << 30) == 0) {
    return std::to_string(value >> 30) + "G";
  }
  if (info.unit == "bytes" && value % (uint64_t{1} << 20) == 0) {
    return std::to_string(value >> 20) + "M";
  }
  return std::to_string(value);
}

// Text of roff: a backslash and a leading dot mean something there.
std::string Roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out.push_back(c);
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

// Text in a table of Markdown.
std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : std::string(1, c);
  }
  return out;
}

std::string CodeList(std::string_view commands) {
  std::string out;
  for (const std::string_view name : base::Split(commands, ',')) {
    out += (out.empty() ? "`" : ", `") + std::string(name) + "`";
  }
  return out;
}

}  // namespace

std::string LimitsText(size_t width) {
  std::string out;
  for (const base::LimitInfo& info : base::LimitTable()) {
    std::string line = "  " + Pad(info.name, 16) + PadLeft(LimitValue(info), 9) + "  ";
    out += report::Cut(line + std::string(info.help), width) + "\n";
  }
  return out;
}

std::string HelpFooter(const CommandInfo& command) {
  std::string out;
  if (!command.about.empty()) {
    for (const std::string& line : report::Wrap(command.about, 98)) {
      out += line + "\n";
    }
    out += "\n";
  }
  if (!command.examples.empty()) {
    out += "Examples:\n";
    for (const auto& [line, what] : command.examples) {
      out += "  " + std::string(line) + "\n";
      out += what.empty() ? "" : "      " + std::string(what) + "\n";
    }
  }
  if (AppliesTo(*MaybeSetting("limit"), command.name)) {
    out += "\nLimits (--limit NAME=VALUE); what a limit cuts off becomes a gap of the report:\n" +
           LimitsText(100);
  }
  if (command.name == "scan" || command.name == "ci") {
    out += "\nExit codes:\n";
    for (const auto& [code, what] : kExitCodes) {
      out += "  " + std::string(code) + "  " + std::string(what) + "\n";
    }
  }
  return out;
}

std::string ProgramFooter() {
  std::string out = "Examples:\n";
  for (const char* name : {"scan", "inventory", "explain"}) {
    const CommandInfo* command = MaybeCommand(name);
    out += "  " + report::Pad(command->examples[0].first, 52) + " " +
           std::string(command->summary) + "\n";
  }
  out +=
      "\nSOURCE: registry:NAME, HOST/NAME:TAG, podman:NAME, docker-daemon:NAME, "
      "docker-archive:FILE,\n"
      "oci-archive:FILE, oci:DIR[:TAG], rootfs:DIR, a path, or -\n"
      "\nExit codes:\n";
  for (const auto& [code, what] : kExitCodes) {
    out += "  " + std::string(code) + "  " + std::string(what) + "\n";
  }
  out += "\nLimits, default values (scan --limit NAME=VALUE):\n" + LimitsText(100);
  return out;
}

std::string ManPage() {
  std::string out =
      ".\\\" Made by \"scantling man\".\n.TH SCANTLING 1 \"\" \"scantling " SCANTLING_VERSION
      "\" \"User Commands\"\n.SH NAME\nscantling \\- scan a container image, get the few things to "
      "do\n.SH SYNOPSIS\n";
  for (const CommandInfo& command : CommandTable()) {
    out += ".B " + Roff(Usage(command)) + "\n[options]\n.br\n";
  }
  out += ".SH COMMANDS\n";
  for (const CommandInfo& command : CommandTable()) {
    out += ".SS \"" + Roff(Usage(command)) + "\"\n" + Roff(command.summary) + ".\n";
    if (!command.about.empty()) {
      out += ".PP\n" + Roff(command.about) + "\n";
    }
    for (const ArgumentInfo& argument : command.arguments) {
      out += ".TP\n.I " + Roff(argument.name) + "\n" + Roff(argument.help) + "\n";
    }
    for (const SettingInfo& setting : SettingTable()) {
      if ((setting.where & kFlag) != 0 && AppliesTo(setting, command.name)) {
        out += ".TP\n.B " + Roff(FlagText(setting)) + "\n" + Roff(setting.help);
        out += setting.choices.empty() ? "\n" : Roff(" [" + Choices(setting, "|") + "]") + "\n";
      }
    }
    for (const auto& [line, what] : command.examples) {
      out += ".PP\n.RS\n.nf\n" + Roff(line) + "\n.fi\n.RE\n";
    }
  }
  out += ".SH \"EXIT STATUS\"\n";
  for (const auto& [code, what] : kExitCodes) {
    out += ".TP\n.B " + std::string(code) + "\n" + Roff(what) + "\n";
  }
  out += ".SH LIMITS\n";
  for (const base::LimitInfo& info : base::LimitTable()) {
    out += ".TP\n.B " + Roff(info.name) + "=" + LimitValue(info) + "\n" + Roff(info.help) + "\n";
  }
  out += ".SH ENVIRONMENT\n";
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kEnvironment) != 0) {
      out += ".TP\n.B " + EnvironmentName(setting) + "\n" + Roff(setting.help) + "\n";
    }
  }
  out +=
      ".TP\n.B NO_COLOR\nno colours, when set to anything\n"
      ".SH FILES\n.TP\n.I ~/.config/scantling/config.yaml\nthe user's settings\n"
      ".TP\n.I scantling.yaml\nsettings of the folder that the program is started in\n"
      ".TP\n.I ~/.local/share/scantling/advisories.db\nthe installed advisory database\n"
      ".TP\n.I ~/.cache/scantling\nwhat was read from layers\n";
  return out;
}

std::string CliMarkdown() {
  std::string out =
      "# The command line\n\n<!-- Made by `scantling docs cli`; a test holds it equal. -->\n\n"
      "| command | what it does |\n|---|---|\n";
  for (const CommandInfo& command : CommandTable()) {
    out += "| `" + Usage(command) + "` | " + Cell(command.summary) + " |\n";
  }
  out += "\nExit codes:\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, what] : kExitCodes) {
    out += "| " + std::string(code) + " | " + Cell(what) + " |\n";
  }
  out +=
      "\nA threshold that was met (1) goes before gaps (4). A crash is never 1: what nobody caught "
      "ends with 3, and\n"
      "a signal keeps the shell's 128 + number. A pipe that is closed early ends the output "
      "quietly.\n";
  for (const CommandInfo& command : CommandTable()) {
    out += "\n## " + std::string(command.name) + "\n\n`" + Usage(command) +
           "`: " + std::string(command.summary) + ".";
    out += command.about.empty() ? "\n" : "\n" + std::string(command.about) + "\n";
    for (const ArgumentInfo& argument : command.arguments) {
      out += "\n- `" + std::string(argument.name) + "`: " + std::string(argument.help) + "\n";
    }
    std::string rows;
    for (const SettingInfo& setting : SettingTable()) {
      if ((setting.where & kFlag) != 0 && AppliesTo(setting, command.name)) {
        rows += "| `" + FlagText(setting) + "` | " + Cell(setting.help);
        rows += setting.choices.empty() ? "" : " (" + Choices(setting, ", ") + ")";
        rows += " | " + Cell(setting.fallback) + " |\n";
      }
    }
    out += rows.empty() ? "" : "\n| option | meaning | without it |\n|---|---|---|\n" + rows;
    if (!command.examples.empty()) {
      out += "\n```sh\n";
      for (const auto& [line, what] : command.examples) {
        out += std::string(line) + (what.empty() ? "" : "   # " + std::string(what)) + "\n";
      }
      out += "```\n";
    }
  }
  return out;
}

std::string ConfigurationMarkdown() {
  std::string out =
      "# Configuration\n\n<!-- Made by `scantling docs configuration`; a test holds it equal. "
      "-->\n\n"
      "Every setting has one name. It can be given in a file, in the environment, and as a flag; "
      "the later of\n"
      "these wins:\n\n"
      "1. `$XDG_CONFIG_HOME/scantling/config.yaml` (`~/.config/...`), the user's file\n"
      "2. `scantling.yaml` in the folder that the program is started in\n"
      "3. `SCANTLING_...` in the environment\n"
      "4. flags\n\n"
      "`--config FILE` (or `SCANTLING_CONFIG`) is read in place of 1 and 2. A list that is given "
      "again replaces the\n"
      "one before; limits are changed one by one. `scantling config show` prints what is in force "
      "and where each was\n"
      "given. The file's schema is `api/config.schema.json`; errors name file, line and the "
      "nearest known name.\n"
      "`SCANTLING_FEEDS` and `SCANTLING_FIXTURES` belong to the project's tests and are passed "
      "over.\n\n"
      "| setting | environment | commands | without it | meaning |\n|---|---|---|---|---|\n";
  for (const SettingInfo& setting : SettingTable()) {
    out += "| `" + std::string(setting.name) + "`" +
           ((setting.where & kFile) == 0 ? " (not in the file)" : "");
    out +=
        " | " + ((setting.where & kEnvironment) == 0 ? "-" : "`" + EnvironmentName(setting) + "`");
    out += " | " + CodeList(setting.commands) + " | " + Cell(setting.fallback) + " | " +
           Cell(setting.help);
    out += (setting.choices.empty() ? "" : ": `" + Choices(setting, "`, `") + "`") +
           std::string(" |\n");
  }
  out +=
      "\nNumbers may end in K, M, G or T (powers of 1024). Limits, all under `limit:`; what a "
      "limit cuts off becomes a\n"
      "gap of the report that carries its name:\n\n| limit | default | of what |\n|---|---|---|\n";
  for (const base::LimitInfo& info : base::LimitTable()) {
    out += "| `" + std::string(info.name) + "` | " + LimitValue(info) + " | " + Cell(info.help) +
           " (" + std::string(info.unit) + ") |\n";
  }
  out +=
      "\n```yaml\n# scantling.yaml\nfail-on: [kev, critical]\nfail-on-gaps: true\nexposed: "
      "yes\nlimit:\n"
      "  file-bytes: 1G\n```\n";
  return out;
}

std::string ConfigSchema() {
  std::string text;
  codec::JsonWriter out(&text);
  const auto type = [&](std::string_view name) { out.Text("type", name); };
  out.BeginObject();
  out.Text("$schema", "https://json-schema.org/draft/2020-12/schema");
  out.Text("$id", "urn:scantling:config:1");
  out.Text("title", "scantling.yaml");
  out.Text("description", "Settings of scantling; docs/configuration.md");
  type("object");
  out.Bool("additionalProperties", false);
  out.Key("properties");
  out.BeginObject();
  const auto choices = [&](const SettingInfo& setting) {
    if (!setting.choices.empty()) {
      out.Key("enum");
      out.BeginArray();
      for (const std::string_view choice : setting.choices) {
        out.Text(choice);
      }
      // YAML 1.1 readers make booleans of a plain yes and no.
      if (std::find(setting.choices.begin(), setting.choices.end(), "yes") !=
          setting.choices.end()) {
        out.Bool(true);
        out.Bool(false);
      }
      out.EndArray();
    }
  };
  const auto count = [&] {
    out.Key("type");
    out.BeginArray();
    out.Text("integer");
    out.Text("string");
    out.EndArray();
    out.Int("minimum", 0);
    out.Text("pattern", "^[0-9]+[KMGTkmgt]?$");
  };
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFile) == 0) {
      continue;
    }
    out.Key(setting.name);
    out.BeginObject();
    out.Text("description", setting.help);
    if (std::holds_alternative<bool Settings::*>(setting.member)) {
      type("boolean");
    } else if (std::holds_alternative<uint64_t Settings::*>(setting.member)) {
      count();
    } else if (std::holds_alternative<std::string Settings::*>(setting.member)) {
      if (setting.choices.empty()) {
        out.Key("type");
        out.BeginArray();
        out.Text("string");
        out.Text("integer");
        out.EndArray();
      }
      choices(setting);
    } else if (std::holds_alternative<std::vector<std::string> Settings::*>(setting.member)) {
      type("array");
      out.Key("items");
      out.BeginObject();
      type("string");
      choices(setting);
      out.EndObject();
    } else {
      type("object");
      out.Bool("additionalProperties", false);
      out.Key("properties");
      out.BeginObject();
      for (const base::LimitInfo& info : base::LimitTable()) {
        out.Key(info.name);
        out.BeginObject();
        out.Text("description", info.help);
        count();
        out.EndObject();
      }
      out.EndObject();
    }
    out.EndObject();
  }
  out.EndObject();
  out.EndObject();
  return text;
}

}  // namespace scantling::cli
