#include "agent/kube_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::agent {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kConfig = R"(apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: prod
  context: {cluster: prod-1, user: reader, namespace: shop}
- name: exec
  context: {cluster: prod-1, user: cloud}
- name: files
  context: {cluster: files, user: files}
- name: lost
  context: {cluster: nowhere, user: reader}
clusters:
- name: prod-1
  cluster:
    server: https://10.0.0.1:6443/
    certificate-authority-data: Y2E=
- name: files
  cluster:
    server: https://kube.example.org
    certificate-authority: certs/ca.crt
    insecure-skip-tls-verify: true
users:
- name: reader
  user: {token: "sha-secret"}
- name: cloud
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}
- name: files
  user:
    client-certificate: certs/me.crt
    client-key: /abs/me.key
)";

base::Result<KubeAccess> Parse(std::string_view text, std::string_view context = "") {
  const KubeConfigFile file{"/home/u/.kube/config", std::string(text)};
  return ParseKubeConfig({&file, 1}, context);
}

TEST(KubeConfig, TheCurrentContext) {
  const auto access = Parse(kConfig);
  ASSERT_TRUE(access) << access.error().Message();
  EXPECT_EQ(access->cluster, "prod-1");
  EXPECT_EQ(access->server, "https://10.0.0.1:6443");
  EXPECT_EQ(access->ca, "ca");
  EXPECT_EQ(access->token, "sha-secret");
  EXPECT_FALSE(access->insecure);
}

TEST(KubeConfig, FilesAreBesideTheConfig) {
  const auto access = Parse(kConfig, "files");
  ASSERT_TRUE(access) << access.error().Message();
  EXPECT_EQ(access->ca_file, "/home/u/.kube/certs/ca.crt");
  EXPECT_EQ(access->certificate_file, "/home/u/.kube/certs/me.crt");
  EXPECT_EQ(access->key_file, "/abs/me.key");
  EXPECT_TRUE(access->insecure);
}

TEST(KubeConfig, WhatIsNotSupportedIsSaid) {
  const auto message = [](const base::Result<KubeAccess>& got) {
    return got ? std::string("no error") : got.error().Message();
  };
  EXPECT_THAT(message(Parse(kConfig, "exec")), HasSubstr("running aws, which is not done here"));
  EXPECT_THAT(message(Parse(kConfig, "lost")), HasSubstr("no cluster \"nowhere\""));
  EXPECT_THAT(message(Parse(kConfig, "none")), HasSubstr("no context \"none\""));
  EXPECT_THAT(message(Parse("")), HasSubstr("--kube-context"));
  EXPECT_THAT(message(Parse("- a")), HasSubstr("not a kubeconfig"));
  EXPECT_THAT(message(Parse("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\n"
                            "clusters: [{name: c, cluster: {server: 'ftp://x'}}]")),
              HasSubstr("the server of \"c\""));
  EXPECT_THAT(message(Parse("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\n"
                            "clusters: [{name: c, cluster: {server: 'https://x', "
                            "certificate-authority-data: '*'}}]")),
              HasSubstr("not base64"));
}

TEST(KubeConfig, OfSeveralFilesTheFirstWins) {
  const KubeConfigFile files[] = {
      {"/a",
       "current-context: two\ncontexts: [{name: two, context: {cluster: prod-1, user: u}}]\n"
       "users: [{name: u, user: {tokenFile: t}}]"},
      {"/b/config", std::string(kConfig)}};
  const auto access = ParseKubeConfig(files, "");
  ASSERT_TRUE(access) << access.error().Message();
  EXPECT_EQ(access->server, "https://10.0.0.1:6443");
  EXPECT_EQ(access->token, "");
}

TEST(KubeConfig, CutFilesDoNoHarm) {
  for (size_t size = 0; size < kConfig.size(); ++size) {
    (void)Parse(kConfig.substr(0, size)).has_value();
  }
  SUCCEED();
}

TEST(KubeConfig, AServiceAccount) {
  const KubeAccess access = ServiceAccountAccess("fd00::1", "443", "/s");
  EXPECT_EQ(access.server, "https://[fd00::1]:443");
  EXPECT_EQ(access.token_file, "/s/token");
  EXPECT_EQ(access.ca_file, "/s/ca.crt");
}

}  // namespace
}  // namespace scantling::agent
