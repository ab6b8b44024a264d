// The file of exceptions. An entry's problems are collected in its `problem`, the first one wins.
#include "base/digest.h"
#include "base/strings.h"
#include "codec/yaml.h"
#include "policy/exceptions/exceptions.h"
#include "policy/vex/image_name.h"

#include <algorithm>
#include <array>

namespace scantling::policy {
namespace {

using codec::YamlNode;

constexpr size_t kMaxEntries = 100'000;
constexpr size_t kMaxText = 4096;

constexpr std::array<ReasonInfo, 6> kReasons = {{
    {"accepted_risk", "affected; the owner takes the risk until the end date"},
    {"mitigated", "affected; something else makes an attack unlikely, say what in words"},
    {"no_fix_yet", "affected; no version without it exists, and it is not left out meanwhile"},
    {"fix_scheduled", "affected; the fix is planned, say where, and will be out by the end date"},
    {"not_exploitable_here",
     "affected; believed to be out of reach in this deployment, without the proof that a VEX "
     "statement wants"},
    {"false_positive",
     "not affected: the report is wrong; wants a justification, and becomes not_affected"},
}};

constexpr std::array<std::string_view, 5> kJustifications = {
    "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist"};

std::string Place(std::string_view path, const auto& node) {
  return std::string(path) + ":" + std::to_string(node.line) + ":" + std::to_string(node.column) +
         ": ";
}

template <typename List>
std::string Names(const List& list) {
  std::string out;
  for (const auto& one : list) {
    out += out.empty() ? "" : ", ";
    if constexpr (requires { one.name; }) {
      out += one.name;
    } else {
      out += one;
    }
  }
  return out;
}

class EntryReader {
 public:
  EntryReader(const YamlNode& node, std::string_view path) : node_(node), path_(path) {}

  Exception Read() {
    Exception out;
    out.where = std::string(path_) + ":" + std::to_string(node_.line);
    if (!node_.IsMapping()) {
      Problem(node_,
              "an entry is a mapping with id, owner, approver, reason, words, created, until");
      out.problem = problem_;
      return out;
    }
    constexpr std::array<std::string_view, 12> kKeys = {
        "id",       "finding", "component",     "rule",  "scope",   "owner",
        "approver", "reason",  "justification", "words", "created", "until"};
    RefuseUnknown(node_, kKeys);
    out.id = Required("id", "give each exception an id of its own, such as EX-12");
    out.finding = Optional(node_, "finding");
    out.component = Optional(node_, "component");
    out.rule = Optional(node_, "rule");
    ReadTarget(out);
    ReadScope(out.scope);
    out.owner = Required("owner", "name who takes the risk");
    out.approver = Required("approver", "name who has agreed to it");
    out.reason = Required("reason", "give one of " + Names(kReasons));
    out.words = Required("words", "say in words why, for who reads it in a year");
    ReadReason(out);
    out.created = Required("created", "give the date on which it was written, as 2026-01-31");
    out.until = Required("until", "every exception ends: give its last day, as 2026-01-31");
    ReadDates(out);
    if (!out.owner.empty() && base::EqualsIgnoreCase(out.owner, out.approver)) {
      Problem(node_["approver"], "the approver is the owner: another person must agree");
    }
    out.problem = problem_;
    return out;
  }

 private:
  void Problem(const auto& node, std::string_view message) {
    if (problem_.empty()) {
      problem_ = (node.line == 0 ? Place(path_, node_) : Place(path_, node)) + std::string(message);
    }
  }

  void RefuseUnknown(const YamlNode& mapping, std::span<const std::string_view> known) {
    for (const YamlNode::Key& key : mapping.keys) {
      if (std::ranges::find(known, key.text) == known.end()) {
        Problem(key, "unknown key \"" + base::ToUtf8(key.text.substr(0, 80)) + "\": it is one of " +
                         Names(known));
      }
    }
  }

  std::string Optional(const YamlNode& mapping, std::string_view key) {
    const YamlNode& value = mapping[key];
    if (!mapping.Has(key)) {
      return {};
    }
    if (!value.IsScalar()) {
      Problem(value, "\"" + std::string(key) + "\" is a text, not a list or mapping");
      return {};
    }
    std::string out(base::Trim(value.Text()));
    // A key without a value would except everything where the writer meant something.
    if (out.empty() || value.IsNull()) {
      Problem(value, "\"" + std::string(key) + "\" is empty: fill it in or take the key out");
      return {};
    }
    if (out.size() > kMaxText) {
      Problem(value, "\"" + std::string(key) + "\" is longer than 4,096 bytes");
      return {};
    }
    return base::ToUtf8(out);
  }

  std::string Required(std::string_view key, std::string_view advice) {
    if (!node_.Has(key) || node_[key].IsNull() ||
        (node_[key].IsScalar() && base::Trim(node_[key].Text()).empty())) {
      Problem(node_[key], "\"" + std::string(key) + "\" is missing: " + std::string(advice));
      return {};
    }
    return Optional(node_, key);
  }

  void ReadTarget(Exception& out) {
    if (!node_.Has("finding") && !node_.Has("component") && !node_.Has("rule")) {
      Problem(node_,
              "it is about everything: name a finding, a component or a rule, or more than one");
    }
    constexpr std::string_view kIdCharacters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
    if (out.finding.find_first_not_of(kIdCharacters) != std::string::npos) {
      Problem(node_["finding"], "\"finding\" is one id, such as CVE-2021-44228; no patterns");
    }
    if (out.component.starts_with("pkg:")) {
      if (auto purl = version::PackageUrl::Parse(out.component)) {
        out.purl = *std::move(purl);
        const std::string_view arch = out.purl->Qualifier("arch");
        if (arch != "src" && arch != "source") {
          version::PackageUrl key;
          key.type = out.purl->type;
          key.namespace_ = out.purl->namespace_;
          key.name = out.purl->name;
          out.purl_key = key.ToString();
        }
      } else {
        Problem(node_["component"], purl.error().Message() + "; mend it, or give the name alone");
      }
    } else if (out.component.find_first_of("*? ") != std::string::npos) {
      Problem(node_["component"], "\"component\" is a name or a package URL; no patterns");
    }
  }

  void ReadScope(ExceptionScope& out) {
    const YamlNode& scope = node_["scope"];
    if (!node_.Has("scope")) {
      return;
    }
    if (!scope.IsMapping()) {
      Problem(scope, "\"scope\" is a mapping: fill it in or take the key out");
      return;
    }
    constexpr std::array<std::string_view, 6> kKeys = {"repository",  "tag",  "digest",
                                                       "environment", "path", "layer"};
    RefuseUnknown(scope, kKeys);
    out.repository = LongRepository(Optional(scope, "repository"));
    out.tag = Optional(scope, "tag");
    out.digest = base::Lower(Optional(scope, "digest"));
    out.environment = Optional(scope, "environment");
    out.path = Optional(scope, "path");
    out.layer = Optional(scope, "layer");
    if (out.path.starts_with('/')) {
      out.path.erase(0, 1);  // as components' places are written
    }
    const size_t colon = out.repository.rfind(':');
    const size_t slash = out.repository.rfind('/');
    if (out.repository.find('@') != std::string::npos ||
        (colon != std::string::npos && (slash == std::string::npos || colon > slash))) {
      Problem(scope["repository"], "\"repository\" has no tag or digest: use the keys for these");
    }
    if (!out.digest.empty() && !base::Digest::Parse(out.digest)) {
      Problem(scope["digest"], "\"digest\" is sha256: and 64 hexadecimal digits");
    }
    if (!out.layer.empty() && out.layer != "base" && out.layer != "application" &&
        !base::Digest::Parse(out.layer)) {
      Problem(scope["layer"], "\"layer\" is base, application or a layer's sha256 digest");
    }
  }

  void ReadReason(const Exception& out) {
    if (!out.reason.empty() &&
        std::ranges::find(kReasons, out.reason, &ReasonInfo::name) == kReasons.end()) {
      Problem(node_["reason"], "the reason is one of " + Names(kReasons));
    }
  }

  void ReadDates(Exception& out) {
    const bool false_positive = out.reason == "false_positive";
    if (node_.Has("justification") || false_positive) {
      out.justification =
          Required("justification", "a false positive wants one of " + Names(kJustifications));
      if (!out.justification.empty() &&
          std::ranges::find(kJustifications, out.justification) == kJustifications.end()) {
        Problem(node_["justification"], "the justification is one of " + Names(kJustifications));
      }
      if (!false_positive) {
        Problem(node_["justification"],
                "only false_positive has a justification: an accepted risk stays affected");
      }
      if (out.finding.empty()) {
        Problem(node_["reason"], "a false positive is of one finding: name it");
      }
      if (!out.rule.empty()) {
        Problem(node_["reason"], "a false positive is so for every rule: take the rule out");
      }
    }
    const auto day = [this](std::string_view key, const std::string& text) -> int64_t {
      const auto time = base::ParseTime(text);
      if (!text.empty() && (text.size() != 10 || !time)) {
        Problem(node_[key], "\"" + std::string(key) + "\" is a date, as 2026-01-31");
      }
      return time.value_or(0) / base::kSecondsPerDay;
    };
    out.created_day = day("created", out.created);
    out.until_day = day("until", out.until);
    if (problem_.empty() && out.until_day < out.created_day) {
      Problem(node_["until"], "it ends before it was created");
    }
  }

  const YamlNode& node_;
  std::string_view path_;
  std::string problem_;
};

bool SameTarget(const Exception& a, const Exception& b) {
  return base::EqualsIgnoreCase(a.finding, b.finding) && a.component == b.component &&
         a.rule == b.rule && a.scope == b.scope;
}

// Ids that stand twice, and two entries about the same thing at the same time: which one was
// agreed to cannot be told.
void FindDoubles(std::span<Exceptions> files) {
  std::map<std::string, std::vector<Exception*>> by_id;
  std::map<std::string, std::vector<Exception*>> by_target;
  for (Exceptions& file : files) {
    for (Exception& entry : file.entries) {
      if (!entry.id.empty()) {
        by_id[base::Lower(entry.id)].push_back(&entry);
      }
      if (entry.problem.empty()) {
        by_target[base::Lower(entry.finding) + "\n" + entry.component + "\n" + entry.rule]
            .push_back(&entry);
      }
    }
  }
  std::map<Exception*, std::string> problems;
  for (const auto& [id, list] : by_id) {
    for (Exception* entry : list) {
      if (list.size() > 1) {
        const Exception* other = list[0] == entry ? list[1] : list[0];
        problems[entry] = entry->where + ": the id " + entry->id + " is also at " + other->where +
                          ": give each its own";
      }
    }
  }
  for (const auto& [target, list] : by_target) {
    for (size_t i = 0; i < list.size() && i < 1000; ++i) {
      for (size_t j = i + 1; j < list.size() && j < 1000; ++j) {
        Exception& a = *list[i];
        Exception& b = *list[j];
        if (SameTarget(a, b) && a.created_day <= b.until_day && b.created_day <= a.until_day) {
          problems.try_emplace(&a, a.where + ": " + b.id + " at " + b.where +
                                       " is about the same at the same time: keep one");
          problems.try_emplace(&b, b.where + ": " + a.id + " at " + a.where +
                                       " is about the same at the same time: keep one");
        }
      }
    }
  }
  for (const auto& [entry, problem] : problems) {
    if (entry->problem.empty()) {
      entry->problem = problem;
    }
  }
}

base::Result<Exceptions> ParseFile(std::string_view text, std::string_view path) {
  codec::YamlLimits limits;
  limits.documents = 1;
  auto documents = codec::ParseYaml(text, limits);
  const std::string file(path);
  if (!documents) {
    const base::Error error = codec::InFile(std::move(documents).error(), path);
    return base::Error(error.code(), error.Message() + "; no exception counts: mend the file");
  }
  if (documents->empty() || !documents->front().IsMapping()) {
    return base::Invalid(file + ":1:1: an exceptions file is a mapping with \"schema: " +
                         std::string(kExceptionsSchema) + "\" and \"exceptions\"");
  }
  const YamlNode& root = documents->front();
  for (const YamlNode::Key& key : root.keys) {
    if (key.text != "schema" && key.text != "exceptions") {
      return base::Invalid(Place(path, key) + "unknown key \"" +
                           base::ToUtf8(key.text.substr(0, 80)) +
                           "\": the file has \"schema\" and \"exceptions\"");
    }
  }
  const YamlNode& schema = root["schema"];
  if (schema.Text() != kExceptionsSchema) {
    return base::Invalid(Place(path, schema.line == 0 ? root : schema) +
                         "the file must begin with \"schema: " + std::string(kExceptionsSchema) +
                         "\"");
  }
  const YamlNode& list = root["exceptions"];
  if (!list.IsSequence() && !(root.Has("exceptions") && list.IsNull())) {
    return base::Invalid(Place(path, list.line == 0 ? root : list) +
                         "\"exceptions\" must be a list of entries");
  }
  if (list.children.size() > kMaxEntries) {
    return base::LimitMet(Place(path, list) + "more than 100,000 exceptions");
  }
  Exceptions out;
  out.path = path;
  out.entries.reserve(list.children.size());
  for (const YamlNode& node : list.children) {
    out.entries.push_back(EntryReader(node, path).Read());
  }
  return out;
}

}  // namespace

std::span<const ReasonInfo> ReasonTable() { return kReasons; }

size_t Exceptions::InvalidCount() const {
  return static_cast<size_t>(
      std::ranges::count_if(entries, [](const auto& entry) { return !entry.problem.empty(); }));
}

base::Result<Exceptions> ParseExceptions(std::string_view text, std::string_view path) {
  SCANTLING_TRY(Exceptions out, ParseFile(text, path));
  FindDoubles({&out, 1});
  return out;
}

base::Result<std::vector<Exceptions>> ParseExceptions(std::span<const ExceptionsFile> files) {
  std::vector<Exceptions> out;
  for (const ExceptionsFile& file : files) {
    SCANTLING_TRY(Exceptions read, ParseFile(file.text, file.path));
    out.push_back(std::move(read));
  }
  FindDoubles(out);
  return out;
}

}  // namespace scantling::policy
