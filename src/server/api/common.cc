// What all families of endpoints share: who sees what, moments, pages of lists.
#include "base/bytes.h"
#include "base/strings.h"
#include "codec/compress.h"
#include "program/events.h"
#include "program/lists.h"
#include "server/api/api.h"

namespace scantling::server::api {

namespace {

// The rows of a view are written while it lives, and read as slowly as the client likes: what is
// long is kept packed meanwhile.
class Download {
 public:
  void Add(std::string_view text) {
    text_ += text;
    if (text_.size() >= kPlain) {
      if (gzip_ == nullptr) {
        gzip_ = std::make_unique<codec::GzipStream>();
      }
      gzip_->Write(base::AsBytes(text_), packed_);
      text_.clear();
    }
  }
  Response Finish(std::string_view type) && {
    if (gzip_ == nullptr) {
      return Response::Text(std::move(text_), type);
    }
    gzip_->Write(base::AsBytes(text_), packed_);
    gzip_->Finish(packed_);
    return Response::Packed(type, std::move(packed_));
  }

 private:
  static constexpr size_t kPlain = size_t{256} << 10;
  std::string text_;
  std::string packed_;
  std::unique_ptr<codec::GzipStream> gzip_;
};

}  // namespace

void AddRoutes(const Parts& parts) {
  AddListRoutes(parts);
  AddDetailRoutes(parts);
  AddIngestRoutes(parts);
  AddDecisionRoutes(parts);
  AddSettingRoutes(parts);
  AddRegistryRoutes(parts);
}

program::Scope ScopeOf(const access::Viewer& viewer) {
  return program::Scope{viewer.sees_all, viewer.owners};
}

base::Result<program::Millis> AsOf(const Request& request, const program::Service& service) {
  const std::string_view text = request.Query("as_of");
  if (text.empty()) {
    return 0;
  }
  const auto moment = program::ParseMillis(text);
  if (!moment || *moment <= 0) {
    return base::Invalid("as_of is no date or time (RFC 3339): \"" + base::ToUtf8(text) + "\"");
  }
  if (program::NotAhead(*moment, service.now()) != *moment) {
    return base::Invalid("as_of lies in the future: \"" + base::ToUtf8(text) +
                         "\"; leave it out for the present");
  }
  return *moment;
}

base::Result<program::TableQuery> TableQueryOf(const Request& request) {
  program::TableQuery out;
  for (const std::string_view filter : request.QueryAll("filter")) {
    out.filters.emplace_back(filter);
  }
  out.search = request.Query("q");
  out.sort = request.Query("sort");
  out.cursor = request.Query("cursor");
  const auto list = [&](std::string_view name, std::vector<std::string>& to) {
    if (const std::string_view text = request.Query(name); !text.empty()) {
      for (const std::string_view part : base::Split(text, ',')) {
        to.emplace_back(base::Trim(part));
      }
    }
  };
  list("columns", out.columns);
  list("facets", out.facets);
  if (const std::string_view text = request.Query("limit"); !text.empty()) {
    const auto limit = base::ParseNumber<uint64_t>(text);
    if (!limit || *limit < 1 || *limit > program::kMaxLimit) {
      return base::Invalid("limit must be a whole number from 1 to " +
                           std::to_string(program::kMaxLimit));
    }
    out.limit = *limit;
  }
  return out;
}

Response ListResponse(
    const Request& request, program::Service& service,
    const std::function<base::Result<program::List>(const program::View&)>& make) {
  auto as_of = AsOf(request, service);
  auto query = TableQueryOf(request);
  if (!as_of || !query) {
    return Problem(!as_of ? as_of.error() : query.error());
  }
  const std::string_view format = request.Query("format");
  if (!format.empty() && format != "json" && format != "csv" && format != "ndjson") {
    return Problem(400, "format must be json, csv or ndjson");
  }
  Response response;
  auto read = service.Read(*as_of, [&](const program::View& view) -> base::Result<void> {
    SCANTLING_TRY(program::List list, make(view));
    if (format == "csv" || format == "ndjson") {
      // A download is the whole list, as of one moment.
      query->limit = UINT64_MAX;
      query->cursor.clear();
      SCANTLING_TRY(const program::TablePage page, list.table.Select(std::move(list.rows), *query));
      Download download;
      if (format == "csv") {
        download.Add(list.table.CsvHead(query->columns));
      }
      for (const uint32_t row : page.rows) {
        if (format == "csv") {
          download.Add(list.table.CsvRow(row, query->columns));
        } else {
          std::string text;
          codec::JsonWriter json(&text, codec::JsonWriter::Layout::kCompact);
          list.table.WriteRow(json, row, query->columns);
          download.Add(text + '\n');
        }
      }
      response = std::move(download).Finish(
          format == "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
      const std::string_view name = base::BaseName(request.path);
      response.Set("Content-Disposition", "attachment; filename=\"" + std::string(name) + "." +
                                              std::string(format) + "\"");
      return {};
    }
    SCANTLING_TRY(const program::TablePage page, list.table.Select(std::move(list.rows), *query));
    std::string body;
    codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Text("as_of", program::FormatMillis(view.as_of()));
    json.Uint("total", page.total);
    json.Key("next");
    page.next.empty() ? json.Null() : json.Text(page.next);
    json.Key("items");
    json.BeginArray();
    for (const uint32_t row : page.rows) {
      list.table.WriteRow(json, row, query->columns);
    }
    json.EndArray();
    json.Key("facets");
    json.BeginObject();
    for (const program::Facet& facet : page.facets) {
      json.Key(facet.field);
      json.BeginObject();
      json.Key("values");
      json.BeginArray();
      for (const auto& [value, count] : facet.values) {
        json.BeginObject();
        json.Text("value", value);
        json.Uint("count", count);
        json.EndObject();
      }
      json.EndArray();
      json.Uint("others", facet.others);
      json.EndObject();
    }
    json.EndObject();
    json.EndObject();
    response = Response::Json(std::move(body));
    return {};
  });
  return read ? response : Problem(read.error());
}

base::Result<AskedVulnerability> VulnerabilityOf(const program::Service& service,
                                                 const program::View& view,
                                                 const access::Viewer& viewer,
                                                 std::string_view id) {
  AskedVulnerability out;
  uint32_t index = view.fleet().FindVulnerability(id);
  out.database = service.database();
  if (out.database != nullptr) {
    SCANTLING_TRY(const auto known, out.database->FindVulnerability(id));
    if (known) {
      SCANTLING_TRY(out.advisory, out.database->GetVulnerability(*known));
      index = index == program::kNone ? view.fleet().FindVulnerability(out.advisory->id) : index;
    }
  }
  if (index != program::kNone && program::SeesVulnerability(view, ScopeOf(viewer), index)) {
    out.index = index;
  } else if (!out.advisory) {
    return base::NotFound("no image that you see ever had " + base::ToUtf8(id) +
                          ", and the advisory database does not know it");
  }
  return out;
}

Response Answer(const Request& request, program::Service& service,
                const std::function<base::Result<std::string>(const program::View&)>& make) {
  auto as_of = AsOf(request, service);
  if (!as_of) {
    return Problem(as_of.error());
  }
  std::string body;
  auto read = service.Read(*as_of, [&](const program::View& view) -> base::Result<void> {
    SCANTLING_TRY(body, make(view));
    return {};
  });
  return read ? Response::Json(std::move(body)) : Problem(read.error());
}

}  // namespace scantling::server::api
