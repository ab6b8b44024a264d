// The fleet as of one moment: what is alive, what is open, and the counts that pages show. Made
// from a Fleet in one pass and kept as long as the fleet and the moment are the same.
//
// A finding of an image = a component version in it with a match that is open at the moment; it
// counts for a copy while the copy is alive. Accepted findings are counted apart. Thread-safe once
// made; borrows the Fleet, which must not change meanwhile.
#pragma once

#include "program/fleet.h"
#include "program/table.h"
#include "program/types.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

// Of whom rows are shown: everybody's, or some owners' only.
struct Scope {
  bool everything = true;
  std::vector<std::string> owners;  // sorted
  bool Sees(std::string_view owner) const;
};

struct ContentCounts {
  std::array<uint32_t, 6> levels{};  // open findings by model::Level
  uint32_t accepted = 0;
  uint32_t kev = 0;
  uint32_t fixable = 0;
  uint32_t base = 0;     // of those, brought by the base image
  uint32_t running = 0;  // copies that are heard of
  uint32_t unknown = 0;  // copies whose reporter is silent
  double risk = 0;       // the highest expected risk of a finding, 0..1
  Millis kev_due = 0;    // the earliest
  uint32_t findings() const {
    return levels[0] + levels[1] + levels[2] + levels[3] + levels[4] + levels[5];
  }
};

// Why a copy is not wholly seen; the first that holds.
enum class Gap : uint8_t {
  kNoGap,
  kUnresolvable,  // no digest tells what it runs
  kNeverScanned,
  kScanWaiting,  // queued or running
  kScanFailed,
  kUnsupported,  // a distribution or contents without advisory data
  kStale,        // the data of one of its ecosystems is old
  kNoOwner,
};
inline constexpr size_t kGaps = 8;
std::string_view ToString(Gap gap);  // "none", "unresolvable_digest", "never_scanned", ...

// What a vulnerability is in the fleet, in numbers.
struct HoleCounts {
  uint32_t images = 0;           // open and not accepted there
  uint32_t copies = 0;           // of those images
  uint32_t accepted = 0;         // images where it is accepted
  uint32_t fixable = 0;          // images where every match has a fix
  Millis since = 0;              // the first of its open matches
  std::vector<uint32_t> owners;  // texts; 0 = nobody; sorted
};

// How many hold a component version.
struct ComponentCounts {
  uint32_t images = 0;
  uint32_t copies = 0;
};

struct ViewOptions {
  Millis as_of = 0;
  Millis stale_after = 14 * kMillisPerDay;  // age of advisory data
};

class View {
 public:
  View(const Fleet& fleet, const ViewOptions& options);

  const Fleet& fleet() const { return fleet_; }
  Millis as_of() const { return options_.as_of; }
  const ContentCounts& counts(uint32_t content) const { return counts_[content]; }
  // Running or unknown at the moment.
  const std::vector<uint32_t>& copies() const { return copies_; }
  const std::vector<uint32_t>& copies_of(uint32_t content) const { return copies_of_[content]; }
  // Contents that were known at the moment and are no aliases.
  const std::vector<uint32_t>& contents() const { return contents_; }
  bool Known(uint32_t copy) const;  // its reporter is heard of
  // Of the moment: the state of the scan, why, since when; and the inventory that is known by then.
  std::string_view State(uint32_t content) const;
  std::string_view StateDetail(uint32_t content) const;
  Millis StateSince(uint32_t content) const;
  Millis Scanned(uint32_t content) const { return scanned_[content]; }  // 0 never
  bool HasInventory(uint32_t content) const { return scanned_[content] != 0; }
  const Advisories& advisories() const { return advisories_; }  // in force then
  // When something that is known already begins or ends next: until then the view is of now.
  Millis next() const { return next_; }
  Gap ContentGap(uint32_t content) const { return content_gaps_[content]; }
  Gap CopyGap(uint32_t copy) const;
  std::string GapDetail(uint32_t content) const;  // in words; "" when there is none

  // Whether the risk of that finding is accepted: an image, a vulnerability, a component's name.
  bool Accepted(uint32_t content, const Match& match) const;
  bool Accepted(uint32_t content, std::string_view vulnerability, std::string_view component) const;
  bool AnyAccepted(uint32_t vulnerability) const { return !accepted_[vulnerability].empty(); }
  // Where HolesOf() and ComponentCountsOf() keep what they made for this view.
  template <typename Counts>
  struct Shared {
    std::once_flag once;
    std::shared_ptr<const std::vector<Counts>> counts;
  };
  Shared<HoleCounts>& shared_holes() const { return shared_holes_; }
  Shared<ComponentCounts>& shared_components() const { return shared_components_; }
  // Of lists over this view.
  KeptOrders& kept_orders() const { return kept_orders_; }
  // Open at the moment, and not accepted unless asked for.
  void ForEachFinding(uint32_t content,
                      const std::function<void(const Uses& use, uint32_t match)>& visit,
                      bool with_accepted = false) const;
  // "registry/shop:1.4": the name it has, or had last; "" none.
  std::string NameOf(uint32_t content) const;
  std::vector<std::string> NamesOf(uint32_t content) const;  // at the moment, sorted
  std::vector<std::string> RepositoriesOf(uint32_t content) const;

  // 0..1: the chance of exploitation times the share of impact that the level stands for.
  double RiskOf(const Match& match) const;

 private:
  bool Accepted(uint32_t content, uint32_t vulnerability, std::string_view component) const;

  void Next(Millis at) { next_ = at > options_.as_of ? std::min(next_, at) : next_; }

  const Fleet& fleet_;
  ViewOptions options_;
  const Advisories& advisories_;
  Millis next_ = INT64_MAX;
  std::vector<const ScanState*> states_;  // null: never scanned
  std::vector<Millis> scanned_;
  std::vector<ContentCounts> counts_;
  std::vector<uint32_t> copies_;
  std::vector<std::vector<uint32_t>> copies_of_;
  std::vector<uint32_t> contents_;
  std::vector<Gap> content_gaps_;
  std::vector<bool> heard_;  // by reporter
  mutable Shared<HoleCounts> shared_holes_;
  mutable Shared<ComponentCounts> shared_components_;
  mutable KeptOrders kept_orders_;
  std::vector<std::vector<uint32_t>> accepted_;  // by vulnerability: decisions that hold
};

}  // namespace scantling::program
