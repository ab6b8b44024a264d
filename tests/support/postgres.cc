#include "tests/support/postgres.h"

#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sys/wait.h>
#include <thread>
#include <vector>

namespace scantling::testing {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr const char* kUser = "scantling";

// PostgreSQL refuses to run as root.
std::vector<std::string> AsPostgres(std::vector<std::string> argv) {
  if (::geteuid() == 0) {
    const std::vector<std::string> user = {"setpriv", "--reuid=postgres", "--regid=postgres",
                                           "--init-groups", "--pdeathsig=QUIT"};
    argv.insert(argv.begin(), user.begin(), user.end());
  }
  return argv;
}

}  // namespace

std::string Postgres::Missing() {
  if (::access((std::string(kPrograms) + "postgres").c_str(), X_OK) != 0) {
    return std::string(kPrograms) + "postgres is missing (Debian package postgresql-15)";
  }
  return {};
}

std::unique_ptr<Postgres> Postgres::Start() {
  std::unique_ptr<Postgres> out(new Postgres);
  std::string folder = std::filesystem::temp_directory_path() / "scantling-pg-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    std::cerr << "cannot make " << folder << "\n";
    return nullptr;
  }
  out->folder_ = folder;
  if (::geteuid() == 0) {
    (void)Run({"chown", "postgres:", folder});
  }
  const ProcessResult made =
      Run(AsPostgres({std::string(kPrograms) + "initdb", "--no-sync", "--auth=trust",
                      std::string("--username=") + kUser, "--encoding=UTF8", "--locale=C.UTF-8",
                      "--pgdata=" + folder + "/data"}));
  if (made.exit != 0) {
    std::cerr << "initdb: " << made.stderr_text << "\n";
    return nullptr;
  }
  return out->StartAgain() ? std::move(out) : nullptr;
}

bool Postgres::StartAgain() {
  std::vector<std::string> argv =
      AsPostgres({std::string(kPrograms) + "postgres", "-D", folder_ + "/data", "-k", folder_, "-c",
                  "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
                  "autovacuum=off", "-c", "shared_buffers=32MB", "-c", "max_connections=60"});
  const std::string log = folder_ + "/log";
  std::vector<char*> pointers;
  for (std::string& argument : argv) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  process_ = ::fork();
  if (process_ == 0) {
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    (void)::dup2(file, 1);
    (void)::dup2(file, 2);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  for (int i = 0; process_ > 0 && i < 1200; ++i) {
    if (Run({std::string(kPrograms) + "pg_isready", "-q", "-h", folder_}).exit == 0) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::cerr << "PostgreSQL does not start: " << Run({"tail", log}).stdout_text << "\n";
  return false;
}

void Postgres::Stop() {
  if (process_ > 0) {
    (void)::kill(process_, SIGQUIT);
    (void)::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
}

Postgres::~Postgres() {
  Stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Postgres::NewDatabase() {
  const std::string name = "test" + std::to_string(++databases_);
  const ProcessResult made = Run({std::string(kPrograms) + "createdb", "-h", folder_, "-U", kUser,
                                  "--template=template0", name});
  if (made.exit != 0) {
    std::cerr << "createdb: " << made.stderr_text << "\n";
  }
  return std::string("postgres://") + kUser + "@/" + name + "?host=" + folder_;
}

}  // namespace scantling::testing
