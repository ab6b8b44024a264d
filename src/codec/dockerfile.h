// Dockerfiles in: instructions, stages and the lines that they stand on.
// https://docs.docker.com/reference/dockerfile/
//
// Parser directives (syntax, escape), comments, continued lines, heredocs, flags, exec and shell
// forms, variables by ARG and ENV. A variable that nothing in the file sets (the base image may) is
// left as written and the instruction says so. Frontends other than Docker's (another "syntax") are
// read as if they were Docker's. Deliberately not handled: what a heredoc's shell would expand.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::codec {

struct DockerfileLimits {
  uint64_t bytes = uint64_t{4} << 20;
  uint64_t instructions = 10'000;
  uint64_t expanded_bytes = uint64_t{64}
                            << 10;  // of one instruction, beyond what it has as written
  uint64_t variables = 2'000;       // of one stage
};

struct DockerfileOptions {
  std::map<std::string, std::string> build_args = {};  // --build-arg
  std::string platform = {};  // "linux/amd64": TARGETPLATFORM and its parts
  DockerfileLimits limits = {};
};

struct DockerfileHeredoc {
  std::string name;
  std::string content;  // lines with their ends; leading tabs gone for "<<-"
  bool expand = true;   // the name was not quoted
};

struct DockerfileInstruction {
  std::string keyword;      // upper case: "RUN"
  int32_t stage = -1;       // -1: before the first FROM
  int32_t first_line = 0;   // from 1
  int32_t last_line = 0;    // heredocs included
  std::string raw;          // the lines as written
  std::string arguments;    // one line: continued lines joined, comments and flags gone
  std::string expanded;     // with variables, where the instruction knows them; else = arguments
  bool unresolved = false;  // a variable had no value that the file gives
  std::vector<std::pair<std::string, std::string>> flags;  // "from" -> "build", expanded
  bool exec_form = false;                                  // ["a", "b"]
  std::vector<std::string> words;  // of the expanded text, quotes gone; exec form: its elements
  std::vector<DockerfileHeredoc> heredocs;
  // Of ONBUILD: the instruction that it holds (one).
  std::vector<DockerfileInstruction> trigger;

  std::string_view Flag(std::string_view name) const;  // "" when absent
};

struct DockerfileStage {
  std::string name;  // lower case, "" none
  std::string base;  // the image, expanded; "scratch"
  bool base_unresolved = false;
  int32_t from_stage = -1;  // the earlier stage that it begins with
  std::string platform;
  int32_t line = 0;  // of FROM
};

struct Dockerfile {
  std::string syntax;  // of the directive, "" none
  char escape = '\\';
  std::vector<DockerfileInstruction> instructions;  // in file order, FROM included
  std::vector<DockerfileStage> stages;              // at least one

  // The stage that is built: by name or number, the last one for "". kNotFound names what there is.
  base::Result<size_t> Target(std::string_view target) const;
  // The stages that make `stage`, from the one that begins with an image up to itself.
  std::vector<size_t> Chain(size_t stage) const;
};

// Errors name `path` and the line.
base::Result<Dockerfile> ParseDockerfile(std::string_view text, std::string_view path,
                                         const DockerfileOptions& options = {});

}  // namespace scantling::codec
