// See credentials.h.
#include "image/registry/credentials.h"

#include "base/base64.h"
#include "base/file.h"
#include "base/strings.h"
#include "codec/json.h"
#include "image/registry/headers.h"

#include <unistd.h>

namespace scantling::image::registry {
namespace {

constexpr uint64_t kMaxFileBytes = 4 << 20;
constexpr std::string_view kDockerHubKey = "https://index.docker.io/v1/";

// "https://host:5000/v2/" -> "host:5000"; "host/team" stays.
std::string KeyName(std::string_view key) {
  const bool url = key.starts_with("https://") || key.starts_with("http://");
  if (url) {
    key.remove_prefix(key.find("://") + 3);
  }
  while (key.ends_with('/')) {
    key.remove_suffix(1);
  }
  for (const std::string_view end : {"/v1", "/v2"}) {
    if (url && key.ends_with(end)) {
      key.remove_suffix(end.size());
    }
  }
  const size_t slash = std::min(key.find('/'), key.size());
  std::string out = base::Lower(key.substr(0, slash)) + std::string(key.substr(slash));
  for (const std::string_view hub : {"index.docker.io", "registry-1.docker.io"}) {
    if (out == hub || out.starts_with(std::string(hub) + "/")) {
      out = "docker.io" + out.substr(hub.size());
    }
  }
  return out;
}

std::optional<Credential> ReadEntry(codec::JsonValue entry) {
  Credential out;
  out.identity_token = entry["identitytoken"].Text();
  out.username = entry["username"].Text();
  out.password = entry["password"].Text();
  if (const std::string_view packed = entry["auth"].Text(); !packed.empty()) {
    const auto plain = base::DecodeBase64(base::Trim(packed));
    const size_t colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos) {
      return std::nullopt;
    }
    out.username = plain->substr(0, colon);
    out.password = plain->substr(colon + 1);
    while (out.password.ends_with('\0')) {  // docker pads old ones
      out.password.pop_back();
    }
  }
  if (out.identity_token.empty() && out.username.empty()) {
    return std::nullopt;
  }
  return out;
}

bool IsHelperName(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name[0] != '.' && name[0] != '-' &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string_view::npos;
}

}  // namespace

base::Result<FileAnswer> FindInFile(std::string_view text, std::string_view host,
                                    std::string_view repository) {
  codec::Json json;
  SCANTLING_TRY(const codec::JsonValue root, json.Parse(text, kMaxFileBytes));
  if (!root.IsObject()) {
    return base::Invalid("not a JSON object");
  }
  FileAnswer out;
  const std::string whole = std::string(host) + "/" + std::string(repository);
  root["credHelpers"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    if (KeyName(key) == host) {
      out.helper = value.Text();
    }
    return true;
  });
  size_t best = 0;  // the longest key that fits
  root["auths"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    const std::string name = KeyName(key);
    const bool fits = name == host || whole == name || whole.starts_with(name + "/");
    if (fits && name.size() > best) {
      if (auto entry = ReadEntry(value)) {
        out.credential = std::move(entry);
        best = name.size();
      }
    }
    return true;
  });
  if (out.helper.empty() && !out.credential) {
    out.helper = root["credsStore"].Text();
  }
  if (!out.helper.empty() && !IsHelperName(out.helper)) {
    return base::Invalid("the name of the credential helper is no plain name");
  }
  return out;
}

base::Result<std::optional<Credential>> ParseHelperAnswer(std::string_view text) {
  codec::Json json;
  SCANTLING_TRY(const codec::JsonValue root, json.Parse(text, kMaxFileBytes));
  Credential out;
  out.username = root["Username"].Text();
  const std::string_view secret = root["Secret"].Text();
  if (out.username == "<token>") {
    out.username.clear();
    out.identity_token = secret;
  } else {
    out.password = secret;
  }
  if (out.username.empty() && out.identity_token.empty()) {
    return std::optional<Credential>();
  }
  return std::optional<Credential>(std::move(out));
}

base::Result<std::optional<Credential>> FindCredential(const std::vector<std::string>& files,
                                                       std::string_view host,
                                                       std::string_view repository,
                                                       net::Milliseconds helper_time_limit) {
  for (const std::string& file : files) {
    if (::access(file.c_str(), F_OK) != 0) {
      continue;
    }
    SCANTLING_TRY(const std::string text, base::ReadFile(file, kMaxFileBytes));
    SCANTLING_TRY(FileAnswer answer, FindInFile(text, host, repository).With(file));
    if (!answer.helper.empty()) {
      SCANTLING_TRY(
          auto credential,
          AskHelper(answer.helper, host == "docker.io" ? kDockerHubKey : host, helper_time_limit)
              .With(file));
      if (credential) {
        return credential;
      }
    }
    if (answer.credential) {
      answer.credential->origin = file;
      return answer.credential;
    }
  }
  return std::optional<Credential>();
}

}  // namespace scantling::image::registry
