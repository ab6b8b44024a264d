// scantling policy: rules read, tried on cases, explained, and replayed over what was.
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "policy/rules/cases.h"
#include "policy/rules/explain.h"
#include "policy/rules/ready.h"
#include "policy/rules/replay.h"
#include "report/report.h"
#include "report/text.h"

#include <algorithm>
#include <filesystem>

namespace scantling::cli {
namespace {

using report::Clean;

// A file's lines are kept: messages of policies have one mistake a line.
std::string CleanLines(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::Split(text, '\n')) {
    out += Clean(line) + "\n";
  }
  return out;
}

base::Result<model::Report> ReadReport(const Settings& settings, const std::string& path) {
  SCANTLING_TRY(const std::string text, base::ReadFile(path, settings.limits.document_bytes));
  return report::FromJson(text).With(path);
}

// "policy.yaml" -> "policy.cases.yaml".
std::string CasesBeside(const std::string& policy) {
  std::filesystem::path path(policy);
  const std::string extension = path.extension().string();
  return path.replace_extension(".cases" + extension).string();
}

// The reports in a history's folder, beside its lines.
base::Result<std::vector<policy::HistoryEntry>> ReportsIn(const Settings& settings,
                                                          const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<policy::HistoryEntry> out;
  for (const std::string& path : paths) {
    auto report = ReadReport(settings, path);
    if (!report) {
      Warn(settings, "not replayed: " + report.error().Message());
      continue;
    }
    out.push_back(policy::EntryFromReport(*std::move(report), path, -1));
  }
  return out;
}

}  // namespace

int RunPolicyCheck(const Invocation& invocation) {
  const auto policy = ReadPolicy(invocation.settings, invocation.arguments[0]);
  if (!policy) {
    return Fail(policy.error());
  }
  std::string out = Clean(policy->name) + ": " + report::Count(policy->rules.size(), "rule") + "\n";
  for (const policy::Rule& rule : policy->rules) {
    std::string stage(model::ToString(rule.stage));
    for (const auto& [environment, own] : rule.environments) {
      stage += ", " + Clean(environment) + ": " + std::string(model::ToString(own));
    }
    out += "  " + report::Pad(Clean(rule.id), 28) + " " +
           (stage.size() < 8 ? report::Pad(stage, 8) : stage) + "  " + rule.digest + "\n";
  }
  return Print(out);
}

int RunPolicyTest(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string& name = invocation.arguments[0];
  const auto policy = ReadPolicy(settings, name);
  if (!policy) {
    return Fail(policy.error());
  }
  const std::string path = invocation.arguments.size() > 1 && !invocation.arguments[1].empty()
                               ? invocation.arguments[1]
                               : CasesBeside(name);
  const auto text = base::ReadFile(path, settings.limits.document_bytes);
  if (!text) {
    return Fail(text.error());
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  policy::CaseFiles files;
  files.report = [&](const std::string& file) {
    return ReadReport(settings, (folder / file).string());
  };
  files.text = [&](const std::string& file) {
    return base::ReadFile((folder / file).string(), settings.limits.document_bytes);
  };
  const auto cases = policy::ParseCases(*text, path, files);
  if (!cases) {
    return Fail(cases.error());
  }
  std::string out;
  size_t failed = 0;
  for (const policy::CaseResult& result : policy::RunCases(*policy, *cases)) {
    failed += result.passed ? 0 : 1;
    if (!result.passed) {
      out += CleanLines(result.text);
    }
  }
  out +=
      std::to_string(cases->size() - failed) + " passed, " + std::to_string(failed) + " failed\n";
  const int printed = Print(out);
  return printed == kDone && failed != 0 ? kThresholdMet : printed;
}

int RunPolicyExplain(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const auto now = Now(settings);
  if (!now) {
    return Fail(now.error());
  }
  const auto policy = ReadPolicy(settings, invocation.arguments[0]);
  if (!policy) {
    return Fail(policy.error());
  }
  const policy::Rule* rule = policy->MaybeRule(invocation.arguments[1]);
  if (rule == nullptr) {
    std::vector<std::string> names;
    for (const policy::Rule& one : policy->rules) {
      names.push_back(one.id);
    }
    return Fail(kUsageError, "there is no rule \"" + invocation.arguments[1] + "\" in " +
                                 policy->path + "; it has " + base::Join(names, ", "));
  }
  const auto report = ReadReport(settings, invocation.arguments[2]);
  if (!report) {
    return Fail(report.error());
  }
  const auto agreements = ReadAgreements(settings);
  if (!agreements) {
    return Fail(agreements.error());
  }
  policy::PolicyContext context;
  context.facts.environment = settings.environment;
  context.facts.team = settings.team;
  context.facts.now = *now;
  context.maybe_agreements = *agreements ? &**agreements : nullptr;
  std::string out;
  const auto add = [&](std::optional<size_t> finding) {
    for (const std::string& line : policy::ExplainRule(*policy, *rule, *report, finding, context)) {
      out += Clean(line) + "\n";
    }
  };
  if (rule->about_image) {
    add(std::nullopt);
    return Print(out);
  }
  if (invocation.arguments.size() < 4 || invocation.arguments[3].empty()) {
    return Fail(kUsageError,
                "rule " + rule->id + " is about findings: name one, like CVE-2021-44228");
  }
  const std::string& id = invocation.arguments[3];
  for (size_t i = 0; i < report->findings.size(); ++i) {
    const model::Finding& finding = report->findings[i];
    if (finding.id == id ||
        std::find(finding.aliases.begin(), finding.aliases.end(), id) != finding.aliases.end()) {
      out += (out.empty() ? "" : "\n") + Clean(finding.id + " in " + finding.component) + "\n";
      add(i);
    }
  }
  return out.empty() ? Fail(kNotCompleted, invocation.arguments[2] + " has no finding " + id)
                     : Print(out);
}

int RunPolicyReplay(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  if (settings.history.empty()) {
    return Fail(kUsageError, "policy replay needs --history DIR: the records that ci kept there");
  }
  if (settings.format != "text" && settings.format != "json") {
    return Fail(kUsageError, "policy replay writes text or json");
  }
  policy::ReplayOptions options;
  const auto now = Now(settings);
  if (!now) {
    return Fail(now.error());
  }
  const auto policy = ReadPolicy(settings, invocation.arguments[0]);
  if (!policy) {
    return Fail(policy.error());
  }
  std::optional<policy::Policy> present;
  if (!settings.present.empty()) {
    auto read = ReadPolicy(settings, settings.present);
    if (!read) {
      return Fail(read.error());
    }
    present = *std::move(read);
  }
  const auto agreements = ReadAgreements(settings);
  if (!agreements) {
    return Fail(agreements.error());
  }
  options.now = *now;
  options.days = static_cast<int64_t>(std::min<uint64_t>(settings.days, 1'000'000));
  options.team = settings.team;
  options.environment = settings.environment;
  options.maybe_agreements = *agreements ? &**agreements : nullptr;
  options.threads = Jobs(settings);
  const auto files = policy::HistoryFiles(settings.history);
  if (!files) {
    return Fail(files.error());
  }
  auto entries = ReportsIn(settings, settings.history);
  if (!entries) {
    return Fail(entries.error());
  }
  const auto result =
      policy::Replay(*policy, present ? &*present : nullptr, *files, *std::move(entries), options);
  if (!result) {
    return Fail(result.error());
  }
  return Print(settings.format == "json" ? policy::ReplayJson(*result)
                                         : CleanLines(policy::ReplayText(*result)));
}

int RunPolicyList(const Invocation& /*invocation*/) {
  std::string out;
  for (const policy::ReadyPolicy& ready : policy::ReadyPolicies()) {
    out += report::Pad(std::string(ready.name), 20) + " " + std::string(ready.summary) + "\n";
  }
  return Print(out);
}

int RunPolicyShow(const Invocation& invocation) {
  const policy::ReadyPolicy* ready = policy::MaybeReadyPolicy(invocation.arguments[0]);
  return ready != nullptr
             ? Print(ready->text)
             : Fail(kUsageError, "there is no ready policy \"" + invocation.arguments[0] +
                                     "\"; see scantling policy list");
}

}  // namespace scantling::cli
