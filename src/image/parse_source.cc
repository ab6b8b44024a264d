// What the user wrote, understood: forms, tags, and a look at bare paths. See source.h.
#include "base/file.h"
#include "base/strings.h"
#include "image/archive.h"
#include "image/blob_source.h"
#include "image/registry/reference.h"
#include "image/source.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <sys/stat.h>
#include <utility>

namespace scantling::image {
namespace {

constexpr std::string_view kForms =
    "the forms are registry:[HOST/]NAME[:TAG], docker-archive:FILE[:NAME:TAG], "
    "oci-archive:FILE[:TAG], oci:DIR[:TAG], rootfs:DIR, podman:NAME, docker-daemon:NAME, a path, "
    "HOST/NAME:TAG, or - for standard input";

base::Error Usage(std::string text) { return {base::ErrorCode::kUsage, std::move(text)}; }

bool Exists(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0;
}

bool IsFolder(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// "PATH:TAG" where the path may have colons too: the longest path that exists, else the first
// colon.
void SplitTag(std::string_view text, SourceSpec& spec) {
  if (Exists(std::string(text))) {
    spec.path = text;
    return;
  }
  size_t colon = std::string_view::npos;
  for (size_t at = text.rfind(':'); at != std::string_view::npos && at != 0;
       at = text.rfind(':', at - 1)) {
    colon = at;
    if (Exists(std::string(text.substr(0, at)))) {
      break;
    }
  }
  spec.path = text.substr(0, colon);
  spec.tag = colon == std::string_view::npos ? "" : text.substr(colon + 1);
}

// A file's first bytes and, for a tar, its names.
base::Result<SourceKind> LookAtFile(const std::string& path) {
  SCANTLING_TRY(base::Fd fd, base::OpenForRead(path));
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) {
    return base::IoError(path);
  }
  if (!S_ISREG(info.st_mode)) {
    return SourceKind::kDockerArchive;  // a pipe: seen when it is read
  }
  const auto size = static_cast<uint64_t>(info.st_size);
  const auto shared = std::make_shared<const base::Fd>(std::move(fd));
  std::array<std::byte, 512> head;
  FileRange start(shared, 0, std::min<uint64_t>(size, head.size()));
  SCANTLING_TRY(const size_t count, ReadFully(start, head));
  const base::Bytes seen = base::Bytes(head).first(count);
  if (codec::SniffCompression(seen) != codec::Compression::kNone) {
    return SourceKind::kDockerArchive;  // either kind of archive: its documents tell
  }
  if (!LooksLikeTar(seen)) {
    return base::Invalid(path +
                         ": not an image: neither a tar nor a gzip, zstd, xz or bzip2 file; " +
                         std::string(kForms));
  }
  auto index = IndexArchive(*shared, size, base::Limits{});
  if (!index) {
    return std::move(index).error().With(path);
  }
  const bool docker =
      index->files.contains("manifest.json") || index->files.contains("repositories");
  if (!docker && !index->files.contains("index.json")) {
    return base::Invalid(
        path + ": a tar, but not an image: neither manifest.json nor index.json is in it; " +
        std::string(kForms));
  }
  return docker ? SourceKind::kDockerArchive : SourceKind::kOciArchive;
}

base::Result<SourceSpec> ParseBare(std::string_view argument) {
  SourceSpec spec;
  spec.original = argument;
  SplitTag(argument, spec);
  if (!Exists(spec.path)) {
    if (registry::LooksLikeReference(argument)) {
      spec.kind = SourceKind::kRegistry;
      spec.path = argument;
      spec.tag.clear();
      return spec;
    }
    // A bare word is not looked for in the world's registry: it may be a file's name with a typo.
    const bool name = registry::ParseReference(argument).has_value();
    return base::NotFound(
        "\"" + std::string(argument) + "\": no such file or folder" +
        (name ? "; for an image of a registry: registry:" + std::string(argument) : "") + "; " +
        std::string(kForms));
  }
  if (IsFolder(spec.path)) {
    const bool layout = Exists(spec.path + "/oci-layout") || Exists(spec.path + "/index.json");
    if (!layout && !spec.tag.empty()) {
      return Usage(spec.path + ": a root folder has no tag");
    }
    spec.kind = layout ? SourceKind::kOciLayout : SourceKind::kRootfs;
    return spec;
  }
  SCANTLING_TRY(spec.kind, LookAtFile(spec.path));
  return spec;
}

}  // namespace

base::Result<SourceSpec> ParseSource(std::string_view argument) {
  if (argument.empty()) {
    return Usage("an empty source; " + std::string(kForms));
  }
  struct Form {
    std::string_view prefix;
    SourceKind kind;
  };
  static constexpr std::array kTable = {
      Form{"docker-archive:", SourceKind::kDockerArchive},
      Form{"oci-archive:", SourceKind::kOciArchive},
      Form{"oci:", SourceKind::kOciLayout},
      Form{"rootfs:", SourceKind::kRootfs},
  };
  SourceSpec spec;
  spec.original = argument;
  if (argument == "-") {
    spec.kind = SourceKind::kStandardInput;
    return spec;
  }
  for (const Form& form : kTable) {
    if (!argument.starts_with(form.prefix)) {
      continue;
    }
    const std::string_view rest = argument.substr(form.prefix.size());
    spec.kind = form.kind;
    if (form.kind == SourceKind::kRootfs) {
      spec.path = rest;
    } else {
      SplitTag(rest, spec);
    }
    if (spec.path.empty()) {
      return Usage("\"" + std::string(argument) + "\" names no path; " + std::string(kForms));
    }
    return spec;
  }
  for (const std::string_view prefix : {"registry:", "docker://"}) {
    if (argument.starts_with(prefix)) {
      spec.kind = SourceKind::kRegistry;
      spec.path = argument.substr(prefix.size());
      SCANTLING_TRY(auto checked, registry::ParseReference(spec.path));
      static_cast<void>(checked);
      return spec;
    }
  }
  for (const std::string_view prefix : {"podman:", "docker-daemon:"}) {
    if (argument.starts_with(prefix)) {
      spec.kind = SourceKind::kDaemon;
      spec.path = argument.substr(prefix.size());
      if (spec.path.empty()) {
        return Usage("\"" + std::string(argument) + "\" names no image; " + std::string(kForms));
      }
      return spec;
    }
  }
  static constexpr std::array<std::string_view, 4> kLater = {
      "docker:", "containerd:", "containers-storage:", "dir:"};
  for (const std::string_view prefix : kLater) {
    if (argument.starts_with(prefix) && !Exists(std::string(argument))) {
      return Usage("\"" + std::string(argument) + "\": the form \"" + std::string(prefix) +
                   "\" is not supported; " + std::string(kForms));
    }
  }
  return ParseBare(argument);
}

}  // namespace scantling::image
