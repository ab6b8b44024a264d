#include "advisory/writer.h"

#include "advisory/format.h"
#include "advisory/hash.h"
#include "base/digest.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <unordered_map>

namespace scantling::advisory {
namespace {

using format::HashSlot;

void Append(std::string& out, const void* data, size_t size) {
  out.append(static_cast<const char*>(data), size);
}
template <typename T>
void Append(std::string& out, const T& value) {
  Append(out, &value, sizeof(value));
}
void Pad(std::string& out, size_t unit) { out.resize(format::Pad(out.size(), unit)); }

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}
void AppendText(std::string& out, std::string_view text) {
  AppendVarint(out, text.size());
  out += text;
}

uint32_t DayOf(base::Seconds time) {
  return time <= 0 ? 0 : static_cast<uint32_t>(time / base::kSecondsPerDay);
}

std::string HashTable(const std::vector<std::pair<uint64_t, uint32_t>>& entries) {
  const size_t slots = std::bit_ceil(std::max<size_t>(entries.size() * 2, 2));
  std::vector<HashSlot> table(slots);
  for (const auto& [hash, row] : entries) {
    size_t at = hash & (slots - 1);
    while (table[at].row_plus_1 != 0) {
      at = (at + 1) & (slots - 1);
    }
    table[at] = {static_cast<uint32_t>(hash >> 32), row + 1};
  }
  return {reinterpret_cast<const char*>(table.data()), table.size() * sizeof(HashSlot)};
}

// Strings that occur all over the file: notes, modules, architectures. 0 = "".
class SmallStrings {
 public:
  explicit SmallStrings(const Catalogue& catalogue) {
    std::set<std::string_view> all;
    for (const CompiledPackage& package : catalogue.packages) {
      for (const CompiledStatement& statement : package.statements) {
        for (const Text text : {statement.note, statement.module, statement.architecture}) {
          all.insert(catalogue.texts.Get(text));
        }
      }
    }
    all.insert(std::string_view());
    for (const std::string_view text : all) {  // "" sorts first
      index_.emplace(text, static_cast<uint32_t>(list_.size()));
      list_.push_back(text);
    }
  }
  const std::vector<std::string_view>& list() const { return list_; }
  uint16_t Of(std::string_view text) const { return static_cast<uint16_t>(index_.at(text)); }

 private:
  std::vector<std::string_view> list_;
  std::unordered_map<std::string_view, uint32_t> index_;
};

class BlobWriter {
 public:
  BlobWriter(const Catalogue& catalogue, const SmallStrings& small)
      : catalogue_(catalogue), small_(small) {}

  base::Result<void> Write(const CompiledPackage& package, std::string& out) {
    pool_.assign(2, '\0');
    pool_index_.clear();
    slices_.clear();
    rows_.clear();
    intervals_.clear();
    imports_.clear();
    for (const CompiledStatement& statement : package.statements) {
      SCANTLING_DO(AddRow(statement));
    }
    const std::string_view name = catalogue_.texts.Get(package.name);
    format::BlobHeader header;
    header.name_size = static_cast<uint32_t>(name.size());
    header.statements = static_cast<uint32_t>(rows_.size());
    header.intervals = static_cast<uint32_t>(intervals_.size());
    header.imports = static_cast<uint32_t>(imports_.size());
    header.pool_size = static_cast<uint32_t>(pool_.size());
    Append(out, header);
    out += name;
    Pad(out, 4);
    Append(out, rows_.data(), rows_.size() * sizeof(rows_[0]));
    Append(out, intervals_.data(), intervals_.size() * sizeof(intervals_[0]));
    Append(out, imports_.data(), imports_.size() * sizeof(imports_[0]));
    out += pool_;
    Pad(out, 8);
    return {};
  }

 private:
  base::Result<uint32_t> Pool(Text text) {
    if (text == 0) {
      return uint32_t{0};
    }
    const auto [place, is_new] = pool_index_.emplace(text, static_cast<uint32_t>(pool_.size()));
    if (is_new) {
      const std::string_view bytes = catalogue_.texts.Get(text);
      if (bytes.size() > 0xFFFF) {
        return base::LimitMet("a text of " + std::to_string(bytes.size()) +
                              " bytes does not fit the database");
      }
      Append(pool_, static_cast<uint16_t>(bytes.size()));
      pool_ += bytes;
      if (pool_.size() > (size_t{1} << 30)) {
        return base::LimitMet("the texts of one package do not fit the database");
      }
    }
    return place->second;
  }

  base::Result<void> AddRow(const CompiledStatement& statement) {
    if (statement.range_count > 0xFFFF || statement.import_count > 0xFFFF) {
      return base::LimitMet("a statement with more than 65535 intervals or imports");
    }
    format::StatementRow row;
    row.vulnerability = statement.vulnerability;
    SCANTLING_TRY(row.advisory, Pool(statement.advisory));
    SCANTLING_TRY(row.first_interval, Intervals(statement));
    row.first_import = static_cast<uint32_t>(imports_.size());
    for (uint32_t i = 0; i < statement.import_count; ++i) {
      SCANTLING_TRY(const uint32_t import, Pool(catalogue_.imports[statement.first_import + i]));
      imports_.push_back(import);
    }
    row.published_day = DayOf(statement.published);
    row.interval_count = static_cast<uint16_t>(statement.range_count);
    row.import_count = static_cast<uint16_t>(statement.import_count);
    row.note = small_.Of(catalogue_.texts.Get(statement.note));
    row.module = small_.Of(catalogue_.texts.Get(statement.module));
    row.architecture = small_.Of(catalogue_.texts.Get(statement.architecture));
    row.source = static_cast<uint8_t>(statement.source);
    row.state_and_level = static_cast<uint8_t>(static_cast<unsigned>(statement.state) |
                                               static_cast<unsigned>(statement.level) << 4);
    rows_.push_back(row);
    return {};
  }

  // The same intervals are written once for a package: an advisory that names a hundred CVEs gives
  // one list.
  base::Result<uint32_t> Intervals(const CompiledStatement& statement) {
    if (statement.range_count == 0) {
      return uint32_t{0};
    }
    const RangeRecord* first = catalogue_.ranges.data() + statement.first_range;
    std::vector<RangeRecord> key(first, first + statement.range_count);
    const auto [place, is_new] =
        slices_.emplace(std::move(key), static_cast<uint32_t>(intervals_.size()));
    if (is_new) {
      for (const RangeRecord& range : place->first) {
        format::IntervalRow interval;
        SCANTLING_TRY(interval.introduced, Pool(range.introduced));
        SCANTLING_TRY(interval.fixed, Pool(range.fixed));
        SCANTLING_TRY(interval.last_affected, Pool(range.last_affected));
        intervals_.push_back(interval);
      }
    }
    return place->second;
  }

  const Catalogue& catalogue_;
  const SmallStrings& small_;
  std::string pool_;
  std::unordered_map<Text, uint32_t> pool_index_;
  std::map<std::vector<RangeRecord>, uint32_t> slices_;
  std::vector<format::StatementRow> rows_;
  std::vector<format::IntervalRow> intervals_;
  std::vector<uint32_t> imports_;
};

void WriteVulnerability(const Catalogue& catalogue, const CompiledVulnerability& v,
                        std::string& out) {
  const auto& texts = catalogue.texts;
  AppendText(out, texts.Get(v.id));
  AppendVarint(out, v.aliases.size());
  for (const Text alias : v.aliases) {
    AppendText(out, texts.Get(alias));
  }
  AppendText(out, texts.Get(v.summary));
  AppendVarint(out, DayOf(v.published));
  AppendVarint(out, v.severities.size());
  for (const SeverityRecord& severity : v.severities) {
    out += static_cast<char>(severity.level);
    out += static_cast<char>(severity.score);
    AppendText(out, texts.Get(severity.vector));
    AppendText(out, texts.Get(severity.source));
  }
  out += static_cast<char>((v.kev ? 1 : 0) | (v.epss ? 2 : 0) | (v.exploit ? 4 : 0) |
                           (v.ssvc ? 8 : 0));
  if (v.kev) {
    AppendText(out, v.kev->date_added);
    AppendText(out, v.kev->due_date);
    out += static_cast<char>(v.kev->ransomware ? 1 : 0);
  }
  if (v.epss) {
    Append(out, v.epss->probability);
    Append(out, v.epss->percentile);
    AppendText(out, v.epss->date);
  }
  if (v.exploit) {
    out += static_cast<char>(v.exploit->kind);
    AppendVarint(out, v.exploit->sources.size());
    for (const std::string& source : v.exploit->sources) {
      AppendText(out, source);
    }
  }
  if (v.ssvc) {
    AppendText(out, v.ssvc->exploitation);
    AppendText(out, v.ssvc->automatable);
    AppendText(out, v.ssvc->technical_impact);
    AppendText(out, v.ssvc->source);
  }
}

// Everything is made section by section, then laid out in pages.
class FileWriter {
 public:
  explicit FileWriter(const Catalogue& catalogue) : catalogue_(catalogue), small_(catalogue) {}

  base::Result<std::string> Write() {
    if (catalogue_.sources.size() > 255 || small_.list().size() > 0xFFFF) {
      return base::LimitMet("too many sources, notes or modules for the database");
    }
    for (const CompiledPackage& package : catalogue_.packages) {
      name_spaces_.insert(catalogue_.texts.Get(package.name_space));
    }
    SCANTLING_DO(Packages());
    Vulnerabilities();
    Reverse();
    Meta();
    return Layout();
  }

 private:
  std::string& At(format::Section section) { return sections_[section]; }

  base::Result<void> Packages() {
    BlobWriter blobs(catalogue_, small_);
    std::vector<std::pair<uint64_t, uint32_t>> entries;
    std::string& out = At(format::kStatements);
    for (uint32_t row = 0; row < catalogue_.packages.size(); ++row) {
      const CompiledPackage& package = catalogue_.packages[row];
      const auto name_space = static_cast<uint32_t>(std::distance(
          name_spaces_.begin(), name_spaces_.find(catalogue_.texts.Get(package.name_space))));
      format::PackageRow entry;
      entry.offset = out.size();
      entry.name_space = name_space;
      SCANTLING_DO(blobs.Write(package, out).With(catalogue_.texts.Get(package.name)));
      const uint64_t size = out.size() - entry.offset;
      if (size > 0xFFFF'FFFF) {
        return base::LimitMet("one package's statements do not fit the database");
      }
      entry.size = static_cast<uint32_t>(size);
      Append(At(format::kPackages), entry);
      entries.emplace_back(PackageHash(name_space, catalogue_.texts.Get(package.name)), row);
    }
    At(format::kPackageHash) = HashTable(entries);
    return {};
  }

  void Vulnerabilities() {
    std::string& out = At(format::kVulnerabilityBlobs);
    std::vector<std::pair<uint64_t, uint32_t>> entries;
    std::set<std::string_view> seen;
    for (uint32_t index = 0; index < catalogue_.vulnerabilities.size(); ++index) {
      const CompiledVulnerability& v = catalogue_.vulnerabilities[index];
      Append(At(format::kVulnerabilities), static_cast<uint64_t>(out.size()));
      WriteVulnerability(catalogue_, v, out);
      if (seen.insert(catalogue_.texts.Get(v.id)).second) {
        entries.emplace_back(IdHash(catalogue_.texts.Get(v.id)), index);
      }
    }
    Append(At(format::kVulnerabilities), static_cast<uint64_t>(out.size()));
    for (uint32_t index = 0; index < catalogue_.vulnerabilities.size(); ++index) {
      for (const Text alias : catalogue_.vulnerabilities[index].aliases) {
        if (seen.insert(catalogue_.texts.Get(alias)).second) {
          entries.emplace_back(IdHash(catalogue_.texts.Get(alias)), index);
        }
      }
    }
    At(format::kIdHash) = HashTable(entries);
  }

  void Reverse() {
    std::vector<std::vector<uint32_t>> lists(catalogue_.vulnerabilities.size());
    for (uint32_t row = 0; row < catalogue_.packages.size(); ++row) {
      for (const CompiledStatement& statement : catalogue_.packages[row].statements) {
        auto& list = lists[statement.vulnerability];
        if (list.empty() || list.back() != row) {
          list.push_back(row);
        }
      }
    }
    uint32_t count = 0;
    for (const auto& list : lists) {
      Append(At(format::kReverse), count);
      for (const uint32_t row : list) {
        Append(At(format::kReverseRows), row);
      }
      count += static_cast<uint32_t>(list.size());
    }
    Append(At(format::kReverse), count);
  }

  void Meta() {
    std::string& out = At(format::kMeta);
    AppendVarint(out, catalogue_.sources.size());
    for (const model::SourceInfo& source : catalogue_.sources) {
      AppendText(out, source.name);
      AppendText(out, source.as_of);
      AppendVarint(out, source.records);
    }
    AppendVarint(out, name_spaces_.size());
    for (const std::string_view name_space : name_spaces_) {
      NameSpace(name_space, out);
    }
    AppendVarint(out, small_.list().size());
    for (const std::string_view text : small_.list()) {
      AppendText(out, text);
    }
    AppendVarint(out, catalogue_.end_of_life.size());
    for (const EndOfLifeRecord& row : catalogue_.end_of_life) {
      AppendText(out, row.distro);
      AppendText(out, row.version);
      AppendText(out, row.date);
    }
    AppendVarint(out, catalogue_.withdrawn);
  }

  void NameSpace(std::string_view name_space, std::string& out) const {
    std::set<uint32_t> sources;
    uint64_t statements = 0;
    for (const CompiledPackage& package : catalogue_.packages) {
      if (catalogue_.texts.Get(package.name_space) == name_space) {
        statements += package.statements.size();
        for (const CompiledStatement& statement : package.statements) {
          sources.insert(statement.source);
        }
      }
    }
    std::string names;
    std::string as_of;
    for (const uint32_t source : sources) {
      names += (names.empty() ? "" : ",") + catalogue_.sources[source].name;
      as_of = std::max(as_of, catalogue_.sources[source].as_of);
    }
    AppendText(out, name_space);
    AppendText(out, as_of);
    AppendVarint(out, statements);
    AppendText(out, names);
  }

  std::string Layout() {
    std::string out(format::kPageSize, '\0');
    std::array<format::SectionRow, format::kSectionCount> rows;
    for (uint32_t section = 0; section < format::kChecksums; ++section) {
      rows[section] = {out.size(), sections_[section].size()};
      out += sections_[section];
      sections_[section] = {};
      Pad(out, format::kPageSize);
    }
    std::string checksums;
    for (size_t at = format::kPageSize; at < out.size(); at += format::kPageSize) {
      Append(checksums, HashOf(base::AsBytes(std::string_view(out).substr(at, format::kPageSize))));
    }
    rows[format::kChecksums] = {out.size(), checksums.size()};
    out += checksums;

    const auto put = [&](size_t at, const void* data, size_t size) {
      std::memcpy(out.data() + at, data, size);
    };
    const uint64_t file_size = out.size();
    const uint64_t checksums_hash = HashOf(base::AsBytes(checksums));
    const base::Digest digest =
        base::Sha256Of(base::AsBytes(std::string_view(out).substr(format::kPageSize)));
    put(0, format::kMagic.data(), format::kMagic.size());
    put(format::kVersionAt, &format::kFormatVersion, 4);
    put(format::kPageSizeAt, &format::kPageSize, 4);
    put(format::kFileSizeAt, &file_size, 8);
    put(format::kDigestAt, digest.bytes.data(), digest.bytes.size());
    put(format::kChecksumsHashAt, &checksums_hash, 8);
    put(format::kSectionsAt, rows.data(), sizeof(rows));
    const uint64_t header_hash =
        HashOf(base::AsBytes(std::string_view(out).substr(0, format::kHeaderHashAt)));
    put(format::kHeaderHashAt, &header_hash, 8);
    return out;
  }

  const Catalogue& catalogue_;
  SmallStrings small_;
  std::set<std::string_view> name_spaces_;
  std::array<std::string, format::kSectionCount> sections_;
};

}  // namespace

base::Result<std::string> WriteDatabase(const Catalogue& catalogue) {
  return FileWriter(catalogue).Write();
}

}  // namespace scantling::advisory
