// The command line, by CLI11 (https://github.com/CLIUtils/CLI11), which only parse.cc includes.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace scantling::cli {

// A flag as it was given, still as text; `setting` is its name in the table.
struct GivenFlag {
  std::string setting;
  std::string flag;  // "--fail-on"
  std::vector<std::string> values;
};

struct ParsedCommand {
  std::string command;
  std::vector<std::string> arguments;
  std::vector<GivenFlag> flags;
};

// A text to print and an exit code: --help, --version, or what is wrong.
struct ParsedExit {
  std::string text;
  int exit_code = 0;
};

std::variant<ParsedCommand, ParsedExit> ParseCommandLine(int argc, const char* const* argv);

}  // namespace scantling::cli
