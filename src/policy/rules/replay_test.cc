// Lines of a history, there and back, and what a replay makes of them.
#include "policy/rules/replay.h"

#include "base/strings.h"
#include "codec/json.h"
#include "policy/rules/evaluate.h"
#include "policy/vex/test_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace scantling::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr base::Seconds kNow = 1'795'478'400;  // 2026-11-24
constexpr base::Seconds kDay = base::kSecondsPerDay;

class Folder {
 public:
  Folder() {
    std::string name = ::testing::TempDir() + "/history-XXXXXX";
    path_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Policy TestPolicy(const std::string& rules) {
  auto policy = ParsePolicy("schema: scantling.policy/1\nname: p\nrules:\n" + rules, "p.yaml");
  EXPECT_TRUE(policy.has_value()) << (policy ? "" : policy.error().Message());
  return *std::move(policy);
}

model::Report FullReport() {
  model::Report report = TestReport();
  report.ecosystems = {{"npm", 2, "2026-11-20", model::DataState::kCovered},
                       {"golang", 3, "", model::DataState::kNoData}};
  report.database = {"sha256:db", false, {}};
  report.distro_end_of_life = "2028-06-30";
  report.base_layers = 1;
  report.base_name = "debian:12";
  report.base_known_by = "certain: annotation";
  report.comparison.emplace().against = "main";
  report.inventory.coverage.skipped.resize(2);
  report.inventory.image.created = "2026-11-01T00:00:00Z";
  report.inventory.image.config = model::ImageConfig{.user = "0:0",
                                                     .environment = {"PATH", "TZ"},
                                                     .ports = {"80/tcp"},
                                                     .entrypoint = {"/app"},
                                                     .command = {"-v", ""},
                                                     .working_folder = "/",
                                                     .volumes = {"/d"},
                                                     .labels = {{"a", "b=c"}, {"d", ""}},
                                                     .stop_signal = "SIGINT",
                                                     .healthcheck = {"NONE"}};
  report.inventory.image.layers[1].created_by = "RUN \"npm ci\"";
  report.inventory.image.layers[1].size_bytes = 77;
  report.inventory.image.layers[1].line = 4;
  report.inventory.components[0].licenses = {"LGPL-2.1"};
  report.inventory.components[3].via = {"express@4"};
  report.inventory.components[4].owner = "pkg:deb/x";
  report.inventory.components[4].role = model::Role::kBuildOnly;
  report.inventory.components[4].essential = true;
  model::Finding& finding = report.findings[0];
  finding.summary = "Log4Shell \"\xE2\x9C\x93\"\n";
  finding.severity = {model::Level::kCritical, 10.0, "", "nvd"};
  finding.epss = model::Epss{0.97, 0.999, ""};
  finding.kev = model::Kev{"2021-12-10", "2021-12-24", true};
  finding.exploit = model::Exploit{model::ExploitKind::kWeaponised, {}};
  finding.fix_state = model::FixState::kFixed;
  finding.fixed_versions = {"2.15.0", "2.17.1"};
  finding.published = "2021-12-10";
  finding.fix_available = "2021-12-13";
  finding.priority.level = "immediate";
  finding.priority.due = "2021-12-16";
  finding.priority.risk = 0.93;
  finding.change = model::Change::kIntroduced;
  finding.source = "maven-ghsa";
  finding.advisory = "GHSA-jfh8-c2jp-5v3q";
  report.findings[1].treatment =
      model::Treatment{model::TreatmentKind::kAccepted, "EX-1", "e", "", "", "", "", "2026-12-01"};
  return report;
}

// Every field that a condition may ask has the same value before and after.
TEST(History, ALineHasWhatConditionsAsk) {
  const model::Report report = FullReport();
  RunFacts facts;
  facts.environment = "production";
  facts.team = "shop";
  facts.exposed = "yes";
  facts.now = kNow + 5;
  facts.first_seen = [](const model::Finding& finding, const model::Component&) {
    return finding.id == "CVE-2021-44228" ? std::string("2026-10-01") : std::string();
  };
  const std::string line = HistoryLine(report, facts);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(DateOfLine(line), kNow + 5);
  HistoryReader reader;
  auto entry = reader.Read(line, "h:1");
  ASSERT_TRUE(entry.has_value()) << entry.error().Message();
  EXPECT_EQ(entry->repository, "ghcr.io/acme/shop");
  BindFirstSeen(*entry);
  Variables before(report, facts);
  Variables after(entry->report, entry->facts);
  const cel::Schema& schema = VariableSchema(false);
  size_t compared = 0;
  for (size_t finding = 0; finding < report.findings.size(); ++finding) {
    const cel::Rows& a = before.ForFinding(finding);
    const cel::Rows& b = after.ForFinding(finding);
    for (size_t root = 0; root < schema.roots.size(); ++root) {
      const auto fields = schema.roots[root].record->fields;
      for (size_t field = 0; field < fields.size(); ++field) {
        const cel::Value& x = a.roots[root][field];
        const cel::Value& y = b.roots[root][field];
        SCOPED_TRACE(std::string(schema.roots[root].name) + "." + std::string(fields[field].name));
        ASSERT_EQ(x.kind, y.kind);
        ++compared;
        if (x.kind == cel::Kind::kString) {
          EXPECT_EQ(x.Text(), y.Text());
        } else if (x.kind == cel::Kind::kList) {
          ASSERT_EQ(x.size, y.size);
          for (size_t i = 0; i < x.size; ++i) {
            EXPECT_EQ(x.items[i].Text(), y.items[i].Text());
          }
        } else if (x.kind == cel::Kind::kBool) {
          EXPECT_EQ(x.truth, y.truth);
        } else if (x.kind != cel::Kind::kError) {
          EXPECT_EQ(x.number, y.number);
        }
      }
    }
  }
  EXPECT_EQ(compared, 5U * 78U);
  EXPECT_EQ(entry->report.findings[1].treatment->until, "2026-12-01");
  EXPECT_EQ(HistoryLine(entry->report, entry->facts), line);
}

TEST(History, TheVerdictIsInIt) {
  model::Report report = FullReport();
  const Policy policy = TestPolicy(
      "- {id: kev, text: t, when: finding.kev, stage: enforce, environments: {dev: warn}}\n"
      "- {id: eol, text: t, applies_to: image, when: image.components > 2}\n");
  PolicyContext context;
  context.facts.now = kNow;
  report.verdict = Evaluate(policy, report, context);
  HistoryReader reader;
  auto entry = reader.Read(HistoryLine(report, context.facts), "h:1");
  ASSERT_TRUE(entry.has_value()) << entry.error().Message();
  const model::Verdict& verdict = *entry->report.verdict;
  EXPECT_EQ(verdict.policy_digest, policy.digest);
  EXPECT_TRUE(verdict.warned);
  ASSERT_EQ(verdict.rules.size(), 2U);
  EXPECT_EQ(verdict.rules[0].findings, report.verdict->rules[0].findings);
  EXPECT_EQ(verdict.rules[0].asked, model::Stage::kEnforce);
  EXPECT_EQ(verdict.rules[1].matched, "image.components > 2");
}

TEST(History, DamagedLinesAreErrors) {
  model::Report report = FullReport();
  RunFacts facts;
  facts.now = kNow;
  const std::string line = HistoryLine(report, facts);
  HistoryReader reader;
  for (size_t i = 0; i + 1 < line.size(); ++i) {
    EXPECT_FALSE(reader.Read(std::string_view(line).substr(0, i), "h").has_value()) << i;
  }
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = line;
    damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8);
    if (auto entry = reader.Read(damaged, "h")) {
      EXPECT_FALSE(HistoryLine(entry->report, entry->facts).empty());
    }
  }
  const auto message = [&](std::string_view from, std::string_view to) {
    std::string damaged = line;
    damaged.replace(damaged.find(from), from.size(), to);
    const auto entry = reader.Read(damaged, "h");
    return entry ? std::string("no error") : entry.error().Message();
  };
  EXPECT_THAT(message("history/1", "history/9"), HasSubstr("no line of scantling.history/1"));
  EXPECT_THAT(message("\"risk\":0.93", "\"risk\":-1"), HasSubstr("risk is not a number"));
  EXPECT_THAT(message("\"critical\"", "\"dire\""), HasSubstr("severity is not a word"));
  EXPECT_THAT(message("\"component\":1", "\"component\":9"), HasSubstr("place of a component"));
  EXPECT_THAT(message("\"bytes\":77", "\"bytes\":-1"), HasSubstr("bytes is not a whole number"));
}

struct RunOf {
  base::Seconds date;
  std::string team = "shop";
  std::string repository = "acme/shop";
  model::Report report = {};
};

model::Finding Critical(const std::string& id, const std::string& published,
                        const std::string& fix_available) {
  model::Finding out;
  out.id = id;
  out.component = "pkg:npm/a@1";
  out.severity.level = model::Level::kCritical;
  out.published = published;
  out.fix_available = fix_available;
  out.fix_state = fix_available.empty() ? model::FixState::kNotFixed : model::FixState::kFixed;
  return out;
}

std::string LineOf(RunOf run, std::vector<model::Finding> findings, bool stopped = false) {
  run.report.inventory.image.reference = run.repository + ":1";
  run.report.ecosystems = {{"npm", 1, base::FormatDate(run.date), model::DataState::kCovered}};
  run.report.inventory.components = {
      TestComponent("pkg:npm/a@1", "a", "1", version::Ecosystem::kNpm)};
  run.report.findings = std::move(findings);
  run.report.verdict.emplace().stopped = stopped;
  RunFacts facts;
  facts.team = run.team;
  facts.now = run.date;
  return HistoryLine(run.report, facts);
}

ReplayOptions Options(int64_t days = 30) {
  ReplayOptions out;
  out.now = kNow;
  out.days = days;
  return out;
}

constexpr std::string_view kCritical =
    "- {id: critical, text: t, who: app, when: 'finding.severity == \"critical\"', stage: "
    "enforce}\n";

TEST(Replay, SaysWhatWouldHaveBeenStopped) {
  const Folder folder;
  folder.Write("2026-09.jsonl", LineOf({kNow - 80 * kDay}, {}));
  folder.Write(
      "2026-11.jsonl",
      // No fix yet: a false stop.
      LineOf({kNow - 10 * kDay}, {Critical("CVE-1", "2026-11-10", "")}) +
          // A fix after four days: a real one, and it really stopped.
          LineOf({kNow - 8 * kDay}, {Critical("CVE-1", "2026-11-10", "2026-11-14")}, true) +
          // Closed on the next day: a false one.
          LineOf({kNow - 6 * kDay, "pay", "acme/pay"},
                 {Critical("CVE-2", "2026-11-01", "2026-11-01")}) +
          LineOf({kNow - 5 * kDay, "pay", "acme/pay"}, {[] {
                   model::Finding out = Critical("CVE-2", "2026-11-01", "2026-11-01");
                   out.treatment.emplace().kind = model::TreatmentKind::kNotAffected;
                   return out;
                 }()}) +
          LineOf({kNow + kDay / 2}, {}) +
          // Of tomorrow.
          LineOf({kNow + kDay}, {}) + "\n" + "{\"schema\":\"scantling.hist");
  folder.Write("notes.txt", "not a history");
  const auto files = HistoryFiles(folder.path());
  ASSERT_TRUE(files.has_value());
  ASSERT_EQ(files->size(), 2U);
  const Policy policy = TestPolicy(std::string(kCritical));
  const Policy present = TestPolicy(
      "- {id: old, text: t, when: 'finding.id == \"CVE-2\"', stage: enforce}\n"
      "- {id: image, text: t, applies_to: image, when: 'findings.size() == 0', stage: warn}\n");
  const auto result = Replay(policy, &present, *files, {}, Options());
  ASSERT_TRUE(result.has_value()) << result.error().Message();
  EXPECT_EQ(result->runs, 5U);
  EXPECT_EQ(result->left_out, 2U);
  EXPECT_EQ(result->stopped, 3U);
  EXPECT_EQ(result->really, 1U);
  EXPECT_EQ(result->repositories, 2U);
  EXPECT_EQ(result->rules[0].stopped, 3U);
  EXPECT_EQ(result->rules[0].findings, 2U);
  EXPECT_THAT(result->rules[0].teams, ElementsAre("pay", "shop"));
  ASSERT_EQ(result->targets.size(), 2U);
  EXPECT_EQ(result->targets[0].team, "shop");
  EXPECT_EQ(result->targets[0].stopped, 2U);
  EXPECT_EQ(result->falses.stops, 3U);
  EXPECT_EQ(result->falses.false_stops, 2U);
  EXPECT_EQ(result->falses.without_fix, 1U);
  EXPECT_EQ(result->falses.closed_later, 1U);
  EXPECT_EQ(result->fixes.findings, 2U);
  EXPECT_EQ(result->fixes.no_fix, 1U);
  EXPECT_EQ(result->fixes.dated, 2U);
  EXPECT_EQ(result->fixes.median_days, 0);
  EXPECT_EQ(result->fixes.p90_days, 4);
  EXPECT_EQ(result->newly_stopped, 2U);
  EXPECT_EQ(result->no_longer_stopped, 0U);
  ASSERT_EQ(result->notes.size(), 1U);
  EXPECT_THAT(result->notes[0], HasSubstr("2026-11.jsonl:8: "));
  EXPECT_THAT(result->notes[0], HasSubstr("not written to its end"));
  const std::string text = ReplayText(*result);
  EXPECT_THAT(text, HasSubstr("Would have stopped 3 runs (60.0 %) of 2 repositories"));
  EXPECT_THAT(text, HasSubstr("critical (enforce): stops 3 runs of 2 repositories, 2 findings"));
  EXPECT_THAT(text, HasSubstr("False stops: 2 of 3 (66.7 %)"));
  codec::Json json;
  const std::string as_json = ReplayJson(*result);
  const auto root = json.Parse(as_json);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ((*root)["false_stops"]["false_stops"].Int(), 2);
  EXPECT_EQ((*root)["newly"].Size(), 2U);
}

TEST(Replay, TheSameAtAnyNumberOfThreads) {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += LineOf(
        {kNow - i * kDay / 8, "team" + std::to_string(i % 3), "acme/r" + std::to_string(i % 7)},
        {Critical("CVE-" + std::to_string(i % 5), "2026-01-01", i % 2 == 0 ? "2026-02-01" : "")});
  }
  folder.Write("a.jsonl", text);
  const Policy policy = TestPolicy(std::string(kCritical));
  const auto files = HistoryFiles(folder.path());
  std::string first;
  for (const unsigned threads : {1U, 2U, 7U}) {
    ReplayOptions options = Options();
    options.threads = threads;
    const auto result = Replay(policy, nullptr, *files, {}, options);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->runs, 200U);
    first = first.empty() ? ReplayJson(*result) : first;
    EXPECT_EQ(ReplayJson(*result), first);
  }
}

TEST(Replay, TeamsEnvironmentsAgreementsAndExceptions) {
  const Folder folder;
  RunOf run{kNow - kDay};
  std::string lines = LineOf(run, {Critical("CVE-1", "2026-01-01", "2026-01-02")});
  // What an exception left out of the rule then is left out again.
  RunOf excepted{kNow - kDay};
  model::Report report;
  report.inventory.image.reference = "acme/web:1";
  report.ecosystems = {{"npm", 1, "2026-11-23", model::DataState::kCovered}};
  report.inventory.components = {TestComponent("pkg:npm/a@1", "a", "1", version::Ecosystem::kNpm)};
  report.findings = {Critical("CVE-1", "2026-01-01", "2026-01-02")};
  model::RuleOutcome& outcome = report.verdict.emplace().rules.emplace_back();
  outcome.rule = "critical";
  outcome.excepted = {"CVE-1@pkg:npm/a@1"};
  RunFacts facts;
  facts.team = "web";
  facts.environment = "production";
  facts.now = kNow - kDay;
  lines += HistoryLine(report, facts);
  folder.Write("a.jsonl", lines);
  const auto files = HistoryFiles(folder.path());
  const Policy policy = TestPolicy(std::string(kCritical));
  const auto all = Replay(policy, &policy, *files, {}, Options());
  EXPECT_EQ(all->stopped, 1U);
  EXPECT_EQ(all->newly_stopped, 0U);
  Agreements none;
  ReplayOptions options = Options();
  options.maybe_agreements = &none;  // the present one is held back, the new one is not
  EXPECT_EQ(Replay(policy, &policy, *files, {}, options)->newly_stopped, 1U);
  options.team = "web";
  EXPECT_EQ(Replay(policy, nullptr, *files, {}, options)->stopped, 0U);
  EXPECT_EQ(Replay(policy, nullptr, *files, {}, options)->runs, 1U);
  options.team = "";
  options.environment = "staging";
  EXPECT_EQ(Replay(policy, nullptr, *files, {}, options)->runs, 0U);
  EXPECT_THAT(ReplayText(*Replay(policy, nullptr, *files, {}, options)), HasSubstr("over 0 runs"));
}

// A rule about the image has no finding by whose place a line could name what was left out.
TEST(Replay, ExceptionsForRulesAboutTheImage) {
  const Policy policy = TestPolicy(
      "- {id: root, text: t, applies_to: image, when: config.runs_as_root, stage: enforce}\n");
  model::Report report = FullReport();
  const auto exceptions = ParseExceptions(
      "schema: scantling.exceptions/1\nexceptions:\n- {id: EX-1, rule: root, owner: a, approver: "
      "b, "
      "reason: accepted_risk, words: w, created: 2026-11-01, until: 2026-12-01}\n",
      "e.yaml");
  ASSERT_TRUE(exceptions.has_value());
  PolicyContext context;
  context.facts.now = kNow - kDay;
  context.facts.team = "shop";
  context.exceptions = std::span(&*exceptions, 1);
  context.as_written = true;
  const Folder folder;
  report.verdict = Evaluate(policy, report, context);
  EXPECT_THAT(report.verdict->rules[0].excepted, ElementsAre("image"));
  folder.Write("a.jsonl", HistoryLine(report, context.facts));
  EXPECT_EQ(Replay(policy, nullptr, *HistoryFiles(folder.path()), {}, Options())->stopped, 0U);
  context.exceptions = {};
  report.verdict = Evaluate(policy, report, context);
  folder.Write("a.jsonl", HistoryLine(report, context.facts));
  EXPECT_EQ(Replay(policy, nullptr, *HistoryFiles(folder.path()), {}, Options())->stopped, 1U);
}

TEST(Replay, AReportCanBeAnEntryAndALineFollowsATornOne) {
  model::Report report = FullReport();
  std::vector<HistoryEntry> entries;
  entries.push_back(EntryFromReport(std::move(report), "r.json", kNow - kDay));
  const Folder folder;
  const std::string line = LineOf({kNow - kDay}, {Critical("CVE-1", "2026-01-01", "2026-01-02")});
  folder.Write("a.jsonl", line.substr(0, 100) + line);
  const auto result = Replay(TestPolicy(std::string(kCritical)), nullptr,
                             *HistoryFiles(folder.path()), std::move(entries), Options());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->runs, 2U);
  EXPECT_EQ(result->stopped, 2U);
  EXPECT_EQ(result->notes.size(), 1U);
}

// A history is data: what it says obeys the screen, not the other way round.
TEST(Replay, NamesDoNotReachTheTerminalAsCommands) {
  const Folder folder;
  folder.Write("a.jsonl", LineOf({kNow - kDay, "te\x1b[2Jam\n",
                                  "acme/\xC2\x9B"
                                  "31mshop\nNote: x"},
                                 {Critical("CVE-\x1b]0;x\x07", "2026-01-01", "2026-01-02")}));
  const auto result = Replay(TestPolicy(std::string(kCritical)), nullptr,
                             *HistoryFiles(folder.path()), {}, Options());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->stopped, 1U);
  const std::string text = ReplayText(*result);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
  EXPECT_EQ(text.find("\nNote"), std::string::npos);
}

TEST(Replay, FoldersAndFilesThatAreNotThere) {
  EXPECT_FALSE(HistoryFiles("/nowhere/history").has_value());
  EXPECT_FALSE(
      Replay(TestPolicy(std::string(kCritical)), nullptr, {"/nowhere/a.jsonl"}, {}, Options())
          .has_value());
}

}  // namespace
}  // namespace scantling::policy
