// .trivyignore: https://trivy.dev/latest/docs/configuration/filtering/
// .grype.yaml: https://github.com/anchore/grype#specifying-matches-to-ignore
// osv-scanner.toml: https://google.github.io/osv-scanner/configuration/
#include "policy/exceptions/import.h"

#include "base/strings.h"
#include "base/time.h"
#include "codec/toml.h"
#include "codec/yaml.h"
#include "policy/exceptions/exceptions.h"
#include "version/purl.h"

#include <algorithm>
#include <array>

namespace scantling::policy {
namespace {

using codec::TomlNode;
using codec::YamlNode;

struct Entry {
  uint32_t line = 0;
  std::string finding;
  std::string component;
  std::string path;
  std::string words;
  std::string until;
};

constexpr size_t kMaxEntries = 100'000;

// Characters of more than one byte that YAML does not allow in a document, or takes for the end of
// a line: C1 controls, U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF.
bool IsRefused(std::string_view rest) {
  if (rest.size() >= 2 && rest[0] == '\xC2') {
    return static_cast<unsigned char>(rest[1]) < 0xA0;
  }
  constexpr std::array<std::string_view, 5> kRefused = {
      "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF", "\xEF\xBF\xBE", "\xEF\xBF\xBF"};
  return std::ranges::any_of(kRefused, [&](std::string_view one) { return rest.starts_with(one); });
}

// In double quotes, with YAML's escapes.
std::string Quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::string clean = base::ToUtf8(text);
  std::string out = "\"";
  for (size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else if (IsRefused(std::string_view(clean).substr(i))) {
      out += '?';
      i += byte == 0xC2 ? 1 : 2;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class Import {
 public:
  Import(IgnoreKind kind, std::string_view path) : kind_(kind), path_(path) {}

  void Note(uint32_t line, const std::string& text) {
    if (out_.notes.size() < 1000) {
      out_.notes.push_back(std::string(path_) + ":" + std::to_string(line) + ": " + text);
    }
  }
  void Add(Entry entry) {
    if (entries_.size() == kMaxEntries) {
      Note(entry.line, "not imported: more than 100,000 entries");
      return;
    }
    entries_.push_back(std::move(entry));
  }
  // The day of a text such as "2026-01-31" or a full time; "" with a note when it is none.
  std::string Date(uint32_t line, std::string_view text) {
    if (text.empty()) {
      return {};
    }
    const auto time = base::ParseTime(text);
    if (!time) {
      Note(line, "the end date \"" + base::ToUtf8(text.substr(0, 40)) +
                     "\" is not a date: give one in the new file");
      return {};
    }
    return base::FormatDate(*time);
  }

  Imported Finish() && {
    std::string& yaml = out_.yaml;
    yaml = "# Made from " + std::string(ToString(kind_)) +
           ". No entry counts until what is empty is filled in: owner, approver (another person),\n"
           "# reason (";
    for (const ReasonInfo& reason : ReasonTable()) {
      yaml += (&reason == ReasonTable().data() ? "" : ", ") + std::string(reason.name);
    }
    yaml += "),\n# words, created and until (dates). Then: scantling exceptions check FILE\n";
    yaml += "schema: " + std::string(kExceptionsSchema) + "\nexceptions:";
    yaml += entries_.empty() ? " []\n" : "\n";
    size_t number = 0;
    for (const Entry& entry : entries_) {
      yaml += "  - id: IMPORTED-" + std::to_string(++number) + "  # line " +
              std::to_string(entry.line) + "\n";
      Line("finding", entry.finding);
      Line("component", entry.component);
      if (!entry.path.empty()) {
        yaml += "    scope:\n      path: " + Quoted(entry.path) + "\n";
      }
      yaml += "    owner: \"\"  # to fill in\n";
      yaml += "    approver: \"\"  # to fill in\n";
      yaml += "    reason: \"\"  # to fill in\n";
      Required("words", entry.words);
      yaml += "    created: \"\"  # to fill in\n";
      Required("until", entry.until);
    }
    out_.entries = entries_.size();
    return std::move(out_);
  }

 private:
  void Line(std::string_view key, const std::string& value) {
    if (!value.empty()) {
      out_.yaml += "    " + std::string(key) + ": " + Quoted(value) + "\n";
    }
  }
  void Required(std::string_view key, const std::string& value) {
    out_.yaml += "    " + std::string(key) + ": " + Quoted(value) +
                 (value.empty() ? "  # to fill in\n" : "\n");
  }

  IgnoreKind kind_;
  std::string_view path_;
  std::vector<Entry> entries_;
  Imported out_;
};

// An advisory's or vulnerability's id, as opposed to a check's or a secret rule's.
bool IsFindingId(std::string_view id) {
  constexpr std::array<std::string_view, 24> kPrefixes = {
      "CVE-",  "GHSA-", "GO-",   "RUSTSEC-", "PYSEC-", "OSV-",  "DSA-",    "DLA-",
      "DTSA-", "RHSA-", "RHBA-", "RHEA-",    "ALSA-",  "RLSA-", "ELSA-",   "ALAS",
      "USN-",  "SUSE-", "NSWG-", "TEMP-",    "CGA-",   "MAL-",  "DEBIAN-", "UBUNTU-"};
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
  return id.find_first_not_of(kCharacters) == std::string_view::npos &&
         std::ranges::any_of(kPrefixes, [&](std::string_view prefix) {
           return base::EqualsIgnoreCase(id.substr(0, prefix.size()), prefix);
         });
}

constexpr std::string_view kNoFinding =
    "not imported: it is not the id of a vulnerability (checks and secrets are not matched here)";

// One id a line, "#" begins a comment, "exp:2026-01-31" an end. Comments right above are the words.
void TrivyLines(std::string_view text, Import& import) {
  std::string comment;
  uint32_t number = 0;
  for (std::string_view line : base::Split(text, '\n')) {
    ++number;
    line = base::Trim(line);
    if (line.empty()) {
      comment.clear();
      continue;
    }
    if (line.starts_with('#')) {
      comment += (comment.empty() ? "" : " ") + std::string(base::Trim(line.substr(1)));
      continue;
    }
    Entry entry;
    entry.line = number;
    entry.words = comment;
    if (const size_t hash = line.find(" #"); hash != std::string_view::npos) {
      entry.words = base::Trim(line.substr(hash + 2));
      line = base::Trim(line.substr(0, hash));
    }
    bool first = true;
    bool understood = true;
    for (const std::string_view word : base::Split(line, ' ')) {
      constexpr std::string_view kEnd = "exp:";
      if (word.empty()) {
        continue;
      }
      if (first) {
        entry.finding = word;
        first = false;
      } else if (word.starts_with(kEnd)) {
        entry.until = import.Date(number, word.substr(kEnd.size()));
      } else {
        understood = false;
      }
    }
    if (!understood) {
      import.Note(number, "not imported: it says more than an id and an end date");
    } else if (!IsFindingId(entry.finding)) {
      import.Note(number, std::string(kNoFinding));
    } else {
      import.Add(std::move(entry));
    }
    comment.clear();  // it is of the line below it alone
  }
}

std::vector<std::string> Texts(const YamlNode& node) {
  std::vector<std::string> out;
  if (node.IsScalar() && !node.IsNull()) {
    out.emplace_back(node.Text());
  }
  if (node.IsSequence()) {
    for (const YamlNode& child : node.children) {
      out.emplace_back(child.Text());
    }
  }
  return out;
}

// The keys of a mapping that are none of these, joined; "" none.
std::string OtherKeys(const YamlNode& node, std::initializer_list<std::string_view> known) {
  std::string out;
  for (const YamlNode::Key& key : node.keys) {
    if (std::ranges::find(known, key.text) == known.end()) {
      out += (out.empty() ? "" : ", ") + base::ToUtf8(key.text);
    }
  }
  return out;
}

void TrivyYaml(const YamlNode& root, Import& import) {
  for (size_t i = 0; i < root.keys.size(); ++i) {
    if (root.keys[i].text != "vulnerabilities") {
      import.Note(root.keys[i].line, "not imported: " + base::ToUtf8(root.keys[i].text) +
                                         " are not matched here, only vulnerabilities");
    }
  }
  const YamlNode& list = root["vulnerabilities"];
  if (list.line != 0 && !list.IsSequence() && !list.IsNull()) {
    import.Note(list.line, "not imported: \"vulnerabilities\" is not a list");
  }
  for (const YamlNode& node : list.children) {
    if (!list.IsSequence()) {
      break;
    }
    Entry entry;
    entry.line = node.line;
    entry.finding = node["id"].Text();
    if (!IsFindingId(entry.finding)) {
      import.Note(node.line, std::string(kNoFinding));
      continue;
    }
    if (const std::string other =
            OtherKeys(node, {"id", "paths", "purls", "expired_at", "statement"});
        !other.empty()) {
      import.Note(node.line, "not imported: it has conditions that we do not know: " + other);
      continue;
    }
    entry.words = node["statement"].Text();
    entry.until = import.Date(node.line, node["expired_at"].Text());
    auto paths = Texts(node["paths"]);
    auto purls = Texts(node["purls"]);
    // A condition that is there and names nothing must not become no condition.
    if ((node.Has("paths") && paths.empty()) || (node.Has("purls") && purls.empty())) {
      import.Note(node.line, "not imported: its \"paths\" or \"purls\" name nothing");
      continue;
    }
    if (paths.empty()) {
      paths.emplace_back();
    }
    if (purls.empty()) {
      purls.emplace_back();
    }
    for (const std::string& path : paths) {
      for (const std::string& purl : purls) {
        Entry one = entry;
        one.path = path;
        one.component = purl;
        if ((path.empty() && node.Has("paths")) || (purl.empty() && node.Has("purls"))) {
          import.Note(node.line, "not imported: an empty path or package URL");
          continue;
        }
        import.Add(std::move(one));
      }
    }
  }
}

// The package URL type for the names that other scanners give package types; "" none that a name
// alone identifies.
std::string PurlTypeOf(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes = {
      {{"npm", "npm"},
       {"python", "pypi"},
       {"pypi", "pypi"},
       {"gem", "gem"},
       {"rubygems", "gem"},
       {"go-module", "golang"},
       {"go", "golang"},
       {"rust-crate", "cargo"},
       {"crates.io", "cargo"},
       {"php-composer", "composer"},
       {"packagist", "composer"},
       {"dotnet", "nuget"},
       {"nuget", "nuget"},
       {"java-archive", "maven"},
       {"maven", "maven"}}};
  const std::string lower = base::Lower(type);
  for (const auto& [name, purl] : kTypes) {
    if (name == lower) {
      return std::string(purl);
    }
  }
  return {};
}

// "" when these do not make a package URL.
std::string PurlOf(const std::string& type, std::string_view name, std::string_view version) {
  version::PackageUrl purl;
  purl.type = type;
  purl.version = version;
  const char separator = type == "maven" ? ':' : '/';
  const size_t at = name.rfind(separator);
  if (at != std::string_view::npos) {
    purl.namespace_ = name.substr(0, at);
    name.remove_prefix(at + 1);
  } else if (type == "maven") {
    return {};
  }
  purl.name = name;
  return type.empty() || name.empty() ? std::string() : purl.ToString();
}

void Grype(const YamlNode& root, Import& import) {
  const YamlNode& list = root["ignore"];
  if (!list.IsSequence()) {
    import.Note(std::max(1U, list.line), "it has no list \"ignore\": nothing to import");
    return;
  }
  for (const YamlNode& node : list.children) {
    Entry entry;
    entry.line = node.line;
    entry.finding = node["vulnerability"].Text();
    entry.words = node["reason"].Text();
    if (!node["vex-status"].Text().empty() || node.Has("vex-justification")) {
      import.Note(node.line,
                  "not imported: it is about VEX statements, which close findings "
                  "themselves (--vex FILE)");
      continue;
    }
    if (node.Has("fix-state")) {
      import.Note(node.line,
                  "not imported: whether a fix exists is a condition of a policy's rule "
                  "(fix_state), not of an exception");
      continue;
    }
    const YamlNode& package = node["package"];
    std::string other =
        OtherKeys(node, {"vulnerability", "package", "reason", "include-aliases"}) +
        (package.IsMapping()
             ? OtherKeys(package, {"name", "version", "type", "location", "language"})
             : std::string());
    if (!other.empty()) {
      import.Note(node.line, "not imported: without its condition it would be wider: " + other);
      continue;
    }
    const std::string name(package["name"].Text());
    const std::string version(package["version"].Text());
    const std::string type(package["type"].Text());
    if (!entry.finding.empty() && !IsFindingId(entry.finding)) {
      import.Note(node.line, std::string(kNoFinding));
      continue;
    }
    if (name.find_first_of("*?[](){}|\\^$+") != std::string::npos) {
      import.Note(node.line,
                  "not imported: the name is a pattern; write one exception per package");
      continue;
    }
    if (name.empty() &&
        (package.Has("type") || package.Has("version") || package.Has("language"))) {
      import.Note(node.line,
                  "not imported: a type or version without a name is too wide; name the "
                  "packages");
      continue;
    }
    if (entry.finding.empty() && name.empty()) {
      import.Note(node.line, "not imported: it names neither a vulnerability nor a package");
      continue;
    }
    if (type.empty() && version.empty()) {
      entry.component = name;
    } else {
      entry.component = PurlOf(PurlTypeOf(type), name, version);
      if (entry.component.empty()) {
        import.Note(node.line, "not imported: its package (" + name + " " + version + ", type " +
                                   (type.empty() ? "not given" : type) +
                                   ") does not make a package URL; write it as \"component\"");
        continue;
      }
    }
    entry.path = package["location"].Text();
    import.Add(std::move(entry));
  }
}

void Osv(const TomlNode& root, Import& import) {
  for (const TomlNode::Key& key : root.keys) {
    if (key.text != "IgnoredVulns" && key.text != "PackageOverrides") {
      import.Note(key.line, "not imported: " + key.text + " says nothing about vulnerabilities");
    }
  }
  for (const TomlNode& node : root["IgnoredVulns"].children) {
    Entry entry;
    entry.line = node.line;
    entry.finding = node["id"].text;
    entry.words = node["reason"].text;
    entry.until = import.Date(node.line, node["ignoreUntil"].text);
    if (IsFindingId(entry.finding)) {
      import.Add(std::move(entry));
    } else {
      import.Note(node.line, std::string(kNoFinding));
    }
  }
  for (const TomlNode& node : root["PackageOverrides"].children) {
    const bool ignored =
        node["ignore"].text == "true" || node["vulnerability"]["ignore"].text == "true";
    if (!ignored) {
      import.Note(node.line, "not imported: it does not ignore vulnerabilities");
      continue;
    }
    Entry entry;
    entry.line = node.line;
    entry.words = node["reason"].text;
    entry.until = import.Date(node.line, node["effectiveUntil"].text);
    const std::string& name = node["name"].text;
    const std::string& version = node["version"].text;
    const std::string& ecosystem = node["ecosystem"].text;
    if (name.empty()) {
      import.Note(node.line,
                  "not imported: an override without a name is too wide; name the packages");
      continue;
    }
    if (node["group"].kind != TomlNode::Kind::kMissing) {
      import.Note(node.line, "not imported: groups of dependencies are not known in an image");
      continue;
    }
    if (ecosystem.empty() && version.empty()) {
      entry.component = name;
    } else {
      const std::string family = base::Lower(ecosystem.substr(0, ecosystem.find(':')));
      const bool deb = family == "debian" || family == "ubuntu";
      const bool apk = family == "alpine";
      entry.component = deb || apk ? PurlOf(deb ? "deb" : "apk", family + "/" + name, version)
                                   : PurlOf(PurlTypeOf(family), name, version);
      if (entry.component.empty()) {
        import.Note(node.line, "not imported: " + name + " of " +
                                   (ecosystem.empty() ? "no ecosystem" : ecosystem) +
                                   " does not make a package URL; write it as \"component\"");
        continue;
      }
    }
    import.Add(std::move(entry));
  }
}

}  // namespace

std::string_view ToString(IgnoreKind kind) {
  switch (kind) {
    case IgnoreKind::kTrivyIgnore:
      return ".trivyignore";
    case IgnoreKind::kTrivyIgnoreYaml:
      return ".trivyignore.yaml";
    case IgnoreKind::kGrype:
      return ".grype.yaml";
    case IgnoreKind::kOsvScanner:
      return "osv-scanner.toml";
  }
  return ".trivyignore";
}

std::optional<IgnoreKind> SniffIgnoreFile(std::string_view text, std::string_view path) {
  const std::string name = base::Lower(base::BaseName(path));
  const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  if (name.find("trivyignore") != std::string::npos) {
    return yaml ? IgnoreKind::kTrivyIgnoreYaml : IgnoreKind::kTrivyIgnore;
  }
  if (name.find("grype") != std::string::npos && yaml) {
    return IgnoreKind::kGrype;
  }
  if (name.ends_with(".toml")) {
    return IgnoreKind::kOsvScanner;
  }
  for (std::string_view line : base::Split(text.substr(0, 65'536), '\n')) {
    line = base::Trim(line);
    if (line.starts_with("[[IgnoredVulns]]") || line.starts_with("[[PackageOverrides]]")) {
      return IgnoreKind::kOsvScanner;
    }
    if (line.starts_with("ignore:")) {
      return IgnoreKind::kGrype;
    }
    if (line.starts_with("vulnerabilities:") || line.starts_with("misconfigurations:") ||
        line.starts_with("secrets:") || line.starts_with("licenses:")) {
      return IgnoreKind::kTrivyIgnoreYaml;
    }
    if (IsFindingId(line.substr(0, line.find(' ')))) {
      return IgnoreKind::kTrivyIgnore;
    }
  }
  return std::nullopt;
}

base::Result<Imported> ImportIgnoreFile(IgnoreKind kind, std::string_view text,
                                        std::string_view path) {
  constexpr uint64_t kMaxBytes = uint64_t{16} << 20;
  if (text.size() > kMaxBytes) {
    return base::LimitMet(std::string(path) + ": larger than 16 MiB");
  }
  Import import(kind, path);
  if (kind == IgnoreKind::kTrivyIgnore) {
    TrivyLines(text, import);
    return std::move(import).Finish();
  }
  if (kind == IgnoreKind::kOsvScanner) {
    auto root = codec::ParseToml(text, kMaxBytes);
    if (!root) {
      return codec::InFile(std::move(root).error(), path);
    }
    Osv(*root, import);
    return std::move(import).Finish();
  }
  codec::YamlLimits limits;
  limits.documents = 1;
  auto documents = codec::ParseYaml(text, limits);
  if (!documents) {
    return codec::InFile(std::move(documents).error(), path);
  }
  if (documents->empty() || !documents->front().IsMapping()) {
    return base::Invalid(std::string(path) + ":1:1: " + std::string(ToString(kind)) +
                         " is a mapping");
  }
  if (kind == IgnoreKind::kGrype) {
    Grype(documents->front(), import);
  } else {
    TrivyYaml(documents->front(), import);
  }
  return std::move(import).Finish();
}

base::Result<Imported> ImportIgnoreFile(std::string_view text, std::string_view path) {
  const auto kind = SniffIgnoreFile(text, path);
  if (!kind) {
    return base::Unsupported(std::string(path) +
                             ": neither a .trivyignore(.yaml), a .grype.yaml nor an "
                             "osv-scanner.toml: say which one it is");
  }
  return ImportIgnoreFile(*kind, text, path);
}

}  // namespace scantling::policy
