// scantling ci: the image against its baseline, judged by a policy, told in the forms that a
// pipeline reads.
#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "policy/change/compare.h"
#include "policy/rules/evaluate.h"
#include "policy/rules/history.h"
#include "report/pipeline_parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace scantling::cli {
namespace {

// "main" is a name, "old/main.json" and "shop.tar" are files.
bool IsName(const std::string& text) {
  return !text.empty() && text.front() != '.' && text.find_first_of("/:") == std::string::npos &&
         !text.ends_with(".json");
}

base::Result<Subject> ReadAgainst(const Settings& settings) {
  std::error_code error;
  if (std::filesystem::exists(settings.against, error) || !IsName(settings.against)) {
    return ReadSubject(settings, settings.against).With("--against");
  }
  const std::string path = BaselinePath(settings, settings.against);
  if (!std::filesystem::exists(path, error)) {
    return base::NotFound("--against: there is no baseline \"" + settings.against + "\": " + path +
                          " does not exist. Make it where that branch is built: scantling ci IMAGE "
                          "--save-baseline " +
                          settings.against);
  }
  SCANTLING_TRY(Subject subject, ReadSubject(settings, path).With("--against"));
  if (subject.baseline) {
    subject.baseline->path = settings.against;
  }
  return subject;
}

base::Result<void> SaveBaseline(const Settings& settings, const model::Report& report,
                                const policy::Baseline* maybe_previous, base::Seconds now) {
  std::string path = settings.save_baseline;
  if (IsName(path)) {
    path = BaselinePath(settings, path);
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  }
  return WriteTo(path,
                 [&](base::Output& output) {
                   policy::WriteBaseline(report, maybe_previous, now, output);
                 })
      .With("--save-baseline");
}

// Everything that a run needs beside the image, read before any layer.
struct Inputs {
  std::vector<Destination> destinations;
  policy::Policy policy;
  std::optional<policy::Agreements> agreements;
  Judgement judgement;
  OpenedDatabase database;
};

base::Result<Inputs> ReadInputs(const Settings& settings, const std::vector<std::string>& sources) {
  SCANTLING_TRY(std::vector<Destination> destinations, Destinations(settings, sources));
  SCANTLING_DO(CheckTemplate(settings, destinations));
  SCANTLING_TRY(policy::Policy policy,
                ReadPolicy(settings, settings.policy.empty() ? "look-first" : settings.policy));
  SCANTLING_TRY(auto agreements, ReadAgreements(settings));
  SCANTLING_TRY(Judgement judgement, ReadJudgement(settings));
  SCANTLING_TRY(OpenedDatabase database, OpenDatabase(settings));
  return Inputs{std::move(destinations), std::move(policy), std::move(agreements),
                std::move(judgement), std::move(database)};
}

// The report of the run, with its comparison and verdict, and what that made of the exceptions.
base::Result<model::Report> Judge(const Settings& settings, const Inputs& inputs,
                                  const policy::PolicyContext& context, Subject& subject,
                                  const std::optional<OldSide>& old_side) {
  SCANTLING_TRY(model::Report report,
                MakeReport(std::move(subject.inventory), inputs.database.database, settings,
                           inputs.judgement, subject.report ? &*subject.report : nullptr));
  if (old_side) {
    policy::Compare(report, old_side->baseline, old_side->rematched);
    const model::Image& old = old_side->baseline.inventory.image;
    const model::Image& now = report.inventory.image;
    if (!old.reference.empty() && !now.reference.empty() &&
        rank::RepositoryPath(old.reference) != rank::RepositoryPath(now.reference)) {
      auto& notes = report.comparison->notes;
      notes.insert(notes.begin(), "the baseline is of another image: " + old.reference);
    }
  }
  report.verdict = policy::Evaluate(inputs.policy, report, context);
  if (!inputs.judgement.exceptions.empty()) {
    policy::ApplyRuleExceptions(report, inputs.judgement.exceptions,
                                {settings.environment, inputs.judgement.now});
  }
  return report;
}

// One line to the file of the month, in one write: runs at the same time do not mix.
base::Result<void> AppendHistory(const std::string& folder, const model::Report& report,
                                 const policy::RunFacts& facts) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = folder + "/" + base::FormatDate(facts.now).substr(0, 7) + ".jsonl";
  const base::Fd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!file.valid()) {
    return base::IoError(path);
  }
  const std::string line = policy::HistoryLine(report, facts);
  if (::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return base::IoError(path);
  }
  return {};
}

// No image, no findings: the policy says what follows, and the forms for pipelines tell it. By the
// baseline's image they name the same one as those of a run that went well.
int ScanFailedExit(const Settings& settings, const Inputs& inputs, const std::string& source,
                   const base::Error& error, const policy::PolicyContext& context,
                   const std::optional<OldSide>& old_side) {
  model::Report report;
  report.inventory.image.source = source;
  report.inventory.image.dockerfile = settings.dockerfile;
  if (old_side) {
    report.inventory.image.reference = old_side->baseline.inventory.image.reference;
    report.inventory.image.reference = report::RepositoryOf(report);  // its tag is not this run's
  }
  report.verdict = policy::ScanFailed(inputs.policy, error.Message(), context);
  const auto written = WriteFailed(settings, inputs.destinations, report);
  if (report.verdict->stopped) {
    if (!written) {
      Warn(settings, written.error().Message());
    }
    return Fail(error);
  }
  for (const std::string& note : report.verdict->notes) {
    Warn(settings, note);
  }
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

}  // namespace

int RunCi(const Invocation& invocation) {
  Settings settings = invocation.settings;
  if (!settings.origins.contains("format")) {
    settings.format = "ci-text";
  }
  const auto inputs = ReadInputs(settings, invocation.arguments);
  if (!inputs) {
    return Fail(inputs.error());
  }
  policy::PolicyContext context;
  context.facts.environment = settings.environment;
  context.facts.team = settings.team;
  context.facts.exposed = settings.exposed;
  context.facts.now = inputs->judgement.now;
  context.maybe_agreements = inputs->agreements ? &*inputs->agreements : nullptr;
  context.exceptions = inputs->judgement.exceptions;

  for (const policy::Exceptions& file : inputs->judgement.exceptions) {
    for (const policy::Exception& entry : file.entries) {
      if (!entry.rule.empty() && inputs->policy.MaybeRule(entry.rule) == nullptr) {
        Warn(settings, entry.where + ": exception " + entry.id + " is for the rule \"" +
                           entry.rule + "\", which policy " + inputs->policy.name +
                           " does not have");
      }
    }
  }
  if (inputs->agreements) {
    for (const policy::Agreement& entry : inputs->agreements->entries) {
      if (entry.policy == inputs->policy.name && inputs->policy.MaybeRule(entry.rule) == nullptr) {
        Warn(settings, entry.where + ": an agreement is for the rule \"" + entry.rule +
                           "\", which policy " + inputs->policy.name + " does not have");
      }
    }
  }
  std::optional<OldSide> old_side;
  SubjectKind against_kind = SubjectKind::kBaseline;
  if (!settings.against.empty()) {
    auto against = ReadAgainst(settings);
    if (!against) {
      return Fail(against.error());
    }
    against_kind = against->kind;
    auto judged = JudgeOldSide(*std::move(against), inputs->database.database, settings);
    if (!judged) {
      return Fail(judged.error());
    }
    old_side = *std::move(judged);
  }
  std::optional<policy::FirstSeen> first_seen;
  // An image taken as it is tells nothing of when something was first seen.
  if (old_side && against_kind != SubjectKind::kImage) {
    first_seen.emplace(old_side->baseline);
    context.facts.first_seen = [&first_seen](const model::Finding& finding,
                                             const model::Component& component) {
      return std::string(first_seen->Of(finding, component));
    };
  }
  auto subject = ReadSubject(settings, invocation.arguments[0]);
  if (!subject) {
    return ScanFailedExit(settings, *inputs, invocation.arguments[0], subject.error(), context,
                          old_side);
  }
  auto report = Judge(settings, *inputs, context, *subject, old_side);
  if (!report) {
    return Fail(report.error());
  }
  if (subject->kind == SubjectKind::kImage && !report->verdict->stopped) {
    Remember(settings, report->inventory.image, inputs->judgement.now);
  }
  if (const auto written = WriteReport(settings, inputs->destinations, *report); !written) {
    return Fail(written.error());
  }
  // A baseline is what was accepted: a run that is stopped does not replace the one that it was
  // compared with, or the next run would pass.
  const bool refused = report->verdict->stopped && old_side;
  if (!settings.save_baseline.empty() && refused) {
    Note(settings, "the baseline is not saved: this run was stopped");
  }
  if (!settings.save_baseline.empty() && !refused) {
    if (const auto saved = SaveBaseline(settings, *report, old_side ? &old_side->baseline : nullptr,
                                        inputs->judgement.now);
        !saved) {
      return Fail(saved.error());
    }
  }
  if (!settings.history.empty()) {
    if (auto kept = AppendHistory(settings.history, *report, context.facts); !kept) {
      return Fail(std::move(kept).error().With("--history"));
    }
  }
  return report->verdict->stopped ? kThresholdMet : ThresholdExit(settings, *report);
}

}  // namespace scantling::cli
