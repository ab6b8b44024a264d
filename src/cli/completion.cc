// Completion scripts for bash, zsh and fish, made from the tables of commands and settings. Each
// script knows the commands, their options, the words that an option takes, and leaves files to the
// shell.
#include "base/strings.h"
#include "cli/command.h"

#include <algorithm>

namespace scantling::cli {
namespace {

std::string Head(std::string_view name) { return std::string(name.substr(0, name.find(' '))); }
std::string Tail(std::string_view name) {
  const size_t blank = name.find(' ');
  return blank == std::string_view::npos ? std::string() : std::string(name.substr(blank + 1));
}

// The words at the first place: commands and groups, each once, in the order of the table.
std::vector<std::string> FirstWords() {
  std::vector<std::string> out;
  for (const CommandInfo& command : CommandTable()) {
    const std::string head = Head(command.name);
    if (std::find(out.begin(), out.end(), head) == out.end()) {
      out.push_back(head);
    }
  }
  return out;
}

std::string SecondWords(std::string_view group) {
  std::string out;
  for (const CommandInfo& command : CommandTable()) {
    if (Head(command.name) == group && !Tail(command.name).empty()) {
      out += (out.empty() ? "" : " ") + Tail(command.name);
    }
  }
  return out;
}

std::string Words(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out;
}

std::string Flags(std::string_view command) {
  std::string out = "--help";
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFlag) != 0 && AppliesTo(setting, command)) {
      out += " --" + std::string(setting.name);
    }
  }
  return out;
}

std::string ArgumentWords(const CommandInfo& command) {
  return command.arguments.empty() ? std::string() : Words(command.arguments[0].choices);
}

std::string LimitNames() {
  std::string out;
  for (const base::LimitInfo& info : base::LimitTable()) {
    out += (out.empty() ? "" : " ") + std::string(info.name) + "=";
  }
  return out;
}

std::string Bash() {
  std::string out =
      "# bash completion for scantling; made by \"scantling completion bash\"\n"
      "_scantling() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local command=${COMP_WORDS[1]} second=${COMP_WORDS[2]} words=\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"" +
      base::Join(FirstWords(), " ") +
      " --help --version\" -- \"$current\"))\n    return\n  fi\n"
      "  case $previous in\n";
  for (const SettingInfo& setting : SettingTable()) {
    if ((setting.where & kFlag) == 0 || setting.value.empty()) {
      continue;
    }
    std::string pattern = "--" + std::string(setting.name);
    if (setting.letter != 0) {
      pattern += std::string("|-") + setting.letter;
    }
    const std::string words = setting.name == "limit" ? LimitNames() : Words(setting.choices);
    out += "    " + pattern + ") " +
           (words.empty() ? "COMPREPLY=($(compgen -f -- \"$current\"))"
                          : "COMPREPLY=($(compgen -W \"" + words + "\" -- \"$current\"))") +
           "; return ;;\n";
  }
  out += "  esac\n  case $command in\n";
  for (const std::string& head : FirstWords()) {
    const std::string second = SecondWords(head);
    if (!second.empty()) {
      out += "    " + head + ") if [ \"$COMP_CWORD\" -eq 2 ]; then COMPREPLY=($(compgen -W \"" +
             second + "\" -- \"$current\")); return; fi; command=\"$command $second\" ;;\n";
    }
  }
  out += "  esac\n  case $command in\n";
  for (const CommandInfo& command : CommandTable()) {
    out += "    \"" + std::string(command.name) + "\") words=\"" + Flags(command.name) + "\"";
    const std::string words = ArgumentWords(command);
    out += words.empty() ? " ;;\n"
                         : "; [[ $current == -* ]] || { COMPREPLY=($(compgen -W \"" + words +
                               "\" -- \"$current\")); return; } ;;\n";
  }
  out +=
      "  esac\n"
      "  if [[ $current == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  else\n"
      "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
      "  fi\n}\n"
      "complete -o filenames -o bashdefault -F _scantling scantling\n";
  return out;
}

// zsh runs bash's completions; a script of its own would say the same again.
std::string Zsh() {
  return "#compdef scantling\n# zsh completion for scantling; made by \"scantling completion "
         "zsh\"\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         Bash();
}

std::string FishQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') {
      out.push_back('\\');
    }
    out.push_back(c);
  }
  return out + "'";
}

std::string Fish() {
  std::string out = "# fish completion for scantling; made by \"scantling completion fish\"\n";
  for (const std::string& head : FirstWords()) {
    const CommandInfo* command = MaybeCommand(head);
    out += "complete -c scantling -f -n __fish_use_subcommand -a " + head;
    out += command == nullptr ? "\n" : " -d " + FishQuoted(command->summary) + "\n";
  }
  for (const CommandInfo& command : CommandTable()) {
    const std::string head = Head(command.name);
    const std::string tail = Tail(command.name);
    std::string seen = "__fish_seen_subcommand_from " + head;
    if (!tail.empty()) {
      out += "complete -c scantling -f -n '" + seen + "; and not __fish_seen_subcommand_from " +
             SecondWords(head) + "' -a " + tail + " -d " + FishQuoted(command.summary) + "\n";
      seen += "; and __fish_seen_subcommand_from " + tail;
    }
    if (const std::string words = ArgumentWords(command); !words.empty()) {
      out += "complete -c scantling -f -n '" + seen + "' -a '" + words + "'\n";
    }
    for (const SettingInfo& setting : SettingTable()) {
      if ((setting.where & kFlag) == 0 || !AppliesTo(setting, command.name)) {
        continue;
      }
      out += "complete -c scantling -n '" + seen + "' -l " + std::string(setting.name);
      out += setting.letter == 0 ? "" : std::string(" -s ") + setting.letter;
      if (!setting.value.empty()) {
        const std::string words = setting.name == "limit" ? LimitNames() : Words(setting.choices);
        out += words.empty() ? " -r -F" : " -x -a '" + words + "'";
      }
      out += " -d " + FishQuoted(setting.help) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string Completion(std::string_view shell) {
  if (shell == "bash") {
    return Bash();
  }
  if (shell == "zsh") {
    return Zsh();
  }
  return shell == "fish" ? Fish() : std::string();
}

}  // namespace scantling::cli
