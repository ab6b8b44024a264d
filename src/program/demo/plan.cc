// See plan.h.
#include "program/demo/plan.h"

#include <array>

namespace scantling::program::demo {
namespace {

using enum Base;
using enum version::Ecosystem;

// clang-format off
constexpr std::array<ServicePlan, 56> kServices = {{
    {"storefront", "web-shop", kDebian12, kNpm, 9},
    {"storefront", "product-page", kAlpine319, kNpm, 8},
    {"storefront", "cart", kAlpine319, kNpm, 6},
    {"storefront", "search-ui", kDebian12, kNpm, 4},
    {"storefront", "recommendations", kDebian12, kPypi, 3},
    {"storefront", "image-resizer", kDebian12, kPypi, 4},
    {"payments", "checkout", kDebian12, kMaven, 7},
    {"payments", "payment-gateway", kDebian11, kMaven, 5},
    {"payments", "ledger", kAlmaLinux9, kMaven, 4},
    {"payments", "fraud-check", kDebian12, kPypi, 3},
    {"payments", "refunds", kDebian12, kMaven, 2},
    {"payments", "invoice-pdf", kDebian12, kMaven, 2},
    {"search", "search-api", kDebian12, kMaven, 6},
    {"search", "indexer", kDebian12, kMaven, 3},
    {"search", "suggest", kAlpine319, kGo, 4},
    {"search", "synonyms", kAlpine319, kPypi, 1},
    {"logistics", "warehouse", kAlmaLinux9, kMaven, 4},
    {"logistics", "routes", kAlpine319, kGo, 3},
    {"logistics", "carrier-sync", kDebian12, kPypi, 2},
    {"logistics", "label-printer", kDebian11, kNpm, 2},
    {"logistics", "tracking", kAlpine319, kGo, 4},
    {"logistics", "returns", kDebian12, kMaven, 2},
    {"identity", "login", kAlpine319, kNpm, 6},
    {"identity", "accounts", kDebian12, kMaven, 5},
    {"identity", "sessions", kAlpine319, kGo, 6},
    {"identity", "mfa", kAlpine319, kGo, 3},
    {"identity", "consent", kDebian12, kNpm, 2},
    {"data", "events-collector", kAlpine319, kGo, 6},
    {"data", "etl", kDebian12, kPypi, 3},
    {"data", "warehouse-loader", kDebian12, kPypi, 2},
    {"data", "reports", kDebian12, kPypi, 2},
    {"data", "feature-store", kDebian12, kPypi, 3},
    {"data", "notebook", kDebian12, kPypi, 1},
    {"mobile", "mobile-api", kDebian12, kNpm, 7},
    {"mobile", "push", kAlpine319, kGo, 4},
    {"mobile", "deep-links", kAlpine319, kNpm, 2},
    {"mobile", "app-config", kAlpine319, kNpm, 2},
    {"support", "helpdesk", kDebian12, kPypi, 3},
    {"support", "chat", kDebian12, kNpm, 4},
    {"support", "mail-sender", kAlpine319, kGo, 3},
    {"support", "knowledge-base", kDebian12, kPypi, 2},
    {"platform", "ingress-auth", kAlpine319, kGo, 5},
    {"platform", "log-shipper", kAlpine319, kGo, 4},
    {"platform", "backup-runner", kAlpine319, kGo, 2},
    {"platform", "cert-watcher", kAlpine319, kGo, 2},
    {"platform", "build-cache", kAlpine319, kGo, 2},
    {"platform", "ci-runner", kDebian12, kPypi, 3},
    {"platform", "image-proxy", kAlpine319, kGo, 2},
    {"legacy", "old-catalog", kAlpine316, kPypi, 2},
    {"legacy", "ftp-bridge", kAlpine316, kPypi, 1},
    {"legacy", "tax-tables", kAlpine316, kNpm, 1},
    {"lab", "price-experiment", kDebian12, kPypi, 1},
    {"lab", "ab-test", kAlpine319, kNpm, 2},
    {"lab", "chat-bot", kDebian12, kPypi, 1},
    {"lab", "report-mailer", kDebian11, kNpm, 1},
    {"lab", "old-crm", kDebian11, kMaven, 2},
}};

constexpr std::array<VendorPlan, 20> kVendors = {{
    {"docker.io/library/nginx", "1.22.1", kDebian12, 1, "web nginx", kGo, 0, 0, "edge"},
    {"docker.io/library/nginx", "1.24.0-alpine", kAlpine319, 0, "nginx", kGo, 0, 0, "edge"},
    {"docker.io/library/redis", "7.2-alpine", kAlpine319, 0, "", kGo, 0, 0, "caches"},
    {"docker.io/library/redis", "7.2", kDebian12, 2, "", kGo, 0, 0, "caches"},
    {"docker.io/library/postgres", "15.6", kDebian12, 2, "web python", kGo, 0, 0, "databases"},
    {"docker.io/library/postgres", "15.3", kDebian12, 0, "web python", kGo, 0, 0, "databases"},
    {"docker.io/library/httpd", "2.4-almalinux", kAlmaLinux9, 1, "nginx", kGo, 0, 0, "edge"},
    {"docker.io/library/haproxy", "2.8-alpine", kAlpine319, 1, "", kGo, 0, 0, "edge"},
    {"docker.io/grafana/grafana", "10.2.3", kAlpine319, 0, "web", kGo, 0.8, 45, "monitoring"},
    {"docker.io/prom/prometheus", "v2.48.1", kAlpine319, 0, "", kGo, 0.9, 45, "monitoring"},
    {"docker.io/prom/alertmanager", "v0.26.0", kAlpine319, 0, "", kGo, 0.7, 35, "monitoring"},
    {"docker.io/prom/node-exporter", "v1.7.0", kAlpine319, 0, "", kGo, 0.5, 50, "monitoring", true},
    {"docker.io/fluent/fluent-bit", "2.2.2", kDebian12, 2, "web", kGo, 0, 0, "monitoring", true},
    {"registry.k8s.io/coredns/coredns", "v1.10.1", kAlpine319, 0, "", kGo, 0.6, 30, "kube-system"},
    {"registry.k8s.io/ingress-nginx/controller", "v1.9.5", kAlpine319, 1, "web nginx", kGo, 0.8, 55, "edge"},
    {"quay.io/jetstack/cert-manager-controller", "v1.13.3", kAlpine319, 1, "", kGo, 0.7, 60, "kube-system"},
    {"docker.io/hashicorp/vault", "1.15.4", kAlpine319, 1, "", kGo, 0.95, 60, "secrets"},
    {"quay.io/minio/minio", "2024-01-31", kAlmaLinux9, 1, "", kGo, 0.8, 65, "databases"},
    {"quay.io/keycloak/keycloak", "23.0.4", kAlmaLinux9, 1, "", kMaven, 0.7, 70, "identity"},
    {"docker.io/bitnami/kafka", "3.4.0", kDebian11, 1, "web", kMaven, 0.5, 40, "databases"},
}};

constexpr std::array<BlindPlan, 12> kBlinds = {{
    {"registry.vendor.example/pos/bridge:3.1", Blind::kNever, "", "stores", 14},
    {"registry.vendor.example/pos/receipts:2.8", Blind::kNever, "", "stores", 9},
    {"docker.io/library/busybox:1.36", Blind::kNever, "", "lab", 4},
    {"docker.io/curlimages/curl:8.5.0", Blind::kNever, "", "lab", 2},
    {"quay.io/strimzi/operator:0.38.0", Blind::kNever, "", "databases", 3},
    {"registry.vendor.example/scales/firmware-sync:1.9", Blind::kFailed,
     "registry.vendor.example answered 401: it wants credentials that the server does not have", "stores", 8},
    {"registry.demo.example/data/training:2", Blind::kFailed,
     "layer 3: the bytes do not have the digest that the manifest promises", "data", 5},
    {"registry.demo.example/mobile/push-canary:9", Blind::kQueued, "", "mobile", 2},
    {"registry.demo.example/search/reranker:0.3", Blind::kQueued, "", "search", 3},
    {"registry.vendor.example/erp/connector:7.4", Blind::kUnsupported, "", "logistics", 6},
    {"registry.vendor.example/erp/archive:7.4", Blind::kUnsupported, "", "logistics", 4},
    {"registry.demo.example/platform/pause:3.9", Blind::kEmpty, "", "kube-system", 10},
}};

constexpr std::array<ReporterPlan, 4> kClusters = {{
    {"cluster prod-eu", "kubernetes", "prod-eu", "production", 60},
    {"cluster prod-us", "kubernetes", "prod-us", "production", 48},
    {"cluster staging", "kubernetes", "staging", "staging", 14},
    {"cluster batch", "kubernetes", "batch", "production", 12},
}};

constexpr std::array<DecisionPlan, 27> kDecisions = {{
    {86, "acknowledged", "CVE-2021-44228", "*/payments/*", "", "mira.okafor", "", "Payments rebuilds its services one by one."},
    {85, "assigned", "CVE-2021-44228", "", "payments", "mira.okafor", "", "Most of the copies are theirs."},
    {83, "acknowledged", "CVE-2024-2961", "", "", "tom.berg", "", "Waits for the new base image."},
    {79, "assigned", "CVE-2024-2961", "", "platform", "tom.berg", "", "The base images end it."},
    {76, "accepted", "CVE-2011-3374", "", "platform", "mira.okafor", "not_exploitable_here", "apt-key is not used in a running container.", 300},
    {75, "accepted", "CVE-2010-4756", "", "platform", "mira.okafor", "accepted_risk", "No service globs what others send.", 300},
    {74, "accepted", "CVE-2007-5686", "", "platform", "mira.okafor", "not_exploitable_here", "No container has a login log.", 300},
    {70, "accepted", "CVE-2022-22965", "*/lab/*", "lab", "mira.okafor", "mitigated", "Behind the VPN, and switched off soon.", 40},
    {62, "accepted", "CVE-2016-1000027", "", "search", "mira.okafor", "not_exploitable_here", "Nothing deserializes over HTTP invoker.", 180},
    {60, "acknowledged", "CVE-2024-5535", "", "", "tom.berg", "", "No fix yet."},
    {51, "assigned", "CVE-2024-6387", "", "platform", "mira.okafor", "", "sshd runs in the CI runner only."},
    {49, "acknowledged", "CVE-2023-44487", "", "", "jun.sato", "", "The ingress limits resets; services follow."},
    {43, "acknowledged", "CVE-2024-6345", "*/data/*", "", "ines.ward", "", "With the next image of each."},
    {40, "accepted", "CVE-2021-23337", "*/logistics/label-printer", "logistics", "mira.okafor", "fix_scheduled", "Rewritten this quarter.", 60},
    {38, "accepted", "CVE-2022-1471", "*/payments/payment-gateway", "payments", "mira.okafor", "mitigated", "Reads its own configuration only.", 30},
    {36, "assigned", "CVE-2024-41110", "", "platform", "tom.berg", "", "The build machines."},
    {30, "acknowledged", "CVE-2024-7264", "", "", "tom.berg", "", "Waits for Debian."},
    {23, "assigned", "CVE-2024-42005", "", "support", "mira.okafor", "", "The help desk runs Django."},
    {20, "accepted", "CVE-2020-26160", "", "platform", "mira.okafor", "fix_scheduled", "The library is replaced in spring.", 90},
    {15, "acknowledged", "CVE-2024-45490", "", "", "tom.berg", "", "Waits for Debian."},
    {14, "accepted", "CVE-2022-42889", "*/lab/old-crm", "lab", "mira.okafor", "accepted_risk", "Ends with the year.", 45, 9},
    {11, "assigned", "CVE-2024-45492", "", "platform", "tom.berg", "", "The base images end it."},
    {8, "acknowledged", "CVE-2024-21538", "", "", "ana.silva", "", "Build tools only, goes out with the next lock file."},
    {5, "assigned", "CVE-2024-4068", "", "mobile", "ana.silva", "", "Most of the copies are the API's."},
    {4, "acknowledged", "CVE-2023-44487", "", "", "pia.novak", "", "Listed as exploited: the base images come this week."},
    {3, "assigned", "CVE-2023-4911", "", "platform", "mira.okafor", "", "Due next week; the base images end most of it."},
    {2, "acknowledged", "CVE-2024-45337", "", "", "jun.sato", "", "Looking at who uses the SSH server part."},
}};

constexpr std::array<PersonPlan, 8> kPeople = {{
    {"mira.okafor", "Mira Okafor", "security", ""},
    {"tom.berg", "Tom Berg", "security", ""},
    {"pia.novak", "Pia Novak", "owner", "platform"},
    {"ines.ward", "Ines Ward", "owner", "data lab"},
    {"jun.sato", "Jun Sato", "owner", "search identity"},
    {"kofi.lind", "Kofi Lind", "owner", "logistics"},
    {"lea.marin", "Lea Marin", "owner", "payments"},
    {"ana.silva", "Ana Silva", "owner", "mobile storefront support"},
}};
// clang-format on

constexpr std::string_view kOwners = R"({
  "owner_label": "team",
  "rules": [
    {"repository": "*/storefront/*", "owner": "storefront"},
    {"repository": "*/payments/*", "owner": "payments"},
    {"repository": "*/search/*", "owner": "search"},
    {"repository": "*/logistics/*", "owner": "logistics"},
    {"repository": "*/identity/*", "owner": "identity"},
    {"repository": "*/data/*", "owner": "data"},
    {"repository": "*/mobile/*", "owner": "mobile"},
    {"repository": "*/support/*", "owner": "support"},
    {"repository": "*/platform/*", "owner": "platform"},
    {"repository": "*/base/*", "owner": "platform"},
    {"repository": "*/legacy/*", "owner": "storefront"},
    {"namespace": "monitoring", "owner": "platform"},
    {"namespace": "kube-system", "owner": "platform"},
    {"namespace": "edge", "owner": "platform"},
    {"namespace": "databases", "owner": "data"},
    {"namespace": "caches", "owner": "storefront"},
    {"namespace": "secrets", "owner": "identity"},
    {"repository": "*/keycloak", "owner": "identity"},
    {"repository": "docker.io/library/*", "owner": "platform"},
    {"repository": "docker.io/prom/*", "owner": "platform"},
    {"repository": "docker.io/grafana/*", "owner": "platform"},
    {"role": "image", "repository": "registry.demo.example/*", "owner": "platform"}
  ]
})";

}  // namespace

std::span<const ServicePlan> Services() { return kServices; }
std::span<const VendorPlan> Vendors() { return kVendors; }
std::span<const BlindPlan> Blinds() { return kBlinds; }
std::span<const ReporterPlan> Clusters() { return kClusters; }
std::span<const DecisionPlan> Decisions() { return kDecisions; }
std::span<const PersonPlan> People() { return kPeople; }
std::string_view OwnersJson() { return kOwners; }

}  // namespace scantling::program::demo
