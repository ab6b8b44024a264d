// api/openapi.yaml and the routes are the same set.
#include "base/file.h"
#include "base/strings.h"
#include "codec/yaml.h"
#include "program/service.h"
#include "server/access/oidc.h"
#include "server/access/routes.h"
#include "server/api/api.h"
#include "server/http/router.h"
#include "server/metrics.h"
#include "store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace scantling::server {
namespace {

// "get /api/v1/images/{digest}"; "{name...}" is "{name}" there.
std::string NameOf(const http::Route& route) {
  std::string out = base::Lower(http::ToString(route.method)) + " " + route.pattern;
  if (const size_t rest = out.find("...}"); rest != std::string::npos) {
    out.erase(rest, 3);
  }
  return out;
}

TEST(OpenApiTest, DescribesEveryRouteAndNothingElse) {
  const auto text =
      base::ReadFile(std::string(SCANTLING_SOURCE_DIR) + "/api/openapi.yaml", 8 << 20);
  ASSERT_TRUE(text);
  const auto documents = codec::ParseYaml(*text);
  ASSERT_TRUE(documents) << documents.error().Message();
  const codec::YamlNode& paths = documents->front()["paths"];
  std::set<std::string> described;
  std::string previous;
  for (size_t i = 0; i < paths.keys.size(); ++i) {
    EXPECT_LT(previous, paths.keys[i].text) << "paths are in alphabetical order";
    previous = paths.keys[i].text;
    for (const codec::YamlNode::Key& method : paths.children[i].keys) {
      described.insert(method.text + " " + paths.keys[i].text);
    }
  }

  const std::string database =
      ::testing::TempDir() + "scantling_openapi_" + std::to_string(::getpid()) + ".db";
  store::StoreOptions place;
  place.database = "sqlite:" + database;
  const auto store = store::Store::Open(place);
  ASSERT_TRUE(store) << store.error().Message();
  const auto now = [] { return int64_t{1'795'543'836'000}; };
  program::ServiceOptions service_options;
  service_options.now = now;
  program::Service service(**store, service_options);
  access::AccessOptions access_options;
  access_options.now = now;
  access_options.random = [](std::span<std::byte>) {};
  const auto access = access::Access::Open(**store, access_options);
  ASSERT_TRUE(access);
  http::Router router;
  access::Guard guard(router, **access);
  access::AddRoutes(router, guard, **access);
  access::AddSignOnRoutes(router, nullptr);
  api::AddRoutes({.service = service, .guard = guard, .access = **access, .router = router});
  api::AddRegistryEventRoutes(router, service, **access);
  AddMetrics(router, guard, service, [] { return http::ServerCounts{}; });
  std::set<std::string> served;
  for (const http::Route* route : router.Routes()) {
    served.insert(NameOf(*route));
  }
  EXPECT_EQ(served, described);
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(database + std::string(suffix));
  }
}

}  // namespace
}  // namespace scantling::server
