#include "server/metrics.h"

#include "store/jobs.h"

#include <array>
#include <string>

namespace scantling::server {
namespace {

using http::Response;

class Text {
 public:
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_.append("# HELP scantling_").append(name).append(" ").append(help);
    out_.append("\n# TYPE scantling_").append(name).append(" ").append(type).append("\n");
  }
  // `labels` are our own words: nothing in them needs an escape.
  void Sample(std::string_view labels, uint64_t value) {
    out_.append("scantling_").append(name_);
    if (!labels.empty()) {
      out_.append("{").append(labels).append("}");
    }
    out_.append(" ").append(std::to_string(value)).append("\n");
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
  std::string name_;
};

Response Metrics(program::Service& service, const http::ServerCounts& counts) {
  Text text;
  std::vector<store::JobCount> jobs;
  auto read = service.Read(0, [&](const program::View& view) -> base::Result<void> {
    std::array<uint64_t, program::kGaps> gaps{};
    uint64_t unknown = 0;
    for (const uint32_t copy : view.copies()) {
      ++gaps[static_cast<size_t>(view.CopyGap(copy))];
      unknown += view.Known(copy) ? 0 : 1;
    }
    text.Family("running_copies", "gauge", "Running copies by the gap in what is known of them.");
    for (size_t gap = 0; gap < gaps.size(); ++gap) {
      text.Sample("gap=\"" + std::string(ToString(static_cast<program::Gap>(gap))) + "\"",
                  gaps[gap]);
    }
    text.Family("silent_copies", "gauge", "Copies whose reporter is not heard of.");
    text.Sample("", unknown);
    std::array<uint64_t, 6> levels{};
    uint64_t kev = 0;
    uint64_t running_images = 0;
    for (const uint32_t content : view.contents()) {
      const program::ContentCounts& one = view.counts(content);
      if (one.running + one.unknown == 0) {
        continue;
      }
      ++running_images;
      kev += one.kev;
      for (size_t level = 0; level < levels.size(); ++level) {
        levels[level] += one.levels[level];
      }
    }
    text.Family("images", "gauge", "Images that are known.");
    text.Sample("state=\"known\"", view.contents().size());
    text.Sample("state=\"running\"", running_images);
    text.Family("findings", "gauge", "Open findings of running images by severity.");
    for (size_t level = 0; level < levels.size(); ++level) {
      text.Sample(
          "severity=\"" + std::string(model::ToString(static_cast<model::Level>(level))) + "\"",
          levels[level]);
    }
    text.Family("exploited_findings", "gauge",
                "Open findings of running images in CISA's catalogue.");
    text.Sample("", kev);
    text.Family("reporters", "gauge", "Who tells what runs.");
    uint64_t silent = 0;
    for (const program::Reporter& reporter : view.fleet().reporters()) {
      silent += reporter.HeardAt(view.as_of()) ? 0 : 1;
    }
    text.Sample("state=\"heard\"", view.fleet().reporters().size() - silent);
    text.Sample("state=\"silent\"", silent);
    return {};
  });
  if (!read) {
    return http::Problem(read.error());
  }
  read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    auto counted = store::CountJobs(connection);
    if (!counted) {
      return std::move(counted).error();
    }
    jobs = *std::move(counted);
    return {};
  });
  if (!read) {
    return http::Problem(read.error());
  }
  text.Family("jobs", "gauge", "Jobs by kind and state.");
  for (const store::JobCount& job : jobs) {
    text.Sample(
        "kind=\"" + job.kind + "\",state=\"" + std::string(store::ToString(job.state)) + "\"",
        static_cast<uint64_t>(job.count));
  }
  text.Family("http_requests_total", "counter", "Requests that were answered.");
  text.Sample("", counts.requests);
  text.Family("http_connections", "gauge", "Open connections.");
  text.Sample("", counts.connections);
  text.Family("http_refused_total", "counter", "Connections and requests over the limit.");
  text.Sample("", counts.refused);
  text.Family("http_timeouts_total", "counter", "Clients that sent or read too slowly.");
  text.Sample("", counts.timeouts);
  return Response::Text(text.Take(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void AddMetrics(http::Router& router, access::Guard& guard, program::Service& service,
                std::function<http::ServerCounts()> counts) {
  guard.Add(http::Method::kGet, "/metrics", {.role = access::Role::kSecurity},
            [&service, counts = std::move(counts)](const http::Request&, const access::Viewer&) {
              return Metrics(service, counts());
            });
  // Alive: the process answers.
  router.Add(http::Method::kGet, "/healthz",
             [](const http::Request&) { return Response::Text("ok\n"); },
             {.where = http::RouteOptions::Where::kInline});
  // Ready: the store answers and advisories are loaded.
  router.Add(http::Method::kGet, "/readyz", [&service](const http::Request&) {
    if (service.database() == nullptr) {
      return http::Problem(503, "no advisory database is loaded yet");
    }
    auto counter = service.store().ChangeCounter();
    return counter ? Response::Text("ready\n") : http::Problem(503, "the store does not answer");
  });
}

}  // namespace scantling::server
