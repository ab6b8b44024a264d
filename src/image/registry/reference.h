// Names of images in registries: "[HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]".
// https://github.com/distribution/reference, with its defaults: docker.io, library/, latest.
// Not handled: sha512 digests, short names of registries.conf.
#pragma once

#include "base/digest.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace scantling::image::registry {

struct Reference {
  std::string registry;    // "docker.io", "localhost:5000", "[::1]:5000"
  std::string repository;  // "library/alpine"
  std::string tag;         // "latest" when neither tag nor digest was written; else as written
  std::optional<base::Digest> digest;

  // "docker.io/library/alpine:3.19@sha256:...".
  std::string ToString() const;
  // The same without tag and digest.
  std::string Name() const { return registry + "/" + repository; }
  // What the registry is asked for: the digest where there is one, else the tag.
  std::string Wanted() const { return digest ? digest->ToString() : tag; }
  // Where its API is: docker.io's is registry-1.docker.io.
  std::string Host() const;
};

base::Result<Reference> ParseReference(std::string_view text);
// Does the text name a registry, a tag or a digest? A bare word does not: it may be a file that is
// not there.
bool LooksLikeReference(std::string_view text);

// "HOST[:PORT]" as written: is it this machine?
bool IsLoopback(std::string_view registry);

}  // namespace scantling::image::registry
