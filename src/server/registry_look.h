// A look at a watched registry: its repositories in the order of their names, the tags of each, the
// digest of each tag.
//
// A look at a registry that is far away takes long, and others wait for their turn: it is done in
// parts, and how far it came is kept in its job. A repository that cannot be read costs itself.
#pragma once

#include "base/result.h"
#include "image/registry/client.h"
#include "program/scans.h"
#include "program/watches.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server {

inline constexpr size_t kMaxLookRepositories = 2000;
inline constexpr size_t kMaxRepositoryTags = 1000;  // that are looked at, of those that fit
inline constexpr size_t kMaxLookTags = 20'000;

bool IsNetwork(const base::Error& error);  // another try may do better

// How far it came, and what it found so far.
struct LookProgress {
  std::string after;  // the last repository that is done; "" = none
  uint64_t repositories = 0;
  uint64_t tags = 0;
  uint64_t unreachable = 0;           // repositories, one after the other, up to here
  std::vector<std::string> cuts;      // the first few of the repositories with too many tags
  uint64_t cut_count = 0;             // all of them
  std::vector<std::string> problems;  // the first few
  uint64_t problem_count = 0;         // all of them

  void Problem(std::string_view text);
  std::string Problems() const;  // what people read; "" = all was read
  bool NothingRead() const { return repositories == 0 && problem_count > 0; }
};
std::string LookProgressJson(const LookProgress& progress);
base::Result<LookProgress> ParseLookProgress(std::string_view json);  // "{}" is the start

struct Look {
  const image::registry::Client& client;
  const program::Watch& watch;
  std::function<program::Millis()> now;
  std::stop_token stop;  // also the client's
  program::Millis ends;  // no repository is begun after it, but one

  enum class Part : uint8_t { kComplete, kOver, kInterrupted };
  struct Outcome {
    Part part = Part::kComplete;
    std::string repository;  // where it was interrupted; "" = before the first
  };
  struct Listed {
    std::vector<std::string> tags;  // all that the repository has, also those that are not wanted
    program::Millis at = 0;         // when the registry was asked for them
  };
  // `record` keeps what was found in one repository; its error is the result. Other errors: the
  // list of repositories cannot be read, or several repositories in a row were not reached.
  using Record = std::function<base::Result<void>(
      const std::string&, const std::vector<program::TagDigest>&, const Listed&)>;
  base::Result<Outcome> GoOn(LookProgress& progress, const Record& record) const;
};

}  // namespace scantling::server
