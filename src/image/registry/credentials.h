// Who we are to a registry: docker's config.json, podman's auth.json, and the programs that they
// name (docker-credential-*). Nothing here is ever written, and no message holds a secret.
//
// https://docs.docker.com/reference/cli/docker/login/#credential-stores,
// https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
#pragma once

#include "base/result.h"
#include "net/http.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image::registry {

struct Credential {
  std::string username;
  std::string password;
  std::string identity_token;  // in place of both: exchanged for tokens
  std::string origin;          // for messages: the file, or the helper
};

// What one file says about one registry.
struct FileAnswer {
  std::optional<Credential> credential;
  std::string helper;  // its name, when a helper is to be asked first
};

// `text`: a config.json. `host`: as in a reference; `repository` for files that have credentials of
// a part of a registry only.
base::Result<FileAnswer> FindInFile(std::string_view text, std::string_view host,
                                    std::string_view repository);
// The answer of docker-credential-NAME get.
base::Result<std::optional<Credential>> ParseHelperAnswer(std::string_view text);

// Runs docker-credential-`helper`, found by PATH. nullopt: it knows nothing of this registry.
base::Result<std::optional<Credential>> AskHelper(const std::string& helper, std::string_view host,
                                                  net::Milliseconds time_limit);

// The first of the files that has an answer; files that do not exist are passed over.
base::Result<std::optional<Credential>> FindCredential(const std::vector<std::string>& files,
                                                       std::string_view host,
                                                       std::string_view repository,
                                                       net::Milliseconds helper_time_limit);

}  // namespace scantling::image::registry
