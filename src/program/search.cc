// What the search of the page finds: images, vulnerabilities, components, workloads, owners.
#include "base/strings.h"
#include "codec/json_writer.h"
#include "program/answers.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::program {

std::string SearchJson(const View& view, const Scope& scope, std::string_view text, size_t limit) {
  const Fleet& fleet = view.fleet();
  const std::string wanted = base::Lower(text);
  const auto fits = [&](std::string_view candidate) {
    return base::Lower(candidate).find(wanted) != std::string::npos;
  };
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginArray();
  const auto hit = [&](std::string_view kind, std::string_view id, std::string_view name,
                       std::string_view detail) {
    json.BeginObject();
    json.Text("kind", kind);
    json.Text("id", id);
    json.Text("name", name);
    json.Text("detail", detail);
    json.EndObject();
  };
  if (wanted.size() >= 2) {
    // The first by name, whatever the order in which they came to be known.
    const auto first = [&](auto fitting, const auto& sees, const auto& show) {
      std::sort(fitting.begin(), fitting.end());
      size_t left = limit;
      for (auto one = fitting.begin(); one != fitting.end() && left > 0; ++one) {
        if (sees(*one)) {
          show(*one);
          --left;
        }
      }
    };
    // Of images what runs first, then the newest.
    std::vector<std::tuple<bool, Millis, std::string, std::string_view, uint32_t>> images;
    for (const uint32_t index : view.contents()) {
      const Content& content = fleet.contents()[index];
      bool found = content.digest.find(wanted) != std::string::npos;
      for (const uint32_t name : content.names) {
        found = found || fits(fleet.texts()[fleet.names()[name].repository]);
      }
      std::string name = view.NameOf(index);
      if ((found || fits(name)) && SeesContent(view, scope, index)) {
        const CopyCounts copies = CopiesSeen(view, scope, index);
        images.emplace_back(copies.running + copies.unknown == 0, -content.first_seen,
                            std::move(name), content.digest, index);
      }
    }
    const auto all = [](const auto&) { return true; };
    first(std::move(images), all, [&](const auto& one) {
      hit("image", std::get<3>(one), std::get<2>(one),
          fleet.texts()[fleet.contents()[std::get<4>(one)].distro]);
    });
    std::vector<std::pair<std::string_view, uint32_t>> holes;
    for (uint32_t index = 0; index < fleet.vulnerabilities().size(); ++index) {
      const Vulnerability& one = fleet.vulnerabilities()[index];
      if (fits(one.name) || fits(one.aliases)) {
        holes.emplace_back(one.name, index);
      }
    }
    first(
        std::move(holes),
        [&](const auto& one) { return scope.everything || HasHole(view, scope, one.second); },
        [&](const auto& one) {
          hit("vulnerability", one.first, one.first, fleet.vulnerabilities()[one.second].summary);
        });
    std::vector<std::tuple<std::string_view, std::string_view, uint32_t>> components;
    for (uint32_t index = 0; index < fleet.components().size(); ++index) {
      const ComponentVersion& component = fleet.components()[index];
      if (fits(component.name)) {
        components.emplace_back(component.name, fleet.texts()[component.type], index);
      }
    }
    std::string_view last;
    first(
        std::move(components),
        [&](const auto& one) {
          const auto& contents = fleet.components()[std::get<2>(one)].contents;
          return std::get<0>(one) != last &&
                 std::any_of(contents.begin(), contents.end(), [&](uint32_t content) {
                   return view.HasInventory(content) && SeesContent(view, scope, content);
                 });
        },
        [&](const auto& one) {
          last = std::get<0>(one);
          hit("component", last, last, std::get<1>(one));
        });
    std::set<std::pair<std::string_view, std::string_view>> workloads;
    std::set<std::string_view> owners;
    for (const uint32_t index : view.copies()) {
      const Copy& copy = fleet.copies()[index];
      if (!SeesCopy(view, scope, index)) {
        continue;
      }
      const std::string_view workload = fleet.texts()[copy.workload];
      const std::string_view owner = fleet.texts()[copy.owner];
      if (!owner.empty() && !owners.contains(owner) && fits(owner)) {
        owners.insert(owner);
      }
      const std::pair place(workload, fleet.texts()[copy.name_space]);
      if (!workloads.contains(place) && fits(workload)) {
        workloads.insert(place);
      }
    }
    first(std::vector(workloads.begin(), workloads.end()), all,
          [&](const auto& one) { hit("workload", one.first, one.first, one.second); });
    first(std::vector(owners.begin(), owners.end()), all,
          [&](std::string_view owner) { hit("owner", owner, owner, ""); });
  }
  json.EndArray();
  return out;
}

}  // namespace scantling::program
