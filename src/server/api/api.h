// The endpoints of the program (api/openapi.yaml): requests in, answers of program/ out. Each file
// here holds one family; AddRoutes() is called once while the server is put together.
//
// What a viewer may see is put into every query as a program::Scope. Errors are problem details.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "program/lists.h"
#include "program/service.h"
#include "program/table.h"
#include "server/access/guard.h"
#include "server/http/message.h"
#include "server/http/router.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::server::api {

using access::Viewer;
using http::Method;
using http::Problem;
using http::Request;
using http::Response;

// Everything is borrowed and outlives the routes.
struct Parts {
  program::Service& service;
  access::Guard& guard;
  access::Access& access;
  http::Router& router;                       // for what is open to everybody
  std::function<std::string()> address = {};  // how people reach the server, for links
  bool mail = false;                          // there is a server to send mail by
  bool demo = false;                          // the store holds the demonstration company
};

void AddRoutes(const Parts& parts);  // all of the below
void AddListRoutes(const Parts& parts);
void AddDetailRoutes(const Parts& parts);
void AddIngestRoutes(const Parts& parts);
void AddDecisionRoutes(const Parts& parts);
void AddSettingRoutes(const Parts& parts);
void AddRegistryRoutes(const Parts& parts);

// What registries tell: it is open to whoever shows the secret of a watch, and has no Viewer.
void AddRegistryEventRoutes(http::Router& router, program::Service& service,
                            access::Access& access);

// What all families share.
program::Scope ScopeOf(const Viewer& viewer);
// "as_of" of the query: RFC 3339; 0 when it is not given. An error for anything else.
base::Result<program::Millis> AsOf(const Request& request, const program::Service& service);
base::Result<program::TableQuery> TableQueryOf(const Request& request);
// A page of a list as JSON, or all of it as CSV or newline-separated JSON ("format").
Response ListResponse(const Request& request, program::Service& service,
                      const std::function<base::Result<program::List>(const program::View&)>& make);
// A vulnerability by its id or another name, as far as the viewer's images have it or had it.
// Where they have not, what the advisory database says of it: the same answers for one that others
// have and one that nobody has. kNotFound when the database does not know it either.
struct AskedVulnerability {
  uint32_t index = program::kNone;  // of the fleet; kNone: there is an advisory only
  std::shared_ptr<const advisory::Database> database;
  std::optional<advisory::Vulnerability> advisory;  // borrows the database
};
base::Result<AskedVulnerability> VulnerabilityOf(const program::Service& service,
                                                 const program::View& view, const Viewer& viewer,
                                                 std::string_view id);
// The JSON that `make` gives.
Response Answer(const Request& request, program::Service& service,
                const std::function<base::Result<std::string>(const program::View&)>& make);

}  // namespace scantling::server::api
