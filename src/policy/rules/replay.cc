// Every run is judged by itself, in any order and on any thread, into a small Judged; the sums are
// made from these afterwards, by time. Findings are told apart by a hash of repository and key: of
// the texts only those that are shown are kept.
#include "policy/rules/replay.h"

#include "base/file.h"
#include "base/strings.h"
#include "policy/rules/evaluate.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace scantling::policy {
namespace {

constexpr size_t kShownFindings = 5;
constexpr size_t kShownRuns = 100;
constexpr size_t kShownNotes = 20;

struct JudgedFinding {
  uint64_t key = 0;
  base::Seconds published = -1;
  base::Seconds fix_available = -1;
  bool fixed = false;  // a fix existed at the run's time
};

struct JudgedRule {
  model::Stage stage = model::Stage::kObserve;
  bool met = false;
  bool unknown = false;
  std::vector<uint64_t> findings;
};

struct Judged {
  bool counts = false;
  std::string problem;  // why it could not be read
  base::Seconds date = 0;
  std::string where;
  std::string team;
  std::string repository;
  std::string reference;
  bool really_stopped = false;
  bool stopped = false;
  bool warned = false;
  bool stopped_otherwise = false;  // by a rule about the image, or by on_failure
  bool present_stopped = false;
  std::vector<JudgedRule> rules;
  std::vector<std::string> present_rules;  // that stop it now
  std::vector<JudgedFinding> stopping;
  std::vector<std::string> shown;
  std::vector<uint64_t> closed;  // not affected or accepted
};

struct Line {
  std::string_view text;
  size_t file = 0;
  uint64_t number = 0;
  bool whole = true;  // it ends with '\n'
};

uint64_t KeyOf(std::string_view repository, std::string_view key) {
  const uint64_t a = std::hash<std::string_view>{}(repository);
  const uint64_t b = std::hash<std::string_view>{}(key);
  return (a * 0x9E3779B97F4A7C15U) ^ (b + (a >> 7));
}

class Worker {
 public:
  Worker(const Policy& policy, const Policy* maybe_present, const ReplayOptions& options,
         base::Seconds from, base::Seconds to)
      : policy_(policy), present_(maybe_present), options_(options), from_(from), to_(to) {}

  Judged ReadLine(const Line& line, const std::string& file) {
    Judged out;
    if (const auto date = DateOfLine(line.text); date && !InTime(*date)) {
      return out;
    }
    std::string where = file + ":" + std::to_string(line.number);
    auto entry = reader_.Read(line.text, where);
    if (!entry) {
      out.problem = where + ": " + entry.error().Message() +
                    (line.whole ? "" : "; the last line was not written to its end");
      // A run that ended while it wrote leaves half a line, and the next one follows it.
      const size_t next = line.text.rfind("{\"schema\":\"scantling.history/1\"");
      if (next == std::string_view::npos || next == 0) {
        return out;
      }
      entry = reader_.Read(line.text.substr(next), where);
      if (!entry) {
        return out;
      }
    }
    std::string problem = std::move(out.problem);
    out = Judge(*entry);
    out.problem = std::move(problem);
    return out;
  }

  Judged Judge(HistoryEntry& entry) {
    Judged out;
    if (!InTime(entry.facts.now) || (!options_.team.empty() && entry.facts.team != options_.team) ||
        (!options_.environment.empty() && entry.facts.environment != options_.environment)) {
      return out;
    }
    out.counts = true;
    out.date = entry.facts.now;
    out.where = entry.where;
    out.team = entry.facts.team;
    out.repository = entry.repository;
    out.reference = entry.report.inventory.image.reference;
    const model::Report& report = entry.report;
    const model::Verdict* recorded = report.verdict ? &*report.verdict : nullptr;
    out.really_stopped = recorded != nullptr && recorded->stopped;
    if (!entry.first_seen.empty()) {
      BindFirstSeen(entry);
    }
    PolicyContext context;
    context.facts = entry.facts;
    context.maybe_recorded = recorded;
    context.as_written = true;
    Fold(Evaluate(policy_, report, context), report, out);
    if (present_ != nullptr) {
      context.as_written = options_.maybe_agreements == nullptr;
      context.maybe_agreements = options_.maybe_agreements;
      const model::Verdict verdict = Evaluate(*present_, report, context);
      out.present_stopped = verdict.stopped;
      for (const model::RuleOutcome& rule : verdict.rules) {
        if (rule.stage == model::Stage::kEnforce &&
            (!rule.findings.empty() || !rule.matched.empty())) {
          out.present_rules.push_back(rule.rule);
        }
      }
    }
    for (const model::Finding& finding : report.findings) {
      if (finding.treatment && (finding.treatment->kind == model::TreatmentKind::kNotAffected ||
                                finding.treatment->kind == model::TreatmentKind::kAccepted)) {
        out.closed.push_back(
            KeyOf(out.repository, model::FindingKey(finding.id, finding.component)));
      }
    }
    return out;
  }

 private:
  bool InTime(base::Seconds date) const { return date > from_ && date < to_; }

  void Fold(const model::Verdict& verdict, const model::Report& report, Judged& out) {
    out.stopped = verdict.stopped;
    out.warned = verdict.warned;
    std::set<std::string_view> stopping;
    bool by_rule = false;
    for (const model::RuleOutcome& outcome : verdict.rules) {
      JudgedRule& rule = out.rules.emplace_back();
      rule.stage = outcome.stage;
      rule.met = !outcome.findings.empty() || !outcome.matched.empty();
      rule.unknown = !outcome.unknown_why.empty();
      for (const std::string& key : outcome.findings) {
        rule.findings.push_back(KeyOf(out.repository, key));
      }
      if (outcome.stage == model::Stage::kEnforce && rule.met) {
        by_rule = true;
        stopping.insert(outcome.findings.begin(), outcome.findings.end());
        out.stopped_otherwise = out.stopped_otherwise || !outcome.matched.empty();
      }
    }
    // Notes that end so are answers of on_failure.
    out.stopped_otherwise =
        out.stopped_otherwise || (out.stopped && !by_rule) ||
        std::any_of(verdict.notes.begin(), verdict.notes.end(),
                    [](const std::string& note) { return note.ends_with("(stop)"); });
    if (stopping.empty()) {
      return;
    }
    for (const model::Finding& finding : report.findings) {
      const std::string key = model::FindingKey(finding.id, finding.component);
      if (!stopping.contains(key)) {
        continue;
      }
      JudgedFinding& made = out.stopping.emplace_back();
      made.key = KeyOf(out.repository, key);
      made.published = base::ParseTime(finding.published).value_or(-1);
      made.fix_available = base::ParseTime(finding.fix_available).value_or(-1);
      made.fixed = finding.fix_state == model::FixState::kFixed && made.fix_available <= out.date;
      if (out.shown.size() < kShownFindings) {
        out.shown.push_back(key);
      }
    }
  }

  const Policy& policy_;
  const Policy* present_;
  const ReplayOptions& options_;
  base::Seconds from_;
  base::Seconds to_;
  HistoryReader reader_;
};

// The sums, by time.
class Sums {
 public:
  Sums(const Policy& policy, const Policy* maybe_present, std::vector<Judged>& runs)
      : policy_(policy), runs_(runs), present_(maybe_present != nullptr) {
    out_.policy = policy.name;
    out_.present = maybe_present == nullptr ? "" : maybe_present->name;
  }

  ReplayResult Make() {
    std::sort(runs_.begin(), runs_.end(), [](const Judged& a, const Judged& b) {
      return std::tie(a.date, a.where) < std::tie(b.date, b.where);
    });
    for (size_t i = 0; i < runs_.size(); ++i) {
      for (const uint64_t key : runs_[i].closed) {
        last_closed_[key] = i;
      }
    }
    std::vector<std::unordered_set<uint64_t>> findings(policy_.rules.size());
    std::vector<std::set<std::string>> teams(policy_.rules.size());
    std::vector<std::set<std::string>> repositories(policy_.rules.size());
    for (const Rule& rule : policy_.rules) {
      ReplayRule& made = out_.rules.emplace_back();
      made.id = rule.id;
      made.text = rule.text;
      made.who = rule.who;
    }
    std::set<std::string_view> seen;
    std::set<std::string_view> stopped;
    for (size_t i = 0; i < runs_.size(); ++i) {
      const Judged& run = runs_[i];
      Count(i, run);
      seen.insert(run.repository);
      if (run.stopped) {
        stopped.insert(run.repository);
      }
      for (size_t at = 0; at < run.rules.size(); ++at) {
        const JudgedRule& rule = run.rules[at];
        CountRule(rule, out_.rules[at]);
        findings[at].insert(rule.findings.begin(), rule.findings.end());
        if (rule.met && rule.stage == model::Stage::kEnforce) {
          teams[at].insert(run.team);
          repositories[at].insert(run.repository);
        }
      }
    }
    for (size_t at = 0; at < out_.rules.size(); ++at) {
      out_.rules[at].findings = findings[at].size();
      out_.rules[at].teams.assign(teams[at].begin(), teams[at].end());
      out_.rules[at].repositories.assign(repositories[at].begin(), repositories[at].end());
    }
    out_.repositories = seen.size();
    out_.repositories_stopped = stopped.size();
    if (!runs_.empty()) {
      out_.from = base::FormatDate(runs_.front().date);
      out_.to = base::FormatDate(runs_.back().date);
    }
    FinishTargets();
    FinishFixes();
    return std::move(out_);
  }

 private:
  struct Fix {
    base::Seconds published;
    base::Seconds fix_available;
    bool fixed_at_first;
  };

  void CountRule(const JudgedRule& rule, ReplayRule& out) const {
    out.stage = std::max(out.stage, rule.stage);
    out.undecided += rule.unknown ? 1 : 0;
    if (rule.met) {
      ++(rule.stage == model::Stage::kEnforce ? out.stopped
         : rule.stage == model::Stage::kWarn  ? out.warned
                                              : out.observed);
    }
  }

  void Count(size_t place, const Judged& run) {
    ++out_.runs;
    out_.really += run.really_stopped ? 1 : 0;
    out_.stopped += run.stopped ? 1 : 0;
    out_.warned += run.warned && !run.stopped ? 1 : 0;
    Target& target = targets_[{run.team, run.repository}];
    ++target.sums.runs;
    target.sums.stopped += run.stopped ? 1 : 0;
    target.sums.warned += run.warned && !run.stopped ? 1 : 0;
    for (size_t at = 0; at < run.rules.size(); ++at) {
      if (run.rules[at].met && run.rules[at].stage == model::Stage::kEnforce) {
        target.rules.insert(at);
      }
    }
    if (present_ && run.stopped != run.present_stopped) {
      ++(run.stopped ? out_.newly_stopped : out_.no_longer_stopped);
      ++(run.stopped ? target.sums.newly_stopped : target.sums.no_longer_stopped);
      auto& list = run.stopped ? out_.newly : out_.no_longer;
      if (list.size() < kShownRuns) {
        list.push_back({run.where, base::FormatTime(run.date), run.team, run.repository,
                        run.reference, run.stopped ? RulesOf(run) : run.present_rules, run.shown});
      }
    }
    if (run.stopped) {
      CountStop(place, run);
    }
  }

  std::vector<std::string> RulesOf(const Judged& run) const {
    std::vector<std::string> out;
    for (size_t at = 0; at < run.rules.size(); ++at) {
      if (run.rules[at].met && run.rules[at].stage == model::Stage::kEnforce) {
        out.push_back(policy_.rules[at].id);
      }
    }
    return out;
  }

  void CountStop(size_t place, const Judged& run) {
    ++out_.falses.stops;
    bool all_false = !run.stopped_otherwise && !run.stopping.empty();
    for (const JudgedFinding& finding : run.stopping) {
      ++out_.falses.findings;
      const auto closed = last_closed_.find(finding.key);
      const bool later = closed != last_closed_.end() && closed->second > place;
      out_.falses.without_fix += finding.fixed ? 0 : 1;
      out_.falses.closed_later += later ? 1 : 0;
      all_false = all_false && (!finding.fixed || later);
      const auto [fix, first] = fixes_.try_emplace(
          finding.key, Fix{finding.published, finding.fix_available, finding.fixed});
      if (!first && finding.fix_available >= 0) {
        fix->second.published = finding.published;  // what was known later
        fix->second.fix_available = finding.fix_available;
      }
    }
    out_.falses.false_stops += all_false ? 1 : 0;
  }

  void FinishTargets() {
    for (auto& [name, target] : targets_) {
      if (target.sums.stopped + target.sums.warned + target.sums.no_longer_stopped == 0) {
        continue;
      }
      target.sums.team = name.first;
      target.sums.repository = name.second;
      for (const size_t at : target.rules) {
        target.sums.rules.push_back(policy_.rules[at].id);
      }
      out_.targets.push_back(std::move(target.sums));
    }
    std::stable_sort(out_.targets.begin(), out_.targets.end(),
                     [](const ReplayTarget& a, const ReplayTarget& b) {
                       return std::tie(b.stopped, b.warned) < std::tie(a.stopped, a.warned);
                     });
  }

  void FinishFixes() {
    std::vector<int64_t> days;
    for (const auto& [key, fix] : fixes_) {
      ++out_.fixes.findings;
      out_.fixes.no_fix += fix.fixed_at_first ? 0 : 1;
      if (fix.published >= 0 && fix.fix_available >= 0) {
        // A fix that came before the publication was there on the first day.
        days.push_back(std::max<int64_t>(0, fix.fix_available - fix.published) /
                       base::kSecondsPerDay);
      }
    }
    std::sort(days.begin(), days.end());
    out_.fixes.dated = days.size();
    if (!days.empty()) {
      // The smallest number that at least half, or nine tenths, do not exceed.
      out_.fixes.median_days = days[(days.size() - 1) / 2];
      out_.fixes.p90_days = days[(days.size() * 9 + 9) / 10 - 1];
    }
  }

  struct Target {
    ReplayTarget sums;
    std::set<size_t> rules;
  };
  const Policy& policy_;
  std::vector<Judged>& runs_;
  bool present_;
  ReplayResult out_;
  std::unordered_map<uint64_t, size_t> last_closed_;
  std::unordered_map<uint64_t, Fix> fixes_;
  std::map<std::pair<std::string, std::string>, Target> targets_;
};

void Cut(std::string_view text, size_t file, std::vector<Line>& out) {
  uint64_t number = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    ++number;
    if (!base::Trim(line).empty()) {
      out.push_back({line, file, number, end != std::string_view::npos});
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool ReadsComponents(const Rule& rule) {
  const auto& roots = rule.when.schema().roots;
  return std::any_of(rule.when.reads().begin(), rule.when.reads().end(),
                     [&](const auto& field) { return roots[field.first].name == "components"; });
}

}  // namespace

base::Result<ReplayResult> Replay(const Policy& policy, const Policy* maybe_present,
                                  const std::vector<std::string>& files,
                                  std::vector<HistoryEntry> entries, const ReplayOptions& options) {
  std::vector<base::MappedFile> mapped;
  std::vector<Line> lines;
  for (const std::string& path : files) {
    SCANTLING_TRY(base::MappedFile file, base::MappedFile::Open(path));
    mapped.push_back(std::move(file));
    Cut(base::AsText(mapped.back().bytes()), mapped.size() - 1, lines);
  }
  // Up to the end of the present day, so that a date without a time holds that day's runs.
  const base::Seconds to = (options.now / base::kSecondsPerDay + 1) * base::kSecondsPerDay;
  const base::Seconds from =
      options.days > 0 ? options.now - options.days * base::kSecondsPerDay : -1;
  std::vector<Judged> judged(lines.size() + entries.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    Worker worker(policy, maybe_present, options, from, to);
    constexpr size_t kBlock = 8;
    for (size_t at = next.fetch_add(kBlock); at < judged.size(); at = next.fetch_add(kBlock)) {
      for (size_t i = at; i < std::min(judged.size(), at + kBlock); ++i) {
        judged[i] = i < lines.size() ? worker.ReadLine(lines[i], files[lines[i].file])
                                     : worker.Judge(entries[i - lines.size()]);
      }
    }
  };
  {
    const size_t wanted =
        options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    for (size_t i = 1; i < std::min(wanted, judged.size() / 8 + 1); ++i) {
      threads.emplace_back(work);
    }
    work();
  }
  std::vector<std::string> notes;
  uint64_t left_out = 0;
  uint64_t unread = 0;
  for (Judged& run : judged) {
    if (!run.problem.empty()) {
      ++unread;
      if (notes.size() < kShownNotes) {
        notes.push_back(std::move(run.problem));
      }
    } else if (!run.counts) {
      ++left_out;
    }
  }
  if (unread > notes.size()) {
    notes.push_back("and " + std::to_string(unread - notes.size()) + " more lines");
  }
  for (const Rule& rule : policy.rules) {
    if (ReadsComponents(rule) && !lines.empty()) {
      notes.push_back("rule " + rule.id +
                      " asks for all components; a history has those with findings only");
    }
  }
  std::erase_if(judged, [](const Judged& run) { return !run.counts; });
  ReplayResult out = Sums(policy, maybe_present, judged).Make();
  out.left_out = left_out;
  out.notes = std::move(notes);
  return out;
}

}  // namespace scantling::policy
