// POST: inventories and scans, running copies, builds and deployments.
#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/builds.h"
#include "program/running.h"
#include "server/api/api.h"

namespace scantling::server::api {
namespace {

constexpr uint64_t kRecordBytes = uint64_t{8} << 20;  // it may hold a CODEOWNERS of 3 MiB

constexpr uint64_t kDocumentBytes = uint64_t{128} << 20;

// Who tells, of the images with those digests; an error when a name is another's, by the rules
// or because they told it.
base::Result<program::Teller> TellerOf(program::Service& service, const Viewer& viewer,
                                       const std::vector<std::string>& digests,
                                       const std::vector<std::string>& names) {
  program::Teller out;
  out.trusted = viewer.sees_all;
  if (out.trusted) {
    return out;
  }
  out.owners = viewer.owners;
  SCANTLING_DO(service.Read(0, [&](const program::View& view) -> base::Result<void> {
    const program::Fleet& fleet = view.fleet();
    const program::Scope scope = ScopeOf(viewer);
    for (const std::string& digest : digests) {
      const uint32_t content = fleet.FindContent(digest);
      if (content != program::kNone && scope.Sees(fleet.texts()[fleet.contents()[content].owner])) {
        out.theirs.insert(digest);
      }
    }
    for (const std::string& name : names) {
      std::string repository;
      std::string tag;
      if (!program::SplitReference(name, repository, tag)) {
        continue;
      }
      program::OwnerSubject subject;
      subject.repositories.emplace_back(repository);
      subject.label = [](std::string_view) { return std::string_view(); };
      const std::string owner = fleet.owner_rules().OwnerOf("application", subject);
      if (!owner.empty() && !scope.Sees(owner)) {
        std::string why = "the rules of ownership give ";
        why.append(repository).append(" to ").append(owner);
        why.append(", who is not among your owners");
        return base::Error(base::ErrorCode::kUsage, std::move(why));
      }
      if (owner.empty() && program::NamesOthers(view, scope, repository, tag)) {
        std::string why = "others have told what ";
        why.append(name).append(
            " names, and no rule of ownership gives it to you: a token that sees everything may "
            "tell of it, or a rule makes the repository yours");
        return base::Error(base::ErrorCode::kUsage, std::move(why));
      }
    }
    return {};
  }));
  return out;
}

Response PostScan(program::Service& service, const Request& request, const Viewer& viewer) {
  auto report = program::ReadInventoryDocument(request.body, "the document");
  if (!report) {
    return Problem(report.error());
  }
  program::Submission submission;
  submission.report = *std::move(report);
  submission.digest = request.Query("digest");
  for (const std::string_view name : request.QueryAll("name")) {
    submission.names.emplace_back(name);
  }
  submission.document = base::Sha256Of(base::AsBytes(request.body)).Hex();
  submission.via = request.HasQuery("via") ? request.Query("via").substr(0, 100) : "upload";
  if (const std::string_view text = request.Query("at"); !text.empty()) {
    const auto at = program::ParseMillis(text);
    if (!at || *at > service.now() + program::kMillisPerDay) {
      return Problem(400, "at is no time, or lies in the future");
    }
    submission.at = *at;
  }
  const model::Image& image = submission.report.inventory.image;
  std::vector<std::string> names = submission.names;
  if (program::NamesImage(image.reference)) {
    names.push_back(image.reference);
  }
  auto teller =
      TellerOf(service, viewer, {submission.digest, image.digest, image.config_digest}, names);
  if (!teller) {
    return Problem(teller.error());
  }
  auto stored = service.Submit(submission, *teller);
  if (!stored) {
    return Problem(stored.error());
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("digest", stored->digest);
  json.Bool("new", stored->fresh);
  json.Uint("components", stored->components);
  if (teller->trusted) {  // they tell what others have
    json.Uint("new_components", stored->new_components);
    json.Uint("new_findings", stored->new_matches);
  }
  json.Text("page", "/images/" + stored->digest);
  json.EndObject();
  Response response = Response::Json(std::move(body), stored->fresh ? 201 : 200);
  response.Set("Location", "/api/v1/images/" + stored->digest);
  return response;
}

Response PostRunning(program::Service& service, const Request& request, const Viewer& viewer) {
  // What kubectl writes is taken as it is.
  const std::string_view cluster = request.Query("cluster");
  auto report =
      request.body.find("\"scantling.running/1\"") == std::string::npos && !cluster.empty()
          ? program::ParsePodList(request.body, cluster, service.now())
          : program::ParseRunning(request.body);
  if (!report) {
    return Problem(report.error());
  }
  if (report->environment.empty()) {
    report->environment = request.Query("environment");
  }
  auto teller = TellerOf(service, viewer, {}, {});
  if (!teller) {
    return Problem(teller.error());
  }
  auto outcome = service.Running(*report, *teller);
  if (!outcome) {
    return Problem(outcome.error());
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Uint("started", outcome->started);
  json.Uint("ended", outcome->ended);
  json.Uint("running", outcome->running);
  json.Texts("unscanned", outcome->unscanned);
  json.EndObject();
  return Response::Json(std::move(body));
}

Response PostRecord(program::Service& service, const Request& request, const Viewer& viewer,
                    bool deployment) {
  auto record = program::ParseBuildRecord(request.body, deployment, service.now());
  if (!record) {
    return Problem(record.error());
  }
  auto teller = TellerOf(service, viewer, {record->digest}, record->names);
  if (!teller) {
    return Problem(teller.error());
  }
  bool fresh = false;
  auto written = service.Write([&](program::Change& change) -> base::Result<void> {
    change.teller = *teller;
    auto stored = program::StoreBuildRecord(change, *record);
    if (!stored) {
      return std::move(stored).error();
    }
    fresh = *stored;
    return {};
  });
  if (!written) {
    return Problem(written.error());
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Bool("new", fresh);
  if (!record->dockerfile.empty()) {
    json.Key("owners");
    json.BeginArray();
    for (const program::CodeOwner& one : record->code_owners) {
      json.BeginObject();
      json.Text("role", one.role);
      json.Text("owner", one.owners.front());
      json.Uint("line", one.line);
      json.Text("section", one.section);
      json.EndObject();
    }
    json.EndArray();
    json.Texts("problems", record->codeowners_problems);
  }
  json.EndObject();
  return Response::Json(std::move(body), fresh ? 201 : 200);
}

}  // namespace

void AddIngestRoutes(const Parts& parts) {
  program::Service& service = parts.service;
  const access::Needs submit{.role = access::Role::kOwner, .scope = access::Scope::kSubmit};
  parts.guard.Add(Method::kPost, "/api/v1/scans", submit,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostScan(service, request, viewer);
                  },
                  {.body_bytes = kDocumentBytes, .seconds = 120});
  parts.guard.Add(Method::kPost, "/api/v1/running", submit,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostRunning(service, request, viewer);
                  },
                  {.body_bytes = kDocumentBytes, .seconds = 120});
  parts.guard.Add(Method::kPost, "/api/v1/builds", submit,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostRecord(service, request, viewer, false);
                  },
                  {.body_bytes = kRecordBytes});
  parts.guard.Add(Method::kPost, "/api/v1/deployments", submit,
                  [&service](const Request& request, const Viewer& viewer) {
                    return PostRecord(service, request, viewer, true);
                  });
}

}  // namespace scantling::server::api
