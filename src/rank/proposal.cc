#include "rank/proposal.h"

#include <algorithm>

namespace scantling::rank {
namespace {

// There is no clock here: a release has ended when the data about it is younger than its last day.
bool DistroEnded(const model::Report& report) {
  if (report.distro_end_of_life.empty()) {
    return false;
  }
  const std::string family = report.inventory.image.distro.id + ":";
  std::string newest;
  for (const model::EcosystemCoverage& row : report.ecosystems) {
    if (row.name.starts_with(family)) {
      newest = std::max(newest, row.data_as_of);
    }
  }
  if (newest.empty()) {
    for (const model::SourceInfo& source : report.database.sources) {
      newest = std::max(newest, source.as_of);
    }
  }
  return !newest.empty() && report.distro_end_of_life <= newest;
}

}  // namespace

View::View(const model::Report& of_report, const KnownHoles& holes)
    : report(of_report), known_holes(holes), distro_ended(DistroEnded(of_report)) {
  by_ref.reserve(report.inventory.components.size());
  for (const model::Component& component : report.inventory.components) {
    by_ref.emplace(component.ref, &component);
  }
}

const model::Component* View::ComponentOf(const model::Finding& finding) const {
  const auto found = by_ref.find(finding.component);
  return found == by_ref.end() ? nullptr : found->second;
}

const model::Component* View::OwnerOf(const model::Component& component) const {
  const auto found = by_ref.find(component.owner);
  return component.owner.empty() || found == by_ref.end() ? nullptr : found->second;
}

double View::RiskOf(const FindingIndexes& indexes) const {
  double sum = 0;
  for (const uint32_t at : indexes) {
    sum += report.findings[at].priority.risk;
  }
  return sum;
}

const model::Layer* View::LayerAt(int32_t index) const {
  const auto& layers = report.inventory.image.layers;
  return index < 0 || static_cast<size_t>(index) >= layers.size()
             ? nullptr
             : &layers[static_cast<size_t>(index)];
}

model::Owner OwnerFor(const model::Finding& finding, bool is_os_package) {
  switch (finding.origin) {
    case model::Origin::kBase:
      return model::Owner::kImage;
    case model::Origin::kApplication:
      return model::Owner::kApplication;
    case model::Origin::kUnknown:
      break;
  }
  return is_os_package ? model::Owner::kImage : model::Owner::kApplication;
}

void SetLayer(const View& view, int32_t layer, model::Action& action) {
  action.layer = layer;
  if (const model::Layer* found = view.LayerAt(layer)) {
    action.created_by = found->created_by;
  }
}

std::string Typable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const bool usual = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("@/._+:~-").find(c) != std::string_view::npos;
    if (!usual) {
      c = '?';
    }
  }
  return out;
}

std::string Shortened(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) {
    return std::string(text);
  }
  size_t end = bytes > 3 ? bytes - 3 : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return std::string(text.substr(0, end)) + "...";
}

std::string NameList(const std::vector<std::string>& names, size_t bytes) {
  constexpr size_t kTail = sizeof(" and 9999 more") - 1;
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    const size_t room = bytes > kTail && !last ? bytes - kTail : bytes;
    const size_t needed = out.size() + (i == 0 ? 0 : 2) + names[i].size();
    if (needed > room && i > 0) {
      return out + " and " + std::to_string(names.size() - i) + " more";
    }
    out.append(i == 0 ? "" : ", ").append(i == 0 ? Shortened(names[i], bytes) : names[i]);
  }
  return out;
}

std::string Counted(uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

}  // namespace scantling::rank
