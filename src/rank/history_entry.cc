// See history_entry.h.
#include "rank/history_entry.h"

#include "base/strings.h"
#include "codec/dockerfile_expand.h"

#include <algorithm>
#include <array>

namespace scantling::rank {
namespace {

constexpr std::array<std::string_view, 17> kKeywords = {
    "ADD",        "ARG",     "CMD", "COPY",  "ENTRYPOINT", "ENV",  "EXPOSE", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"};

constexpr size_t kMaxText = 64 << 10;  // a longer entry is cut: it matches nothing

std::vector<std::string> Words(std::string_view text) {
  return codec::DockerfileWords(text, '\\', codec::Quotes::kRemove);
}

bool IsShell(std::string_view word) {
  constexpr std::array<std::string_view, 10> kShells = {
      "sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "pwsh", "powershell", "cmd"};
  std::string name = base::Lower(base::BaseName(word));
  if (name.ends_with(".exe")) {
    name.resize(name.size() - 4);
  }
  return std::find(kShells.begin(), kShells.end(), name) != kShells.end();
}

// "/bin/sh -c", "/bin/bash -o pipefail -c", "|2 A=b C=d e /bin/sh -c": a shell that a command
// follows, nothing or build arguments before it.
bool IsShellPrefix(std::string_view prefix) {
  std::vector<std::string_view> words = base::Split(prefix, ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  size_t at = words.size();
  bool command = false;
  while (at > 0 && !IsShell(words[at - 1])) {
    const std::string_view word = words[at - 1];
    const bool option = word.starts_with('-') || word.starts_with('/') || word == "pipefail";
    if (!option || words.size() - at > 8) {
      return false;
    }
    command = command || (word.size() > 1 && (word.back() == 'c' || word.back() == 'C' ||
                                              base::EqualsIgnoreCase(word, "-command")));
    --at;
  }
  if (at == 0 || !command) {
    return false;
  }
  return at == 1 || words[0].starts_with('|');
}

// Letters only: quotes, blanks, backslashes, brackets and commas are written in many ways.
std::string Bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(" \t\n\r\"'\\[],").find(c) == std::string_view::npos) {
      out.push_back(c);
    }
  }
  return out;
}

std::string_view FirstKey(std::string_view text) {
  return text.substr(0, text.find_first_of("= \t"));
}

int LikeConfiguration(const PastStep& past, const WantedStep& wanted) {
  const codec::DockerfileInstruction& step = *wanted.instruction;
  if (past.keyword == "ARG" || past.keyword == "ENV" || past.keyword == "LABEL") {
    if (Bare(FirstKey(past.text)) != Bare(FirstKey(step.arguments))) {
      return 0;
    }
    if (past.keyword == "ARG") {
      return kSure;
    }
  }
  if (past.keyword == "WORKDIR") {
    const std::string want = FromWorkdir(wanted.workdir, step.expanded);
    const std::string have = FromWorkdir("", past.text);
    if (past.text == OneSpaced(step.arguments)) {
      return kSure;
    }
    if (step.unresolved) {
      return 1;
    }
    if (!want.empty()) {
      return want == have || past.text == step.expanded ? kSure : 0;
    }
    const std::string tail = FromWorkdir("/", step.expanded);
    return have.ends_with(tail) ? kSure : 0;
  }
  const std::string have = Bare(past.text);
  return have == Bare(step.expanded) || have == Bare(step.arguments) ? kSure : 1;
}

std::string Plain(std::string_view word) {
  return word.starts_with("<<-") ? "<<" + std::string(word.substr(3)) : std::string(word);
}

int LikeDestination(std::string_view have, const WantedStep& wanted) {
  const codec::DockerfileInstruction& step = *wanted.instruction;
  if (step.words.size() < 2) {
    return 0;
  }
  const std::string& want = step.words.back();
  // buildah keeps variables as they are written.
  if (const auto written = Words(step.arguments); !written.empty() && written.back() == have) {
    return kSure;
  }
  if (want.find('$') != std::string::npos && step.unresolved) {
    return 1;
  }
  const std::string path = FromWorkdir(wanted.workdir, have);
  const std::string wish = FromWorkdir(wanted.workdir, want);
  if (have == want || (!path.empty() && path == wish)) {
    return kSure;
  }
  // "COPY . ." where the base image chose the folder.
  if (wish.empty() && have.starts_with('/')) {
    const std::string tail = FromWorkdir("/", want);
    return FromWorkdir("", have).ends_with(tail == "/" ? std::string_view() : tail) ? 2 : 0;
  }
  return 0;
}

int LikeCopy(const PastStep& past, const WantedStep& wanted) {
  const codec::DockerfileInstruction& step = *wanted.instruction;
  std::vector<std::string> have = Words(past.text);
  have.erase(have.begin(), std::find_if(have.begin(), have.end(), [](const std::string& word) {
               return !word.starts_with("--");
             }));
  if (have.size() >= 3 && have[1] == "in") {
    const std::string_view hash = have[0];
    if (hash.starts_with("file:") || hash.starts_with("dir:") || hash.starts_with("multi:")) {
      return have.size() == 3 ? LikeDestination(have[2], wanted) : 0;
    }
  }
  if (have.size() != step.words.size()) {
    return 0;
  }
  bool guessed = false;
  for (size_t i = 0; i < have.size(); ++i) {
    if (Plain(have[i]) == Plain(step.words[i])) {
      continue;
    }
    if (step.unresolved && step.words[i].find('$') != std::string::npos) {
      guessed = true;
    } else {
      return 0;
    }
  }
  return guessed ? 1 : kSure + 1;
}

int LikeRun(const PastStep& past, const WantedStep& wanted) {
  const std::string_view have = past.text;
  for (const std::string& command : wanted.commands) {
    if (command.empty() || !have.ends_with(command)) {
      continue;
    }
    const std::string_view before = have.substr(0, have.size() - command.size());
    if (before.empty() || (before.ends_with(' ') && IsShellPrefix(before))) {
      return kSure + 1;
    }
  }
  return 0;
}

// What BuildKit and buildah make of heredocs.
void AddHeredocCommands(const codec::DockerfileInstruction& step, WantedStep& out) {
  std::string complex = step.arguments;
  std::string simple = step.arguments;
  for (const codec::DockerfileHeredoc& heredoc : step.heredocs) {
    complex += "\n" + heredoc.content + heredoc.name;
    simple += "\n" + heredoc.content;
  }
  if (step.heredocs.size() == 1 && Words(step.arguments).size() == 1) {
    const codec::DockerfileHeredoc& heredoc = step.heredocs.front();
    out.commands.push_back(heredoc.content.starts_with("#!") ? "/dev/pipes/" + heredoc.name
                                                             : OneSpaced(heredoc.content));
  }
  out.commands.push_back(OneSpaced(complex));
  out.commands.push_back(OneSpaced(simple));
}

}  // namespace

std::string OneSpaced(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = !out.empty();
      continue;
    }
    if (blank) {
      out.push_back(' ');
      blank = false;
    }
    out.push_back(c);
  }
  return out;
}

PastStep ReadEntry(const model::HistoryEntry& entry) {
  PastStep out;
  out.layer = !entry.empty_layer;
  out.merge = entry.created_by.empty() && entry.comment.starts_with("merge ");
  std::string_view text = base::Trim(std::string_view(entry.created_by).substr(0, kMaxText));
  constexpr std::string_view kBuildkit = "# buildkit";
  out.buildkit = entry.comment.starts_with("buildkit.dockerfile");
  if (text.ends_with(kBuildkit)) {
    out.buildkit = true;
    text = base::Trim(text.substr(0, text.size() - kBuildkit.size()));
  }
  constexpr std::string_view kNop = "#(nop)";
  if (const size_t nop = text.find(kNop);
      nop != std::string_view::npos && IsShellPrefix(text.substr(0, nop))) {
    text = base::Trim(text.substr(nop + kNop.size()));
  } else if (text.starts_with('|') ||
             (text.starts_with('/') && text.find(' ') != std::string_view::npos &&
              IsShell(text.substr(0, text.find(' '))))) {
    out.keyword = "RUN";
    out.text = OneSpaced(text);
    return out;
  }
  const std::string_view word = text.substr(0, text.find_first_of(" \t[\n"));
  if (std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end()) {
    out.keyword = std::string(word);
    out.text = OneSpaced(text.substr(word.size()));
  }
  return out;
}

bool WantedStep::MakesFiles() const {
  return instruction->keyword == "RUN" || instruction->keyword == "COPY" ||
         instruction->keyword == "ADD";
}

WantedStep MakeStep(const codec::DockerfileInstruction& instruction, std::string_view workdir) {
  WantedStep out;
  out.instruction = &instruction;
  out.line = instruction.first_line;
  out.workdir = std::string(workdir);
  if (instruction.keyword != "RUN") {
    return out;
  }
  if (!instruction.heredocs.empty()) {
    AddHeredocCommands(instruction, out);
  } else {
    out.commands.push_back(OneSpaced(instruction.arguments));
    if (instruction.exec_form) {
      out.commands.push_back(OneSpaced(base::Join(instruction.words, " ")));
    }
  }
  if (!instruction.flags.empty()) {
    std::string flags;
    for (const auto& [name, value] : instruction.flags) {
      flags += "--" + name + (value.empty() ? "" : "=" + value) + " ";
    }
    out.commands.push_back(OneSpaced(flags + out.commands.front()));
  }
  return out;
}

int Likeness(const PastStep& past, const WantedStep& wanted) {
  if (past.keyword.empty() || past.keyword != wanted.instruction->keyword) {
    return 0;
  }
  if (past.keyword == "RUN") {
    return LikeRun(past, wanted);
  }
  return past.keyword == "COPY" || past.keyword == "ADD" ? LikeCopy(past, wanted)
                                                         : LikeConfiguration(past, wanted);
}

std::string FromWorkdir(std::string_view workdir, std::string_view path) {
  path = base::Trim(path);
  if (path.size() >= 2 && (path.front() == '"' || path.front() == '\'') &&
      path.back() == path.front()) {
    path = path.substr(1, path.size() - 2);
  }
  if (!path.starts_with('/') && workdir.empty()) {
    return {};
  }
  std::vector<std::string_view> parts;
  const auto add = [&parts](std::string_view more) {
    for (const std::string_view part : base::Split(more, '/')) {
      if (part == "..") {
        if (!parts.empty()) {
          parts.pop_back();
        }
      } else if (!part.empty() && part != ".") {
        parts.push_back(part);
      }
    }
  };
  if (!path.starts_with('/')) {
    add(workdir);
  }
  add(path);
  std::string out;
  for (const std::string_view part : parts) {
    out.append("/").append(part);
  }
  return out.empty() ? "/" : out;
}

}  // namespace scantling::rank
