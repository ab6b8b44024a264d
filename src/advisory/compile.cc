#include "advisory/compile.h"

#include "advisory/aliases.h"
#include "advisory/fold.h"
#include "advisory/ids.h"
#include "base/strings.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_set>

namespace scantling::advisory {
namespace {

// CVE first: the id of a group is its smallest by this order.
int PrefixRank(std::string_view id) {
  if (IsCve(id)) {
    return 0;
  }
  if (id.starts_with("GHSA-")) {
    return 1;
  }
  if (id.starts_with("GO-")) {
    return 2;
  }
  return id.starts_with("PYSEC-") ? 3 : 4;
}

struct Source {
  AdvisoryRecord record;
  uint32_t source = 0;
  size_t order = 0;  // as it came
};

class Compiler {
 public:
  explicit Compiler(std::vector<FeedInput> feeds)
      : feeds_(std::move(feeds)), aliases_(out_.texts) {}

  Catalogue Run() {
    std::sort(feeds_.begin(), feeds_.end(),
              [](const FeedInput& a, const FeedInput& b) { return a.name < b.name; });
    Gather();
    RankTexts();
    SortAdvisories();
    JoinAliases();
    MakeStatements();
    AddFacts();
    NameVulnerabilities();
    SortVulnerabilities();
    SortPackages();
    EndOfLife();
    return std::move(out_);
  }

 private:
  // Every feed's records, with texts of the one common interner.
  void Gather() {
    std::unordered_set<std::string, base::StringHash, std::equal_to<>> withdrawn;
    for (const FeedInput& feed : feeds_) {
      withdrawn.insert(feed.records.withdrawn.begin(), feed.records.withdrawn.end());
      out_.withdrawn += feed.records.withdrawn_records;
    }
    for (uint32_t source = 0; source < feeds_.size(); ++source) {
      FeedRecords records = std::move(feeds_[source].records);
      out_.sources.push_back({feeds_[source].name, feeds_[source].as_of, records.records});
      std::vector<Text> map(records.texts.size());
      for (Text text = 0; text < map.size(); ++text) {
        map[text] = out_.texts.Add(records.texts.Get(text));
      }
      for (AdvisoryRecord& advisory : records.advisories) {
        if (withdrawn.contains(records.texts.Get(advisory.id))) {
          ++out_.withdrawn;
          continue;
        }
        Remap(map, advisory);
        advisories_.push_back({std::move(advisory), source, advisories_.size()});
      }
      for (FactRecord& fact : records.facts) {
        fact.id = map[fact.id];
        fact.summary = map[fact.summary];
        Remap(map, fact.severities);
        facts_.push_back(std::move(fact));
      }
      for (EndOfLifeRecord& row : records.end_of_life) {
        out_.end_of_life.push_back(std::move(row));
      }
    }
  }

  static void Remap(const std::vector<Text>& map, std::vector<SeverityRecord>& severities) {
    for (SeverityRecord& severity : severities) {
      severity.source = map[severity.source];
      severity.vector = map[severity.vector];
    }
  }

  static void Remap(const std::vector<Text>& map, AdvisoryRecord& advisory) {
    advisory.id = map[advisory.id];
    advisory.summary = map[advisory.summary];
    for (Text& id : advisory.ids) {
      id = map[id];
    }
    Remap(map, advisory.severities);
    for (StatementRecord& statement : advisory.statements) {
      statement.name_space = map[statement.name_space];
      statement.package = map[statement.package];
      statement.note = map[statement.note];
      statement.architecture = map[statement.architecture];
      statement.module = map[statement.module];
      for (RangeRecord& range : statement.ranges) {
        range = {map[range.introduced], map[range.fixed], map[range.last_affected]};
      }
      for (Text& import : statement.imports) {
        import = map[import];
      }
    }
  }

  // rank_[text]: the text's place among all texts in byte order, so that sorting compares numbers.
  void RankTexts() {
    std::vector<Text> order(out_.texts.size());
    std::iota(order.begin(), order.end(), Text{0});
    std::sort(order.begin(), order.end(),
              [&](Text a, Text b) { return out_.texts.Get(a) < out_.texts.Get(b); });
    rank_.resize(order.size());
    for (uint32_t i = 0; i < order.size(); ++i) {
      rank_[order[i]] = i;
    }
  }

  void SortAdvisories() {
    for (Source& source : advisories_) {
      SortTexts(source.record.ids);
    }
    const auto key = [&](const Source& source) {
      const int prefix = PrefixRank(out_.texts.Get(source.record.id));
      return std::make_tuple(prefix == 0 ? 9 : prefix, rank_[source.record.id], source.source,
                             source.order);
    };
    std::sort(advisories_.begin(), advisories_.end(),
              [&](const Source& a, const Source& b) { return key(a) < key(b); });
  }

  void SortTexts(std::vector<Text>& texts) const {
    std::sort(texts.begin(), texts.end(), [&](Text a, Text b) { return rank_[a] < rank_[b]; });
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  }

  // What a vulnerability record says about its own names. GHSA's own word goes before the others'
  // (SortAdvisories).
  void JoinAliases() {
    for (const Source& source : advisories_) {
      const AdvisoryRecord& record = source.record;
      if (record.bundle) {
        continue;
      }
      aliases_.GroupOf(record.id);
      std::vector<Text> cves;
      for (const Text id : record.ids) {
        if (IsCve(out_.texts.Get(id))) {
          cves.push_back(id);
        }
      }
      if (IsCve(out_.texts.Get(record.id))) {
        for (const Text id : record.ids) {
          if (!IsCve(out_.texts.Get(id))) {
            aliases_.Join(record.id, id);
          }
        }
      } else if (cves.size() <= 1) {
        for (const Text id : record.ids) {
          aliases_.Join(record.id, id);
        }
      } else {
        for (const Text cve : cves) {
          aliases_.AddShared(record.id, cve);
        }
      }
    }
  }

  std::vector<Text> SubjectsOf(const AdvisoryRecord& record) const {
    if (record.bundle) {
      return record.ids.empty() ? std::vector<Text>{record.id} : record.ids;
    }
    std::vector<Text> cves;
    if (!IsCve(out_.texts.Get(record.id))) {
      for (const Text id : record.ids) {
        if (IsCve(out_.texts.Get(id))) {
          cves.push_back(id);
        }
      }
    }
    return cves.size() > 1 ? cves : std::vector<Text>{record.id};
  }

  uint32_t VulnerabilityOf(Text id) {
    const uint32_t group = aliases_.GroupOf(id);
    const auto [place, is_new] =
        by_group_.emplace(group, static_cast<uint32_t>(out_.vulnerabilities.size()));
    if (is_new) {
      out_.vulnerabilities.emplace_back();
      summary_rank_.push_back(255);
    }
    return place->second;
  }

  uint32_t PackageOf(Text name_space, Text name) {
    const uint64_t key = uint64_t{name_space} << 32 | name;
    const auto [place, is_new] = by_name_.emplace(key, static_cast<uint32_t>(out_.packages.size()));
    if (is_new) {
      out_.packages.emplace_back();
      out_.packages.back().name_space = name_space;
      out_.packages.back().name = name;
    }
    return place->second;
  }

  void MakeStatements() {
    for (const Source& source : advisories_) {
      const AdvisoryRecord& record = source.record;
      std::set<uint32_t> subjects;
      for (const Text id : SubjectsOf(record)) {
        subjects.insert(VulnerabilityOf(id));
      }
      for (const uint32_t index : subjects) {
        CompiledVulnerability& vulnerability = out_.vulnerabilities[index];
        // The date of a bundle says when it was fixed; of an entry without a date nothing at all.
        const bool own = !record.bundle || record.ids.empty();
        if (own && record.published != 0 &&
            (vulnerability.published == 0 || record.published < vulnerability.published)) {
          vulnerability.published = record.published;
        }
        if (record.summary != 0 && record.summary_rank < summary_rank_[index]) {
          vulnerability.summary = record.summary;
          summary_rank_[index] = record.summary_rank;
        }
        vulnerability.severities.insert(vulnerability.severities.end(), record.severities.begin(),
                                        record.severities.end());
      }
      for (const StatementRecord& statement : record.statements) {
        CompiledStatement row;
        row.source = source.source;
        row.advisory = record.id;
        row.note = statement.note;
        row.architecture = statement.architecture;
        row.module = statement.module;
        row.state = statement.state;
        row.level = statement.level;
        row.published = record.published;
        row.first_range = static_cast<uint32_t>(out_.ranges.size());
        row.range_count = static_cast<uint32_t>(statement.ranges.size());
        out_.ranges.insert(out_.ranges.end(), statement.ranges.begin(), statement.ranges.end());
        row.first_import = static_cast<uint32_t>(out_.imports.size());
        row.import_count = static_cast<uint32_t>(statement.imports.size());
        out_.imports.insert(out_.imports.end(), statement.imports.begin(), statement.imports.end());
        CompiledPackage& package =
            out_.packages[PackageOf(statement.name_space, statement.package)];
        for (const uint32_t index : subjects) {
          row.vulnerability = index;
          package.statements.push_back(row);
        }
      }
    }
    advisories_.clear();
    advisories_.shrink_to_fit();
  }

  void AddFacts() {
    for (FactRecord& fact : facts_) {
      uint32_t index = 0;
      if (fact.kev != nullptr) {
        index = VulnerabilityOf(
            fact.id);  // exploited: worth knowing even where no feed names a package
      } else {
        const auto found = by_group_.find(aliases_.GroupOf(fact.id));
        if (found == by_group_.end()) {
          waiting_.push_back(std::move(fact));
          continue;
        }
        index = found->second;
      }
      AddFact(index, fact);
    }
    // Facts that came before the KEV entry which made their vulnerability.
    for (FactRecord& fact : waiting_) {
      if (const auto found = by_group_.find(aliases_.GroupOf(fact.id)); found != by_group_.end()) {
        AddFact(found->second, fact);
      }
    }
    facts_.clear();
    waiting_.clear();
  }

  void AddFact(uint32_t index, FactRecord& fact) {
    CompiledVulnerability& to = out_.vulnerabilities[index];
    if (fact.summary != 0 && summary_rank_[index] > 5) {
      to.summary = fact.summary;
      summary_rank_[index] = 5;
    }
    to.severities.insert(to.severities.end(), fact.severities.begin(), fact.severities.end());
    if (fact.kev != nullptr && to.kev == nullptr) {
      to.kev = std::move(fact.kev);
    }
    if (fact.epss != nullptr && to.epss == nullptr) {
      to.epss = std::move(fact.epss);
    }
    if (fact.ssvc != nullptr && to.ssvc == nullptr) {
      to.ssvc = std::move(fact.ssvc);
    }
    if (fact.exploit != nullptr) {
      if (to.exploit == nullptr) {
        to.exploit = std::move(fact.exploit);
      } else {
        to.exploit->kind = std::max(to.exploit->kind, fact.exploit->kind);
        for (std::string& source : fact.exploit->sources) {
          if (std::find(to.exploit->sources.begin(), to.exploit->sources.end(), source) ==
              to.exploit->sources.end()) {
            to.exploit->sources.push_back(std::move(source));
          }
        }
      }
    }
  }

  void NameVulnerabilities() {
    const auto better = [&](Text a, Text b) {
      return std::make_tuple(PrefixRank(out_.texts.Get(a)), rank_[a]) <
             std::make_tuple(PrefixRank(out_.texts.Get(b)), rank_[b]);
    };
    for (auto& [group, members] : aliases_.Groups()) {
      const auto found = by_group_.find(group);
      if (found == by_group_.end()) {
        continue;
      }
      CompiledVulnerability& vulnerability = out_.vulnerabilities[found->second];
      vulnerability.id = *std::min_element(members.begin(), members.end(), better);
      std::erase(members, vulnerability.id);
      SortTexts(members);
      vulnerability.aliases = std::move(members);
      if (vulnerability.exploit != nullptr) {
        std::sort(vulnerability.exploit->sources.begin(), vulnerability.exploit->sources.end());
      }
      auto& severities = vulnerability.severities;
      const auto key = [&](const SeverityRecord& s) {
        return std::make_tuple(s.level, s.score, rank_[s.vector], rank_[s.source]);
      };
      std::sort(severities.begin(), severities.end(),
                [&](const SeverityRecord& a, const SeverityRecord& b) { return key(a) < key(b); });
      severities.erase(std::unique(severities.begin(), severities.end()), severities.end());
    }
  }

  void SortVulnerabilities() {
    std::vector<uint32_t> order(out_.vulnerabilities.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return rank_[out_.vulnerabilities[a].id] < rank_[out_.vulnerabilities[b].id];
    });
    new_index_.resize(order.size());
    std::vector<CompiledVulnerability> sorted;
    sorted.reserve(order.size());
    for (const uint32_t old : order) {
      new_index_[old] = static_cast<uint32_t>(sorted.size());
      sorted.push_back(std::move(out_.vulnerabilities[old]));
    }
    out_.vulnerabilities = std::move(sorted);
  }

  bool RangesLess(const CompiledStatement& a, const CompiledStatement& b) const {
    const auto key = [&](const RangeRecord& range) {
      return std::make_tuple(rank_[range.introduced], rank_[range.fixed],
                             rank_[range.last_affected]);
    };
    return std::lexicographical_compare(
        out_.ranges.begin() + a.first_range, out_.ranges.begin() + a.first_range + a.range_count,
        out_.ranges.begin() + b.first_range, out_.ranges.begin() + b.first_range + b.range_count,
        [&](const RangeRecord& x, const RangeRecord& y) { return key(x) < key(y); });
  }

  bool SameContent(const CompiledStatement& a, const CompiledStatement& b) const {
    return Key(a) == Key(b) && a.level == b.level && a.published == b.published &&
           a.import_count == b.import_count &&
           std::equal(out_.imports.begin() + a.first_import,
                      out_.imports.begin() + a.first_import + a.import_count,
                      out_.imports.begin() + b.first_import) &&
           !RangesLess(a, b) && !RangesLess(b, a);
  }

  std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, StatementState, uint32_t> Key(
      const CompiledStatement& s) const {
    return {s.vulnerability,       s.source, rank_[s.advisory], rank_[s.module],
            rank_[s.architecture], s.state,  rank_[s.note]};
  }

  bool ImportsLess(const CompiledStatement& a, const CompiledStatement& b) const {
    return std::lexicographical_compare(out_.imports.begin() + a.first_import,
                                        out_.imports.begin() + a.first_import + a.import_count,
                                        out_.imports.begin() + b.first_import,
                                        out_.imports.begin() + b.first_import + b.import_count,
                                        [&](Text x, Text y) { return rank_[x] < rank_[y]; });
  }

  void SortPackages() {
    for (CompiledPackage& package : out_.packages) {
      for (CompiledStatement& statement : package.statements) {
        statement.vulnerability = new_index_[statement.vulnerability];
        // Ranges of one statement in text order, so that the order of a feed's lists does not show.
        auto* first = out_.ranges.data() + statement.first_range;
        std::sort(
            first, first + statement.range_count, [&](const RangeRecord& a, const RangeRecord& b) {
              return std::make_tuple(rank_[a.introduced], rank_[a.fixed], rank_[a.last_affected]) <
                     std::make_tuple(rank_[b.introduced], rank_[b.fixed], rank_[b.last_affected]);
            });
      }
      std::sort(package.statements.begin(), package.statements.end(),
                [&](const CompiledStatement& a, const CompiledStatement& b) {
                  if (Key(a) != Key(b)) {
                    return Key(a) < Key(b);
                  }
                  if (RangesLess(a, b) || RangesLess(b, a)) {
                    return RangesLess(a, b);
                  }
                  if (a.published != b.published || a.level != b.level) {
                    return std::make_tuple(a.published, a.level) <
                           std::make_tuple(b.published, b.level);
                  }
                  return ImportsLess(a, b);
                });
      const auto end = std::unique(package.statements.begin(), package.statements.end(),
                                   [&](const CompiledStatement& a, const CompiledStatement& b) {
                                     return SameContent(a, b);
                                   });
      package.statements.erase(end, package.statements.end());
      FoldStatements(out_.texts.Get(package.name_space), out_, package.statements);
    }
    std::sort(out_.packages.begin(), out_.packages.end(),
              [&](const CompiledPackage& a, const CompiledPackage& b) {
                return std::make_tuple(rank_[a.name_space], rank_[a.name]) <
                       std::make_tuple(rank_[b.name_space], rank_[b.name]);
              });
  }

  void EndOfLife() {
    std::map<std::pair<std::string, std::string>, std::string> latest;
    for (const EndOfLifeRecord& row : out_.end_of_life) {
      std::string& date = latest[{row.distro, row.version}];
      date = std::max(date, row.date);
    }
    out_.end_of_life.clear();
    for (const auto& [key, date] : latest) {
      out_.end_of_life.push_back({key.first, key.second, date});
    }
  }

  std::vector<FeedInput> feeds_;
  Catalogue out_;
  Aliases aliases_;
  std::vector<Source> advisories_;
  std::vector<FactRecord> facts_;
  std::vector<FactRecord> waiting_;
  std::vector<uint32_t> rank_;
  std::unordered_map<uint32_t, uint32_t> by_group_;
  std::unordered_map<uint64_t, uint32_t> by_name_;
  std::vector<uint8_t> summary_rank_;
  std::vector<uint32_t> new_index_;
};

}  // namespace

Catalogue Compile(std::vector<FeedInput> feeds) { return Compiler(std::move(feeds)).Run(); }

}  // namespace scantling::advisory
