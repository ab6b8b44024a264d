// See kube_config.h.
#include "agent/kube_config.h"

#include "base/base64.h"
#include "base/strings.h"
#include "codec/yaml.h"
#include "net/url.h"

#include <vector>

namespace scantling::agent {
namespace {

base::Error Wrong(std::string text) { return {base::ErrorCode::kUsage, std::move(text)}; }

struct Document {
  std::string path;
  codec::YamlNode root;
};

struct Found {
  const codec::YamlNode* node = nullptr;
  std::string_view path;
};

// clusters: [{name: NAME, cluster: {...}}], and the same for users and contexts.
Found Find(const std::vector<Document>& documents, std::string_view list, std::string_view member,
           std::string_view name) {
  for (const Document& document : documents) {
    for (const codec::YamlNode& entry : document.root[list].children) {
      if (entry["name"].Text() == name) {
        return {&entry[member], document.path};
      }
    }
  }
  return {};
}

std::string Beside(std::string_view config_path, std::string_view path) {
  const std::string_view folder = base::DirName(config_path);
  if (path.empty() || path.starts_with('/') || folder.empty()) {
    return std::string(path);
  }
  return std::string(folder) + "/" + std::string(path);
}

// NAME-data: base64, goes before NAME: a path.
base::Result<void> ReadFileOrData(const Found& found, std::string_view name, std::string& file,
                                  std::string& data) {
  const std::string_view encoded = (*found.node)[std::string(name) + "-data"].Text();
  if (encoded.empty()) {
    file = Beside(found.path, (*found.node)[name].Text());
    return {};
  }
  auto decoded = base::DecodeBase64(base::Trim(encoded));
  if (!decoded) {
    return Wrong(std::string(found.path) + ": " + std::string(name) + "-data is not base64");
  }
  data = *std::move(decoded);
  return {};
}

base::Result<void> ReadUser(const Found& user, std::string_view name, KubeAccess& out) {
  const codec::YamlNode& node = *user.node;
  out.token = base::Trim(node["token"].Text());
  out.token_file = Beside(user.path, node["tokenFile"].Text());
  SCANTLING_DO(ReadFileOrData(user, "client-certificate", out.certificate_file, out.certificate));
  SCANTLING_DO(ReadFileOrData(user, "client-key", out.key_file, out.key));
  const bool certificate = !out.certificate_file.empty() || !out.certificate.empty();
  if (!out.token.empty() || !out.token_file.empty() || certificate) {
    return {};
  }
  const std::string who = std::string(user.path) + ": the user \"" + std::string(name) + "\" ";
  constexpr std::string_view kInstead =
      "; use the token of a service account (docs/running.md) or a client certificate";
  if (node.Has("exec")) {
    return Wrong(who + "signs in by running " + std::string(node["exec"]["command"].Text()) +
                 ", which is not done here" + std::string(kInstead));
  }
  if (node.Has("auth-provider")) {
    return Wrong(who + "signs in by an auth-provider, which is not supported" +
                 std::string(kInstead));
  }
  if (node.Has("username")) {
    return Wrong(who + "signs in by name and password, which is not supported" +
                 std::string(kInstead));
  }
  return {};  // nobody: the server decides
}

}  // namespace

base::Result<KubeAccess> ParseKubeConfig(std::span<const KubeConfigFile> files,
                                         std::string_view context) {
  std::vector<Document> documents;
  std::string wanted(context);
  for (const KubeConfigFile& file : files) {
    SCANTLING_TRY(auto parsed,
                  codec::ParseYaml(file.text, {.bytes = 16 << 20, .depth = 16, .nodes = 500'000})
                      .With(file.path));
    if (parsed.empty() || parsed[0].IsNull()) {
      continue;
    }
    if (!parsed[0].IsMapping()) {
      return Wrong(file.path + ": not a kubeconfig");
    }
    documents.push_back({file.path, std::move(parsed[0])});
    if (wanted.empty()) {
      wanted = documents.back().root["current-context"].Text();
    }
  }
  const std::string where = files.empty() ? "the kubeconfig" : files[0].path;
  if (wanted.empty()) {
    return Wrong(where + ": no current-context; name one with --kube-context");
  }
  const Found entry = Find(documents, "contexts", "context", wanted);
  if (entry.node == nullptr) {
    return Wrong(where + ": there is no context \"" + wanted + "\"");
  }
  KubeAccess out;
  out.cluster = (*entry.node)["cluster"].Text();
  const Found cluster = Find(documents, "clusters", "cluster", out.cluster);
  if (cluster.node == nullptr) {
    return Wrong(where + ": there is no cluster \"" + out.cluster + "\"");
  }
  out.server = (*cluster.node)["server"].Text();
  while (out.server.ends_with('/')) {
    out.server.pop_back();
  }
  SCANTLING_TRY(const net::Url url,
                net::ParseUrl(out.server).With(where + ": the server of \"" + out.cluster + "\""));
  static_cast<void>(url);
  for (const std::string_view unsupported : {"proxy-url", "tls-server-name"}) {
    if (!(*cluster.node)[unsupported].Text().empty()) {
      return Wrong(where + ": \"" + std::string(unsupported) + "\" of the cluster \"" +
                   out.cluster + "\" is not supported");
    }
  }
  SCANTLING_DO(ReadFileOrData(cluster, "certificate-authority", out.ca_file, out.ca));
  out.insecure = base::EqualsIgnoreCase((*cluster.node)["insecure-skip-tls-verify"].Text(), "true");
  const std::string_view user_name = (*entry.node)["user"].Text();
  if (user_name.empty()) {
    return out;
  }
  const Found user = Find(documents, "users", "user", user_name);
  if (user.node == nullptr) {
    return Wrong(where + ": there is no user \"" + std::string(user_name) + "\"");
  }
  SCANTLING_DO(ReadUser(user, user_name, out));
  return out;
}

KubeAccess ServiceAccountAccess(const std::string& host, const std::string& port,
                                const std::string& folder) {
  KubeAccess out;
  const bool v6 = host.find(':') != std::string::npos;
  out.server = "https://" + (v6 ? "[" + host + "]" : host) + ":" + port;
  out.ca_file = folder + "/ca.crt";
  out.token_file = folder + "/token";
  return out;
}

}  // namespace scantling::agent
