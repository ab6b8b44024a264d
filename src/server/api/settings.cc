// Settings as documents: owners, channels of notifications; saved views; jobs.
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/notify.h"
#include "program/owners.h"
#include "server/access/audit.h"
#include "server/api/api.h"
#include "store/jobs.h"

namespace scantling::server::api {
namespace {

constexpr size_t kMaxViews = 200;

Response GetDocument(program::Service& service, std::string_view name, std::string_view empty) {
  std::string body;
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(body, program::ReadDocumentOrNothing(connection, name));
    return {};
  });
  return read ? Response::Json(body.empty() ? std::string(empty) : std::move(body))
              : Problem(read.error());
}

Response PutDocument(program::Service& service, const Viewer& viewer, std::string_view name,
                     const std::string& body) {
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_TRY(const std::string before,
                  program::ReadDocumentOrNothing(change.connection, name));
    SCANTLING_DO(access::AppendAudit(
        change.connection, viewer, change.now,
        {.action = "document.change", .subject = name, .before = before, .after = body}));
    return program::WriteDocument(change, name, body);
  });
  return written ? Response::NoContent() : Problem(written.error());
}

// Secrets do not leave the server: "signed" says that there is one.
Response GetChannels(program::Service& service, bool mail) {
  std::string body;
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto channels, program::ReadChannels(connection));
    SCANTLING_TRY(const auto states, program::ReadChannelStates(connection));
    body = program::ChannelsJson(channels, program::Secrets::kHidden, &states);
    return {};
  });
  if (!read) {
    return Problem(read.error());
  }
  body.pop_back();
  return Response::Json(body + ",\"mail\":" + (mail ? "true" : "false") + "}");
}

Response TestChannel(program::Service& service, std::string_view name, const std::string& address,
                     const Viewer& viewer) {
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_DO(program::PlanTest(change, name, address));
    return access::AppendAudit(change.connection, viewer, change.now,
                               {.action = "channel.test",
                                .subject = "channel:" + std::string(name),
                                .before = "",
                                .after = ""});
  });
  return written ? Response::Json("{}", 202) : Problem(written.error());
}

// A channel without a secret keeps the one that it had, as long as its address is the same.
Response PutChannels(program::Service& service, const Request& request, const Viewer& viewer) {
  auto channels = program::ParseChannels(request.body);
  if (!channels) {
    return Problem(channels.error());
  }
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_TRY(const std::vector<program::Channel> before,
                  program::ReadChannels(change.connection));
    for (program::Channel& channel : *channels) {
      for (const program::Channel& old : before) {
        if (channel.secret.empty() && old.name == channel.name && old.url == channel.url) {
          channel.secret = old.secret;
        }
      }
    }
    const std::string was = program::ChannelsJson(before, program::Secrets::kHidden);
    const std::string is = program::ChannelsJson(*channels, program::Secrets::kHidden);
    SCANTLING_DO(access::AppendAudit(
        change.connection, viewer, change.now,
        {.action = "document.change", .subject = "channels", .before = was, .after = is}));
    return program::WriteDocument(change, "channels",
                                  program::ChannelsJson(*channels, program::Secrets::kKept));
  });
  return written ? Response::NoContent() : Problem(written.error());
}

// A view is a page's address with its filters, by name: {"views": [{"name", "path"}]}.
base::Result<void> CheckViews(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 18));
  std::string wrong;
  size_t count = 0;
  if (!root["views"].IsArray()) {
    return base::Invalid("\"views\" must be a list");
  }
  root["views"].ForEach([&](codec::JsonValue view) {
    const std::string_view name = view["name"].Text();
    const std::string_view path = view["path"].Text();
    if (name.empty() || name.size() > 100 || !path.starts_with("/") || path.starts_with("//") ||
        path.size() > 4096) {
      wrong = "views[" + std::to_string(count) +
              "] wants a name of at most 100 bytes and a path that begins with one \"/\"";
    }
    if (++count > kMaxViews) {
      wrong = "more than 200 views";
    }
    return wrong.empty();
  });
  return wrong.empty() ? base::Result<void>() : base::Result<void>(base::Invalid(std::move(wrong)));
}

Response GetJobs(program::Service& service, const Request& request) {
  const std::string kind(request.Query("kind"));
  const auto before = base::ParseNumber<int64_t>(request.Query("cursor")).value_or(INT64_MAX);
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto counts, store::CountJobs(connection));
    json.Key("counts");
    json.BeginArray();
    for (const store::JobCount& count : counts) {
      json.BeginObject();
      json.Text("kind", count.kind);
      json.Text("state", store::ToString(count.state));
      json.Int("count", count.count);
      json.Text("oldest", program::FormatMillis(count.oldest));
      json.EndObject();
    }
    json.EndArray();
    SCANTLING_TRY(const auto jobs, store::ListJobs(connection, kind, before, 100));
    json.Key("items");
    json.BeginArray();
    for (const store::Job& job : jobs) {
      json.BeginObject();
      json.Int("id", job.id);
      json.Text("kind", job.kind);
      json.Text("key", job.key);
      json.Text("state", store::ToString(job.state));
      json.Int("attempts", job.attempts);
      json.Text("error", job.error);
      json.Text("created", program::FormatMillis(job.created));
      json.Text("changed", program::FormatMillis(job.changed));
      json.EndObject();
    }
    json.EndArray();
    json.Key("next");
    jobs.size() == 100 ? json.Text(std::to_string(jobs.back().id)) : json.Null();
    return {};
  });
  json.EndObject();
  return read ? Response::Json(std::move(body)) : Problem(read.error());
}

}  // namespace

void AddSettingRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  parts.guard.Add(Method::kGet, "/api/v1/owners", {}, [&service](const Request&, const Viewer&) {
    return GetDocument(service, "owners", "{\"rules\":[]}");
  });
  parts.guard.Add(Method::kPut, "/api/v1/owners", {.role = access::Role::kSecurity},
                  [&service](const Request& request, const Viewer& viewer) {
                    if (auto rules = program::ParseOwnerRules(request.body); !rules) {
                      return Problem(rules.error());
                    }
                    return PutDocument(service, viewer, "owners", request.body);
                  });
  parts.guard.Add(Method::kGet, "/api/v1/channels", {.role = access::Role::kSecurity},
                  [&service, mail = parts.mail](const Request&, const Viewer&) {
                    return GetChannels(service, mail);
                  });
  parts.guard.Add(
      Method::kPost, "/api/v1/channels/{name}/test", {.role = access::Role::kSecurity},
      [&service, address = parts.address](const Request& request, const Viewer& viewer) {
        return TestChannel(service, request.Parameter("name"), address(), viewer);
      });
  parts.guard.Add(Method::kPut, "/api/v1/channels", {.role = access::Role::kSecurity},
                  [&service](const Request& request, const Viewer& viewer) {
                    return PutChannels(service, request, viewer);
                  });
  parts.guard.Add(Method::kGet, "/api/v1/views", {},
                  [&service](const Request&, const Viewer& viewer) {
                    return GetDocument(service, "views/" + viewer.name, "{\"views\":[]}");
                  });
  parts.guard.Add(Method::kPut, "/api/v1/views", {},
                  [&service](const Request& request, const Viewer& viewer) {
                    if (auto views = CheckViews(request.body); !views) {
                      return Problem(views.error());
                    }
                    return PutDocument(service, viewer, "views/" + viewer.name, request.body);
                  });
  parts.guard.Add(
      Method::kGet, "/api/v1/jobs", {.role = access::Role::kSecurity},
      [&service](const Request& request, const Viewer&) { return GetJobs(service, request); });
}

}  // namespace scantling::server::api
