// GET /metrics in the text format of Prometheus
// (https://prometheus.io/docs/instrumenting/exposition_formats/), /healthz and /readyz.
//
// Roll-ups only: no label is a vulnerability, an image or a workload, so that the number of series
// does not grow with the fleet. /metrics wants a token (scope read); the other two are open.
#pragma once

#include "program/service.h"
#include "server/access/guard.h"
#include "server/http/router.h"
#include "server/http/server.h"

#include <functional>

namespace scantling::server {

void AddMetrics(http::Router& router, access::Guard& guard, program::Service& service,
                std::function<http::ServerCounts()> counts);

}  // namespace scantling::server
