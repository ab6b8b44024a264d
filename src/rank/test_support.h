// Tests only: small reports, put together in a line.
#pragma once

#include "model/report.h"
#include "rank/rank.h"

#include <string>
#include <utility>
#include <vector>

namespace scantling::rank {

inline constexpr std::string_view kRemote = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
inline constexpr std::string_view kLocal = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H";

inline model::Component MakeComponent(version::Ecosystem type, std::string name,
                                      std::string version, int32_t layer) {
  model::Component out;
  out.type = type;
  out.name = std::move(name);
  out.version = std::move(version);
  out.ref = "pkg:" + std::string(version::PurlType(type)) + "/" + out.name + "@" + out.version;
  out.layer = layer;
  out.locations = {{"opt/" + out.name, layer}};
  out.evidence = type == version::Ecosystem::kDeb ? model::Evidence::kDpkgStatus
                                                  : model::Evidence::kNodePackageJson;
  out.distro = type == version::Ecosystem::kDeb ? "debian:12" : "";
  return out;
}

inline model::Finding MakeFinding(std::string id, const model::Component& component,
                                  std::vector<std::string> fixed, model::Level level,
                                  std::string_view vector = kRemote) {
  model::Finding out;
  out.id = std::move(id);
  out.component = component.ref;
  out.fix_state = fixed.empty() ? model::FixState::kNotFixed : model::FixState::kFixed;
  out.fixed_versions = std::move(fixed);
  out.severity = {level, -1, std::string(vector), "ghsa"};
  out.severities = {out.severity};
  out.published = "2024-01-10";
  return out;
}

// Four layers: a Debian base of one, then build tools, then the application's two.
inline model::Report MakeReport() {
  model::Report report;
  model::Image& image = report.inventory.image;
  image.distro = {"debian", "12", "bookworm", "Debian GNU/Linux 12", ""};
  const std::vector<std::string> lines = {"/bin/sh -c #(nop) ADD file:abc in / ",
                                          "RUN apt-get install -y build-essential curl",
                                          "COPY app.jar /app.jar", "RUN npm ci"};
  for (size_t i = 0; i < lines.size(); ++i) {
    model::Layer layer;
    layer.index = static_cast<int32_t>(i);
    layer.created_by = lines[i];
    image.layers.push_back(layer);
    image.history.push_back({"", lines[i], "", false});
    if (i == 0) {
      image.history.push_back({"", "/bin/sh -c #(nop)  CMD [\"bash\"]", "", true});
    }
  }
  image.history.push_back({"", "CMD [\"java\"]", "", true});
  report.ecosystems = {{"debian:12", 3, "2025-02-12", model::DataState::kCovered}};
  return report;
}

inline void Add(model::Report& report, const model::Component& component,
                std::vector<model::Finding> findings) {
  report.inventory.components.push_back(component);
  for (model::Finding& finding : findings) {
    report.findings.push_back(std::move(finding));
  }
}

inline const model::Action* FindAction(const model::Report& report, model::ActionKind kind) {
  for (const model::Action& action : report.actions) {
    if (action.kind == kind) {
      return &action;
    }
  }
  return nullptr;
}

}  // namespace scantling::rank
