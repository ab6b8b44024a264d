// GET: coverage, one image, one vulnerability, search, what has changed, events.
#include "base/output.h"
#include "base/strings.h"
#include "program/answers.h"
#include "program/events.h"
#include "report/formats.h"
#include "server/api/api.h"

namespace scantling::server::api {
namespace {

using program::View;

base::Result<uint32_t> ContentOf(const View& view, const Viewer& viewer, std::string_view digest) {
  const uint32_t content = view.fleet().FindContent(digest);
  if (content == program::kNone || !program::SeesContent(view, ScopeOf(viewer), content)) {
    return base::NotFound("there is no image with that digest");
  }
  return content;
}

Response ImageAnswer(program::Service& service, const Request& request, const Viewer& viewer) {
  return Answer(request, service, [&](const View& view) -> base::Result<std::string> {
    SCANTLING_TRY(const uint32_t content, ContentOf(view, viewer, request.Parameter("digest")));
    program::ToldOfImage told;
    SCANTLING_DO(service.store().Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(told,
                    program::ToldOf(connection, view.fleet().contents()[content].id, view.as_of()));
      return {};
    }));
    if (!view.HasInventory(content)) {
      return program::ImageJson(view, ScopeOf(viewer), content, nullptr, told);
    }
    SCANTLING_TRY(const model::Report report, service.ReportOf(content, view));
    return program::ImageJson(view, ScopeOf(viewer), content, &report, told);
  });
}

// Any form that a scan can be written in.
Response ReportAnswer(program::Service& service, const Request& request, const Viewer& viewer) {
  const std::string_view name = request.HasQuery("format") ? request.Query("format") : "json";
  const report::FormatInfo* maybe_format = report::MaybeFormat(name);
  if (maybe_format == nullptr || name == "template") {
    std::string names;
    for (const report::FormatInfo& format : report::FormatTable()) {
      names.append(names.empty() ? "" : ", ").append(format.name);
    }
    return Problem(400, "format must be one of " + names);
  }
  Response response;
  auto read = service.Read(0, [&](const View& view) -> base::Result<void> {
    SCANTLING_TRY(const uint32_t content, ContentOf(view, viewer, request.Parameter("digest")));
    SCANTLING_TRY(const model::Report report, service.ReportOf(content, view));
    std::string text;
    base::Output output([&text](std::string_view block) -> base::Result<void> {
      text += block;
      return {};
    });
    maybe_format->write(report, {}, output);
    SCANTLING_DO(output.Finish());
    const std::string_view extension = maybe_format->extension;
    response =
        Response::Text(std::move(text), extension.ends_with("json")   ? "application/json"
                                        : extension.ends_with("html") ? "text/html; charset=utf-8"
                                        : extension.ends_with("xml")  ? "application/xml"
                                                                     : "text/plain; charset=utf-8");
    response.Set("Content-Disposition",
                 "attachment; filename=\"report" + std::string(extension) + "\"");
    return {};
  });
  return read ? response : Problem(read.error());
}

Response EventsAnswer(program::Service& service, const Request& request) {
  program::EventQuery query;
  query.subject = request.Query("subject");
  query.kind = request.Query("kind");
  if (const auto before = base::ParseNumber<int64_t>(request.Query("cursor"))) {
    query.before = *before;
  }
  if (const auto limit = base::ParseNumber<int64_t>(request.Query("limit"));
      limit && *limit > 0 && *limit <= 1000) {
    query.limit = *limit;
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Key("items");
  json.BeginArray();
  int64_t count = 0;
  int64_t last = 0;
  auto read = service.store().Read([&](store::Connection& connection) {
    return program::ReadEvents(connection, query,
                               [&](const program::Event& event) -> base::Result<void> {
                                 json.BeginObject();
                                 json.Int("seq", event.seq);
                                 json.Text("id", event.id);
                                 json.Text("kind", event.kind);
                                 json.Text("at", program::FormatMillis(event.at));
                                 json.Text("recorded", program::FormatMillis(event.recorded));
                                 json.Text("subject", event.subject);
                                 json.Text("body", event.body);
                                 json.EndObject();
                                 ++count;
                                 last = event.seq;
                                 return {};
                               });
  });
  if (!read) {
    return Problem(read.error());
  }
  json.EndArray();
  json.Key("next");
  count == query.limit ? json.Text(std::to_string(last)) : json.Null();
  json.EndObject();
  return Response::Json(std::move(body));
}

}  // namespace

void AddDetailRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  const bool demo = parts.demo;
  parts.guard.Add(
      Method::kGet, "/api/v1/coverage", {},
      [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) {
          return base::Result<std::string>(program::CoverageJson(view, ScopeOf(viewer)));
        });
      });
  parts.guard.Add(Method::kGet, "/api/v1/images/{digest}", {},
                  [&service](const Request& request, const Viewer& viewer) {
                    return ImageAnswer(service, request, viewer);
                  });
  parts.guard.Add(Method::kGet, "/api/v1/images/{digest}/report", {},
                  [&service](const Request& request, const Viewer& viewer) {
                    return ReportAnswer(service, request, viewer);
                  });
  // What is new in it against its last, or against ?from=DIGEST.
  parts.guard.Add(
      Method::kGet, "/api/v1/images/{digest}/changes", {},
      [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) -> base::Result<std::string> {
          SCANTLING_TRY(const uint32_t to, ContentOf(view, viewer, request.Parameter("digest")));
          uint32_t from = program::kNone;
          if (request.HasQuery("from")) {
            SCANTLING_TRY(from, ContentOf(view, viewer, request.Query("from")));
          } else {
            from = program::PredecessorOf(view, ScopeOf(viewer), to);
          }
          if (from == program::kNone) {
            return base::NotFound("no earlier image of that name was scanned");
          }
          return program::ChangesJson(view, from, to);
        });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/vulnerabilities/{id}", {},
      [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) -> base::Result<std::string> {
          SCANTLING_TRY(const AskedVulnerability one,
                        VulnerabilityOf(service, view, viewer, request.Parameter("id")));
          return one.index == program::kNone
                     ? program::AdvisoryJson(*one.advisory)
                     : program::VulnerabilityJson(view, ScopeOf(viewer), one.index);
        });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/vulnerabilities/{id}/life", {},
      [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) -> base::Result<std::string> {
          SCANTLING_TRY(const AskedVulnerability one,
                        VulnerabilityOf(service, view, viewer, request.Parameter("id")));
          if (one.index == program::kNone) {
            return std::string(R"({"steps":[],"more":0})");
          }
          std::string body;
          SCANTLING_DO(
              service.store().Read([&](store::Connection& connection) -> base::Result<void> {
                auto life = program::LifeJson(connection, view, ScopeOf(viewer), one.index);
                if (!life) {
                  return std::move(life).error();
                }
                body = *std::move(life);
                return {};
              }));
          return body;
        });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/search", {}, [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) {
          return base::Result<std::string>(
              "{\"items\":" + program::SearchJson(view, ScopeOf(viewer), request.Query("q"), 8) +
              "}");
        });
      });
  parts.guard.Add(
      Method::kGet, "/api/v1/changes", {},
      [&service](const Request& request, const Viewer& viewer) {
        return Answer(request, service, [&](const View& view) -> base::Result<std::string> {
          const std::string_view text = request.HasQuery("days") ? request.Query("days") : "7";
          const auto days = base::ParseNumber<int64_t>(text);
          if (!days || *days < 1 || *days > 365) {
            return base::Invalid("days must be from 1 to 365");
          }
          std::string body;
          SCANTLING_DO(
              service.store().Read([&](store::Connection& connection) -> base::Result<void> {
                auto week = program::WeekJson(connection, view, ScopeOf(viewer),
                                              view.as_of() - *days * program::kMillisPerDay);
                if (!week) {
                  return std::move(week).error();
                }
                body = *std::move(week);
                return {};
              }));
          return body;
        });
      });
  // The raw events tell of everything, so they are for who sees everything.
  parts.guard.Add(
      Method::kGet, "/api/v1/events", {.role = access::Role::kSecurity},
      [&service](const Request& request, const Viewer&) { return EventsAnswer(service, request); });
  // Open, so that the page for signing in says it, too.
  parts.router.Add(Method::kGet, "/api/v1/about",
                   [demo](const Request&) {
                     return Response::Json(std::string("{\"product\":\"scantling\",\"demo\":") +
                                           (demo ? "true}" : "false}"));
                   },
                   {});
}

}  // namespace scantling::server::api
