// ParsePolicy. See policy.h.
#include "base/digest.h"
#include "base/strings.h"
#include "model/names.h"
#include "policy/cel/compile.h"
#include "policy/rules/policy.h"
#include "policy/rules/variables.h"
#include "policy/rules/yaml_form.h"

#include <set>

namespace scantling::policy {
namespace {

constexpr std::array<std::string_view, 3> kAnswers = {"note", "warn", "stop"};
constexpr std::array<std::string_view, 3> kSince = {"published", "fix_available", "first_seen"};
constexpr int64_t kMostDays = 36'500;
constexpr size_t kMostRules = 200;

void ReadAnswers(Form& form, Answers& out, Mistakes& mistakes) {
  for (size_t stage = 0; stage < model::kStageNames.size(); ++stage) {
    if (form.Has(model::kStageNames[stage])) {
      if (const auto word =
              WordOf(form.At(model::kStageNames[stage]), kAnswers,
                     form.what() + ": " + std::string(model::kStageNames[stage]), mistakes)) {
        out[stage] = static_cast<Answer>(*word);
      }
    }
  }
}

// "scan_failed: warn", or by stage.
void ReadFailure(const codec::YamlNode& node, std::string what, Answers& out, int64_t* days,
                 Mistakes& mistakes) {
  if (node.IsScalar()) {
    if (const auto word = WordOf(node, kAnswers, what, mistakes)) {
      out.fill(static_cast<Answer>(*word));
    }
    return;
  }
  Form form(node, std::move(what), mistakes);
  static constexpr std::array<std::string_view, 4> kKeys = {
      model::kStageNames[0], model::kStageNames[1], model::kStageNames[2], "after_days"};
  form.Keys(std::span(kKeys).first(days != nullptr ? 4 : 3));
  ReadAnswers(form, out, mistakes);
  if (days != nullptr) {
    if (const auto number = form.Int("after_days", 0, kMostDays)) {
      *days = *number;
    }
  }
}

void ReadOnFailure(const codec::YamlNode& node, OnFailure& out, Mistakes& mistakes) {
  Form form(node, "on_failure", mistakes);
  static constexpr std::array<std::string_view, 4> kKeys = {"scan_failed", "data_stale",
                                                            "unscanned", "condition_unknown"};
  form.Keys(kKeys);
  const auto read = [&](std::string_view key, Answers& answers, int64_t* days) {
    if (form.Has(key)) {
      ReadFailure(form.At(key), "on_failure." + std::string(key), answers, days, mistakes);
    }
  };
  read("scan_failed", out.scan_failed, nullptr);
  read("data_stale", out.data_stale, &out.stale_after_days);
  read("unscanned", out.unscanned, nullptr);
  read("condition_unknown", out.unknown, nullptr);
}

void ReadChanges(Form& form, Rule& rule, Mistakes& mistakes) {
  rule.changes[static_cast<size_t>(model::Change::kUnknown)] = true;
  if (!form.Has("changes")) {
    rule.changes[static_cast<size_t>(model::Change::kIntroduced)] = true;
    rule.changes[static_cast<size_t>(model::Change::kNewInWorld)] = true;
    return;
  }
  // All but the first, "unknown", which counts always.
  static constexpr auto kWords = std::span(model::kChangeNames).subspan<1>();
  const codec::YamlNode& list = form.At("changes");
  if (rule.about_image || !list.IsSequence() || list.children.empty()) {
    mistakes.Add(list, rule.about_image
                           ? form.what() + ": changes is for rules about findings"
                           : form.what() + ": changes is to be a list, like [introduced]");
    return;
  }
  for (const codec::YamlNode& item : list.children) {
    if (const auto word = WordOf(item, kWords, form.what() + ": changes", mistakes)) {
      rule.changes[*word + 1] = true;
    }
  }
}

void ReadTimes(Form& form, Rule& rule, Mistakes& mistakes) {
  static constexpr std::array<std::string_view, 2> kKeys = {"days", "since"};
  if (form.Has("grace")) {
    Form grace(form.At("grace"), form.what() + ": grace", mistakes);
    grace.Keys(kKeys);
    if (rule.about_image) {
      mistakes.Add(form.At("grace"), form.what() + ": grace is for rules about findings");
    }
    if (!grace.Has("days") && form.At("grace").IsMapping()) {
      mistakes.Add(form.At("grace"), grace.what() + " has no days; write \"days: 7\"");
    }
    rule.grace.days = grace.Int("days", 0, kMostDays).value_or(0);
    if (const auto since = grace.Word("since", kSince)) {
      rule.grace.since = static_cast<Since>(*since);
    }
  }
  if (!form.Has("deadline")) {
    return;
  }
  const codec::YamlNode& node = form.At("deadline");
  if (rule.about_image) {
    mistakes.Add(node, form.what() + ": deadline is for rules about findings");
  }
  if (node.IsScalar()) {
    static constexpr std::array<std::string_view, 2> kWords = {"priority", "kev_due"};
    if (const auto word =
            WordOf(node, kWords, form.what() + ": deadline (or {days: 30})", mistakes)) {
      rule.deadline.kind = *word == 0 ? Deadline::Kind::kPriority : Deadline::Kind::kKevDue;
    }
    return;
  }
  Form deadline(node, form.what() + ": deadline", mistakes);
  deadline.Keys(kKeys);
  if (const auto days = deadline.Int("days", 0, kMostDays)) {
    rule.deadline.kind = Deadline::Kind::kDays;
    rule.deadline.days = *days;
  } else if (!deadline.Has("days")) {
    mistakes.Add(node, deadline.what() + " has no days; write \"days: 30\"");
  }
  if (const auto since = deadline.Word("since", kSince)) {
    rule.deadline.since = static_cast<Since>(*since);
  }
}

void ReadStages(Form& form, Rule& rule, Mistakes& mistakes) {
  if (const auto stage = form.Word("stage", model::kStageNames)) {
    rule.stage = static_cast<model::Stage>(*stage);
  }
  if (!form.Has("environments")) {
    return;
  }
  const codec::YamlNode& node = form.At("environments");
  if (!node.IsMapping()) {
    mistakes.Add(node, form.what() + ": environments is to be lines like \"production: enforce\"");
    return;
  }
  for (size_t i = 0; i < node.keys.size() && i < node.children.size(); ++i) {
    if (const auto stage =
            WordOf(node.children[i], model::kStageNames,
                   form.what() + ": environment " + base::ToUtf8(node.keys[i].text), mistakes)) {
      rule.environments[base::ToUtf8(node.keys[i].text)] = static_cast<model::Stage>(*stage);
    }
  }
}

bool IsId(std::string_view text) {
  constexpr size_t kLongest = 80;
  return !text.empty() && text.size() <= kLongest &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
             std::string_view::npos;
}

std::string RuleDigest(const Rule& rule) {
  std::string text = rule.when.text();
  text += rule.about_image ? "\nimage" : "\nfinding";
  for (const bool change : rule.changes) {
    text += change ? '1' : '0';
  }
  text += "\n" + std::to_string(rule.grace.days) + " " +
          std::string(kSince[static_cast<size_t>(rule.grace.since)]);
  return base::Sha256Of(base::AsBytes(text)).ToString();
}

std::optional<Rule> ReadRule(const codec::YamlNode& node, std::string_view file,
                             std::string fallback_name, Mistakes& mistakes) {
  const std::string_view id = node["id"].Text();
  Form form(node, IsId(id) ? "rule " + std::string(id) : std::move(fallback_name), mistakes);
  if (!node.IsMapping()) {
    return std::nullopt;
  }
  static constexpr std::array<std::string_view, 10> kKeys = {
      "id",   "text",  "who",          "applies_to", "changes",
      "when", "stage", "environments", "grace",      "deadline"};
  form.Keys(kKeys);
  Rule rule;
  rule.line = node.line;
  rule.id = form.RequiredText("id");
  if (!rule.id.empty() && !IsId(rule.id)) {
    mistakes.Add(node["id"], "an id is made of a-z, 0-9, \"-\", \"_\" and \".\"");
  }
  rule.text = form.RequiredText("text");
  rule.who = form.Text("who");
  static constexpr std::array<std::string_view, 2> kAbout = {"finding", "image"};
  rule.about_image = form.Word("applies_to", kAbout).value_or(0) == 1;
  ReadStages(form, rule, mistakes);
  ReadChanges(form, rule, mistakes);
  ReadTimes(form, rule, mistakes);
  const codec::YamlNode& when = node["when"];
  if (!form.Has("when") || !when.IsScalar()) {
    mistakes.Add(form.Has("when") ? when : node,
                 form.what() + " has no condition; write \"when: finding.kev\" or \"when: true\"");
    return std::nullopt;
  }
  auto program = cel::Compile(when.text, VariableSchema(rule.about_image));
  if (!program) {
    const Place place = PlaceInScalar(file, when, program.error().offset);
    mistakes.Add(place.line, place.column, form.what() + ": " + base::ToUtf8(program.error().text));
    return std::nullopt;
  }
  rule.when = *std::move(program);
  rule.digest = RuleDigest(rule);
  return rule;
}

}  // namespace

std::string_view ToString(Answer answer) { return kAnswers[static_cast<size_t>(answer)]; }

const Rule* Policy::MaybeRule(std::string_view id) const {
  for (const Rule& rule : rules) {
    if (rule.id == id) {
      return &rule;
    }
  }
  return nullptr;
}

base::Result<Policy> ParsePolicy(std::string_view text, std::string_view path) {
  SCANTLING_TRY(const codec::YamlNode root, ReadDocument(text, path, kPolicySchema));
  Mistakes mistakes(path);
  Form form(root, "the policy", mistakes);
  static constexpr std::array<std::string_view, 6> kKeys = {
      "schema", "name", "description", "agreement", "on_failure", "rules"};
  form.Keys(kKeys);
  Policy out;
  out.path = path;
  out.digest = base::Sha256Of(base::AsBytes(text)).ToString();
  out.name = form.RequiredText("name");
  out.description = form.Text("description");
  static constexpr std::array<std::string_view, 3> kNeeds = {"none", "enforce", "required"};
  if (const auto need = form.Word("agreement", kNeeds)) {
    out.agreement = static_cast<AgreementNeed>(*need);
  }
  if (form.Has("on_failure")) {
    ReadOnFailure(form.At("on_failure"), out.on_failure, mistakes);
  }
  const codec::YamlNode& rules = root["rules"];
  if (!rules.IsSequence() || rules.children.empty() || rules.children.size() > kMostRules) {
    mistakes.Add(root.Has("rules") ? rules : root,
                 rules.children.size() > kMostRules
                     ? "the policy has more than " + std::to_string(kMostRules) + " rules"
                     : "the policy has no rules; write \"rules:\" and a list of them");
    return mistakes.ToError();
  }
  std::set<std::string, std::less<>> seen;
  for (size_t i = 0; i < rules.children.size(); ++i) {
    const codec::YamlNode& id = rules.children[i]["id"];
    if (IsId(id.Text()) && !seen.insert(std::string(id.Text())).second) {
      mistakes.Add(id, "a second rule " + std::string(id.Text()) + "; ids are unique");
    }
    auto rule = ReadRule(rules.children[i], text, "rule " + std::to_string(i + 1), mistakes);
    if (rule) {
      out.rules.push_back(*std::move(rule));
    }
  }
  if (mistakes.any()) {
    return mistakes.ToError();
  }
  return out;
}

}  // namespace scantling::policy
