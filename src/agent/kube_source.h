// A Kubernetes cluster's pods as a source: list in pages, then watch.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
//
// A watch that is cut goes on where it was; one whose place the server no longer has (410) begins
// again with a list. Bookmarks move the place along in quiet clusters. Needs "list" and "watch" of
// pods, and "get" of jobs to name CronJobs; without the latter the Job is named.
#pragma once

#include "agent/kube_config.h"
#include "agent/source.h"
#include "net/http_client.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace scantling::agent {

struct KubeOptions {
  KubeAccess access;
  std::vector<std::string> annotations;  // kept beside all labels: "*/owner", "example.org/team"
  size_t page = 500;                     // pods of one page of a list, at most
  // How long the server lets a watch run (it may be sooner), and how long silence is believed: a
  // bookmark comes about every minute.
  std::chrono::seconds watch{290};
  std::chrono::seconds silence{150};
};

// Borrows the client and the world. Errors: certificates that cannot be handed to the TLS library.
base::Result<std::unique_ptr<Source>> KubeSource(const net::HttpClient& client, const World& world,
                                                 KubeOptions options);

}  // namespace scantling::agent
