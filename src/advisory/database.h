// The compiled advisory database: one immutable memory-mapped file
// (docs/formats/advisory-database.md).
//
// Opening maps and checks the header only (< 1 ms); each block's checksum is verified when it is
// first touched, and every offset is bounds-checked, so a damaged or hostile file gives an error
// and never a wrong answer in silence. Thread-safe for reads. Views borrow from the Database.
// Replace a database by rename: open ones keep the old bytes.
//
// Vocabulary: a *vulnerability* is one alias group (CVE-2021-23337 = GHSA-35jh-r3h4-6jhm); a
// *statement* is what one source says about one package in one namespace: which versions are
// affected, and in which state.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "model/finding.h"
#include "model/report.h"
#include "version/range.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::advisory {

// A source's own word on a package, beside the range.
enum class StatementState : uint8_t {
  kAffected,      // affected in the range; fixed when an interval says so
  kNotAffected,   // explicitly not affected (Alpine "0", Debian not-affected): ends the
                  // distribution's case for that CVE
  kWontFix,       // Debian ignored / no-dsa minor, end-of-life
  kDeferred,      // postponed
  kUndetermined,  // the source does not know
};

struct Statement {
  uint32_t vulnerability = 0;
  std::string_view advisory;  // "DSA-5673-1", "GHSA-...", "CVE-2024-2961", "ALSA-2021:2363"
  std::string_view source;    // "debian-osv", "npm-ghsa", ...
  StatementState state = StatementState::kAffected;
  std::string_view note;                        // the source's word: "unimportant", "no-dsa", ...
  model::Level level = model::Level::kUnknown;  // severity that this source gives for this package
  std::string_view architecture;                // rpm; "" any
  std::string_view module;  // rpm modularity "nodejs:18"; "*" = a module build, stream unknown; ""
                            // = no module build
  std::vector<version::Interval> intervals;  // any of them; empty = every version
  std::vector<std::string_view>
      imports;                  // Go: "package path" or "path\tsymbol,symbol"; may be empty
  base::Seconds published = 0;  // of the advisory, to the day; 0 unknown
};

struct Vulnerability {
  std::string_view id;                             // the CVE where there is one
  std::vector<std::string_view> aliases;           // sorted
  std::string_view summary;                        // at most 200 bytes, one line
  base::Seconds published = 0;                     // the earliest of its records; 0 unknown
  std::vector<model::SeverityOpinion> severities;  // sorted
  std::optional<model::Kev> kev;
  std::optional<model::Epss> epss;
  std::optional<model::Exploit> exploit;
  std::optional<model::Ssvc> ssvc;
};

// What the database knows of a namespace ("debian:12", "alpine:v3.18", "almalinux:9", "npm",
// "pypi", "maven", "golang").
struct NamespaceInfo {
  std::string_view name;
  std::string_view as_of;  // the newest of its sources' dates
  uint64_t statements = 0;
  std::string_view sources;  // comma-separated names
};

class Database {
 public:
  static base::Result<Database> Open(const std::string& path);
  // Over bytes that outlive it (the embedded starter set).
  static base::Result<Database> FromBytes(base::Bytes bytes, bool embedded);
  // Over bytes that it keeps.
  static base::Result<Database> FromOwned(std::string bytes, bool embedded);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  const model::DatabaseInfo& Info() const;
  const std::vector<NamespaceInfo>& Namespaces() const;  // sorted by name
  std::optional<NamespaceInfo> FindNamespace(std::string_view name) const;

  // Every statement about one package, in a fixed order. The package name is as the namespace's
  // sources write it (pypi normalised per PEP 503, others as they are).
  base::Result<void> Lookup(std::string_view name_space, std::string_view package,
                            const std::function<void(const Statement&)>& visit) const;
  base::Result<Vulnerability> GetVulnerability(uint32_t index) const;
  // By id or alias.
  base::Result<std::optional<uint32_t>> FindVulnerability(std::string_view id) const;
  // Every (namespace, package) with a statement about it, sorted.
  base::Result<std::vector<std::pair<std::string, std::string>>> PackagesOf(
      uint32_t vulnerability) const;

  // End-of-life date of a release: ("debian", "12") -> "2028-06-30" (with long-term support), ""
  // unknown.
  std::string_view EndOfLife(std::string_view distro, std::string_view version) const;

  // Reads everything, verifies every checksum.
  base::Result<void> Verify() const;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The starter set that the program carries (advisory/starter/), compiled at build time.
base::Result<Database> OpenEmbedded();

}  // namespace scantling::advisory
