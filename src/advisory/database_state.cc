// Reading of the parts that are streams of small values: the meta section and the vulnerabilities.
#include "advisory/database_state.h"

#include <algorithm>

namespace scantling::advisory {
namespace {

base::Error Damaged(std::string_view what) {
  return {base::ErrorCode::kMismatch, "the advisory database is damaged: " + std::string(what)};
}

// A cursor that remembers that it failed, so that one check at the end serves all reads.
class Cursor {
 public:
  explicit Cursor(base::Bytes bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return bytes_.empty(); }

  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = Byte();
      value |= uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) {
        return value;
      }
    }
    ok_ = false;
    return 0;
  }
  // A number of things of at least one byte each.
  uint64_t Count() {
    const uint64_t count = Varint();
    if (count > bytes_.size()) {
      ok_ = false;
      return 0;
    }
    return count;
  }
  uint8_t Byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto byte = static_cast<uint8_t>(bytes_[0]);
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::string_view Text() {
    const uint64_t size = Count();
    const std::string_view text = base::AsText(bytes_.first(size));
    bytes_ = bytes_.subspan(size);
    return text;
  }
  double Double() {
    if (bytes_.size() < sizeof(double)) {
      ok_ = false;
      return 0;
    }
    const auto value = format::Load<double>(bytes_.data());
    bytes_ = bytes_.subspan(sizeof(double));
    return value;
  }

 private:
  base::Bytes bytes_;
  bool ok_ = true;
};

}  // namespace

base::Result<void> Database::State::Load(base::Bytes file, bool embedded) {
  SCANTLING_TRY(pages, Pages::Open(file));
  info.digest = pages.digest().ToString();
  info.embedded = embedded;
  const uint64_t offsets = pages.SizeOf(format::kVulnerabilities);
  if (offsets % 8 != 0 || offsets == 0 || offsets / 8 - 1 > 0xFFFF'FFFE ||
      pages.SizeOf(format::kReverse) != offsets / 2) {
    return Damaged("its tables of vulnerabilities have odd sizes");
  }
  vulnerability_count = static_cast<uint32_t>(offsets / 8 - 1);

  SCANTLING_TRY(const base::Bytes meta, pages.Get(format::kMeta, 0, pages.SizeOf(format::kMeta)));
  Cursor in(meta);
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    model::SourceInfo source;
    source.name = in.Text();
    source.as_of = in.Text();
    source.records = in.Varint();
    info.sources.push_back(std::move(source));
  }
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    NamespaceInfo space;
    space.name = in.Text();
    space.as_of = in.Text();
    space.statements = in.Varint();
    space.sources = in.Text();
    name_spaces.push_back(space);
  }
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    small.push_back(in.Text());
  }
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    EndOfLifeRow row;
    row.distro = in.Text();
    row.version = in.Text();
    row.date = in.Text();
    end_of_life.push_back(row);
  }
  in.Varint();  // withdrawn advisories that were left out: for people who look at the file
  if (!in.ok() || !in.AtEnd()) {
    return Damaged("its list of sources cannot be read");
  }
  return {};
}

std::optional<uint32_t> Database::State::NamespaceIndex(std::string_view name) const {
  const auto found =
      std::lower_bound(name_spaces.begin(), name_spaces.end(), name,
                       [](const NamespaceInfo& a, std::string_view b) { return a.name < b; });
  if (found == name_spaces.end() || found->name != name) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(found - name_spaces.begin());
}

base::Result<std::string_view> Database::State::PackageNameOf(const format::PackageRow& row) const {
  SCANTLING_TRY(const base::Bytes head,
                pages.Get(format::kStatements, row.offset, sizeof(format::BlobHeader)));
  const auto header = format::Load<format::BlobHeader>(head.data());
  SCANTLING_TRY(
      const base::Bytes name,
      pages.Get(format::kStatements, row.offset + sizeof(format::BlobHeader), header.name_size));
  return base::AsText(name);
}

base::Result<Vulnerability> Database::State::ReadVulnerability(uint32_t index) const {
  if (index >= vulnerability_count) {
    return base::NotFound("no such vulnerability in the database");
  }
  SCANTLING_TRY(const base::Bytes bounds,
                pages.Get(format::kVulnerabilities, uint64_t{index} * 8, 16));
  const auto first = format::Load<uint64_t>(bounds.data());
  const auto end = format::Load<uint64_t>(bounds.data() + 8);
  if (end < first) {
    return Damaged("a vulnerability ends before it starts");
  }
  SCANTLING_TRY(const base::Bytes bytes,
                pages.Get(format::kVulnerabilityBlobs, first, end - first));
  Cursor in(bytes);
  Vulnerability out;
  out.id = in.Text();
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    out.aliases.push_back(in.Text());
  }
  out.summary = in.Text();
  out.published = static_cast<base::Seconds>(in.Varint() & 0xFFFF'FFFF) * base::kSecondsPerDay;
  for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
    model::SeverityOpinion opinion;
    const uint8_t level = in.Byte();
    const auto score = static_cast<int8_t>(in.Byte());
    if (level > static_cast<uint8_t>(model::Level::kCritical)) {
      return Damaged("an unknown severity level");
    }
    opinion.level = static_cast<model::Level>(level);
    opinion.score = score < 0 ? -1 : score / 10.0;
    opinion.vector = in.Text();
    opinion.source = in.Text();
    out.severities.push_back(std::move(opinion));
  }
  const uint8_t facts = in.Byte();
  if ((facts & 1U) != 0) {
    out.kev.emplace();
    out.kev->date_added = in.Text();
    out.kev->due_date = in.Text();
    out.kev->ransomware = in.Byte() != 0;
  }
  if ((facts & 2U) != 0) {
    out.epss.emplace();
    out.epss->probability = in.Double();
    out.epss->percentile = in.Double();
    out.epss->date = in.Text();
  }
  if ((facts & 4U) != 0) {
    out.exploit.emplace();
    const uint8_t kind = in.Byte();
    if (kind > static_cast<uint8_t>(model::ExploitKind::kWeaponised)) {
      return Damaged("an unknown kind of exploit");
    }
    out.exploit->kind = static_cast<model::ExploitKind>(kind);
    for (uint64_t i = in.Count(); i > 0 && in.ok(); --i) {
      out.exploit->sources.emplace_back(in.Text());
    }
  }
  if ((facts & 8U) != 0) {
    out.ssvc.emplace();
    out.ssvc->exploitation = in.Text();
    out.ssvc->automatable = in.Text();
    out.ssvc->technical_impact = in.Text();
    out.ssvc->source = in.Text();
  }
  if (!in.ok() || !in.AtEnd()) {
    return Damaged("a vulnerability cannot be read");
  }
  return out;
}

}  // namespace scantling::advisory
