// A client of the OCI distribution API 1.1, for reading: manifests, blobs, tags, repositories,
// referrers. https://github.com/opencontainers/distribution-spec/blob/main/spec.md
//
// Anonymous, basic and token authentication are found out from the registry's answers
// (https://distribution.github.io/distribution/spec/auth/token/). Network errors, 429 and 5xx are
// tried again within bounds; a blob whose connection breaks goes on where it stopped. Not handled:
// pushing, mirrors of registries.conf, schema 1 manifests.
#pragma once

#include "base/digest.h"
#include "base/result.h"
#include "codec/inflate.h"
#include "image/registry/credentials.h"
#include "image/registry/reference.h"
#include "net/http_client.h"
#include "net/retry.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image::registry {

struct Options {
  // "HOST" or "HOST:PORT": certificates are not checked, and plain HTTP is tried after HTTPS. On
  // this machine (loopback) plain HTTP is tried first, without being listed.
  std::vector<std::string> insecure;
  std::string ca_file;  // PEM, in addition to the system's
  // Folders with HOST[:PORT]/*.crt, *.cert and *.key (/etc/docker/certs.d).
  std::vector<std::string> certificate_folders;
  std::vector<std::string> credential_files;  // config.json, auth.json; the first that answers
  net::Milliseconds helper_time_limit{30'000};
  net::AddressPolicy policy = net::AddressPolicy::Any();
  net::RetryPolicy retry;
  std::string user_agent = "scantling";
  std::stop_token stop;
};

inline constexpr uint64_t kMaxManifestBytes = uint64_t{8} << 20;

struct Manifest {
  std::string bytes;
  std::string media_type;
  base::Digest digest;  // of the bytes
};

struct Referrer {
  base::Digest digest;
  std::string media_type;
  std::string artifact_type;
  uint64_t size_bytes = 0;
  std::map<std::string, std::string> annotations;
};

// Thread-safe. Streams that OpenBlob gave must not outlive their client.
class Client {
 public:
  explicit Client(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // By reference.Wanted(). kMismatch when the bytes are not those of the wanted digest, or not of
  // the digest that the registry itself says they have.
  base::Result<Manifest> GetManifest(const Reference& reference) const;
  // The digest that the registry has for the reference now, without the manifest.
  base::Result<base::Digest> Resolve(const Reference& reference) const;

  // Nothing is asked of the registry before the first read. `size_bytes` as the manifest says, to
  // know when a connection broke; it may be missing. The digest is for the reader to check.
  std::unique_ptr<codec::ByteSource> OpenBlob(const Reference& repository,
                                              const base::Digest& digest,
                                              std::optional<uint64_t> size_bytes) const;
  base::Result<bool> HasBlob(const Reference& repository, const base::Digest& digest) const;

  // In the registry's order; tag and digest of `repository` do not count.
  base::Result<std::vector<std::string>> Tags(const Reference& repository) const;
  base::Result<std::vector<std::string>> Repositories(const std::string& registry) const;
  // What refers to the manifest: by the referrers API, or by the tag that stands in for it.
  // `artifact_type` "" = all.
  base::Result<std::vector<Referrer>> Referrers(const Reference& repository,
                                                const base::Digest& digest,
                                                std::string_view artifact_type) const;

 private:
  class BlobStream;
  struct Session {       // what is known of one registry
    std::string origin;  // "https://host"
    bool insecure = false;
    std::string ca_file;
    std::string client_certificate;
    std::string client_key;
  };
  struct Ask {
    std::string method = "GET";
    std::string target;  // "/v2/..."
    net::Headers headers;
    uint64_t max_bytes = 0;
    std::string scope;  // "repository:NAME:pull"
  };

  base::Result<Session> SessionOf(const Reference& reference) const;
  base::Result<Session> FindSession(const Reference& reference) const;
  net::HttpRequest RequestTo(const Session& session, const std::string& url) const;
  // Sends with what authorization is known, and once more after a challenge was answered.
  base::Result<std::unique_ptr<net::HttpStream>> Open(const Reference& reference,
                                                      const Ask& ask) const;
  base::Result<net::HttpResponse> Get(const Reference& reference, const Ask& ask) const;
  base::Result<std::string> Authorize(const Reference& reference, const Session& session,
                                      const Ask& ask, const net::HttpStream& refusal) const;
  base::Result<std::string> FetchToken(const Session& session, const std::string& realm,
                                       std::string_view service, const std::string& scope,
                                       const std::optional<Credential>& credential) const;
  base::Result<std::optional<Credential>> CredentialOf(const Reference& reference) const;
  base::Result<std::vector<std::string>> Pages(const Reference& reference, Ask ask,
                                               std::string_view member) const;
  base::Result<std::vector<Referrer>> ReadReferrers(std::string_view index,
                                                    std::string_view artifact_type) const;

  const Options options_;
  const net::HttpClient http_;
  mutable std::mutex mutex_;  // guards the three below; held while a registry is asked for them
  mutable std::map<std::string, Session> sessions_;  // by registry
  mutable std::map<std::pair<std::string, std::string>, std::string> authorizations_;  // and scope
  mutable std::map<std::string, std::optional<Credential>> credentials_;  // by registry/repository
};

}  // namespace scantling::image::registry
