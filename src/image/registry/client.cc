// See client.h: manifests, lists, and the requests beneath them. Who we are is in
// authorization.cc, blobs in blob_stream.cc.
#include "image/registry/client.h"

#include "base/strings.h"
#include "codec/json.h"
#include "image/registry/api_error.h"
#include "image/registry/headers.h"
#include "net/url.h"

#include <algorithm>
#include <set>
#include <utility>

namespace scantling::image::registry {
namespace {

constexpr size_t kMaxPages = 10'000;
constexpr size_t kMaxNames = 1'000'000;
constexpr size_t kMaxNameBytes = 255;                    // longer ones are no names
constexpr uint64_t kMaxPageBytes = uint64_t{128} << 20;  // of all pages of a list
constexpr std::string_view kManifestTypes =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";

std::string PullScope(const Reference& reference) {
  return "repository:" + reference.repository + ":pull";
}

base::Result<std::string> ReadBody(net::HttpStream& stream) {
  std::string out;
  std::vector<std::byte> buffer(32 << 10);
  while (true) {
    SCANTLING_TRY(const size_t count, stream.Read(buffer));
    if (count == 0) {
      return out;
    }
    out.append(base::AsText(base::Bytes(buffer).first(count)));
  }
}

std::string TypeOnly(std::string_view content_type) {
  return base::Lower(base::Trim(content_type.substr(0, content_type.find(';'))));
}

}  // namespace

Client::Client(Options options)
    : options_(std::move(options)),
      http_({.policy = options_.policy, .user_agent = options_.user_agent}) {}
Client::~Client() = default;

base::Result<net::HttpResponse> Client::Get(const Reference& reference, const Ask& ask) const {
  SCANTLING_TRY(const auto stream, Open(reference, ask));
  net::HttpResponse out;
  out.status = stream->status();
  out.headers = stream->headers();
  out.url = stream->url();
  SCANTLING_TRY(out.body, ReadBody(*stream));
  return out;
}

base::Result<Manifest> Client::GetManifest(const Reference& reference) const {
  Ask ask;
  ask.target = "/v2/" + reference.repository + "/manifests/" + reference.Wanted();
  ask.headers.Add("Accept", kManifestTypes);
  ask.max_bytes = kMaxManifestBytes;
  ask.scope = PullScope(reference);
  SCANTLING_TRY(net::HttpResponse response, Get(reference, ask));
  if (response.status != 200) {
    return ApiError(reference.ToString(), response.status, response.body);
  }
  Manifest out;
  out.digest = base::Sha256Of(base::AsBytes(response.body));
  const auto said = base::Digest::Parse(response.headers.Text("docker-content-digest"));
  const std::optional<base::Digest> wanted = reference.digest ? reference.digest : said;
  if (wanted && *wanted != out.digest) {
    return base::Error(base::ErrorCode::kMismatch,
                       reference.ToString() + ": the manifest should be " + wanted->ToString() +
                           ", is " + out.digest.ToString() +
                           ": it is damaged or was replaced on the way");
  }
  codec::Json json;
  auto root = json.Parse(response.body, kMaxManifestBytes);
  if (!root || !root->IsObject()) {
    return base::Invalid(reference.ToString() +
                         ": what the registry gives as manifest is no JSON object");
  }
  const std::string_view type = (*root)["mediaType"].Text();
  out.media_type =
      type.empty() ? TypeOnly(response.headers.Text("content-type")) : base::ToUtf8(type);
  out.bytes = std::move(response.body);
  return out;
}

base::Result<base::Digest> Client::Resolve(const Reference& reference) const {
  Ask ask;
  ask.method = "HEAD";
  ask.target = "/v2/" + reference.repository + "/manifests/" + reference.Wanted();
  ask.headers.Add("Accept", kManifestTypes);
  ask.scope = PullScope(reference);
  SCANTLING_TRY(const net::HttpResponse response, Get(reference, ask));
  if (response.status != 200) {
    return ApiError(reference.ToString(), response.status, "");
  }
  if (const auto said = base::Digest::Parse(response.headers.Text("docker-content-digest"))) {
    return *said;
  }
  SCANTLING_TRY(const Manifest manifest, GetManifest(reference));
  return manifest.digest;
}

base::Result<bool> Client::HasBlob(const Reference& repository, const base::Digest& digest) const {
  Ask ask;
  ask.method = "HEAD";
  ask.target = "/v2/" + repository.repository + "/blobs/" + digest.ToString();
  ask.scope = PullScope(repository);
  SCANTLING_TRY(const net::HttpResponse response, Get(repository, ask));
  if (response.status != 200 && response.status != 404) {
    return ApiError(repository.Name() + ", blob " + digest.ToString(), response.status, "");
  }
  return response.status == 200;
}

// Follows rel="next" links of the registry itself, and no others.
base::Result<std::vector<std::string>> Client::Pages(const Reference& reference, Ask ask,
                                                     std::string_view member) const {
  std::vector<std::string> out;
  std::set<std::string> seen;
  ask.max_bytes = uint64_t{64} << 20;
  uint64_t bytes = 0;
  for (size_t page = 0; page < kMaxPages && seen.insert(ask.target).second; ++page) {
    SCANTLING_TRY(const net::HttpResponse response, Get(reference, ask));
    const std::string name = reference.repository.empty() ? reference.registry : reference.Name();
    if (response.status != 200) {
      return ApiError(name, response.status, response.body);
    }
    bytes += response.body.size();
    if (bytes > kMaxPageBytes) {
      return base::LimitMet(name + ": the list of " + std::string(member) + " has more than " +
                            std::to_string(kMaxPageBytes >> 20) + " MB");
    }
    codec::Json json;
    auto root = json.Parse(response.body, ask.max_bytes);
    if (!root) {
      return std::move(root).error().With(name);
    }
    // Nothing is a list without entries: what has none is an answer of something else.
    if (!(*root)[member].IsArray() && (*root)[member].type() != codec::JsonValue::Type::kNull) {
      return base::Invalid(name + ": the answer has no list of " + std::string(member));
    }
    (*root)[member].ForEach([&](codec::JsonValue value) {
      if (value.Text().size() <= kMaxNameBytes) {
        out.push_back(base::ToUtf8(value.Text()));
      }
      return out.size() <= kMaxNames;
    });
    if (out.size() > kMaxNames) {
      return base::LimitMet(name + ": more than " + std::to_string(kMaxNames) + " " +
                            std::string(member));
    }
    const auto link = response.headers.Find("link");
    auto next = link ? NextLink(*link) : std::nullopt;
    if (!next) {
      return out;
    }
    if (!next->starts_with('/') || next->starts_with("//")) {
      SCANTLING_TRY(const net::Url here, net::ParseUrl(response.url));
      auto there = net::ParseUrl(*next);
      if (!there || !there->SameOrigin(here)) {
        return base::Invalid(name + ": the next page of " + std::string(member) +
                             " would be at another address");
      }
      next = there->target;
    }
    ask.target = std::move(*next);
  }
  return base::LimitMet(reference.registry + ": the pages of " + std::string(member) +
                        " have no end");
}

base::Result<std::vector<std::string>> Client::Tags(const Reference& repository) const {
  Ask ask;
  ask.target = "/v2/" + repository.repository + "/tags/list?n=1000";
  ask.scope = PullScope(repository);
  return Pages(repository, std::move(ask), "tags");
}

base::Result<std::vector<std::string>> Client::Repositories(const std::string& registry) const {
  Reference reference;
  reference.registry = registry;
  Ask ask;
  ask.target = "/v2/_catalog?n=1000";
  ask.scope = "registry:catalog:*";
  return Pages(reference, std::move(ask), "repositories");
}

base::Result<std::vector<Referrer>> Client::ReadReferrers(std::string_view index,
                                                          std::string_view artifact_type) const {
  codec::Json json;
  SCANTLING_TRY(const codec::JsonValue root, json.Parse(index, kMaxManifestBytes));
  std::vector<Referrer> out;
  root["manifests"].ForEach([&](codec::JsonValue value) {
    const auto digest = base::Digest::Parse(value["digest"].Text());
    const std::string type = base::ToUtf8(value["artifactType"].Text());
    if (!digest || (!artifact_type.empty() && type != artifact_type)) {
      return true;
    }
    Referrer referrer;
    referrer.digest = *digest;
    referrer.media_type = base::ToUtf8(value["mediaType"].Text());
    referrer.artifact_type = type;
    referrer.size_bytes =
        static_cast<uint64_t>(std::max<int64_t>(0, value["size"].Int().value_or(0)));
    value["annotations"].ForEachMember([&](std::string_view key, codec::JsonValue text) {
      referrer.annotations.insert_or_assign(base::ToUtf8(key), base::ToUtf8(text.Text()));
      return true;
    });
    out.push_back(std::move(referrer));
    return out.size() < kMaxNames;
  });
  return out;
}

base::Result<std::vector<Referrer>> Client::Referrers(const Reference& repository,
                                                      const base::Digest& digest,
                                                      std::string_view artifact_type) const {
  Ask ask;
  ask.target = "/v2/" + repository.repository + "/referrers/" + digest.ToString();
  if (!artifact_type.empty()) {
    ask.target += "?artifactType=" + net::PercentEncode(artifact_type);
  }
  ask.max_bytes = kMaxManifestBytes;
  ask.scope = PullScope(repository);
  SCANTLING_TRY(const net::HttpResponse response, Get(repository, ask));
  if (response.status == 200) {
    return ReadReferrers(response.body, artifact_type).With(repository.Name() + ", referrers");
  }
  if (response.status != 404 && response.status != 405 && response.status != 400) {
    return ApiError(repository.Name() + ", referrers", response.status, response.body);
  }
  // Registries before 1.1 of the specification: an index under a tag made of the digest.
  Reference tag = repository;
  tag.digest.reset();
  tag.tag = "sha256-" + digest.Hex();
  auto manifest = GetManifest(tag);
  if (!manifest) {
    if (manifest.error().code() == base::ErrorCode::kNotFound) {
      return std::vector<Referrer>();
    }
    return std::move(manifest).error();
  }
  return ReadReferrers(manifest->bytes, artifact_type).With(tag.ToString());
}

}  // namespace scantling::image::registry
