// InventoryToTable: what is installed, one component a line, for reading and for grep. JSON is the
// complete form.
#include "base/strings.h"
#include "report/report.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

std::string PlaceOf(const model::Component& component) {
  std::string out;
  if (!component.locations.empty()) {
    out = Clean(component.locations.front().path);
    if (component.locations.size() > 1) {
      out += " +" + std::to_string(component.locations.size() - 1);
    }
  }
  if (!component.owner.empty()) {
    out += " (of " + Clean(component.owner) + ")";
  }
  return out;
}

}  // namespace

std::string InventoryToTable(const model::Inventory& inventory, const ScreenOptions& options) {
  const model::Image& image = inventory.image;
  std::string out = Paint(Clean(image.reference.empty() ? image.source : image.reference),
                          Style::kBold, options.color);
  for (const std::string& part : {image.platform, image.distro.pretty_name}) {
    if (!part.empty()) {
      out += "  " + Clean(part);
    }
  }
  out += "  " + Count(inventory.components.size(), "component") + "\n";
  size_t name_width = 4;
  size_t version_width = 7;
  for (const model::Component& component : inventory.components) {
    name_width = std::max(name_width, Columns(Clean(component.name)));
    version_width = std::max(version_width, Columns(Clean(component.version)));
  }
  // Names and versions stay whole up to these widths, so that the table can be searched.
  name_width = std::min<size_t>(name_width, 48);
  version_width = std::min<size_t>(version_width, 32);
  if (!inventory.components.empty()) {
    out += Paint(Pad("TYPE", 8) + " " + Pad("NAME", name_width) + " " +
                     Pad("VERSION", version_width) + " LAYER WHERE",
                 Style::kBold, options.color) +
           "\n";
  }
  for (const model::Component& component : inventory.components) {
    const std::string name = Clean(component.name);
    const std::string version = component.version.empty() ? "-" : Clean(component.version);
    std::string row = Pad(version::PurlType(component.type), 8) + " ";
    row += Columns(name) > name_width ? name : Pad(name, name_width);
    row += " ";
    row += Columns(version) > version_width ? version : Pad(version, version_width);
    row += " " + PadLeft(LayerNumber(component.layer), 5) + " " + PlaceOf(component);
    out += row + "\n";
  }
  if (inventory.components.empty()) {
    out += "No installed package was recognised.\n";
  }
  if (!inventory.coverage.skipped.empty()) {
    out += "Not (wholly) read:\n";
    for (const model::Skipped& skipped : inventory.coverage.skipped) {
      out += "  " + Clean(skipped.path) + ": " + Clean(skipped.reason) + "\n";
    }
  }
  return out;
}

}  // namespace scantling::report
