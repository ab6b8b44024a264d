// The commands of the program: one table, which the parser, help, man page, shell completion and
// docs/cli.md are made from. One file per command (or small family) holds what it does.
#pragma once

#include "cli/settings.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::cli {

// A value that lasts until the process ends, which gives its memory back at once: a large report's
// hundred thousand texts one by one take some milliseconds. Sanitizers see it go, as they must.
template <typename T>
class Lasting {
 public:
  explicit Lasting(T value) : value_(new T(std::move(value))) {}
  ~Lasting() {
    if constexpr (kSanitized) {
      delete value_;
    }
  }
  Lasting(const Lasting&) = delete;
  Lasting& operator=(const Lasting&) = delete;
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_; }

 private:
#if defined(__SANITIZE_ADDRESS__)
  static constexpr bool kSanitized = true;
#elif defined(__has_feature)
  static constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
  static constexpr bool kSanitized = false;
#endif
  T* value_;
};

struct Invocation {
  std::string command;                 // "db build"
  std::vector<std::string> arguments;  // positional
  Settings settings;
};

struct ArgumentInfo {
  std::string_view name;  // "SOURCE"
  std::string_view help;
  bool required = true;
  std::vector<std::string_view> choices = {};  // for completion; empty = files
};

enum class Life : uint8_t { kEnds, kStays };  // kStays: it runs until it is stopped

struct CommandInfo {
  std::string_view name;
  std::string_view summary;
  std::vector<ArgumentInfo> arguments;
  std::string_view about;  // more words for help and manual; may be empty
  std::vector<std::pair<std::string_view, std::string_view>>
      examples;                   // command line, what it does
  int (*run)(const Invocation&);  // returns an ExitCode
  Life life = Life::kEnds;
};

const std::vector<CommandInfo>& CommandTable();
const CommandInfo* MaybeCommand(std::string_view name);

int RunScan(const Invocation& invocation);
int RunDiff(const Invocation& invocation);
int RunCi(const Invocation& invocation);
int RunPolicyCheck(const Invocation& invocation);
int RunPolicyTest(const Invocation& invocation);
int RunPolicyExplain(const Invocation& invocation);
int RunPolicyReplay(const Invocation& invocation);
int RunPolicyList(const Invocation& invocation);
int RunPolicyShow(const Invocation& invocation);
int RunExceptionsCheck(const Invocation& invocation);
int RunExceptionsImport(const Invocation& invocation);
int RunAgreementsCheck(const Invocation& invocation);
int RunVexCheck(const Invocation& invocation);
int RunInventory(const Invocation& invocation);
int RunExplain(const Invocation& invocation);
int RunDbBuild(const Invocation& invocation);
int RunDbInfo(const Invocation& invocation);
int RunDbLookup(const Invocation& invocation);
int RunDbVerify(const Invocation& invocation);
int RunVersionCompare(const Invocation& invocation);
int RunRunning(const Invocation& invocation);
int RunRecordBuild(const Invocation& invocation);
int RunRecordDeploy(const Invocation& invocation);
int RunServer(const Invocation& invocation);
int RunServerDemo(const Invocation& invocation);
int RunServerLink(const Invocation& invocation);
int RunWorker(const Invocation& invocation);
int RunBackup(const Invocation& invocation);
int RunRestore(const Invocation& invocation);
int RunCacheInfo(const Invocation& invocation);
int RunCachePrune(const Invocation& invocation);
int RunConfigShow(const Invocation& invocation);
int RunCompletion(const Invocation& invocation);
int RunMan(const Invocation& invocation);
int RunDocs(const Invocation& invocation);

// Texts made from the tables (generated.cc).
std::string LimitsText(size_t width);  // the table of limits for --help
std::string HelpFooter(const CommandInfo& command);
std::string ProgramFooter();                     // below the list of commands: examples, exit codes
std::string ManPage();                           // roff, man(7)
std::string Completion(std::string_view shell);  // "" for an unknown shell
std::string CliMarkdown();                       // docs/cli.md
std::string ConfigurationMarkdown();             // docs/configuration.md
std::string ConfigSchema();                      // api/config.schema.json

}  // namespace scantling::cli
