// See agreements.h.
#include "policy/rules/agreements.h"

#include "model/names.h"
#include "policy/rules/yaml_form.h"

#include <algorithm>
#include <array>

namespace scantling::policy {
namespace {

constexpr size_t kMostAgreements = 10'000;

Agreement ReadAgreement(const codec::YamlNode& node, std::string what, Mistakes& mistakes) {
  Form form(node, std::move(what), mistakes);
  static constexpr std::array<std::string_view, 8> kKeys = {"policy", "rule", "stage",  "team",
                                                            "who",    "when", "replay", "digest"};
  form.Keys(kKeys);
  Agreement out;
  out.where = mistakes.path() + ":" + std::to_string(node.line);
  out.policy = form.RequiredText("policy");
  out.rule = form.RequiredText("rule");
  out.team = form.RequiredText("team");
  out.who = form.RequiredText("who");
  out.replay = form.RequiredText("replay");
  out.digest = form.Text("digest");
  if (!form.Has("stage")) {
    mistakes.Add(node, form.what() + " has no stage; write \"stage: warn\" or \"stage: enforce\"");
  } else if (const auto stage = form.Word("stage", model::kStageNames)) {
    out.stage = static_cast<model::Stage>(*stage);
  }
  if (!form.Has("when")) {
    mistakes.Add(node, form.what() + " has no date; write \"when: 2026-01-31\"");
  } else if (auto date = form.Date("when")) {
    out.when = *std::move(date);
  }
  return out;
}

bool Counts(const Agreement& agreement, const Policy& policy, const Rule& rule,
            const std::string& team, base::Seconds now) {
  return agreement.policy == policy.name && agreement.rule == rule.id &&
         (agreement.team == "*" || agreement.team == team) &&
         (agreement.digest.empty() || agreement.digest == rule.digest) &&
         base::ParseTime(agreement.when).value_or(now + 1) <= now;
}

}  // namespace

base::Result<Agreements> ParseAgreements(std::string_view text, std::string_view path) {
  SCANTLING_TRY(const codec::YamlNode root, ReadDocument(text, path, kAgreementsSchema));
  Mistakes mistakes(path);
  Form form(root, "the file", mistakes);
  static constexpr std::array<std::string_view, 2> kKeys = {"schema", "agreements"};
  form.Keys(kKeys);
  Agreements out;
  out.path = path;
  const codec::YamlNode& list = root["agreements"];
  if (!list.IsSequence() || list.children.size() > kMostAgreements) {
    mistakes.Add(root.Has("agreements") ? list : root,
                 "the file has no list \"agreements:\", or one of more than " +
                     std::to_string(kMostAgreements));
    return mistakes.ToError();
  }
  for (size_t i = 0; i < list.children.size(); ++i) {
    out.entries.push_back(
        ReadAgreement(list.children[i], "agreement " + std::to_string(i + 1), mistakes));
  }
  if (mistakes.any()) {
    return mistakes.ToError();
  }
  return out;
}

model::Stage AgreedStage(const Policy& policy, const Rule& rule, model::Stage asked,
                         const std::string& team, base::Seconds now,
                         const Agreements* maybe_agreements, std::string& why) {
  model::Stage free = model::Stage::kEnforce;  // what needs no agreement
  if (policy.agreement == AgreementNeed::kEnforce) {
    free = model::Stage::kWarn;
  } else if (policy.agreement == AgreementNeed::kRequired) {
    free = model::Stage::kObserve;
  }
  if (asked <= free) {
    return asked;
  }
  model::Stage best = free;
  bool other_rule = false;  // one for this rule as it was before
  if (maybe_agreements != nullptr) {
    for (const Agreement& agreement : maybe_agreements->entries) {
      if (Counts(agreement, policy, rule, team, now)) {
        best = std::max(best, std::min(agreement.stage, asked));
      } else if (!agreement.digest.empty() && agreement.digest != rule.digest &&
                 agreement.rule == rule.id && agreement.policy == policy.name) {
        other_rule = true;
      }
    }
  }
  if (best < asked) {
    why = "no agreement to " + std::string(model::ToString(asked)) + " it" +
          (team.empty() ? ": no team is named (--team)" : " for team " + team) +
          (other_rule ? "; the one on record is for another wording of the rule" : "");
  }
  return best;
}

}  // namespace scantling::policy
