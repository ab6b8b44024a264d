// An rpm header: the blob that each of the three rpm databases keeps per package.
//
// https://rpm-software-management.github.io/rpm/manual/format_header.html , tags:
// https://rpm-software-management.github.io/rpm/manual/tags.html
// Layout, big-endian: entry count, data size, entries {tag, type, offset, count}, data. Entries
// behind the immutable region
// ("dribbles", added at installation) replace earlier ones of the same tag.
// Not handled: the lead and signature of .rpm files, digests and signatures inside, i18n tables
// (the first text is taken).
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

enum class RpmTag : uint32_t {
  kName = 1000,
  kVersion = 1001,
  kRelease = 1002,
  kEpoch = 1003,
  kVendor = 1011,
  kLicense = 1014,
  kGroup = 1016,
  kArch = 1022,
  kOldFileNames = 1027,
  kSourceRpm = 1044,
  kProvideName = 1047,
  kRequireName = 1049,
  kDirIndexes = 1116,
  kBaseNames = 1117,
  kDirNames = 1118,
  kModularityLabel = 5096,
};

// Borrows the blob: texts are views into it. Immutable, thread-safe.
class RpmHeader {
 public:
  // Checks the sizes and every entry's place; texts are checked when they are asked for.
  static base::Result<RpmHeader> Parse(base::Bytes blob);

  // The first text of a string, string array or i18n entry; nullopt: no such tag, other type, or no
  // end.
  std::optional<std::string_view> Text(RpmTag tag) const;
  // All texts; those that do not fit in the data are left out (Complete() tells).
  std::vector<std::string_view> Texts(RpmTag tag) const;
  std::vector<uint32_t> Numbers(RpmTag tag) const;  // INT32 entries
  std::optional<uint32_t> Number(RpmTag tag) const;
  // Is the tag absent, or wholly inside of the data?
  bool Complete(RpmTag tag) const;

 private:
  struct Entry {
    uint32_t tag = 0;
    uint32_t type = 0;
    uint32_t offset = 0;
    uint32_t count = 0;
    uint32_t order = 0;  // place in the blob
  };
  const Entry* Find(RpmTag tag) const;

  std::vector<Entry> entries_;  // sorted by tag, one each
  base::Bytes data_;
};

}  // namespace scantling::codec
