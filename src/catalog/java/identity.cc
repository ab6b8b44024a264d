// See identity.h.
#include "catalog/java/identity.h"

#include "base/strings.h"
#include "catalog/java/known_groups.h"

#include <algorithm>
#include <array>
#include <optional>

namespace scantling::catalog::java {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view LettersOf(std::string_view token) {
  size_t length = 0;
  while (length < token.size() && !IsDigit(token[length]) && token[length] != '.') {
    ++length;
  }
  return token.substr(0, length);
}

// Words that belong to a version where they follow a number: "2.0-beta-3", "31.1-jre",
// "1.0-SNAPSHOT".
bool IsQualifier(std::string_view token) {
  static constexpr std::array<std::string_view, 18> kWords = {
      "alpha", "a",  "beta",    "b",        "m",  "milestone", "rc",      "cr",         "ea",
      "final", "ga", "release", "snapshot", "sp", "jre",       "android", "incubating", "preview"};
  const std::string word = base::Lower(LettersOf(token));
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// Artifact names as Maven allows them, so that a title for people ("Apache Tomcat") is not taken
// for one.
bool IsArtifactName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
  });
}

// "org.apache.tomcat-catalina" ends in "catalina", "org.apache.commons.lang3" in "commons-lang3".
bool NamesSame(std::string_view dotted, std::string_view stem) {
  if (stem.empty() || dotted.size() < stem.size()) {
    return false;
  }
  const size_t start = dotted.size() - stem.size();
  for (size_t i = 0; i < stem.size(); ++i) {
    const char a = dotted[start + i] == '-' ? '.' : dotted[start + i];
    const char b = stem[i] == '-' ? '.' : stem[i];
    if (a != b) {
      return false;
    }
  }
  return start == 0 || dotted[start - 1] == '.' || dotted[start - 1] == '-';
}

// How surely this pom describes the archive itself; 0 = nothing says so.
size_t MainScore(const PomProperties& pom, std::string_view stem, const Manifest* manifest) {
  constexpr size_t kSure = 1'000'000;
  if (pom.artifact.empty()) {
    return 0;
  }
  if (stem == pom.artifact + "-" + pom.version || stem == pom.artifact) {
    return kSure;
  }
  if (stem.starts_with(pom.artifact + "-")) {
    return 2 + pom.artifact.size();  // the longest such artifact
  }
  if (manifest != nullptr && (manifest->implementation_title == pom.artifact ||
                              manifest->bundle_symbolic_name == pom.artifact ||
                              manifest->bundle_symbolic_name == pom.group + "." + pom.artifact)) {
    return 1;
  }
  return 0;
}

std::string_view ArtifactOf(std::string_view stem, const FileName& file, const Manifest& manifest) {
  if (!file.version.empty()) {
    return file.artifact;  // named as Maven names it
  }
  if (IsArtifactName(manifest.implementation_title)) {
    return manifest.implementation_title;
  }
  for (const std::string* dotted :
       {&manifest.bundle_symbolic_name, &manifest.automatic_module_name}) {
    if (NamesSame(*dotted, stem)) {
      return stem;
    }
  }
  if (IsArtifactName(manifest.bundle_symbolic_name) && KnownGroup(stem, {}).empty()) {
    return manifest.bundle_symbolic_name;
  }
  return stem;
}

// From the manifest and the file name.
Identity WithoutPom(std::string_view stem, const Manifest& manifest) {
  const FileName file = SplitFileName(stem);
  Identity out;
  out.is_main = true;
  out.artifact = ArtifactOf(stem, file, manifest);
  const std::string_view bundle = UsableVersion(manifest.bundle_version);
  out.evidence = model::Evidence::kJavaManifest;
  if (const std::string_view stated = UsableVersion(manifest.implementation_version);
      !stated.empty()) {
    out.version = stated;
  } else if (!bundle.empty() && (file.version.empty() || bundle == file.version)) {
    out.version = bundle;
  } else if (!file.version.empty()) {
    // OSGi rewrites versions ("31.1.0.jre" for 31.1-jre), a file name keeps Maven's.
    out.version = file.version;
    out.evidence = model::Evidence::kJavaFileName;
  } else {
    out.version = UsableVersion(manifest.specification_version);
    if (out.version.empty() && out.artifact == stem) {
      out.evidence = model::Evidence::kJavaFileName;
    }
  }
  out.group = KnownGroup(out.artifact, out.version);
  return out;
}

}  // namespace

FileName SplitFileName(std::string_view stem) {
  struct Token {
    size_t at;  // of its first character
    std::string_view text;
    bool is_number;  // begins with a digit
  };
  std::vector<Token> tokens;
  for (size_t at = 0; at <= stem.size();) {
    const size_t dash = std::min(stem.find('-', at), stem.size());
    const std::string_view text = stem.substr(at, dash - at);
    tokens.push_back({at, text, !text.empty() && IsDigit(text.front())});
    at = dash + 1;
  }
  // The last number that a version can begin with: "x86_64" is none, "log4j-1.2-api-2.14.1" has its
  // version at the end.
  size_t first = tokens.size();
  for (size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].is_number) {
      first = i;
    }
  }
  if (first == tokens.size()) {
    return {stem, {}, {}};
  }
  size_t last = first;
  // To the left over numbers and qualifiers that follow a number: "1.0-20240101.120000-1",
  // "2.0-beta-3".
  for (size_t i = first; i-- > 1;) {
    if (tokens[i].is_number) {
      first = i;
    } else if (!IsQualifier(tokens[i].text)) {
      break;
    }
  }
  while (last + 1 < tokens.size() && IsQualifier(tokens[last + 1].text)) {
    ++last;
  }
  FileName out;
  out.artifact = stem.substr(0, tokens[first].at - 1);
  const size_t end = tokens[last].at + tokens[last].text.size();
  out.version = stem.substr(tokens[first].at, end - tokens[first].at);
  out.classifier = end < stem.size() ? stem.substr(end + 1) : std::string_view();
  if (out.artifact.empty()) {
    return {stem, {}, {}};
  }
  return out;
}

std::vector<Identity> Identify(std::string_view stem, const std::vector<PomProperties>& poms,
                               const Manifest* maybe_manifest) {
  std::vector<Identity> out;
  std::optional<size_t> main;
  size_t best = 0;
  for (size_t i = 0; i < poms.size(); ++i) {
    if (const size_t score = MainScore(poms[i], stem, maybe_manifest); score > best) {
      best = score;
      main = i;
    }
    Identity identity;
    identity.group = poms[i].group;
    identity.artifact = poms[i].artifact;
    identity.version = UsableVersion(poms[i].version);
    if (identity.version.empty() && poms[i].version.find("${") == std::string::npos) {
      identity.version = poms[i].version;  // "Finchley.SR2", "RELEASE123": odd, but stated
    }
    identity.evidence = model::Evidence::kJavaPomProperties;
    identity.licenses = poms[i].licenses;
    out.push_back(std::move(identity));
  }
  const Manifest nothing;
  Identity own = WithoutPom(stem, maybe_manifest != nullptr ? *maybe_manifest : nothing);
  if (!main && poms.size() == 1 &&
      (own.evidence != model::Evidence::kJavaManifest || own.version.empty() ||
       own.version == poms[0].version)) {
    main = 0;  // renamed: "app.jar"
  }
  if (main) {
    if (out[*main].version.empty()) {
      out[*main].version = own.version;
    }
    out[*main].is_main = true;
  } else if (poms.empty() || !own.version.empty()) {
    out.push_back(std::move(own));
  }
  if (maybe_manifest != nullptr) {
    for (Identity& identity : out) {
      if (identity.is_main && identity.licenses.empty()) {
        identity.licenses = LicensesOfBundle(maybe_manifest->bundle_license);
      }
    }
  }
  return out;
}

}  // namespace scantling::catalog::java
