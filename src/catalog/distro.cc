// See distro.h. Formats: os-release(5); apk-tools' repositories file, one URL or path per line:
// https://wiki.alpinelinux.org/wiki/Repositories.
#include "catalog/distro.h"

#include "base/strings.h"
#include "version/compare.h"

#include <algorithm>

namespace scantling::catalog {
namespace {

const FileResult* FindFile(const image::MergedTree& tree, const std::vector<VisibleFile>& files,
                           std::string_view path) {
  const auto found = tree.Resolve(path);
  const std::string_view wanted =
      found.kind == image::MergedTree::Kind::kClaimed ? std::string_view(found.path) : path;
  const auto it = std::lower_bound(
      files.begin(), files.end(), wanted,
      [](const VisibleFile& file, std::string_view name) { return file.path < name; });
  return it != files.end() && it->path == wanted ? it->result : nullptr;
}

std::string_view FactOf(const FileResult& file, std::string_view key) {
  for (const Fact& fact : file.facts.facts) {
    if (fact.key == key) {
      return fact.value;
    }
  }
  return {};
}

std::string Text(const FileResult& file, std::string_view key) {
  return base::ToUtf8(FactOf(file, key));
}

// "http://host/alpine/v3.18/main" -> "v3.18"; "" when no part looks like a stream.
std::string_view StreamOf(std::string_view repository) {
  std::string_view stream;
  if (repository.starts_with('@')) {
    return stream;  // a tagged repository: only packages that name its tag come from it
  }
  for (const std::string_view part : base::Split(repository, '/')) {
    const bool release = part.size() > 2 && part[0] == 'v' && part[1] >= '0' && part[1] <= '9' &&
                         part.find('.') != std::string_view::npos;
    if (release || part == "edge") {
      stream = part;
    }
  }
  return stream;
}

}  // namespace

std::string AdvisoryNamespace(const model::Distro& distro,
                              const std::vector<std::string>& apk_repositories) {
  if (distro.id.empty()) {
    return {};
  }
  const auto parts = base::Split(distro.version_id, '.');
  if (distro.id == "alpine") {
    // The newest stream that is named: packages may come from any of them.
    std::string_view best;
    for (const std::string& repository : apk_repositories) {
      const std::string_view stream = StreamOf(repository);
      if (stream == "edge") {
        return "alpine:edge";
      }
      // As versions: v3.20 is newer than v3.9, and v4.0 than both.
      if (!stream.empty() &&
          (best.empty() ||
           version::Compare(version::Ecosystem::kDeb, stream.substr(1), best.substr(1)) > 0)) {
        best = stream;
      }
    }
    if (!best.empty()) {
      return "alpine:" + std::string(best);
    }
    return parts.size() < 2 ? std::string()
                            : "alpine:v" + std::string(parts[0]) + "." + std::string(parts[1]);
  }
  if (distro.version_id.empty()) {
    // Debian testing and unstable carry no VERSION_ID.
    return distro.codename.empty() ? std::string() : distro.id + ":" + distro.codename;
  }
  if (distro.id == "ubuntu" || distro.id == "fedora" || distro.id == "opensuse-leap" ||
      distro.id == "sles") {
    return distro.id + ":" + distro.version_id;
  }
  return distro.id + ":" + std::string(parts[0]);
}

DistroFacts FindDistro(const image::MergedTree& tree, const std::vector<VisibleFile>& files) {
  DistroFacts out;
  const FileResult* release = FindFile(tree, files, "etc/os-release");
  if (release == nullptr || FactOf(*release, "os-release.ID").empty()) {
    const FileResult* vendor = FindFile(tree, files, "usr/lib/os-release");
    release = vendor != nullptr ? vendor : release;
  }
  if (release != nullptr) {
    out.distro.id = base::Lower(Text(*release, "os-release.ID"));
    out.distro.version_id = Text(*release, "os-release.VERSION_ID");
    out.distro.codename = Text(*release, "os-release.VERSION_CODENAME");
    out.distro.pretty_name = Text(*release, "os-release.PRETTY_NAME");
    out.distro.like = Text(*release, "os-release.ID_LIKE");
  }
  std::vector<std::string> repositories;
  if (const FileResult* file = FindFile(tree, files, "etc/apk/repositories"); file != nullptr) {
    for (const Fact& fact : file->facts.facts) {
      if (fact.key == "apk.repository") {
        repositories.push_back(fact.value);
      }
    }
  }
  out.name_space = AdvisoryNamespace(out.distro, repositories);
  return out;
}

}  // namespace scantling::catalog
