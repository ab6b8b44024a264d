// Vulnerabilities in the fleet: what they are in numbers, where they are, and what ends them. One
// counting for the list of all, for the page of one, and for who is told.
#pragma once

#include "program/view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace scantling::program {

// Who sees a content: its owners, and who owns a copy of it.
bool SeesContent(const View& view, const Scope& scope, uint32_t content);
bool SeesCopy(const View& view, const Scope& scope, uint32_t copy);

// Of the content's copies, those that the scope sees: heard of, and silent.
struct CopyCounts {
  uint32_t running = 0;
  uint32_t unknown = 0;
};
// What is not known of a copy, as far as the viewer may know of its image: of one that they do not
// see, that it was never scanned.
Gap GapSeen(const View& view, const Scope& scope, uint32_t copy);
CopyCounts CopiesSeen(const View& view, const Scope& scope, uint32_t content);
// Whether a name points at an image that is neither the scope's nor told by its owners alone.
bool NamesOthers(const View& view, const Scope& scope, std::string_view repository,
                 std::string_view tag);

// Counts one vulnerability after the other; what they share is looked up once. Single thread;
// borrows the view.
class HoleCounter {
 public:
  HoleCounter(const View& view, const Scope& scope);
  // With the contents that have it, in the order of the fleet. Images where it is accepted are
  // counted apart, and `with_accepted` among the others, too.
  HoleCounts Count(uint32_t vulnerability, std::vector<uint32_t>* maybe_contents = nullptr,
                   bool with_accepted = false);

 private:
  const View& view_;
  uint32_t turn_ = 0;
  // By content: what the scope sees of it, and the last turn in which it was counted.
  std::vector<uint32_t> copies_;
  std::vector<std::vector<uint32_t>> owners_;
  std::vector<bool> seen_;
  std::vector<uint32_t> counted_;
  std::vector<uint32_t> unfixable_;
  std::vector<uint32_t> accepted_;
  std::vector<uint32_t> named_;  // by text: the last turn in which that owner was named
};

struct Spread {
  HoleCounts counts;
  std::vector<uint32_t> contents;
};
// Where it is, accepted or not: an accepted risk is there.
Spread SpreadOf(const View& view, const Scope& scope, uint32_t vulnerability);
// Whether it is anywhere, open and not accepted: without counting.
bool HasHole(const View& view, const Scope& scope, uint32_t vulnerability);

// The contents of the scope that have it or had it, sorted; and whether there is any.
std::vector<uint32_t> EverWith(const View& view, const Scope& scope, uint32_t vulnerability);
bool SeesVulnerability(const View& view, const Scope& scope, uint32_t vulnerability);
// Whether a decision for that repository ("" = every one) is about one of the contents. Who sees
// everything sees every decision.
bool SeesDecision(const View& view, const Scope& scope, std::string_view repository,
                  const std::vector<uint32_t>& contents);

// By vulnerability, and by component version. For who sees everything they are made once per view,
// when first asked for.
std::shared_ptr<const std::vector<HoleCounts>> HolesOf(const View& view, const Scope& scope);
std::shared_ptr<const std::vector<ComponentCounts>> ComponentCountsOf(const View& view,
                                                                      const Scope& scope);

// What has to be rebuilt so that the component of that image is another: its base, when that
// brought it, else the image's own repository.
struct Rebuild {
  bool base = false;
  std::string target;
  uint32_t owner = 0;  // text: whose it is to do; 0 nobody's
};
Rebuild RebuildOf(const View& view, uint32_t content, uint32_t component);

}  // namespace scantling::program
