// What goes to the user: results to standard output or a file, messages to standard error. Nothing
// that came from outside reaches a terminal uncleaned.
#pragma once

#include "base/file.h"
#include "base/output.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/settings.h"
#include "report/report.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::cli {

// To the file at `path` by rename, or to standard output (""). Who reads a pipe and closes it early
// has seen enough: no error. What a second run makes again need not wait for the disk: kDisposable.
base::Result<void> WriteTo(const std::string& path,
                           const std::function<void(base::Output&)>& render,
                           base::Durability durability = base::Durability::kDurable);
base::Result<void> WriteTo(const std::string& path, std::string_view text);

// To standard output; the exit code that follows.
int Print(std::string_view text);

// "scantling: error: ..."; returns the code.
int Fail(int exit_code, std::string_view message);
// kUsage errors are kUsageError, all others kNotCompleted.
int Fail(const base::Error& error);
void Warn(const Settings& settings, std::string_view message);
// A line for people on standard error, unless --quiet.
void Note(const Settings& settings, std::string_view message);

// The progress line: on a terminal only, and not with --quiet. Show replaces it, Clear takes it
// away. Thread-compatible.
class Progress {
 public:
  explicit Progress(const Settings& settings);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Show(std::string_view text);
  void Clear();

 private:
  bool enabled_ = false;
  bool shown_ = false;
};

// The present: --now, else the clock. Usage error for a --now that is no time.
base::Result<base::Seconds> Now(const Settings& settings);

// Width, colours and the present for the screens. Usage error for a --now that is no time.
base::Result<report::ScreenOptions> Screen(const Settings& settings);

}  // namespace scantling::cli
