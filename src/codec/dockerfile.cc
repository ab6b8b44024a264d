// See dockerfile.h. Three steps: logical lines (comments, continued lines, heredocs), instructions
// (flags, forms, words), then stages and variables in file order.
#include "codec/dockerfile.h"

#include "base/strings.h"
#include "codec/dockerfile_expand.h"
#include "codec/dockerfile_lines.h"
#include "codec/json.h"

#include <algorithm>
#include <array>
#include <set>

namespace scantling::codec {
namespace {

constexpr std::array<std::string_view, 18> kKeywords = {
    "ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
    "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR"};

// Those in which variables are replaced by the builder; a shell does it in the others.
constexpr std::array<std::string_view, 11> kExpanding = {"ADD",    "ARG",    "COPY",   "ENV",
                                                         "EXPOSE", "FROM",   "LABEL",  "STOPSIGNAL",
                                                         "USER",   "VOLUME", "WORKDIR"};

template <size_t N>
bool IsIn(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

std::string_view Unquoted(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

std::string JoinWords(const std::vector<std::string>& words, char escape) {
  std::string out;
  for (const std::string& word : words) {
    const auto plain = DockerfileWords(word, escape, Quotes::kRemove);
    out.append(out.empty() ? "" : " ").append(plain.empty() ? "" : plain.front());
  }
  return out;
}

class Parser {
 public:
  explicit Parser(const DockerfileOptions& options) : options_(options) {
    // https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
    if (!options.platform.empty()) {
      const auto parts = base::Split(options.platform, '/');
      platform_["TARGETPLATFORM"] = options.platform;
      platform_["TARGETOS"] = parts[0];
      platform_["TARGETARCH"] = parts.size() > 1 ? parts[1] : "";
      platform_["TARGETVARIANT"] = parts.size() > 2 ? parts[2] : "";
    }
    global_ = platform_;
  }

  base::Result<Dockerfile> Run(DockerfileLines lines) {
    out_.syntax = std::move(lines.syntax);
    out_.escape = lines.escape;
    if (lines.lines.size() > options_.limits.instructions) {
      return base::LimitMet("more than " + std::to_string(options_.limits.instructions) +
                            " instructions");
    }
    for (DockerfileLine& line : lines.lines) {
      const std::string place = "line " + std::to_string(line.first_line);
      DockerfileInstruction instruction;
      instruction.first_line = line.first_line;
      instruction.last_line = line.last_line;
      instruction.raw = std::move(line.raw);
      instruction.heredocs = std::move(line.heredocs);
      SCANTLING_DO(Read(line.text, instruction, false).With(place));
      out_.instructions.push_back(std::move(instruction));
    }
    if (out_.stages.empty()) {
      return base::Invalid("no FROM: this is not a Dockerfile");
    }
    return std::move(out_);
  }

 private:
  base::Result<void> Read(std::string_view text, DockerfileInstruction& out, bool in_onbuild) {
    text = base::Trim(text);
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    out.keyword = Upper(text.substr(0, end));
    if (!IsIn(kKeywords, out.keyword)) {
      return base::Invalid("\"" + base::ToUtf8(text.substr(0, std::min<size_t>(end, 40))) +
                           "\" is not an instruction of a Dockerfile");
    }
    text = base::Trim(text.substr(end));
    if (out_.stages.empty() && out.keyword != "FROM" && out.keyword != "ARG") {
      return base::Invalid(out.keyword + " before the first FROM");
    }
    SCANTLING_TRY(text, Flags(text, out));
    out.arguments = std::string(text);
    out.expanded = out.arguments;
    out.stage = static_cast<int32_t>(out_.stages.size()) - 1;
    if (out.arguments.empty() && out.keyword != "CMD" && out.keyword != "ENTRYPOINT" &&
        out.keyword != "SHELL") {
      return base::Invalid(out.keyword + " says nothing");
    }
    if (in_onbuild) {
      if (out.keyword == "ONBUILD" || out.keyword == "FROM" || out.keyword == "MAINTAINER") {
        return base::Invalid("ONBUILD " + out.keyword + " is not possible");
      }
      // Its variables are those of the build that runs it.
      out.unresolved = IsIn(kExpanding, out.keyword) && text.find('$') != std::string_view::npos;
      Words(out);
      return {};
    }
    if (out.keyword == "ONBUILD") {
      DockerfileInstruction trigger;
      trigger.first_line = out.first_line;
      trigger.last_line = out.last_line;
      trigger.raw = out.raw;
      trigger.heredocs = out.heredocs;
      SCANTLING_DO(Read(text, trigger, true));
      out.trigger.push_back(std::move(trigger));
      return {};
    }
    if (out.keyword == "FROM") {
      return From(out);
    }
    if (out.keyword == "ARG") {
      return Arg(out);
    }
    if (out.keyword == "ENV") {
      return Env(out);
    }
    if (IsIn(kExpanding, out.keyword)) {
      SCANTLING_TRY(ExpandedText expanded, Expand(out.arguments, variables_));
      out.expanded = std::move(expanded.text);
      out.unresolved = out.unresolved || expanded.unresolved;
    }
    Words(out);
    return {};
  }

  // "--name=value --flag rest": takes the flags and gives the rest.
  base::Result<std::string_view> Flags(std::string_view text, DockerfileInstruction& out) {
    constexpr std::array<std::string_view, 6> kWithFlags = {"ADD",         "COPY", "FROM",
                                                            "HEALTHCHECK", "RUN",  "ONBUILD"};
    if (!IsIn(kWithFlags, out.keyword) || out.keyword == "ONBUILD") {
      return text;
    }
    while (text.starts_with("--") && text.size() > 2 && text[2] != ' ') {
      const size_t end = std::min(text.find_first_of(" \t"), text.size());
      const std::string_view flag = text.substr(2, end - 2);
      const size_t equals = std::min(flag.find('='), flag.size());
      std::string value(equals < flag.size() ? flag.substr(equals + 1) : "");
      if (value.find('$') != std::string::npos) {
        const bool global = out.keyword == "FROM";
        SCANTLING_TRY(ExpandedText expanded, Expand(value, global ? global_ : variables_));
        value = std::move(expanded.text);
      }
      if (out.flags.size() >= 256) {
        return base::LimitMet("more than 256 flags of one instruction");
      }
      out.flags.emplace_back(flag.substr(0, equals), Unquoted(value));
      text = base::Trim(text.substr(end));
    }
    return text;
  }

  base::Result<ExpandedText> Expand(std::string_view text, const DockerfileVariables& variables) {
    return ExpandDockerfileText(text, variables, out_.escape, options_.limits.expanded_bytes);
  }

  void Words(DockerfileInstruction& out) {
    const std::string_view text = out.expanded;
    if (text.starts_with('[') && out.heredocs.empty()) {
      Json json;
      if (auto list = json.Parse(text, options_.limits.bytes); list && list->IsArray()) {
        bool all = true;
        std::vector<std::string> words;
        list->ForEach([&](JsonValue value) {
          all = all && value.MaybeText().has_value();
          words.emplace_back(value.Text());
          return all;
        });
        if (all) {
          out.exec_form = true;
          out.words = std::move(words);
          return;
        }
      }
    }
    constexpr std::array<std::string_view, 4> kShell = {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"};
    if (IsIn(kShell, out.keyword)) {
      out.words = {out.expanded};
    } else {
      out.words = DockerfileWords(text, out_.escape, Quotes::kRemove);
    }
  }

  base::Result<void> From(DockerfileInstruction& out) {
    SCANTLING_TRY(ExpandedText expanded, Expand(out.arguments, global_));
    out.expanded = std::move(expanded.text);
    out.unresolved = expanded.unresolved;
    out.words = DockerfileWords(out.expanded, out_.escape, Quotes::kRemove);
    const bool named = out.words.size() == 3 && base::EqualsIgnoreCase(out.words[1], "AS");
    if (out.words.size() != 1 && !named) {
      return base::Invalid("FROM wants an image, and a name after AS: \"FROM " +
                           base::ToUtf8(out.arguments.substr(0, 80)) + "\"");
    }
    DockerfileStage stage;
    stage.base = out.words[0];
    stage.base_unresolved = out.unresolved;
    if (stage.base.empty()) {
      return base::Invalid("FROM names no image: \"" + base::ToUtf8(out.arguments.substr(0, 80)) +
                           "\" is empty without a --build-arg");
    }
    stage.name = named ? base::Lower(out.words[2]) : "";
    stage.platform = out.Flag("platform");
    stage.line = out.first_line;
    const std::string wanted = base::Lower(stage.base);
    for (size_t i = out_.stages.size(); i-- > 0 && stage.from_stage < 0;) {
      if (!out_.stages[i].name.empty() && out_.stages[i].name == wanted) {
        stage.from_stage = static_cast<int32_t>(i);
      }
    }
    // What an earlier stage set by ENV holds in a stage made from it; what ARG set does not.
    environment_ = stage.from_stage < 0 ? DockerfileVariables()
                                        : environments_[static_cast<size_t>(stage.from_stage)];
    variables_ = environment_;
    arguments_.clear();
    environments_.push_back(environment_);
    out_.stages.push_back(std::move(stage));
    out.stage = static_cast<int32_t>(out_.stages.size()) - 1;
    return {};
  }

  // "ARG A=b C": each has the value of --build-arg, its own default, or the global ARG's.
  base::Result<void> Arg(DockerfileInstruction& out) {
    const bool global = out_.stages.empty();
    out.expanded.clear();
    for (const std::string& word : DockerfileWords(out.arguments, out_.escape, Quotes::kKeep)) {
      const size_t equals = word.find('=');
      const std::string name(Unquoted(std::string_view(word).substr(0, equals)));
      std::optional<std::string> value;
      bool unresolved = false;
      if (const auto given = options_.build_args.find(name); given != options_.build_args.end()) {
        value = given->second;
      } else if (equals != std::string::npos) {
        SCANTLING_TRY(const ExpandedText expanded, Expand(std::string_view(word).substr(equals + 1),
                                                          global ? global_ : variables_));
        unresolved = expanded.unresolved;
        value = JoinWords({expanded.text}, out_.escape);
      } else if (const auto known = global_.find(name); !global && known != global_.end()) {
        value = known->second;
      }
      out.expanded.append(out.expanded.empty() ? "" : " ").append(name);
      if (value) {
        out.expanded.append("=").append(*value);
      }
      out.words.push_back(name);
      out.unresolved = out.unresolved || unresolved;
      SCANTLING_DO(Room(out.expanded.size()));
      DockerfileVariables& where = global ? global_ : variables_;
      if (value && !unresolved) {
        // ENV is stronger than ARG, whichever comes first.
        if (global || !environment_.contains(name)) {
          where.insert_or_assign(name, *value);
          arguments_.insert(name);
        }
      } else if (unresolved && !environment_.contains(name)) {
        where.erase(name);
      }
    }
    return {};
  }

  // "ENV A=b C=d", and the old "ENV A b". All values are those before the instruction.
  base::Result<void> Env(DockerfileInstruction& out) {
    const auto words = DockerfileWords(out.arguments, out_.escape, Quotes::kKeep);
    std::vector<std::pair<std::string, std::string>> pairs;
    if (words[0].find('=') == std::string::npos) {
      const size_t end = out.arguments.find_first_of(" \t");
      pairs.emplace_back(words[0], end == std::string::npos
                                       ? ""
                                       : base::Trim(std::string_view(out.arguments).substr(end)));
    } else {
      for (const std::string& word : words) {
        const size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
          return base::Invalid("ENV: \"" + base::ToUtf8(word.substr(0, 40)) +
                               "\" is not NAME=value");
        }
        pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
      }
    }
    std::vector<std::pair<std::string, ExpandedText>> values;
    out.expanded.clear();
    for (auto& [name, value] : pairs) {
      SCANTLING_TRY(ExpandedText expanded, Expand(value, variables_));
      out.unresolved = out.unresolved || expanded.unresolved;
      out.expanded.append(out.expanded.empty() ? "" : " ").append(name).append("=");
      out.expanded.append(expanded.text);
      SCANTLING_DO(Room(out.expanded.size()));
      expanded.text =
          JoinWords(DockerfileWords(expanded.text, out_.escape, Quotes::kKeep), out_.escape);
      out.words.push_back(name + "=" + expanded.text);
      values.emplace_back(std::move(name), std::move(expanded));
    }
    for (auto& [name, value] : values) {
      if (value.unresolved) {
        variables_.erase(name);
        environment_.erase(name);
      } else {
        variables_.insert_or_assign(name, value.text);
        environment_.insert_or_assign(name, std::move(value.text));
      }
    }
    environments_.back() = environment_;
    return {};
  }

  base::Result<void> Room(uint64_t bytes) const {
    if (bytes > 2 * options_.limits.expanded_bytes + options_.limits.bytes ||
        variables_.size() > options_.limits.variables ||
        global_.size() > options_.limits.variables) {
      return base::LimitMet("too many variables, or too long ones");
    }
    return {};
  }

  const DockerfileOptions& options_;
  Dockerfile out_;
  DockerfileVariables platform_;
  DockerfileVariables global_;       // ARG before the first FROM
  DockerfileVariables variables_;    // of the present stage
  DockerfileVariables environment_;  // of those, what ENV set
  std::set<std::string> arguments_;
  std::vector<DockerfileVariables> environments_;  // at the end of each stage
};

}  // namespace

std::string_view DockerfileInstruction::Flag(std::string_view name) const {
  for (const auto& [key, value] : flags) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

base::Result<size_t> Dockerfile::Target(std::string_view target) const {
  if (target.empty()) {
    return stages.size() - 1;
  }
  const std::string wanted = base::Lower(target);
  for (size_t i = stages.size(); i-- > 0;) {
    if (stages[i].name == wanted) {
      return i;
    }
  }
  if (const auto number = base::ParseNumber<size_t>(target); number && *number < stages.size()) {
    return *number;
  }
  std::string names;
  for (size_t i = 0; i < stages.size(); ++i) {
    names += (i == 0 ? "" : ", ") + (stages[i].name.empty() ? std::to_string(i) : stages[i].name);
  }
  return base::NotFound("no stage \"" + base::ToUtf8(target) + "\"; the stages are: " + names);
}

std::vector<size_t> Dockerfile::Chain(size_t stage) const {
  std::vector<size_t> out;
  for (auto at = static_cast<int64_t>(stage); at >= 0;) {
    out.push_back(static_cast<size_t>(at));
    at = stages[static_cast<size_t>(at)].from_stage;  // always an earlier one
  }
  std::reverse(out.begin(), out.end());
  return out;
}

base::Result<Dockerfile> ParseDockerfile(std::string_view text, std::string_view path,
                                         const DockerfileOptions& options) {
  if (text.size() > options.limits.bytes) {
    return base::LimitMet(std::string(path) + ": more than " +
                          std::to_string(options.limits.bytes) + " bytes");
  }
  auto lines = SplitDockerfile(text);
  if (!lines) {
    return std::move(lines).error().With(path);
  }
  return Parser(options).Run(*std::move(lines)).With(path);
}

}  // namespace scantling::codec
