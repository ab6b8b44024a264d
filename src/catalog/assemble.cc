// See assemble.h. The order: the distribution, then components with their layers, owners, chains,
// and last their names (refs), which depend on everything before. Nothing here iterates over an
// unordered container into the output.
#include "catalog/assemble.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"
#include "catalog/database_place.h"
#include "catalog/distro.h"
#include "catalog/dpkg/copyright.h"
#include "catalog/node_chains.h"
#include "catalog/touched.h"
#include "version/purl.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace scantling::catalog {
namespace {

bool IsOsPackage(const model::Component& component) {
  return component.type == version::Ecosystem::kDeb || component.type == version::Ecosystem::kApk ||
         component.type == version::Ecosystem::kRpm;
}

// One component before merging, with what only assembly needs.
struct Draft {
  model::Component component;
  const Record* record = nullptr;
  const VisibleFile* file = nullptr;
  bool inner_root = false;                 // of a database under a root of its own
  size_t owner = static_cast<size_t>(-1);  // index of a draft
};
constexpr size_t kNone = static_cast<size_t>(-1);
const std::string kNoContainer;

std::string RecordKey(const model::Component& component) {
  return component.name + '\0' + component.version + '\0' + component.architecture;
}

// Finds the layer that brought a record: downwards from the file's layer, as long as the same file
// of the next lower layer that has it holds the same record.
class Attribution {
 public:
  explicit Attribution(const std::vector<const LayerFacts*>& layers) {
    for (size_t i = 0; i < layers.size(); ++i) {
      for (const FileResult& file : layers[i]->files) {
        if (!file.facts.records.empty()) {
          by_path_[file.path].push_back({static_cast<int32_t>(i), &file});
        }
      }
    }
  }

  int32_t Brought(const VisibleFile& file, const Record& record) {
    int32_t brought = file.layer;
    const auto it = by_path_.find(file.result->path);
    if (it == by_path_.end() || it->second.size() < 2) {
      return brought;
    }
    const std::string key = RecordKey(record.component);
    for (auto version = it->second.rbegin(); version != it->second.rend(); ++version) {
      if (version->layer >= brought) {
        continue;
      }
      if (!Keys(*version).contains(key)) {
        break;
      }
      brought = version->layer;
    }
    return brought;
  }

 private:
  struct Version {
    int32_t layer;
    const FileResult* file;
  };
  const std::unordered_set<std::string>& Keys(const Version& version) {
    auto& keys = keys_[version.file];
    if (keys.empty()) {
      for (const Record& record : version.file->facts.records) {
        keys.insert(RecordKey(record.component));
      }
    }
    return keys;
  }
  std::unordered_map<std::string_view, std::vector<Version>> by_path_;
  std::unordered_map<const FileResult*, std::unordered_set<std::string>> keys_;
};

std::string Purl(const model::Component& component, const model::Distro& distro) {
  version::PackageUrl purl;
  purl.type = version::PurlType(component.type);
  purl.name = component.name;
  purl.version = component.version;
  switch (component.type) {
    case version::Ecosystem::kDeb:
    case version::Ecosystem::kApk:
    case version::Ecosystem::kRpm: {
      purl.namespace_ = distro.id;
      if (component.type == version::Ecosystem::kRpm) {
        if (const size_t colon = purl.version.find(':'); colon != std::string::npos) {
          purl.SetQualifier("epoch", purl.version.substr(0, colon));
          purl.version.erase(0, colon + 1);
        }
      }
      purl.SetQualifier("arch", component.architecture);
      if (!distro.id.empty()) {
        purl.SetQualifier(
            "distro", distro.version_id.empty() ? distro.id : distro.id + "-" + distro.version_id);
      }
      break;
    }
    case version::Ecosystem::kNpm:
    case version::Ecosystem::kGo:
    case version::Ecosystem::kComposer:
      if (const size_t slash = component.name.rfind('/'); slash != std::string::npos) {
        purl.namespace_ = component.name.substr(0, slash);
        purl.name = component.name.substr(slash + 1);
      }
      break;
    case version::Ecosystem::kMaven:
      if (const size_t colon = component.name.find(':'); colon != std::string::npos) {
        purl.namespace_ = component.name.substr(0, colon);
        purl.name = component.name.substr(colon + 1);
      }
      break;
    default:
      break;
  }
  return purl.ToString();
}

class Assembler {
 public:
  Assembler(AssembleInput input, const base::Limits& limits)
      : input_(std::move(input)), limits_(limits) {}

  model::Inventory Run() {
    out_.image = std::move(input_.image);
    distro_ = FindDistro(*input_.tree, input_.files);
    out_.image.distro = distro_.distro;
    CollectFiles();
    CollectLayers();
    AddOwners();
    AddDebianLicenses();
    AddChains();
    AddLastLayers();
    ResolveDepends();
    MergeAndName();
    std::sort(out_.coverage.skipped.begin(), out_.coverage.skipped.end());
    std::sort(out_.diagnostics.begin(), out_.diagnostics.end());
    return std::move(out_);
  }

 private:
  void CollectFiles() {
    Attribution attribution(input_.layers);
    const auto replaced = ReplacedRpmDatabases(input_.files, *input_.tree);
    for (const VisibleFile& file : input_.files) {
      const FileFacts& facts = file.result->facts;
      for (model::Diagnostic diagnostic : facts.diagnostics) {
        diagnostic.path = base::ToUtf8(file.path);
        diagnostic.layer = file.layer;
        if (diagnostic.message.empty()) {
          diagnostic.message = diagnostic.code;
        }
        out_.diagnostics.push_back(std::move(diagnostic));
      }
      if (facts.relevant) {
        ++out_.coverage.claimed;
        out_.coverage.read += facts.understood ? 1 : 0;
        if (!facts.understood) {
          const std::string reason =
              facts.diagnostics.empty() ? "not understood" : facts.diagnostics.front().message;
          out_.coverage.skipped.push_back({base::ToUtf8(file.path), file.layer, reason});
        }
      }
      if (replaced.contains(&file)) {
        out_.diagnostics.push_back(
            {"rpm.replaced", model::Severity::kNote, base::ToUtf8(file.path), file.layer,
             "an older rpm database that another one has replaced: its packages are not counted"});
        continue;
      }
      for (const Record& record : facts.records) {
        if (drafts_.size() >= limits_.components) {
          TooMany(file);
          return;
        }
        AddDraft(file, record, attribution);
      }
    }
  }

  void TooMany(const VisibleFile& file) {
    const std::string reason = "more than " + std::to_string(limits_.components) +
                               " components (limit components): the rest is not listed";
    out_.coverage.skipped.push_back({base::ToUtf8(file.path), file.layer, reason});
  }

  void AddDraft(const VisibleFile& file, const Record& record, Attribution& attribution) {
    Draft draft;
    draft.component = record.component;
    draft.record = &record;
    draft.file = &file;
    model::Component& c = draft.component;
    if (c.locations.empty()) {
      c.locations.push_back({file.path, file.layer});
    }
    for (model::Location& location : c.locations) {
      location.path = Renamed(location.path, file);
      location.layer = file.layer;
    }
    c.container = Renamed(c.container, file);
    c.layer = input_.has_layers ? attribution.Brought(file, record) : -1;
    c.last_layer = file.layer;
    if (IsOsPackage(c)) {
      // A root inside the image (a chroot, an unpacked image) need not be of the image's
      // distribution.
      draft.inner_root = !RootOf(file.path).empty();
      c.distro = draft.inner_root ? std::string() : distro_.name_space;
      c.last_layer = c.layer;  // its database names every package; its files tell (AddLastLayers)
    }
    drafts_.push_back(std::move(draft));
  }

  // A cataloger knows the file under the layer's name; the merged tree may call it otherwise.
  static std::string Renamed(const std::string& path, const VisibleFile& file) {
    const std::string& stored = file.result->path;
    if (stored != file.path && path.starts_with(stored) &&
        (path.size() == stored.size() || path[stored.size()] == '!')) {
      return base::ToUtf8(file.path + path.substr(stored.size()));
    }
    return base::ToUtf8(path);
  }

  void CollectLayers() {
    for (size_t i = 0; i < input_.layers.size(); ++i) {
      const int32_t number = input_.has_layers ? static_cast<int32_t>(i) : -1;
      for (model::Diagnostic diagnostic : input_.layers[i]->diagnostics) {
        diagnostic.layer = number;
        diagnostic.path = base::ToUtf8(diagnostic.path);
        if (diagnostic.severity == model::Severity::kError || !input_.layers[i]->complete) {
          out_.coverage.skipped.push_back({diagnostic.path, number, diagnostic.message});
        }
        out_.diagnostics.push_back(std::move(diagnostic));
      }
      if (!input_.layers[i]->complete && input_.layers[i]->diagnostics.empty()) {
        out_.coverage.skipped.push_back({"", number, "the layer was not read to its end"});
      }
    }
  }

  // A language package's owner is the OS package whose file its evidence is, unless an installer of
  // its own (pip) says that it put the file there later, or a later layer brought another version
  // (npm install -g npm, over the distribution's).
  void AddOwners() {
    std::unordered_map<uint64_t, std::vector<size_t>> evidence;  // path hash -> language drafts
    const bool merged_usr = IsMergedUsr();
    for (size_t i = 0; i < drafts_.size(); ++i) {
      const Draft& draft = drafts_[i];
      if (IsOsPackage(draft.component) || InstalledByItsOwn(*draft.file)) {
        continue;
      }
      const std::string& path = draft.file->path;
      evidence[image::PathHash(path)].push_back(i);
      if (merged_usr && path.starts_with("usr/")) {
        evidence[image::PathHash(std::string_view(path).substr(4))].push_back(i);
      }
    }
    if (evidence.empty()) {
      return;
    }
    const auto own = [&](uint64_t hash, size_t os_package) {
      const auto it = evidence.find(hash);
      if (it == evidence.end()) {
        return;
      }
      for (const size_t i : it->second) {
        if (drafts_[i].owner == kNone &&
            drafts_[i].component.layer <= drafts_[os_package].component.layer) {
          drafts_[i].owner = os_package;
        }
      }
    };
    ForEachOwned(own);
  }

  // Calls visit(path hash, draft index) for every file that an OS package says it owns. Databases
  // of roots inside the image are left out: their paths start at their own root.
  template <typename Visit>
  void ForEachOwned(const Visit& visit) {
    std::unordered_map<std::string_view, std::vector<size_t>> by_name;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      if (IsOsPackage(drafts_[i].component) && !drafts_[i].inner_root) {
        by_name[drafts_[i].component.name].push_back(i);
        for (const uint64_t hash : drafts_[i].record->owned) {
          visit(hash, i);
        }
      }
    }
    // Distroless images name the files of status.d as they like: "libssl3" for package "libssl3".
    std::unordered_map<std::string_view, std::string_view> package_of;
    for (const VisibleFile& file : input_.files) {
      for (const Fact& fact : file.result->facts.facts) {
        if (fact.key == "dpkg.status.d") {
          const std::string_view text = fact.value;
          const size_t equals = text.find('=');
          package_of.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
      }
    }
    // dpkg keeps file lists beside its database, one file per package: "*.list", or "*.md5sums"
    // where there is none.
    std::unordered_set<std::string_view> listed;
    for (const std::string_view kind : {"dpkg.owner.list", "dpkg.owner.md5sums"}) {
      for (const VisibleFile& file : input_.files) {
        const FileFacts& facts = file.result->facts;
        if (facts.owned.empty() || facts.facts.empty() || facts.facts.front().key != kind ||
            !RootOf(file.path).empty()) {
          continue;
        }
        std::string_view owner = facts.facts.front().value;
        if (const auto it = package_of.find(owner); it != package_of.end()) {
          owner = it->second;
        }
        const size_t colon = owner.find(':');
        if (kind == "dpkg.owner.md5sums" && listed.contains(owner)) {
          continue;
        }
        listed.insert(owner);
        const auto it = by_name.find(owner.substr(0, colon));
        if (it == by_name.end()) {
          continue;
        }
        for (const size_t i : it->second) {
          if (colon == std::string_view::npos ||
              drafts_[i].component.architecture == owner.substr(colon + 1)) {
            for (const uint64_t hash : facts.owned) {
              visit(hash, i);
            }
            break;
          }
        }
      }
    }
  }

  bool IsMergedUsr() const {
    const auto lib = input_.tree->Resolve("lib");
    return lib.kind == image::MergedTree::Kind::kFolder && lib.path == "usr/lib";
  }

  bool InstalledByItsOwn(const VisibleFile& file) {
    if (!installers_read_) {
      installers_read_ = true;
      for (const VisibleFile& other : input_.files) {
        for (const Fact& fact : other.result->facts.facts) {
          if (fact.key.starts_with("python.installer:")) {
            installers_[std::string(base::DirName(other.path))] = fact.value;
          }
        }
      }
    }
    const auto it = installers_.find(base::DirName(file.path));
    return it != installers_.end() &&
           (it->second == "pip" || it->second == "uv" || it->second.starts_with("poetry") ||
            it->second == "conda" || it->second == "pdm");
  }

  // Debian's copyright files name the package by their folder. Not followed: a folder that is a
  // link to another package's.
  void AddDebianLicenses() {
    std::unordered_map<std::string_view, const FileFacts*> by_package;
    for (const VisibleFile& file : input_.files) {
      if (const auto& facts = file.result->facts.facts;
          !facts.empty() && facts.front().key == "dpkg.license") {
        if (const std::string_view package = dpkg::PackageOfCopyright(file.path);
            !package.empty()) {
          by_package.emplace(package, &file.result->facts);
        }
      }
    }
    if (by_package.empty()) {
      return;
    }
    for (Draft& draft : drafts_) {
      if (draft.component.type != version::Ecosystem::kDeb || draft.inner_root) {
        continue;
      }
      if (const auto found = by_package.find(draft.record->component.name);
          found != by_package.end()) {
        for (const Fact& fact : found->second->facts) {
          AddLicense(fact.value, draft.component);
        }
      }
    }
  }

  void AddChains() {
    std::vector<NodePackage> packages;
    std::vector<size_t> draft_of;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      const Draft& draft = drafts_[i];
      if (draft.component.type == version::Ecosystem::kNpm) {
        packages.push_back({draft.file->path, draft.component.name, draft.component.version,
                            &draft.record->needs, draft.record->is_root});
        draft_of.push_back(i);
      }
    }
    std::vector<std::vector<std::string>> chains = NodeChains(packages, *input_.tree);
    for (size_t i = 0; i < chains.size(); ++i) {
      drafts_[draft_of[i]].component.via = std::move(chains[i]);
    }
  }

  void AddLastLayers() {
    if (!input_.has_layers || input_.layers.size() < 2) {
      return;
    }
    const TouchedFiles touched(input_.layers);
    ForEachOwned([&](uint64_t hash, size_t i) {
      model::Component& c = drafts_[i].component;
      c.last_layer = std::max(c.last_layer, touched.LastLayer(hash));
    });
  }

  // "a|b" becomes the first alternative that is installed.
  void ResolveDepends() {
    std::unordered_set<std::string_view> installed;
    for (const Draft& draft : drafts_) {
      if (IsOsPackage(draft.component)) {
        installed.insert(draft.record->component.name);
      }
    }
    for (Draft& draft : drafts_) {
      std::vector<std::string> depends;
      for (const std::string& wanted : draft.component.depends) {
        for (const std::string_view name : base::Split(wanted, '|')) {
          if (installed.contains(name)) {
            depends.emplace_back(name);
            break;
          }
        }
      }
      std::sort(depends.begin(), depends.end());
      depends.erase(std::unique(depends.begin(), depends.end()), depends.end());
      draft.component.depends = std::move(depends);
    }
  }

  // Drafts of one package in one layer, with one owner and one container, are one component with
  // several locations.
  void MergeAndName() {
    std::vector<size_t> order;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      Draft& draft = drafts_[i];
      model::Component& c = draft.component;
      if (c.name.empty() || (c.version.empty() && draft.record->is_root)) {
        continue;  // the project itself, kept for its chains only
      }
      c.name = base::ToUtf8(c.name);
      c.version = base::ToUtf8(c.version);
      c.purl = Purl(c, distro_.distro);
      order.push_back(i);
    }
    const auto group = [&](size_t i) {
      const Draft& d = drafts_[i];
      return std::tuple<uint8_t, const std::string&, const std::string&, const std::string&,
                        int32_t, const std::string&, size_t>(
          static_cast<uint8_t>(d.component.type), d.component.name, d.component.version,
          d.component.purl, d.component.layer,
          // What an OS package ships is rebuilt with that package, not file by file.
          d.owner == kNone ? d.component.container : kNoContainer, d.owner);
    };
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const auto ga = group(a);
      const auto gb = group(b);
      if (ga != gb) {
        return ga < gb;
      }
      return std::tie(drafts_[a].component.via, drafts_[a].component.locations) <
             std::tie(drafts_[b].component.via, drafts_[b].component.locations);
    });
    std::vector<size_t> component_of(drafts_.size(), kNone);
    std::vector<size_t> owners;  // draft index per component
    size_t previous = kNone;
    for (const size_t i : order) {
      model::Component& c = drafts_[i].component;
      if (previous != kNone && group(previous) == group(i)) {
        model::Component& into = out_.components.back();
        into.locations.insert(into.locations.end(), c.locations.begin(), c.locations.end());
        into.last_layer = std::max(into.last_layer, c.last_layer);
      } else {
        previous = kNone;
        out_.components.push_back(c);
        owners.push_back(drafts_[i].owner);
      }
      component_of[i] = out_.components.size() - 1;
      previous = i;
    }
    std::map<std::string_view, int> times;
    for (model::Component& c : out_.components) {
      std::sort(c.locations.begin(), c.locations.end());
      c.locations.erase(std::unique(c.locations.begin(), c.locations.end()), c.locations.end());
      const int time = ++times[c.purl];
      c.ref = time == 1 ? c.purl : c.purl + "#" + std::to_string(time);
    }
    for (size_t i = 0; i < out_.components.size(); ++i) {
      if (owners[i] != kNone && component_of[owners[i]] != kNone) {
        out_.components[i].owner = out_.components[component_of[owners[i]]].ref;
      }
    }
  }

  AssembleInput input_;
  const base::Limits& limits_;
  model::Inventory out_;
  DistroFacts distro_;
  std::vector<Draft> drafts_;
  std::unordered_map<std::string, std::string, base::StringHash, std::equal_to<>> installers_;
  bool installers_read_ = false;
};

}  // namespace

model::Inventory Assemble(AssembleInput input, const base::Limits& limits) {
  return Assembler(std::move(input), limits).Run();
}

}  // namespace scantling::catalog
