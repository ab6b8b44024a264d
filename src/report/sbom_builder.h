// Inside of the room: an inventory from the records of a bill of materials, whatever its form.
#pragma once

#include "model/inventory.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::report {

// One package as its document has it; "" and -1 = not told.
struct SbomPackage {
  std::string key;  // how the document refers to it
  std::string name;
  std::string version;
  std::string purl;
  std::string distro;  // advisory namespace: only our own documents tell it
  std::string source_name;
  std::string source_version;
  std::string architecture;
  std::string module;
  std::string vendor;
  std::string evidence;
  std::string role;
  std::string owner;  // key of another
  std::string container;
  std::string layer_diff_id;
  int32_t layer = -1;
  std::vector<std::string> paths;
  std::vector<std::string> licenses;
};

class SbomBuilder {
 public:
  static constexpr size_t kMaxPackages = 1'000'000;
  static constexpr size_t kMaxGaps = 10'000;

  model::Image& image() { return image_; }
  // The distribution as the document names it.
  void SetDistro(model::Distro distro);
  // False when there are too many.
  bool Add(SbomPackage package);
  // Something listed that is no package: "file", "cryptographic-asset".
  void AddOther(std::string_view kind) { ++others_[std::string(kind)]; }
  void AddLayer(std::string digest, std::string diff_id);
  // An OS package whose files are the other one, or which needs the other one.
  void AddContains(std::string owner, std::string owned);
  void AddNeeds(std::string who, std::string what);

  model::Inventory Finish();

 private:
  void Gap(std::string path, std::string reason);
  void Place(model::Component component, SbomPackage package);
  void Link();

  model::Image image_;
  std::string name_space_;
  std::vector<SbomPackage> packages_;
  std::map<std::string, uint64_t> others_;
  std::vector<std::pair<std::string, std::string>> contains_;
  std::vector<std::pair<std::string, std::string>> needs_;
  std::vector<model::Component> components_;
  std::vector<std::string> owners_;                     // of components_: keys
  std::unordered_map<std::string, size_t> by_key_;      // into components_
  std::unordered_map<std::string, uint32_t> times_;     // a package URL stood
  std::unordered_map<std::string, int32_t> layer_ids_;  // diff id -> index
  uint64_t gaps_ = 0;
  model::Inventory out_;
};

}  // namespace scantling::report
