// The program's entry: settings from file, environment and flags, then the command.
//
// No failure may look like "threshold met" (1): what nobody caught ends with 3 and a message, and a
// signal keeps its own code.
#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/terminal.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <string_view>
#include <sys/mman.h>

extern "C" char** environ;

namespace scantling::cli {
namespace {

[[noreturn]] void EndBadly() {
  static constexpr std::string_view kText =
      "scantling: error: the program ended itself (out of memory, or a fault of its own); there is "
      "no result\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
  ::_exit(kNotCompleted);
}

constexpr uint64_t kConfigBytes = 1 << 20;

base::Result<void> ReadConfig(Settings& settings, const std::string& path) {
  SCANTLING_TRY(const std::string text, base::ReadFile(path, kConfigBytes));
  return ApplyFile(settings, text, path);
}

// Default places: the user's file, then the folder's own file over it.
base::Result<void> ReadDefaultConfigs(Settings& settings) {
  std::string user;
  if (const char* folder = std::getenv("XDG_CONFIG_HOME"); folder != nullptr && *folder == '/') {
    user = folder;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    user = std::string(home) + "/.config";
  }
  if (!user.empty()) {
    user += "/scantling/config.yaml";
    if (::access(user.c_str(), F_OK) == 0) {
      SCANTLING_DO(ReadConfig(settings, user));
    }
  }
  if (::access("scantling.yaml", F_OK) == 0) {
    SCANTLING_DO(ReadConfig(settings, "scantling.yaml"));
  }
  return {};
}

base::Result<void> FillSettings(const ParsedCommand& parsed, Settings& settings,
                                std::vector<std::string>& warnings) {
  std::string config;
  if (const char* variable = std::getenv("SCANTLING_CONFIG"); variable != nullptr) {
    config = variable;
  }
  for (const GivenFlag& flag : parsed.flags) {
    if (flag.setting == "config") {
      config = flag.values.back();
    }
  }
  if (config.empty()) {
    SCANTLING_DO(ReadDefaultConfigs(settings));
  } else {
    SCANTLING_DO(ReadConfig(settings, config));
  }
  size_t count = 0;
  while (environ[count] != nullptr) {
    ++count;
  }
  SCANTLING_DO(ApplyEnvironment(settings, {environ, count}, warnings));
  for (const GivenFlag& flag : parsed.flags) {
    SCANTLING_DO(Apply(settings, *MaybeSetting(flag.setting), flag.values, flag.flag));
  }
  return {};
}

// For a short life: memory that is given back to the kernel comes again page by page, each with a
// fault of up to 3 us in a virtual machine. Lists that grow stay in the heap, and the heap grows in
// few steps; its first part is in pages of 2 MB where the kernel has them. What is never touched
// costs nothing.
void KeepMemory() {
  ::mallopt(M_MMAP_THRESHOLD, 8 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
  ::mallopt(M_TOP_PAD, 64 << 20);
  char* const begin = static_cast<char*>(::sbrk(0));
  void* volatile growth = std::malloc(256 << 10);  // volatile: the compiler would leave it out
  std::free(growth);
  char* const end = static_cast<char*>(::sbrk(0));
  if (end > begin) {
    ::madvise(begin, static_cast<size_t>(end - begin), MADV_HUGEPAGE);
  }
  ::mallopt(M_TOP_PAD, 4 << 20);
}

int Main(int argc, const char* const* argv) {
  const auto parsed = ParseCommandLine(argc, argv);
  if (const auto* exit = std::get_if<ParsedExit>(&parsed)) {
    if (exit->exit_code == kDone) {
      return Print(exit->text);
    }
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, exit->text.data(), exit->text.size());
    return exit->exit_code;
  }
  const auto& command = std::get<ParsedCommand>(parsed);
  Invocation invocation{command.command, command.arguments, {}};
  std::vector<std::string> warnings;
  if (const auto filled = FillSettings(command, invocation.settings, warnings); !filled) {
    return Fail(kUsageError, filled.error().Message());
  }
  for (const std::string& warning : warnings) {
    Warn(invocation.settings, warning);
  }
  const CommandInfo& info = *MaybeCommand(command.command);
  if (info.life == Life::kEnds) {
    KeepMemory();
  }
  return info.run(invocation);
}

}  // namespace
}  // namespace scantling::cli

int main(int argc, char** argv) {
  std::set_terminate(scantling::cli::EndBadly);
  ::signal(SIGPIPE,
           SIG_IGN);  // a closed pipe is an error of write(2), which WriteTo takes quietly
  return scantling::cli::Main(argc, argv);
}
