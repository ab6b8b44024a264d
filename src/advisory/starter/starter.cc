#include "advisory/starter/starter.h"

#include "advisory/database.h"
#include "advisory/ids.h"
#include "advisory/severity.h"
#include "advisory/writer.h"
#include "base/strings.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace scantling::advisory {
namespace starter {
namespace {

base::Error AtLine(size_t line, std::string_view what) {
  return base::Invalid("starter set, line " + std::to_string(line) + ": " + std::string(what));
}

// The next word of a line, and the line without it.
std::string_view Word(std::string_view& rest) {
  rest = base::Trim(rest);
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest = base::Trim(rest.substr(word.size()));
  return word;
}

std::optional<StatementState> StateOf(std::string_view word) {
  if (word == "wont-fix") {
    return StatementState::kWontFix;
  }
  if (word == "deferred") {
    return StatementState::kDeferred;
  }
  if (word == "undetermined") {
    return StatementState::kUndetermined;
  }
  return std::nullopt;
}

bool Share(std::string_view text, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= 0 && out <= 1;
}

class SetReader {
 public:
  base::Result<FeedRecords> Read(std::string_view text) {
    size_t number = 0;
    for (const std::string_view raw : base::Split(text, '\n')) {
      ++number;
      const std::string_view line = base::Trim(raw);
      if (line.empty() || line.starts_with('#')) {
        continue;
      }
      if (const char* wrong = raw.starts_with(' ') ? Statement(line) : Head(line);
          wrong != nullptr) {
        return AtLine(number, wrong);
      }
    }
    Flush();
    out_.as_of = out_.newest;
    return std::move(out_);
  }

 private:
  const char* Head(std::string_view rest) {
    const std::string_view kind = Word(rest);
    if (kind == "vuln") {
      return Vulnerability(rest);
    }
    if (kind == "kev") {
      return Kev(rest);
    }
    if (kind == "epss") {
      return Epss(rest);
    }
    if (kind == "exploit") {
      return Exploit(rest);
    }
    if (kind == "eol") {
      EndOfLifeRecord row;
      row.distro = Word(rest);
      row.version = Word(rest);
      row.date = Word(rest);
      if (!base::ParseTime(row.date)) {
        return "eol DISTRO VERSION DATE";
      }
      out_.end_of_life.push_back(std::move(row));
      return nullptr;
    }
    return "unknown first word";
  }

  const char* Vulnerability(std::string_view rest) {
    Flush();
    const std::string_view ids = Word(rest);
    const std::string_view date = Word(rest);
    const std::string_view vector = Word(rest);
    const auto published = base::ParseTime(date);
    if (!published) {
      return "vuln IDS DATE VECTOR SUMMARY";
    }
    See(date);
    ++out_.records;
    for (const std::string_view id : base::Split(ids, ',')) {
      if (!IsAliasId(id)) {
        return "not an id";
      }
      if (advisory_.id == 0) {
        advisory_.id = out_.texts.Add(id);
      } else {
        advisory_.ids.push_back(out_.texts.Add(id));
      }
    }
    advisory_.published = *published;
    advisory_.summary = out_.texts.Add(SummaryLine(rest));
    advisory_.summary_rank = 1;
    if (vector != "-") {
      const auto severity = SeverityFromVector(kSourceName, vector, out_.texts);
      if (!severity) {
        return "not a CVSS vector";
      }
      advisory_.severities.push_back(*severity);
    }
    return nullptr;
  }

  const char* Kev(std::string_view rest) {
    auto kev = std::make_unique<model::Kev>();
    kev->date_added = Word(rest);
    kev->due_date = Word(rest);
    kev->ransomware = Word(rest) == "ransomware";
    if (advisory_.id == 0 || !base::ParseTime(kev->date_added) || !base::ParseTime(kev->due_date)) {
      return "kev ADDED DUE [ransomware], after a vuln";
    }
    See(kev->date_added);
    Fact().kev = std::move(kev);
    return nullptr;
  }

  const char* Epss(std::string_view rest) {
    auto epss = std::make_unique<model::Epss>();
    epss->date = Word(rest);
    const bool shares = Share(Word(rest), epss->probability) && Share(Word(rest), epss->percentile);
    if (advisory_.id == 0 || !base::ParseTime(epss->date) || !shares) {
      return "epss DATE PROBABILITY PERCENTILE, after a vuln";
    }
    Fact().epss = std::move(epss);
    return nullptr;
  }

  const char* Exploit(std::string_view rest) {
    auto exploit = std::make_unique<model::Exploit>();
    const std::string_view kind = Word(rest);
    if (advisory_.id == 0 || (kind != "weaponised" && kind != "poc")) {
      return "exploit weaponised|poc SOURCE..., after a vuln";
    }
    exploit->kind =
        kind == "poc" ? model::ExploitKind::kProofOfConcept : model::ExploitKind::kWeaponised;
    while (!rest.empty()) {
      exploit->sources.emplace_back(Word(rest));
    }
    Fact().exploit = std::move(exploit);
    return nullptr;
  }

  // NAMESPACE PACKAGE RANGE[;RANGE...] [level=.. note=.. state=.. module=.. advisory=.. date=..]
  const char* Statement(std::string_view rest) {
    if (advisory_.id == 0) {
      return "a statement before the first vuln";
    }
    StatementRecord statement;
    const std::string_view name_space = Word(rest);
    statement.name_space = out_.texts.Add(name_space);
    const std::string_view name = Word(rest);
    statement.package = out_.texts.Add(name);
    const std::string_view ranges = Word(rest);
    if (name.empty() || ranges.empty() || PackageName(name_space, name) != name) {
      return "NAMESPACE PACKAGE RANGE";
    }
    if (ranges == "unaffected") {
      statement.state = StatementState::kNotAffected;
    } else if (!Ranges(ranges, statement)) {
      return "a range is \"unaffected\", \"open\" or [>=A]<B, [>=A]<=B, >=A, several with ';'";
    }
    AdvisoryRecord* to = &advisory_;
    while (!rest.empty()) {
      const std::string_view word = Word(rest);
      const size_t equals = word.find('=');
      const std::string_view key = word.substr(0, equals);
      const std::string_view value =
          equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
      if (key == "level" && LevelOf(value) != model::Level::kUnknown) {
        statement.level = LevelOf(value);
      } else if (key == "note" && !value.empty()) {
        statement.note = out_.texts.Add(value);
      } else if (key == "state" && StateOf(value)) {
        statement.state = *StateOf(value);
      } else if (key == "module" && !value.empty()) {
        statement.module = out_.texts.Add(value);
      } else if (key == "advisory" && !value.empty()) {
        to = Bundle(value);
      } else if (key == "date" && base::ParseTime(value)) {
        See(value);
        to->published = *base::ParseTime(value);
      } else {
        return "unknown option";
      }
    }
    to->statements.push_back(std::move(statement));
    return nullptr;
  }

  bool Ranges(std::string_view text, StatementRecord& statement) {
    for (std::string_view part : base::Split(text, ';')) {
      RangeRecord range;
      if (part.starts_with(">=")) {
        part.remove_prefix(2);
        const std::string_view from = part.substr(0, part.find('<'));
        part.remove_prefix(from.size());
        range.introduced = out_.texts.Add(from);
        if (from.empty()) {
          return false;
        }
      } else if (part == "open") {
        part = {};
      } else if (!part.starts_with('<')) {
        return false;
      }
      if (part.starts_with("<=")) {
        range.last_affected = out_.texts.Add(part.substr(2));
      } else if (part.starts_with('<')) {
        range.fixed = out_.texts.Add(part.substr(1));
      }
      statement.ranges.push_back(range);
    }
    return true;
  }

  // The distribution's advisory that carries statements of the vulnerability at hand.
  AdvisoryRecord* Bundle(std::string_view id) {
    AdvisoryRecord bundle;
    bundle.id = out_.texts.Add(id);
    bundle.bundle = true;
    bundle.ids.push_back(advisory_.id);
    bundles_.push_back(std::move(bundle));
    return &bundles_.back();
  }

  FactRecord& Fact() {
    FactRecord fact;
    fact.id = advisory_.id;
    out_.facts.push_back(std::move(fact));
    return out_.facts.back();
  }

  void See(std::string_view date) {
    if (date > out_.newest) {
      out_.newest = date;
    }
  }

  void Flush() {
    if (advisory_.id != 0) {
      out_.advisories.push_back(std::move(advisory_));
      std::move(bundles_.begin(), bundles_.end(), std::back_inserter(out_.advisories));
    }
    advisory_ = {};
    bundles_.clear();
  }

  FeedRecords out_;
  AdvisoryRecord advisory_;
  std::vector<AdvisoryRecord> bundles_;
};

}  // namespace

base::Result<FeedRecords> ReadSet(std::string_view text) { return SetReader().Read(text); }

base::Result<std::string> BuildSets(const std::vector<NamedSet>& sets) {
  std::vector<FeedInput> feeds;
  for (const NamedSet& set : sets) {
    FeedInput input;
    input.name = set.name;
    SCANTLING_TRY(input.records, ReadSet(set.text));
    input.as_of = set.as_of.empty() ? input.records.as_of : set.as_of;
    feeds.push_back(std::move(input));
  }
  return WriteDatabase(Compile(std::move(feeds)));
}

}  // namespace starter

base::Result<Database> OpenEmbedded() {
  SCANTLING_TRY(std::string bytes, starter::BuildSets({{std::string(starter::kSourceName), "",
                                                        std::string(starter::SetText())}}));
  return Database::FromOwned(std::move(bytes), true);
}

}  // namespace scantling::advisory
