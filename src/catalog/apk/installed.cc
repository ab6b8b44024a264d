// Views into the file's bytes; one pass over the lines, one over the dependencies.
#include "catalog/apk/installed.h"

#include "base/strings.h"
#include "catalog/common/capabilities.h"
#include "catalog/common/kept_bytes.h"
#include "catalog/common/licenses.h"
#include "catalog/common/owned_paths.h"
#include "catalog/common/package_role.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::catalog::apk {
namespace {

struct Package {
  uint64_t line = 0;  // of its first field; 0 = none yet
  std::string_view name, version, architecture, origin, maintainer, license, depends, provides;
  std::vector<uint64_t> owned;
};

// "so:libc.musl-x86_64.so.1=1", "busybox>=1.36.1-r5", "name@edge" -> the part that names something.
std::string_view DependencyName(std::string_view token) {
  return token.substr(0, token.find_first_of("<>=~@"));
}

template <typename Visit>
void ForEachToken(std::string_view text, Visit&& visit) {
  while (true) {
    const size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) {
      return;
    }
    text.remove_prefix(start);
    const size_t end = text.find_first_of(" \t");
    visit(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end);
  }
}

// A capability that can never be a package's name.
bool IsTyped(std::string_view name) {
  return name.find(':') != std::string_view::npos || name.starts_with('/');
}

// `apk add --virtual NAME`: a name with a dot in front, by convention .build-deps, .run-deps and
// the like.
model::Role RoleOf(std::string_view name) {
  if (name.starts_with('.')) {
    return name.find("build") != std::string_view::npos ? model::Role::kBuildOnly
                                                        : model::Role::kRuntime;
  }
  return RoleFromName(name);
}

class InstalledParser {
 public:
  InstalledParser(uint64_t file_bytes, const base::Limits& limits, FileFacts& facts,
                  Problems& problems)
      : limits_(limits), facts_(facts), problems_(problems), kept_(file_bytes) {}

  void Parse(std::string_view text) {
    if (!text.empty() && text.back() != '\n') {
      problems_.Gap("cut-off",
                    "the last line has no end: the file may be cut off, and packages missing");
    }
    while (!text.empty()) {
      const size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      ++line_;
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      if (line.empty()) {
        EndPackage();
      } else if (line.size() < 2 || line[1] != ':') {
        problems_.Gap("malformed",
                      "line " + std::to_string(line_) + " is not a letter, ':' and a value");
      } else {
        Field(line[0], line.substr(2));
      }
    }
    EndPackage();
    ResolveDepends();
  }

 private:
  void Field(char letter, std::string_view value) {
    if (package_.line == 0) {
      package_.line = line_;
      paths_.emplace(package_.owned);
    }
    switch (letter) {
      case 'P':
        Set(package_.name, value);
        break;
      case 'V':
        Set(package_.version, value);
        break;
      case 'A':
        package_.architecture = value;
        break;
      case 'o':
        package_.origin = value;
        break;
      case 'm':
        package_.maintainer = value;
        break;
      case 'L':
        package_.license = value;
        break;
      case 'D':
        package_.depends = value;
        break;
      case 'p':
        package_.provides = value;
        break;
      case 'F':
        paths_->EnterFolder(value);
        break;
      case 'R':
        paths_->AddFile(value);
        break;
      default:
        break;  // C checksum, S I sizes, T U t c q s texts, M a Z modes and sums, i r f k: not
                // needed
    }
  }

  void Set(std::string_view& field, std::string_view value) {
    if (!field.empty()) {
      problems_.Gap("malformed",
                    "line " + std::to_string(line_) +
                        ": a second name or version in one package; the first one counts");
      return;
    }
    field = value;
  }

  void EndPackage() {
    Package package = std::exchange(package_, Package());
    paths_.reset();
    if (package.line == 0) {
      return;
    }
    if (package.name.empty() || package.version.empty()) {
      problems_.Gap("malformed", "the package at line " + std::to_string(package.line) +
                                     " has no name or no version");
      return;
    }
    if (facts_.records.size() >= limits_.components) {
      problems_.Gap("limit.components",
                    "packages from line " + std::to_string(package.line) + " on: limit components");
      return;
    }
    if (!kept_.Take(sizeof(Record) + 2 * package.name.size() + package.version.size() +
                    package.architecture.size() + package.origin.size() +
                    package.maintainer.size() + package.license.size())) {
      if (!std::exchange(full_said_, true)) {
        problems_.Gap(KeptBytes::kWhat, "the package at line " + std::to_string(package.line) +
                                            std::string(KeptBytes::kWords));
      }
      return;
    }
    Record& record = facts_.records.emplace_back();
    record.owned = std::move(package.owned);
    model::Component& component = record.component;
    component.name = base::ToUtf8(package.name);
    component.version = base::ToUtf8(package.version);
    component.type = version::Ecosystem::kApk;
    component.architecture = base::ToUtf8(package.architecture);
    component.source_name = package.origin.empty() ? component.name : base::ToUtf8(package.origin);
    component.vendor = base::ToUtf8(package.maintainer);
    AddLicense(package.license, component);
    component.evidence = model::Evidence::kApkInstalled;
    component.role = RoleOf(package.name);
    component.essential = package.name == "alpine-baselayout" || package.name == "busybox" ||
                          package.name == "musl" || package.name == "apk-tools";
    relations_.push_back({package.depends, package.provides});
  }

  void ResolveDepends() {
    Capabilities capabilities;
    for (uint32_t i = 0; i < relations_.size(); ++i) {
      capabilities.AddPackage(facts_.records[i].component.name, i);
      ForEachToken(relations_[i].provides, [&](std::string_view token) {
        capabilities.AddProvided(DependencyName(token), i);
      });
    }
    for (uint32_t i = 0; i < relations_.size(); ++i) {
      std::vector<std::string>& depends = facts_.records[i].component.depends;
      ForEachToken(relations_[i].depends, [&](std::string_view token) {
        const std::string_view name = DependencyName(token);
        if (name.empty() || name.starts_with('!')) {
          return;
        }
        std::string_view real = IsTyped(name) ? std::string_view() : name;
        if (const auto giver = capabilities.Find(name)) {
          real = *giver == i ? std::string_view() : facts_.records[*giver].component.name;
        }
        if (!real.empty() && kept_.Take(KeptBytes::Of(real))) {
          depends.push_back(base::ToUtf8(real));
        }
      });
      std::ranges::sort(depends);
      depends.erase(std::ranges::unique(depends).begin(), depends.end());
    }
    if (kept_.full() && !full_said_) {
      problems_.Gap(KeptBytes::kWhat, "dependencies" + std::string(KeptBytes::kWords));
    }
  }

  struct Relations {
    std::string_view depends;
    std::string_view provides;
  };

  const base::Limits& limits_;
  FileFacts& facts_;
  Problems& problems_;
  KeptBytes kept_;
  bool full_said_ = false;
  uint64_t line_ = 0;
  Package package_;
  std::optional<OwnedPaths> paths_;   // into package_.owned
  std::vector<Relations> relations_;  // per record
};

}  // namespace

void ParseInstalled(base::Bytes data, const base::Limits& limits, FileFacts& facts,
                    Problems& problems) {
  InstalledParser(data.size(), limits, facts, problems).Parse(base::AsText(data));
}

}  // namespace scantling::catalog::apk
