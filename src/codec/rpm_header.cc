// The bounds are rpm's own (lib/header.c: hdrblobInit): at most 64 k entries, at most 256 MiB of
// data.
#include "codec/rpm_header.h"

#include "base/reader.h"

#include <algorithm>
#include <utility>

namespace scantling::codec {
namespace {

constexpr uint32_t kMaxEntries = 0xffff;
constexpr uint32_t kMaxData = 256U << 20;
constexpr uint32_t kEntrySize = 16;
// Of one tag. The largest packages have some 100,000 files; a blob of nothing but zero bytes would
// otherwise give 256 million empty texts.
constexpr uint32_t kMaxValues = 1U << 22;

constexpr uint32_t kInt32 = 4;
constexpr uint32_t kString = 6;
constexpr uint32_t kStringArray = 8;
constexpr uint32_t kI18nString = 9;

bool IsText(uint32_t type) {
  return type == kString || type == kStringArray || type == kI18nString;
}

}  // namespace

base::Result<RpmHeader> RpmHeader::Parse(base::Bytes blob) {
  base::Reader reader(blob);
  SCANTLING_TRY(const uint32_t entry_count, reader.Big<uint32_t>());
  SCANTLING_TRY(const uint32_t data_size, reader.Big<uint32_t>());
  if (entry_count == 0 || entry_count > kMaxEntries || data_size > kMaxData) {
    return base::Invalid("rpm header of " + std::to_string(entry_count) + " entries and " +
                         std::to_string(data_size) + " bytes");
  }
  RpmHeader header;
  SCANTLING_TRY(header.data_,
                reader.At(reader.offset() + uint64_t{entry_count} * kEntrySize, data_size));
  header.entries_.reserve(entry_count);
  for (uint32_t i = 0; i < entry_count; ++i) {
    Entry entry;
    entry.order = i;
    SCANTLING_TRY(entry.tag, reader.Big<uint32_t>());
    SCANTLING_TRY(entry.type, reader.Big<uint32_t>());
    SCANTLING_TRY(entry.offset, reader.Big<uint32_t>());
    SCANTLING_TRY(entry.count, reader.Big<uint32_t>());
    // The region's own entry may point behind the data (a negative offset in old headers); it is
    // never asked for.
    if (entry.offset <= data_size) {
      header.entries_.push_back(entry);
    } else if (entry.tag >= std::to_underlying(RpmTag::kName)) {
      return base::Invalid("rpm header: tag " + std::to_string(entry.tag) +
                           " lies outside of the data");
    }
  }
  std::ranges::sort(header.entries_, {},
                    [](const Entry& entry) { return std::pair(entry.tag, entry.order); });
  // Of several with one tag, the last one stays.
  const auto kept =
      std::ranges::unique(header.entries_.rbegin(), header.entries_.rend(), {}, &Entry::tag);
  header.entries_.erase(header.entries_.begin(), kept.begin().base());
  return header;
}

const RpmHeader::Entry* RpmHeader::Find(RpmTag tag) const {
  const auto found = std::ranges::lower_bound(entries_, std::to_underlying(tag), {}, &Entry::tag);
  return found != entries_.end() && found->tag == std::to_underlying(tag) ? &*found : nullptr;
}

std::optional<std::string_view> RpmHeader::Text(RpmTag tag) const {
  const Entry* entry = Find(tag);
  if (entry == nullptr || !IsText(entry->type) || entry->count == 0) {
    return std::nullopt;
  }
  const std::string_view rest = base::AsText(data_.subspan(entry->offset));
  const size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::nullopt : std::optional(rest.substr(0, end));
}

std::vector<std::string_view> RpmHeader::Texts(RpmTag tag) const {
  std::vector<std::string_view> out;
  const Entry* entry = Find(tag);
  if (entry == nullptr || !IsText(entry->type)) {
    return out;
  }
  std::string_view rest = base::AsText(data_.subspan(entry->offset));
  const uint32_t count = std::min(entry->count, entry->type == kString ? 1U : kMaxValues);
  out.reserve(std::min<size_t>(count, rest.size()));  // each text takes at least its zero byte
  for (uint32_t i = 0; i < count; ++i) {
    const size_t end = rest.find('\0');
    if (end == std::string_view::npos) {
      break;
    }
    out.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::vector<uint32_t> RpmHeader::Numbers(RpmTag tag) const {
  std::vector<uint32_t> out;
  const Entry* entry = Find(tag);
  if (entry == nullptr || entry->type != kInt32) {
    return out;
  }
  base::Reader reader(data_.subspan(entry->offset));
  const uint64_t count =
      std::min<uint64_t>(std::min(entry->count, kMaxValues), reader.remaining() / sizeof(uint32_t));
  out.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    const auto number = reader.Big<uint32_t>();
    out.push_back(number.value_or(0));
  }
  return out;
}

std::optional<uint32_t> RpmHeader::Number(RpmTag tag) const {
  const std::vector<uint32_t> numbers = Numbers(tag);
  return numbers.empty() ? std::nullopt : std::optional(numbers.front());
}

bool RpmHeader::Complete(RpmTag tag) const {
  const Entry* entry = Find(tag);
  if (entry == nullptr) {
    return true;
  }
  if (entry->type == kInt32) {
    return Numbers(tag).size() == entry->count;
  }
  return IsText(entry->type) && Texts(tag).size() == entry->count;
}

}  // namespace scantling::codec
