#include "cli/terminal.h"

#include "base/file.h"
#include "base/strings.h"
#include "base/time.h"
#include "cli/exit_code.h"
#include "report/text.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <sys/ioctl.h>

namespace scantling::cli {
namespace {

// False when the other side is gone (EPIPE) or the write failed; errno tells.
bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

void Say(std::string_view label, std::string_view message) {
  WriteAll(STDERR_FILENO, "scantling: " + std::string(label) + report::Clean(message) + "\n");
}

}  // namespace

base::Result<void> WriteTo(const std::string& path,
                           const std::function<void(base::Output&)>& render,
                           base::Durability durability) {
  if (!path.empty()) {
    auto file = base::ReplacedFile::Create(path);
    if (!file) {
      return std::move(file).error().With(path);
    }
    base::Output output([&](std::string_view block) { return file->Write(base::AsBytes(block)); });
    render(output);
    SCANTLING_DO(output.Finish().With(path));
    return file->Commit(durability).With(path);
  }
  bool gone = false;  // who read the pipe has seen enough
  base::Output output([&](std::string_view block) -> base::Result<void> {
    if (gone || WriteAll(STDOUT_FILENO, block)) {
      return {};
    }
    gone = errno == EPIPE;
    return gone ? base::Result<void>() : base::IoError("standard output");
  });
  render(output);
  return output.Finish();
}

base::Result<void> WriteTo(const std::string& path, std::string_view text) {
  return WriteTo(path, [text](base::Output& output) { output.text().append(text); });
}

int Print(std::string_view text) {
  const auto written = WriteTo("", text);
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

int Fail(int exit_code, std::string_view message) {
  // Several mistakes of a file stand on lines of their own.
  const auto lines = base::Split(message, '\n');
  Say("error: ", lines.empty() ? message : lines.front());
  for (size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].empty()) {
      WriteAll(STDERR_FILENO, "  " + report::Clean(lines[i]) + "\n");
    }
  }
  return exit_code;
}

int Fail(const base::Error& error) {
  return Fail(error.code() == base::ErrorCode::kUsage ? kUsageError : kNotCompleted,
              error.Message());
}

void Warn(const Settings& settings, std::string_view message) {
  if (!settings.quiet) {
    Say("warning: ", message);
  }
}

void Note(const Settings& settings, std::string_view message) {
  if (!settings.quiet) {
    Say("", message);
  }
}

Progress::Progress(const Settings& settings)
    : enabled_(!settings.quiet && ::isatty(STDERR_FILENO) == 1) {}

void Progress::Show(std::string_view text) {
  if (enabled_) {
    WriteAll(STDERR_FILENO, "\r\x1b[K" + report::Clean(text));
    shown_ = true;
  }
}

void Progress::Clear() {
  if (shown_) {
    WriteAll(STDERR_FILENO, "\r\x1b[K");
    shown_ = false;
  }
}

base::Result<base::Seconds> Now(const Settings& settings) {
  if (settings.now.empty()) {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  if (const auto time = base::ParseTime(settings.now)) {
    return *time;
  }
  return base::Error(base::ErrorCode::kUsage, "--now: \"" + settings.now +
                                                  "\" is no time; wanted is 2025-02-28 or "
                                                  "2025-02-28T12:00:00Z");
}

base::Result<report::ScreenOptions> Screen(const Settings& settings) {
  report::ScreenOptions out;
  const bool terminal = settings.output.empty() && ::isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool wanted = (no_color == nullptr || *no_color == 0) &&
                      !(term != nullptr && std::string_view(term) == "dumb");
  out.color = settings.color == "always" || (settings.color == "auto" && terminal && wanted);
  out.all = settings.all;
  winsize size{};
  const char* columns = std::getenv("COLUMNS");
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    out.width = size.ws_col;
  } else if (columns != nullptr) {
    out.width = base::ParseNumber<int>(columns).value_or(out.width);
  }
  SCANTLING_TRY(out.now, Now(settings));
  return out;
}

}  // namespace scantling::cli
