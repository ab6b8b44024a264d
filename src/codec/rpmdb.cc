// Picks the reader by the file's first bytes.
#include "codec/rpmdb.h"

#include "base/reader.h"

namespace scantling::codec {
namespace {

constexpr std::string_view kSqliteMagic("SQLite format 3\0", 16);
constexpr std::string_view kNdbMagic = "RpmP";
constexpr uint64_t kBerkeleyMagicOffset = 12;
constexpr uint32_t kBerkeleyHashMagic = 0x061561;
constexpr size_t kProblemsKept = 20;

}  // namespace

std::string_view ToString(RpmDbFormat format) {
  switch (format) {
    case RpmDbFormat::kSqlite:
      return "sqlite";
    case RpmDbFormat::kNdb:
      return "ndb";
    case RpmDbFormat::kBerkeleyDb:
      return "bdb";
  }
  return "";
}

void RpmDbSummary::AddProblem(std::string text) {
  if (++problem_count <= kProblemsKept) {
    problems.push_back(std::move(text));
  }
}

std::optional<RpmDbFormat> DetectRpmDb(base::Bytes data) {
  const std::string_view text = base::AsText(data);
  if (text.starts_with(kSqliteMagic)) {
    return RpmDbFormat::kSqlite;
  }
  if (text.starts_with(kNdbMagic)) {
    return RpmDbFormat::kNdb;
  }
  base::Reader reader(data);
  if (reader.Seek(kBerkeleyMagicOffset)) {
    const auto magic = reader.Little<uint32_t>();
    if (magic && (*magic == kBerkeleyHashMagic || std::byteswap(*magic) == kBerkeleyHashMagic)) {
      return RpmDbFormat::kBerkeleyDb;
    }
  }
  return std::nullopt;
}

base::Result<RpmDbSummary> ReadRpmDb(base::Bytes data, const base::Limits& limits,
                                     const std::function<void(base::Bytes header)>& visit) {
  const auto format = DetectRpmDb(data);
  if (!format) {
    return base::Invalid("not an rpm database: neither SQLite, ndb nor a Berkeley DB hash");
  }
  RpmDbSummary summary;
  summary.format = *format;
  base::Result<void> done;
  switch (*format) {
    case RpmDbFormat::kSqlite:
      done = ReadRpmSqlite(data, limits, summary, visit);
      break;
    case RpmDbFormat::kNdb:
      done = ReadRpmNdb(data, limits, summary, visit);
      break;
    case RpmDbFormat::kBerkeleyDb:
      done = ReadRpmBerkeleyDb(data, limits, summary, visit);
      break;
  }
  if (!done.has_value() && done.error().code() == base::ErrorCode::kLimit) {
    summary.AddProblem(done.error().Message() + ": the packages behind it are missing");
  } else if (!done.has_value()) {
    return std::move(done).error().With(std::string(ToString(*format)) + " database");
  }
  return summary;
}

}  // namespace scantling::codec
