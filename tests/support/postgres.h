// A real PostgreSQL 15 (Debian: postgresql-15) for a test: its files in a folder of its own,
// reached by a Unix socket there, ended with the test. Without fsync, which would cost more than it
// proves here. As root the server runs as the user postgres. Tests only.
#pragma once

#include <memory>
#include <string>
#include <sys/types.h>

namespace scantling::testing {

class Postgres {
 public:
  // "" when the server can be started here; else what is missing, for GTEST_SKIP().
  static std::string Missing();
  // Null when it does not start; the reason is on stderr.
  static std::unique_ptr<Postgres> Start();
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  // A new, empty database; its postgres:// URL.
  std::string NewDatabase();

  // The server ends as from a crash (its clients lose their connections); and is there again.
  void Stop();
  bool StartAgain();

 private:
  Postgres() = default;

  std::string folder_;
  pid_t process_ = -1;
  int databases_ = 0;
};

}  // namespace scantling::testing
