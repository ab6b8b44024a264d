// Who tells something, and what it is worth for ownership.
//
// Who sees everything (a token of security, the server's own scans) is taken at their word. Who
// sees some owners' things only may tell of an image that nobody has told of, of one that they
// alone have told of, and of what is theirs already; all else is refused. What they say of names,
// labels and owners makes an image theirs only while nobody else has told of it, and never makes
// copies theirs that others report: for those a claimed name counts where the copy was started by
// it.
//
// Kept as documents: "claims/DIGEST" of an image, "reporters/NAME" of a reporter.
#pragma once

#include "base/result.h"
#include "program/events.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

inline constexpr std::string_view kClaimsDocument = "claims/";
inline constexpr std::string_view kReporterDocument = "reporters/";

struct Claims {
  std::vector<std::string> by;                      // owners of who told first; sorted
  std::set<std::string, std::less<>> repositories;  // names that nobody else has told
  bool labels = false;                              // the labels are theirs, too
  bool shared = false;                              // others have told of the image
};
std::string ClaimsJson(const Claims& claims);
base::Result<Claims> ParseClaims(std::string_view json);

// Of the same team: they share an owner, or neither has any.
bool SameTeam(const std::vector<std::string>& a, const std::vector<std::string>& b);

// kUsage when change.teller may not tell of the images with those digests. "" and what is none are
// left out.
base::Result<void> CheckTeller(Change& change, const std::vector<std::string_view>& digests);
// kUsage when change.teller may not report under that name.
base::Result<void> CheckReporter(Change& change, std::string_view reporter, bool known);

// Notes that change.teller tells of the content; that they give it a repository's name; labels that
// are not those it had (`differ`).
base::Result<void> NoteTold(Change& change, int64_t content);
base::Result<void> NoteRepository(Change& change, int64_t content, std::string_view repository);
base::Result<void> NoteLabels(Change& change, int64_t content, bool differ);
// `from` gives way to `to`: what is claimed of it, or was told by others, counts for that.
base::Result<void> MoveClaims(Change& change, int64_t from, int64_t to);

}  // namespace scantling::program
