#include "program/owners.h"

#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/text.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace scantling::program {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"application", "image", "platform", "security"};
constexpr size_t kMaxRules = 10'000;
constexpr size_t kMaxText = 1024;

bool Fits(std::string_view pattern, std::string_view text) {
  return pattern.empty() || GlobMatches(pattern, text);
}

bool Matches(const OwnerRule& rule, const OwnerSubject& subject) {
  if (!rule.repository.empty() &&
      std::none_of(
          subject.repositories.begin(), subject.repositories.end(),
          [&](std::string_view repository) { return GlobMatches(rule.repository, repository); })) {
    return false;
  }
  return Fits(rule.name_space, subject.name_space) && Fits(rule.cluster, subject.cluster) &&
         Fits(rule.environment, subject.environment) &&
         std::all_of(rule.labels.begin(), rule.labels.end(), [&](const auto& label) {
           const std::string_view value = subject.label(label.first);
           return !value.empty() && GlobMatches(label.second, value);
         });
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view text) {
  size_t at = 0;
  size_t in = 0;
  size_t star = std::string_view::npos;
  size_t resume = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = in;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') {
    ++at;
  }
  return at == pattern.size();
}

Owned OwnerRules::Find(std::string_view role, const OwnerSubject& subject) const {
  if (!owner_label.empty() && role == "application") {
    if (const std::string_view owner = subject.label(owner_label); !owner.empty()) {
      return {std::string(owner), "label " + owner_label};
    }
  }
  const CodeOwned* const code = code_owners != CodeOwnersOrder::kOff && subject.code_owner
                                    ? subject.code_owner(role)
                                    : nullptr;
  if (code != nullptr && code_owners == CodeOwnersOrder::kFirst) {
    return {code->owner, code->why};
  }
  for (size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].role == role && Matches(rules[i], subject)) {
      return {rules[i].owner, "rule " + std::to_string(i + 1)};
    }
  }
  return code != nullptr ? Owned{code->owner, code->why} : Owned();
}

void MergeCodeOwned(CodeOwnedRoles& into, const CodeOwnedRoles& from) {
  for (const auto& [role, is] : from) {
    CodeOwned& was = into[role];
    if (std::tie(was.at, was.owner, was.why, is.claimed) <
        std::tie(is.at, is.owner, is.why, was.claimed)) {
      was = is;
    }
  }
}

std::string CodeOwnedJson(const CodeOwnedRoles& roles) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Key("roles");
  json.BeginObject();
  for (const auto& [role, owned] : roles) {
    json.Key(role);
    json.BeginObject();
    json.Text("owner", owned.owner);
    json.Text("why", owned.why);
    json.Int("at", owned.at);
    if (owned.claimed) {
      json.Bool("claimed", true);
    }
    json.EndObject();
  }
  json.EndObject();
  json.EndObject();
  return out;
}

base::Result<CodeOwnedRoles> ParseCodeOwned(std::string_view json) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(json, 1 << 16));
  CodeOwnedRoles out;
  root["roles"].ForEachMember([&](std::string_view role, codec::JsonValue value) {
    out.emplace(role,
                CodeOwned{std::string(value["owner"].Text()), std::string(value["why"].Text()),
                          value["at"].Int().value_or(0), value["claimed"].Bool().value_or(false)});
    return true;
  });
  return out;
}

base::Result<OwnerRules> ParseOwnerRules(std::string_view json) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(json, 4 << 20));
  if (!root.IsObject()) {
    return base::Invalid("owners: an object with \"rules\" is wanted");
  }
  OwnerRules out;
  out.owner_label = root["owner_label"].Text();
  if (const codec::JsonValue order = root["codeowners"]; !order.IsMissing()) {
    if (order.Text() != "first" && order.Text() != "last" && order.Text() != "off") {
      return base::Invalid("owners: codeowners must be first, last or off");
    }
    out.code_owners = order.Text() == "first"  ? CodeOwnersOrder::kFirst
                      : order.Text() == "last" ? CodeOwnersOrder::kLast
                                               : CodeOwnersOrder::kOff;
  }
  std::string wrong;
  const codec::JsonValue rules = root["rules"];
  if (!rules.IsMissing() && !rules.IsArray()) {
    return base::Invalid("owners: \"rules\" must be a list");
  }
  rules.ForEach([&](codec::JsonValue value) {
    const std::string place = "owners: rules[" + std::to_string(out.rules.size()) + "]";
    OwnerRule rule;
    auto read = ReadTexts(value, place + ".",
                          {{"owner", &rule.owner},
                           {"role", &rule.role},
                           {"repository", &rule.repository},
                           {"namespace", &rule.name_space},
                           {"cluster", &rule.cluster},
                           {"environment", &rule.environment}},
                          kMaxText, {"labels"});
    if (!read) {
      wrong = read.error().Message();
    }
    value["labels"].ForEachMember([&](std::string_view name, codec::JsonValue pattern) {
      rule.labels.emplace_back(name, pattern.Text());
      return true;
    });
    if (wrong.empty() && rule.owner.empty()) {
      wrong = place + " has no owner";
    } else if (wrong.empty() &&
               std::find(kRoles.begin(), kRoles.end(), rule.role) == kRoles.end()) {
      wrong = place + ".role is \"" + rule.role +
              "\"; roles are application, image, platform, security";
    } else if (out.rules.size() >= kMaxRules) {
      wrong = "owners: more than " + std::to_string(kMaxRules) + " rules";
    }
    out.rules.push_back(std::move(rule));
    return wrong.empty();
  });
  if (!wrong.empty()) {
    return base::Invalid(std::move(wrong));
  }
  return out;
}

}  // namespace scantling::program
