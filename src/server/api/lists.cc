// GET /api/v1/images, running, vulnerabilities, components, findings; and the lists of one image.
#include "program/lists.h"

#include "base/strings.h"
#include "server/api/api.h"

namespace scantling::server::api {

void AddListRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  parts.guard.Add(Method::kGet, "/api/v1/images", {},
                  [&service](const Request& request, const Viewer& viewer) {
                    return ListResponse(request, service, [&](const program::View& view) {
                      return base::Result<program::List>(program::ImageList(view, ScopeOf(viewer)));
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
              return program::RunningList(view, ScopeOf(viewer), ended);
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
                      return base::Result<program::List>(program::ComponentList(
                          view, ScopeOf(viewer), request.Query("name"), request.Query("below")));
                    });
                  });
  const auto findings = [&service](const Request& request, const Viewer& viewer) {
    return ListResponse(
        request, service, [&](const program::View& view) -> base::Result<program::List> {
          uint32_t content = program::kNone;
          uint32_t vulnerability = program::kNone;
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
          if (!id.empty()) {
            vulnerability = view.fleet().FindVulnerability(id);
            if (vulnerability == program::kNone) {
              return base::NotFound("no image here ever had " + base::ToUtf8(id));
            }
          }
          return program::FindingList(view, ScopeOf(viewer), content, vulnerability);
        });
  };
  parts.guard.Add(Method::kGet, "/api/v1/findings", {}, findings);
  parts.guard.Add(Method::kGet, "/api/v1/images/{digest}/findings", {}, findings);
  parts.guard.Add(Method::kGet, "/api/v1/vulnerabilities/{id}/findings", {}, findings);
}

}  // namespace scantling::server::api
