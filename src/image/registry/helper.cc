// Credential helpers: a program that gets a registry's name on its standard input and answers with
// JSON. https://github.com/docker/docker-credential-helpers. It runs in a process group of its own,
// and the group is ended when the time is up.
#include "base/file.h"
#include "base/strings.h"
#include "image/registry/credentials.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string_view>
#include <sys/wait.h>

namespace scantling::image::registry {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMaxAnswerBytes = 1 << 20;

// A child that is ended, with what it started, when nobody waits for it any more.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // The exit code; nullopt when it has not ended at that time.
  std::optional<int> Wait(Clock::time_point deadline) {
    while (true) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
      }
      if (Clock::now() >= deadline) {
        return std::nullopt;
      }
      ::poll(nullptr, 0, 2);
    }
  }

 private:
  pid_t pid_;
};

struct Pipe {
  base::Fd read;
  base::Fd write;
};

base::Result<Pipe> MakePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return base::IoError("pipe");
  }
  return Pipe{base::Fd(ends[0]), base::Fd(ends[1])};
}

base::Result<pid_t> Spawn(const std::string& program, const Pipe& input, const Pipe& output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::string name = program;
  std::string verb = "get";
  std::array<char*, 3> arguments = {name.data(), verb.data(), nullptr};
  pid_t pid = 0;
  const int failed =
      ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, arguments.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    return base::NotFound(program + ": the credential helper cannot be started; is it installed?");
  }
  return pid;
}

}  // namespace

base::Result<std::optional<Credential>> AskHelper(const std::string& helper, std::string_view host,
                                                  net::Milliseconds time_limit) {
  const std::string program = "docker-credential-" + helper;
  const auto deadline = Clock::now() + time_limit;
  SCANTLING_TRY(Pipe input, MakePipe());
  SCANTLING_TRY(Pipe output, MakePipe());
  // A short line fits into the pipe, whether anyone reads it or not: written first, while we hold
  // the other end, it cannot block or raise SIGPIPE.
  const std::string line = std::string(host) + "\n";
  if (line.size() > 2000 ||
      ::write(input.write.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return base::IoError(program);
  }
  SCANTLING_TRY(const pid_t pid, Spawn(program, input, output));
  Child child(pid);
  input.read.Reset();
  input.write.Reset();
  output.write.Reset();
  const base::Error late(base::ErrorCode::kIo, program + ": no answer within " +
                                                   std::to_string(time_limit.count()) + " ms");
  std::string answer;
  while (true) {
    const auto left =
        std::chrono::duration_cast<net::Milliseconds>(deadline - Clock::now()).count();
    pollfd wanted{output.read.get(), POLLIN, 0};
    if (left <= 0 || ::poll(&wanted, 1, static_cast<int>(left)) == 0) {
      return late.Clone();
    }
    std::array<char, 4096> buffer;
    const ssize_t count = ::read(output.read.get(), buffer.data(), buffer.size());
    if (count <= 0) {
      break;
    }
    answer.append(buffer.data(), static_cast<size_t>(count));
    if (answer.size() > kMaxAnswerBytes) {
      return base::LimitMet(program + ": the answer is too long");
    }
  }
  const auto exit = child.Wait(deadline);
  if (!exit) {
    return late.Clone();
  }
  if (*exit != 0) {
    // The protocol's words for "I do not know that one".
    if (answer.find("credentials not found") != std::string::npos) {
      return std::optional<Credential>();
    }
    return base::Error(base::ErrorCode::kIo,
                       program + " failed with exit code " + std::to_string(*exit));
  }
  auto credential = ParseHelperAnswer(answer);
  if (!credential) {
    // Without its own text: that could repeat a piece of the answer.
    return base::Invalid(program + ": the answer is not the JSON of a credential helper");
  }
  if (*credential) {
    (*credential)->origin = program;
  }
  return credential;
}

}  // namespace scantling::image::registry
