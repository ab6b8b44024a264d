// What feed readers give and the compiler takes: plain records over interned text. No I/O, no
// database format.
//
// One FeedRecords per feed. A reader adds to it and never looks at another feed's. Text ids mean
// the FeedRecords's own interner. Single thread.
#pragma once

#include "advisory/database.h"
#include "base/time.h"
#include "model/finding.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::advisory {

using Text = uint32_t;  // 0 = ""

// Strings kept once, in blocks that never move.
class Interner {
 public:
  Interner() { Add({}); }
  Text Add(std::string_view text);
  std::string_view Get(Text text) const { return views_[text]; }
  size_t size() const { return views_.size(); }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t used_ = 0;
  size_t capacity_ = 0;
  std::vector<std::string_view> views_;
  std::unordered_map<std::string_view, Text> index_;
};

struct RangeRecord {
  Text introduced = 0;
  Text fixed = 0;
  Text last_affected = 0;
  auto operator<=>(const RangeRecord&) const = default;
};

struct StatementRecord {
  Text name_space = 0;
  Text package = 0;
  StatementState state = StatementState::kAffected;
  model::Level level = model::Level::kUnknown;
  Text note = 0;
  Text architecture = 0;
  Text module = 0;
  std::vector<RangeRecord> ranges;
  std::vector<Text> imports;
};

struct SeverityRecord {
  Text source = 0;  // "ghsa", "nvd", "cna", "cisa"
  Text vector = 0;
  model::Level level = model::Level::kUnknown;
  int8_t score = -1;  // tenths; -1 none
  auto operator<=>(const SeverityRecord&) const = default;
};

struct AdvisoryRecord {
  Text id = 0;
  // False: `ids` are aliases, other names of the same vulnerability. True: the advisory is about
  // each of `ids` (a DSA, an ALSA, an Alpine secfix), and its own id is no vulnerability, unless
  // `ids` is empty.
  bool bundle = false;
  std::vector<Text> ids;
  Text summary = 0;
  uint8_t summary_rank = 255;  // the smallest wins
  base::Seconds published = 0;
  std::vector<SeverityRecord> severities;
  std::vector<StatementRecord> statements;
};

// Facts about one CVE. `id` names it; what is not set stays as it is.
struct FactRecord {
  Text id = 0;
  Text summary = 0;
  std::unique_ptr<model::Kev> kev;
  std::unique_ptr<model::Epss> epss;
  std::unique_ptr<model::Exploit> exploit;
  std::unique_ptr<model::Ssvc> ssvc;
  std::vector<SeverityRecord> severities;
};

struct EndOfLifeRecord {
  std::string distro;
  std::string version;
  std::string date;
};

struct FeedRecords {
  Interner texts;
  std::vector<AdvisoryRecord> advisories;
  std::vector<FactRecord> facts;
  std::vector<EndOfLifeRecord> end_of_life;
  std::vector<std::string> withdrawn;  // ids that no record may carry
  std::string as_of;   // the data's own date, where it has one; it goes before the manifest's
  std::string newest;  // the newest date seen in a record: the last resort for as_of
  uint64_t records = 0;
  uint64_t withdrawn_records = 0;
};

}  // namespace scantling::advisory
