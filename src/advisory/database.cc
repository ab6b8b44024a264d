#include "advisory/database.h"

#include "advisory/database_state.h"
#include "advisory/format.h"
#include "advisory/hash.h"
#include "advisory/ids.h"

#include <algorithm>
#include <utility>

namespace scantling::advisory {
namespace {

using format::Load;

base::Error Damaged(std::string_view what) {
  return {base::ErrorCode::kMismatch, "the advisory database is damaged: " + std::string(what)};
}

// A package's blob, bounds checked once; then every row is read without further copies.
class Blob {
 public:
  static base::Result<Blob> Open(base::Bytes bytes) {
    Blob out;
    if (bytes.size() < sizeof(format::BlobHeader)) {
      return Damaged("a package is cut short");
    }
    out.header_ = Load<format::BlobHeader>(bytes.data());
    const format::BlobHeader& h = out.header_;
    uint64_t at = sizeof(format::BlobHeader);
    const auto part = [&](uint64_t size) {
      const uint64_t start = at;
      at += size;
      return start;
    };
    const uint64_t name = part(format::Pad(h.name_size, 4));
    const uint64_t rows = part(uint64_t{h.statements} * sizeof(format::StatementRow));
    const uint64_t intervals = part(uint64_t{h.intervals} * sizeof(format::IntervalRow));
    const uint64_t imports = part(uint64_t{h.imports} * 4);
    const uint64_t pool = part(h.pool_size);
    if (at > bytes.size()) {
      return Damaged("a package's parts do not fit into it");
    }
    out.name_ = base::AsText(bytes.subspan(name, h.name_size));
    out.rows_ = bytes.data() + rows;
    out.intervals_ = bytes.data() + intervals;
    out.imports_ = bytes.data() + imports;
    out.pool_ = bytes.subspan(pool, h.pool_size);
    return out;
  }

  std::string_view name() const { return name_; }
  uint32_t size() const { return header_.statements; }
  format::StatementRow Row(uint32_t index) const {
    return Load<format::StatementRow>(rows_ + size_t{index} * sizeof(format::StatementRow));
  }

  bool Intervals(const format::StatementRow& row, std::vector<version::Interval>& out) const {
    if (row.first_interval > header_.intervals ||
        row.interval_count > header_.intervals - row.first_interval) {
      return false;
    }
    const std::byte* place = intervals_ + size_t{row.first_interval} * sizeof(format::IntervalRow);
    for (uint32_t i = 0; i < row.interval_count; ++i, place += sizeof(format::IntervalRow)) {
      const auto interval = Load<format::IntervalRow>(place);
      version::Interval& to = out.emplace_back();
      if (!Pool(interval.introduced, to.introduced) || !Pool(interval.fixed, to.fixed) ||
          !Pool(interval.last_affected, to.last_affected)) {
        return false;
      }
    }
    return true;
  }

  bool Imports(const format::StatementRow& row, std::vector<std::string_view>& out) const {
    if (row.first_import > header_.imports ||
        row.import_count > header_.imports - row.first_import) {
      return false;
    }
    for (uint32_t i = 0; i < row.import_count; ++i) {
      if (!Pool(Load<uint32_t>(imports_ + size_t{row.first_import + i} * 4), out.emplace_back())) {
        return false;
      }
    }
    return true;
  }

  bool Pool(uint32_t offset, std::string_view& out) const {
    if (offset == 0) {
      out = {};
      return true;
    }
    if (pool_.size() < 2 || offset > pool_.size() - 2) {
      return false;
    }
    const size_t size = Load<uint16_t>(pool_.data() + offset);
    if (size > pool_.size() - 2 - offset) {
      return false;
    }
    out = base::AsText(pool_.subspan(offset + 2, size));
    return true;
  }

 private:
  format::BlobHeader header_;
  std::string_view name_;
  const std::byte* rows_ = nullptr;
  const std::byte* intervals_ = nullptr;
  const std::byte* imports_ = nullptr;
  base::Bytes pool_;
};

}  // namespace

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

base::Result<Database> Database::Open(const std::string& path) {
  auto state = std::make_unique<State>();
  SCANTLING_TRY(state->mapped, base::MappedFile::Open(path));
  SCANTLING_DO(state->Load(state->mapped.bytes(), false).With(path));
  return Database(std::move(state));
}

base::Result<Database> Database::FromBytes(base::Bytes bytes, bool embedded) {
  auto state = std::make_unique<State>();
  SCANTLING_DO(state->Load(bytes, embedded));
  return Database(std::move(state));
}

base::Result<Database> Database::FromOwned(std::string bytes, bool embedded) {
  auto state = std::make_unique<State>();
  state->owned = std::move(bytes);
  SCANTLING_DO(state->Load(base::AsBytes(state->owned), embedded));
  return Database(std::move(state));
}

const model::DatabaseInfo& Database::Info() const { return state_->info; }
const std::vector<NamespaceInfo>& Database::Namespaces() const { return state_->name_spaces; }

std::optional<NamespaceInfo> Database::FindNamespace(std::string_view name) const {
  const auto found = state_->NamespaceIndex(name);
  return found ? std::optional(state_->name_spaces[*found]) : std::nullopt;
}

base::Result<void> Database::Lookup(std::string_view name_space, std::string_view package,
                                    const std::function<void(const Statement&)>& visit) const {
  const State& state = *state_;
  const auto space = state.NamespaceIndex(name_space);
  if (!space) {
    return {};
  }
  base::Result<void> outcome;
  const auto row_at = [&](uint32_t row) -> base::Result<bool> {
    SCANTLING_TRY(const base::Bytes raw,
                  state.pages.Get(format::kPackages, uint64_t{row} * sizeof(format::PackageRow),
                                  sizeof(format::PackageRow)));
    const auto entry = Load<format::PackageRow>(raw.data());
    if (entry.name_space != *space) {
      return false;
    }
    SCANTLING_TRY(const std::string_view name, state.PackageNameOf(entry));
    if (name != package) {
      return false;
    }
    SCANTLING_TRY(const base::Bytes bytes,
                  state.pages.Get(format::kStatements, entry.offset, entry.size));
    SCANTLING_TRY(const Blob blob, Blob::Open(bytes));
    Statement statement;  // one for all rows: its lists keep their room
    for (uint32_t i = 0; i < blob.size(); ++i) {
      const format::StatementRow from = blob.Row(i);
      const unsigned statement_state = from.state_and_level & 15U;
      const unsigned level = from.state_and_level >> 4U;
      statement.intervals.clear();
      statement.imports.clear();
      if (from.vulnerability >= state.vulnerability_count ||
          from.source >= state.info.sources.size() || from.note >= state.small.size() ||
          from.module >= state.small.size() || from.architecture >= state.small.size() ||
          statement_state > static_cast<unsigned>(StatementState::kUndetermined) ||
          level > static_cast<unsigned>(model::Level::kCritical) ||
          !blob.Pool(from.advisory, statement.advisory) ||
          !blob.Intervals(from, statement.intervals) || !blob.Imports(from, statement.imports)) {
        return Damaged("a statement about " + std::string(package) +
                       " has parts that do not exist");
      }
      statement.vulnerability = from.vulnerability;
      statement.source = state.info.sources[from.source].name;
      statement.state = static_cast<StatementState>(statement_state);
      statement.note = state.small[from.note];
      statement.level = static_cast<model::Level>(level);
      statement.architecture = state.small[from.architecture];
      statement.module = state.small[from.module];
      statement.published = base::Seconds{from.published_day} * base::kSecondsPerDay;
      visit(statement);
    }
    return true;
  };
  return state.Probe(format::kPackageHash, PackageHash(*space, package), row_at);
}

base::Result<Vulnerability> Database::GetVulnerability(uint32_t index) const {
  return state_->ReadVulnerability(index);
}

base::Result<std::optional<uint32_t>> Database::FindVulnerability(std::string_view id) const {
  const State& state = *state_;
  std::optional<uint32_t> found;
  const std::string clean = CleanId(id);
  for (const std::string_view spelling : {id, std::string_view(clean)}) {
    SCANTLING_DO(
        state.Probe(format::kIdHash, IdHash(spelling), [&](uint32_t row) -> base::Result<bool> {
          SCANTLING_TRY(const Vulnerability vulnerability, state.ReadVulnerability(row));
          if (vulnerability.id != spelling &&
              std::find(vulnerability.aliases.begin(), vulnerability.aliases.end(), spelling) ==
                  vulnerability.aliases.end()) {
            return false;
          }
          found = row;
          return true;
        }));
    if (found || clean == id) {
      break;
    }
  }
  return found;
}

base::Result<std::vector<std::pair<std::string, std::string>>> Database::PackagesOf(
    uint32_t vulnerability) const {
  const State& state = *state_;
  if (vulnerability >= state.vulnerability_count) {
    return base::NotFound("no such vulnerability in the database");
  }
  SCANTLING_TRY(const base::Bytes bounds,
                state.pages.Get(format::kReverse, uint64_t{vulnerability} * 4, 8));
  const auto first = Load<uint32_t>(bounds.data());
  const auto end = Load<uint32_t>(bounds.data() + 4);
  if (end < first) {
    return Damaged("a list of packages ends before it starts");
  }
  SCANTLING_TRY(const base::Bytes rows, state.pages.Get(format::kReverseRows, uint64_t{first} * 4,
                                                        uint64_t{end - first} * 4));
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t at = 0; at < rows.size(); at += 4) {
    const auto row = Load<uint32_t>(rows.data() + at);
    SCANTLING_TRY(const base::Bytes raw,
                  state.pages.Get(format::kPackages, uint64_t{row} * sizeof(format::PackageRow),
                                  sizeof(format::PackageRow)));
    const auto entry = Load<format::PackageRow>(raw.data());
    if (entry.name_space >= state.name_spaces.size()) {
      return Damaged("a package without a namespace");
    }
    SCANTLING_TRY(const std::string_view name, state.PackageNameOf(entry));
    out.emplace_back(state.name_spaces[entry.name_space].name, name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string_view Database::EndOfLife(std::string_view distro, std::string_view version) const {
  // "3.18.4" -> "3.18" -> "3": releases are listed by the part of the version that names them.
  while (!version.empty()) {
    const auto found = std::lower_bound(state_->end_of_life.begin(), state_->end_of_life.end(),
                                        std::make_pair(distro, version),
                                        [](const EndOfLifeRow& row, const auto& key) {
                                          return std::make_pair(row.distro, row.version) < key;
                                        });
    if (found != state_->end_of_life.end() && found->distro == distro &&
        found->version == version) {
      return found->date;
    }
    const size_t dot = version.rfind('.');
    version = dot == std::string_view::npos ? std::string_view() : version.substr(0, dot);
  }
  return {};
}

base::Result<void> Database::Verify() const {
  const State& state = *state_;
  SCANTLING_DO(state.pages.VerifyAll());
  for (uint32_t i = 0; i < state.vulnerability_count; ++i) {
    SCANTLING_DO(state.ReadVulnerability(i));
    SCANTLING_DO(PackagesOf(i));
  }
  const uint64_t packages = state.pages.SizeOf(format::kPackages) / sizeof(format::PackageRow);
  for (uint64_t row = 0; row < packages; ++row) {
    SCANTLING_TRY(const base::Bytes raw,
                  state.pages.Get(format::kPackages, row * sizeof(format::PackageRow),
                                  sizeof(format::PackageRow)));
    const auto entry = Load<format::PackageRow>(raw.data());
    if (entry.name_space >= state.name_spaces.size()) {
      return Damaged("a package without a namespace");
    }
    SCANTLING_TRY(const std::string_view name, state.PackageNameOf(entry));
    bool any = false;
    SCANTLING_DO(Lookup(state.name_spaces[entry.name_space].name, name,
                        [&](const Statement&) { any = true; }));
    if (!any) {
      return Damaged("the package " + std::string(name) + " cannot be found by its name");
    }
  }
  return {};
}

}  // namespace scantling::advisory
