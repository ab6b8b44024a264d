// Where a cluster's API server is and how to sign in: a kubeconfig
// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/) or the
// service account of the pod that we run in
// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
//
// Not handled, and an error that says so: exec plugins and auth-provider (they run programs), user
// names with passwords (Kubernetes 1.19 dropped them), a proxy or another TLS name of the cluster's
// own. Relative paths are relative to the kubeconfig.
#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace scantling::agent {

// Certificates and keys are either a file or the bytes.
struct KubeAccess {
  std::string cluster;  // its name in the kubeconfig
  std::string server;   // "https://10.0.0.1:6443"
  std::string ca_file;
  std::string ca;
  bool insecure = false;
  std::string token;
  std::string token_file;  // read again before it expires
  std::string certificate_file;
  std::string certificate;
  std::string key_file;
  std::string key;
};

struct KubeConfigFile {
  std::string path;
  std::string text;
};

// Of several files the first that has a name wins. `context` "" = the current one.
base::Result<KubeAccess> ParseKubeConfig(std::span<const KubeConfigFile> files,
                                         std::string_view context);

// The pod's own: `folder` is /var/run/secrets/kubernetes.io/serviceaccount.
KubeAccess ServiceAccountAccess(const std::string& host, const std::string& port,
                                const std::string& folder);

}  // namespace scantling::agent
