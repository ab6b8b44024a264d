#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>

extern char** environ;

namespace scantling::testing {
namespace {

// One end is ours and never blocks; both are closed on exec, the child gets its own by dup2.
struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read_end = ends[0];
      write_end = ends[1];
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    Close(read_end);
    Close(write_end);
  }
  static void Close(int& descriptor) {
    if (descriptor >= 0) {
      ::close(descriptor);
      descriptor = -1;
    }
  }
};

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& s : strings) {
    out.push_back(s.data());
  }
  out.push_back(nullptr);
  return out;
}

// getenv() of most programs takes the first, so that what is added goes in front of what is
// inherited. Settings of the program, and of how its tests are run, are not inherited.
std::vector<std::string> Environment(const std::vector<std::string>& added) {
  std::vector<std::string> out = added;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    if (!name.starts_with("SCANTLING_") &&
        std::ranges::none_of(added, [&](const std::string& a) { return a.starts_with(name); })) {
      out.emplace_back(text);
    }
  }
  return out;
}

void SetNonBlocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

// Reads what there is; closes at the end.
void Drain(int& descriptor, std::string& out) {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      out.append(buffer.data(), static_cast<size_t>(count));
      continue;
    }
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return;
    }
    Pipe::Close(descriptor);
    return;
  }
}

void Feed(int& descriptor, std::string_view& input) {
  while (!input.empty()) {
    const ssize_t count = ::write(descriptor, input.data(), input.size());
    if (count >= 0) {
      input.remove_prefix(static_cast<size_t>(count));
      continue;
    }
    if (errno == EINTR) {
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    }
    break;  // the child does not read its input
  }
  Pipe::Close(descriptor);
}

}  // namespace

ProcessResult Run(const std::vector<std::string>& argv, std::string_view input,
                  const std::vector<std::string>& environment, int timeout_seconds) {
  ProcessResult result;
  Pipe in;
  Pipe out;
  Pipe err;
  if (argv.empty() || in.read_end < 0 || out.read_end < 0 || err.read_end < 0) {
    result.stderr_text = "no program, or no pipe";
    result.exit = 127;
    return result;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read_end, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write_end, 2);

  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables = Environment(environment);
  std::vector<char*> argument_pointers = Pointers(arguments);
  std::vector<char*> variable_pointers = Pointers(variables);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argument_pointers[0], &actions, nullptr,
                                   argument_pointers.data(), variable_pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    result.stderr_text = argv[0] + ": " + std::strerror(error);
    result.exit = 127;
    return result;
  }
  Pipe::Close(in.read_end);
  Pipe::Close(out.write_end);
  Pipe::Close(err.write_end);
  SetNonBlocking(in.write_end);
  SetNonBlocking(out.read_end);
  SetNonBlocking(err.read_end);

  // A child that closes its input early must not end us with SIGPIPE.
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);

  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(timeout_seconds);
  while (in.write_end >= 0 || out.read_end >= 0 || err.read_end >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          deadline - std::chrono::steady_clock::now())
                          .count();
    if (left <= 0) {
      ::kill(child, SIGKILL);
      result.stderr_text += "\n(killed: deadline)";
      break;
    }
    std::array<pollfd, 3> polled{{{.fd = in.write_end, .events = POLLOUT, .revents = 0},
                                  {.fd = out.read_end, .events = POLLIN, .revents = 0},
                                  {.fd = err.read_end, .events = POLLIN, .revents = 0}}};
    ::poll(polled.data(), polled.size(), static_cast<int>(std::min<int64_t>(left, 1000)));
    if (polled[0].revents != 0) {
      Feed(in.write_end, input);
    }
    if (polled[1].revents != 0) {
      Drain(out.read_end, result.stdout_text);
    }
    if (polled[2].revents != 0) {
      Drain(err.read_end, result.stderr_text);
    }
  }
  ::sigaction(SIGPIPE, &before, nullptr);

  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

bool HaveProgram(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? std::string_view("/usr/bin:/bin") : path;
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    std::string candidate(rest.substr(0, colon));
    candidate.append("/").append(name);
    if (::access(candidate.c_str(), X_OK) == 0) {
      return true;
    }
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  }
  return false;
}

}  // namespace scantling::testing
