// POST and DELETE /api/v1/decisions: acknowledge, assign, accept. An owner may acknowledge and
// assign what is theirs; to accept a risk wants the role security, and of a token the scope admin.
// A token acts as the user who made it.
#include "program/decisions.h"

#include "base/strings.h"
#include "program/lists.h"
#include "server/access/audit.h"
#include "server/api/api.h"

namespace scantling::server::api {
namespace {

Response PostDecision(program::Service& service, const Request& request, const Viewer& viewer) {
  auto decision = program::ParseDecision(request.body, service.now());
  if (!decision) {
    return Problem(decision.error());
  }
  if (decision->kind == program::DecisionKind::kAccepted && viewer.role < access::Role::kSecurity) {
    return Problem(403, "accepting a risk wants the role security or admin", "role");
  }
  if (decision->kind == program::DecisionKind::kAccepted && !viewer.Has(access::Scope::kAdmin)) {
    return Problem(403, "accepting a risk wants a person, or a token with the scope admin",
                   "scope");
  }
  int64_t id = 0;
  auto written = program::SetAuthor(*decision, viewer.name, viewer.display_name);
  if (!written) {
    return Problem(written.error());
  }
  written = service.Read(0, [&](const program::View& view) -> base::Result<void> {
    const uint32_t index = view.fleet().FindVulnerability(decision->vulnerability);
    if (index == program::kNone ||
        (!viewer.sees_all && !program::HasHole(view, ScopeOf(viewer), index))) {
      return base::NotFound("no image here has " + base::ToUtf8(decision->vulnerability));
    }
    return {};
  });
  if (written) {
    written = service.Write([&](program::Change& change) -> base::Result<void> {
      auto stored = program::StoreDecision(change, *decision);
      if (!stored) {
        return std::move(stored).error();
      }
      id = *stored;
      const std::string subject = "decision:" + std::to_string(id);
      return access::AppendAudit(
          change.connection, viewer, change.now,
          {.action = "decision.create", .subject = subject, .before = "", .after = request.body});
    });
  }
  return written ? Response::Json("{\"id\":" + std::to_string(id) + "}", 201)
                 : Problem(written.error());
}

}  // namespace

void AddDecisionRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  parts.guard.Add(Method::kPost, "/api/v1/decisions",
                  {.role = access::Role::kOwner, .scope = access::Scope::kSubmit},
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostDecision(service, request, viewer);
                  });
  parts.guard.Add(Method::kDelete, "/api/v1/decisions/{id}", {.role = access::Role::kSecurity},
                  [&service](const Request& request, const Viewer& viewer) {
                    const auto id = base::ParseNumber<int64_t>(request.Parameter("id"));
                    if (!id) {
                      return Problem(404, "there is no such decision");
                    }
                    auto written =
                        service.Write([&](program::Change& change) -> base::Result<void> {
                          SCANTLING_DO(program::EndDecision(change, *id, viewer.name));
                          return access::AppendAudit(change.connection, viewer, change.now,
                                                     {.action = "decision.end",
                                                      .subject = "decision:" + std::to_string(*id),
                                                      .before = "",
                                                      .after = ""});
                        });
                    return written ? Response::NoContent() : Problem(written.error());
                  });
}

}  // namespace scantling::server::api
