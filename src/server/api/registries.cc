// Watched registries: what is watched, a look at once, the registry's own messages; and a scan of
// one image on demand.
//
// A registry's message shows the secret of its address: as "Authorization: Bearer SECRET"
// (distribution) or "Authorization: SECRET" (Harbor), as the last part of the path (Docker Hub,
// Quay), or by a signature of the body in X-Hub-Signature-256 (GitHub).
#include "base/digest.h"
#include "base/strings.h"
#include "codec/json_writer.h"
#include "program/holes.h"
#include "program/notify.h"
#include "program/registry_event.h"
#include "program/scans.h"
#include "program/watches.h"
#include "server/access/audit.h"
#include "server/access/secrets.h"
#include "server/api/api.h"
#include "server/registry_look.h"
#include "server/registry_work.h"
#include "store/jobs.h"

#include <algorithm>
#include <map>

namespace scantling::server::api {
namespace {

using program::Watch;

constexpr size_t kMaxWatches = 200;
constexpr size_t kSecretBytes = 24;

base::Result<int64_t> IdOf(const Request& request) {
  const auto id = base::ParseNumber<int64_t>(request.Parameter("id"));
  if (!id || *id <= 0) {
    return base::NotFound("there is no such watched registry");
  }
  return *id;
}

std::string SubjectOf(int64_t id) { return "registry:" + std::to_string(id); }

base::Result<std::map<std::string, program::OpenLook>> OpenLooks(store::Connection& connection) {
  std::map<std::string, program::OpenLook> out;
  SCANTLING_TRY(const std::vector<store::Job> jobs, store::OpenJobs(connection, kCheckJob));
  for (const store::Job& job : jobs) {
    SCANTLING_TRY(const LookProgress progress, ParseLookProgress(job.payload));
    out[job.key] = {job.state == store::JobState::kRunning, progress.repositories, progress.tags};
  }
  return out;
}

void WriteWatch(codec::JsonWriter& json, const Watch& watch,
                const std::map<std::string, program::OpenLook>& looks) {
  const auto look = looks.find(std::to_string(watch.id));
  program::WriteWatch(json, watch,
                      look == looks.end() ? std::nullopt : std::optional(look->second));
}

Response GetWatches(program::Service& service) {
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Key("items");
  json.BeginArray();
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const std::vector<Watch> watches, program::ReadWatches(connection));
    SCANTLING_TRY(const auto looks, OpenLooks(connection));
    for (const Watch& watch : watches) {
      WriteWatch(json, watch, looks);
    }
    return {};
  });
  json.EndArray();
  json.EndObject();
  return read ? Response::Json(std::move(body)) : Problem(read.error());
}

Response GetWatch(program::Service& service, const Request& request) {
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const int64_t id, IdOf(request));
    SCANTLING_TRY(const Watch watch, program::ReadWatch(connection, id));
    SCANTLING_TRY(const auto looks, OpenLooks(connection));
    WriteWatch(json, watch, looks);
    return {};
  });
  return read ? Response::Json(std::move(body)) : Problem(read.error());
}

Response PostWatch(program::Service& service, const Request& request, const Viewer& viewer) {
  auto watch = program::ParseWatch(request.body);
  if (!watch) {
    return Problem(watch.error());
  }
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_TRY(const std::vector<Watch> all, program::ReadWatches(change.connection));
    if (all.size() >= kMaxWatches) {
      return base::LimitMet("there are " + std::to_string(kMaxWatches) +
                            " watched registries already; one may have many repositories");
    }
    // What is watched already is not watched twice: the same call again gives the same one.
    const auto same = std::find_if(all.begin(), all.end(), [&](const Watch& one) {
      return one.registry == watch->registry && one.repositories == watch->repositories &&
             one.tags == watch->tags;
    });
    if (same != all.end()) {
      return base::Error(base::ErrorCode::kUsage,
                         "these repositories and tags of " + watch->registry +
                             " are watched already, as registry " + std::to_string(same->id) +
                             "; change that one");
    }
    watch->created = change.now;
    watch->next = change.now;  // looked at as soon as somebody is free
    SCANTLING_TRY(watch->id, program::AddWatch(change.connection, *watch));
    const std::string after = program::WatchJson(*watch);
    const std::string subject = SubjectOf(watch->id);
    return access::AppendAudit(
        change.connection, viewer, change.now,
        {.action = "registry.create", .subject = subject, .before = "", .after = after});
  });
  if (!written) {
    return Problem(written.error());
  }
  Response response = Response::Json(program::WatchJson(*watch), 201);
  response.Set("Location", "/api/v1/registries/" + std::to_string(watch->id));
  return response;
}

// Changes one watch in a serial write, with its line in the audit log.
Response Change(program::Service& service, const Request& request, const Viewer& viewer,
                std::string_view action,
                const std::function<base::Result<void>(program::Change&, Watch&)>& work,
                const std::function<Response(const Watch&)>& answer) {
  Watch watch;
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_TRY(const int64_t id, IdOf(request));
    SCANTLING_TRY(watch, program::ReadWatch(change.connection, id));
    const std::string before = program::WatchJson(watch);
    SCANTLING_DO(work(change, watch));
    std::string after;
    if (action != "registry.delete") {
      SCANTLING_TRY(watch, program::ReadWatch(change.connection, id));
      after = program::WatchJson(watch);
    }
    const std::string subject = SubjectOf(id);
    return access::AppendAudit(
        change.connection, viewer, change.now,
        {.action = action, .subject = subject, .before = before, .after = after});
  });
  return written ? answer(watch) : Problem(written.error());
}

Response PutWatch(program::Service& service, const Request& request, const Viewer& viewer) {
  auto wanted = program::ParseWatch(request.body);
  if (!wanted) {
    return Problem(wanted.error());
  }
  return Change(
      service, request, viewer, "registry.change",
      [&](program::Change& change, Watch& watch) -> base::Result<void> {
        watch.registry = wanted->registry;
        watch.repositories = wanted->repositories;
        watch.tags = wanted->tags;
        watch.newest = wanted->newest;
        watch.interval_ms = wanted->interval_ms;
        watch.platform = wanted->platform;
        watch.credentials = wanted->credentials;
        watch.insecure = wanted->insecure;
        watch.enabled = wanted->enabled;
        watch.next = change.now + watch.interval_ms;
        SCANTLING_DO(program::ChangeWatch(change.connection, watch));
        if (watch.enabled) {
          // A look that runs is one with the settings before.
          SCANTLING_DO(
              QueueCheck(change.connection, watch.id, 0, store::WhileRunning::kFollow, change.now));
        }
        return {};
      },
      [](const Watch& watch) { return Response::Json(program::WatchJson(watch)); });
}

Response DeleteWatch(program::Service& service, const Request& request, const Viewer& viewer) {
  return Change(
      service, request, viewer, "registry.delete",
      [](program::Change& change, Watch& watch) {
        return program::DeleteWatch(change.connection, watch.id);
      },
      [](const Watch&) { return Response::NoContent(); });
}

Response CheckWatch(program::Service& service, const Request& request, const Viewer& viewer) {
  return Change(
      service, request, viewer, "registry.check",
      [](program::Change& change, Watch& watch) -> base::Result<void> {
        if (!watch.enabled) {
          return base::Error(base::ErrorCode::kUsage, "this registry is paused");
        }
        SCANTLING_DO(
            QueueCheck(change.connection, watch.id, 0, store::WhileRunning::kFollow, change.now));
        return {};
      },
      [](const Watch& watch) { return Response::Json(program::WatchJson(watch), 202); });
}

// A new secret for the registry's messages, shown this once; the one before is over.
Response NewHook(program::Service& service, access::Access& access, const Request& request,
                 const Viewer& viewer) {
  const std::string secret = access.RandomText(kSecretBytes);
  return Change(
      service, request, viewer, "registry.hook",
      [&](program::Change& change, Watch& watch) {
        return program::SetHook(change.connection, watch.id, secret);
      },
      [&](const Watch& watch) {
        std::string body;
        codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
        json.BeginObject();
        json.Text("secret", secret);
        json.Text("path", "/api/v1/registries/" + std::to_string(watch.id) + "/events");
        json.EndObject();
        Response response = Response::Json(std::move(body));
        response.Set("Cache-Control", "no-store");
        return response;
      });
}

bool ShowsSecret(const Watch& watch, const Request& request) {
  if (watch.hook.empty()) {
    return false;
  }
  if (const std::string_view in_path = request.Parameter("secret"); !in_path.empty()) {
    return access::SameText(in_path, watch.hook);
  }
  if (const std::string_view signature = request.Header("X-Hub-Signature-256");
      !signature.empty()) {
    return access::SameText(signature, program::Sign(watch.hook, request.body));
  }
  std::string_view header = base::Trim(request.Header("Authorization"));
  if (const size_t space = header.find(' ');
      space != std::string_view::npos &&
      base::EqualsIgnoreCase(header.substr(0, space), "bearer")) {
    header = base::Trim(header.substr(space + 1));
  }
  return access::SameText(header, watch.hook);
}

Response TakeEvent(program::Service& service, access::Access& access, const Request& request) {
  Watch watch;
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    auto id = IdOf(request);
    if (id) {
      auto found = program::ReadWatch(connection, *id);
      if (found) {
        watch = *std::move(found);
      } else if (found.error().code() != base::ErrorCode::kNotFound) {
        return std::move(found).error();
      }
    }
    return {};
  });
  if (!read) {
    return Problem(read.error());
  }
  const bool known = ShowsSecret(watch, request);
  if (const int64_t wait =
          access.TakeRate(known ? "registry " + std::to_string(watch.id) : request.peer, known);
      wait > 0) {
    Response slow = Problem(429, "too many requests; wait a moment", "rate-limit");
    slow.Add("Retry-After", std::to_string(std::max<int64_t>(1, (wait + 999) / 1000)));
    return slow;
  }
  if (!known) {
    return Problem(401, "there is no such address for a registry's messages", "hook");
  }
  auto event = program::ParseRegistryEvent(request.body);
  if (!event) {
    return Problem(event.error());
  }
  uint64_t watched = 0;
  uint64_t queued = 0;
  auto written = service.store().Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_DO(program::SetHeard(connection, watch.id, service.now()));
        std::vector<program::RegistryPush> tags = event->pushes;
        for (program::RegistryDeletion& one : event->deletions) {
          if (!one.tag.empty()) {
            tags.push_back({one.repository, std::move(one.tag)});
          }
          if (!one.digest.empty()) {
            SCANTLING_TRY(auto named,
                          program::TagsOf(connection, watch, one.repository, one.digest));
            for (std::string& tag : named) {
              tags.push_back({one.repository, std::move(tag)});
            }
          }
        }
        for (const program::RegistryPush& push : tags) {
          if (!watch.enabled || !program::WatchesRepository(watch, push.repository) ||
              !program::WatchesTag(watch, push.tag)) {
            continue;
          }
          ++watched;
          SCANTLING_TRY(const bool fresh, QueueResolve(connection, watch.id, push.repository,
                                                       push.tag, service.now()));
          queued += fresh ? 1 : 0;
        }
        return {};
      });
  if (!written) {
    return Problem(written.error());
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("form", event->form);
  json.Uint("pushes", event->pushes.size());
  json.Uint("deletions", event->deletions.size());
  json.Uint("watched", watched);
  json.Uint("queued", queued);
  json.EndObject();
  return Response::Json(std::move(body), 202);
}

// Scans an image of a watched registry, whether it was scanned before or not.
Response PostImageScan(program::Service& service, const Request& request, const Viewer& viewer) {
  std::string digest;
  std::vector<std::string> names;
  auto read = service.Read(0, [&](const program::View& view) -> base::Result<void> {
    const program::Fleet& fleet = view.fleet();
    const uint32_t content = fleet.FindContent(request.Parameter("digest"));
    if (content == program::kNone || !program::SeesContent(view, ScopeOf(viewer), content)) {
      return base::NotFound("there is no image with that digest");
    }
    digest = fleet.contents()[content].digest;
    names = view.NamesOf(content);
    names.push_back(view.NameOf(content));
    for (const uint32_t copy : view.copies_of(content)) {
      names.emplace_back(fleet.texts()[fleet.copies()[copy].reference]);
    }
    return {};
  });
  if (!read) {
    return Problem(read.error());
  }
  bool queued = false;
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_TRY(const std::vector<Watch> watches, program::ReadWatches(change.connection));
    for (const std::string& name : names) {
      std::string repository;
      const Watch* watch = program::FindWatch(watches, name, repository);
      if (watch == nullptr) {
        continue;
      }
      SCANTLING_TRY(queued, program::QueueScan(
                                change, {watch->id, watch->registry, repository, digest},
                                program::ScanWhen::kAlways, program::ScanPriority::kSomebodyWaits));
      const std::string subject = "image:" + digest;
      return access::AppendAudit(
          change.connection, viewer, change.now,
          {.action = "image.scan", .subject = subject, .before = "", .after = ""});
    }
    return base::Error(
        base::ErrorCode::kUsage,
        "no watched registry has this image" +
            (names.empty() || names.back().empty() ? std::string() : " (" + names.back() + ")") +
            "; watch its repository under Settings, or submit a scan of it");
  });
  if (!written) {
    return Problem(written.error());
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("digest", digest);
  json.Bool("queued", queued);  // false: a job was open already
  json.EndObject();
  return Response::Json(std::move(body), 202);
}

}  // namespace

void AddRegistryRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  access::Access& access = parts.access;
  const access::Needs needs{.role = access::Role::kSecurity};
  parts.guard.Add(Method::kGet, "/api/v1/registries", needs,
                  [&service](const Request&, const Viewer&) { return GetWatches(service); });
  parts.guard.Add(Method::kPost, "/api/v1/registries", needs,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostWatch(service, request, viewer);
                  });
  parts.guard.Add(
      Method::kGet, "/api/v1/registries/{id}", needs,
      [&service](const Request& request, const Viewer&) { return GetWatch(service, request); });
  parts.guard.Add(Method::kPut, "/api/v1/registries/{id}", needs,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PutWatch(service, request, viewer);
                  });
  parts.guard.Add(Method::kDelete, "/api/v1/registries/{id}", needs,
                  [&service](const Request& request, const Viewer& viewer) {
                    return DeleteWatch(service, request, viewer);
                  });
  parts.guard.Add(Method::kPost, "/api/v1/registries/{id}/check", needs,
                  [&service](const Request& request, const Viewer& viewer) {
                    return CheckWatch(service, request, viewer);
                  });
  parts.guard.Add(Method::kPost, "/api/v1/registries/{id}/hook",
                  {.role = access::Role::kSecurity, .session_only = true},
                  [&service, &access](const Request& request, const Viewer& viewer) {
                    return NewHook(service, access, request, viewer);
                  });
  parts.guard.Add(Method::kPost, "/api/v1/images/{digest}/scan",
                  {.role = access::Role::kOwner, .scope = access::Scope::kSubmit},
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostImageScan(service, request, viewer);
                  });
}

void AddRegistryEventRoutes(http::Router& router, program::Service& service,
                            access::Access& access) {
  const auto handler = [&service, &access](const Request& request) {
    return TakeEvent(service, access, request);
  };
  router.Add(Method::kPost, "/api/v1/registries/{id}/events", handler,
             {.body_bytes = program::kMaxRegistryEventBytes});
  router.Add(Method::kPost, "/api/v1/registries/{id}/events/{secret}", handler,
             {.body_bytes = program::kMaxRegistryEventBytes, .secret_path = true});
}

}  // namespace scantling::server::api
