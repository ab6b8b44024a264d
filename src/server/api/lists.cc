// GET /api/v1/images, running, vulnerabilities, components, findings; and the lists of one image.
#include "program/lists.h"

#include "base/strings.h"
#include "server/api/api.h"

namespace scantling::server::api {

namespace {

// What a list is narrowed to: one vulnerability (kNone = all), as far as the viewer may know of it.
struct Narrowed {
  program::Scope scope;
  uint32_t vulnerability = program::kNone;
};
base::Result<Narrowed> NarrowedTo(const program::Service& service, const program::View& view,
                                  const Viewer& viewer, std::string_view id) {
  Narrowed out{ScopeOf(viewer)};
  if (!id.empty()) {
    SCANTLING_TRY(const AskedVulnerability one, VulnerabilityOf(service, view, viewer, id));
    out.vulnerability = one.index;
    if (one.index == program::kNone) {  // an advisory only: nothing here has it
      out.scope = program::Scope{false, {}};
    }
  }
  return out;
}

}  // namespace

void AddListRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  parts.guard.Add(
      Method::kGet, "/api/v1/images", {}, [&service](const Request& request, const Viewer& viewer) {
        return ListResponse(
            request, service, [&](const program::View& view) -> base::Result<program::List> {
              SCANTLING_TRY(const Narrowed to,
                            NarrowedTo(service, view, viewer, request.Query("vulnerability")));
              return program::ImageList(view, to.scope, to.vulnerability);
            });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/running", {},
      [&service](const Request& request, const Viewer& viewer) {
        return ListResponse(
            request, service, [&](const program::View& view) -> base::Result<program::List> {
              program::Millis ended = 0;
              if (const std::string_view text = request.Query("ended_within_days"); !text.empty()) {
                const auto days = base::ParseNumber<int64_t>(text);
                if (!days || *days < 1 || *days > 3650) {
                  return base::Invalid("ended_within_days must be from 1 to 3650");
                }
                ended = *days * program::kMillisPerDay;
              }
              SCANTLING_TRY(const Narrowed to,
                            NarrowedTo(service, view, viewer, request.Query("vulnerability")));
              return program::RunningList(view, to.scope, ended, to.vulnerability);
            });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/vulnerabilities", {},
      [&service](const Request& request, const Viewer& viewer) {
        return ListResponse(request, service, [&](const program::View& view) {
          return base::Result<program::List>(program::VulnerabilityList(view, ScopeOf(viewer)));
        });
      });
  parts.guard.Add(Method::kGet, "/api/v1/components", {},
                  [&service](const Request& request, const Viewer& viewer) {
                    return ListResponse(request, service, [&](const program::View& view) {
                      return program::ComponentList(view, ScopeOf(viewer), request.Query("name"),
                                                    request.Query("below"));
                    });
                  });
  const auto findings = [&service](const Request& request, const Viewer& viewer) {
    return ListResponse(request, service,
                        [&](const program::View& view) -> base::Result<program::List> {
                          uint32_t content = program::kNone;
                          std::string_view digest = request.Parameter("digest");
                          if (digest.empty()) {
                            digest = request.Query("digest");
                          }
                          if (!digest.empty()) {
                            content = view.fleet().FindContent(digest);
                            if (content == program::kNone ||
                                !program::SeesContent(view, ScopeOf(viewer), content)) {
                              return base::NotFound("there is no image with that digest");
                            }
                          }
                          std::string_view id = request.Parameter("id");
                          if (id.empty()) {
                            id = request.Query("vulnerability");
                          }
                          SCANTLING_TRY(const Narrowed to, NarrowedTo(service, view, viewer, id));
                          return program::FindingList(view, to.scope, content, to.vulnerability);
                        });
  };
  parts.guard.Add(Method::kGet, "/api/v1/findings", {}, findings);
  parts.guard.Add(Method::kGet, "/api/v1/images/{digest}/findings", {}, findings);
  parts.guard.Add(Method::kGet, "/api/v1/vulnerabilities/{id}/findings", {}, findings);
}

}  // namespace scantling::server::api
