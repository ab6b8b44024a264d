// See packages.h.
#include "program/demo/packages.h"

#include "base/strings.h"
#include "program/demo/tables.h"
#include "version/purl.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace scantling::program::demo {
namespace {

using model::Component;
using version::Ecosystem;

constexpr std::array<BaseInfo, 6> kBases = {
    {{"debian", "12", "debian:12", "debian", 5},
     {"debian", "11", "debian:11", "debian-lts", 3},
     {"alpine", "3.16", "alpine:v3.16", "alpine-legacy", 1},
     {"alpine", "3.19", "alpine:v3.19", "alpine", 3},
     {"almalinux", "9", "almalinux:9", "almalinux", 3},
     {"opensuse-leap", "15.5", "opensuse-leap:15.5", "leap", 1}}};

struct Packaging {
  Ecosystem type;
  model::Evidence evidence;
  std::string_view path;
  std::string_view vendor;
};

Packaging PackagingOf(Base base) {
  switch (base) {
    case Base::kAlpine316:
    case Base::kAlpine319:
      return {Ecosystem::kApk, model::Evidence::kApkInstalled, "lib/apk/db/installed", ""};
    case Base::kAlmaLinux9:
      return {Ecosystem::kRpm, model::Evidence::kRpmDatabase, "var/lib/rpm/rpmdb.sqlite",
              "AlmaLinux"};
    case Base::kOpenSuse:
      return {Ecosystem::kRpm, model::Evidence::kRpmDatabase, "usr/lib/sysimage/rpm/Packages.db",
              "openSUSE"};
    default:
      return {Ecosystem::kDeb, model::Evidence::kDpkgStatus, "var/lib/dpkg/status", ""};
  }
}

Component SystemPackage(Base base, std::string_view source, std::string_view source_version,
                        std::string_view name, std::string_view version, int32_t layer) {
  const BaseInfo& info = InfoOf(base);
  const Packaging how = PackagingOf(base);
  Component out;
  out.type = how.type;
  out.name = name;
  out.version = version;
  out.source_name = source;
  if (source_version != version) {
    out.source_version = source_version;
  }
  out.architecture = how.type == Ecosystem::kDeb ? "amd64" : "x86_64";
  out.distro = info.name_space;
  out.vendor = how.vendor;
  out.locations = {{std::string(how.path), layer}};
  out.layer = out.last_layer = layer;
  out.evidence = how.evidence;
  out.essential = name == "bash" || name == "coreutils" || name == "dpkg" || name == "libc6" ||
                  name == "musl" || name == "glibc";
  version::PackageUrl purl;
  purl.type = version::PurlType(how.type);
  purl.namespace_ = info.distro_id == "opensuse-leap" ? "opensuse" : info.distro_id;
  purl.name = name;
  purl.version = version;
  purl.SetQualifier("arch", out.architecture);
  purl.SetQualifier("distro", std::string(info.distro_id) + "-" + std::string(info.version_id));
  out.purl = purl.ToString();
  return out;
}

void AddFrom(std::vector<Component>& to, Base base, int edition,
             const std::vector<std::string_view>& groups, int32_t layer) {
  // What later editions say goes before.
  std::map<std::string_view, std::string_view> newer;
  int reached = 0;
  for (const std::string_view line : base::Split(SystemTable(base), '\n')) {
    if (line.starts_with("{")) {
      reached = base::ParseNumber<int>(line.substr(1, line.size() - 2)).value_or(0);
    } else if (reached > 0 && reached <= edition && !line.empty()) {
      const size_t blank = line.find(' ');
      newer[line.substr(0, blank)] = line.substr(blank + 1);
    }
  }
  bool wanted = false;
  for (const std::string_view line : base::Split(SystemTable(base), '\n')) {
    if (line.starts_with("{")) {
      break;
    }
    if (line.starts_with("[")) {
      const std::string_view group = line.substr(1, line.size() - 2);
      wanted = std::find(groups.begin(), groups.end(), group) != groups.end();
      continue;
    }
    if (!wanted || line.empty()) {
      continue;
    }
    const auto words = base::Split(line, ' ');
    const auto found = newer.find(words[0]);
    const std::string_view version = found == newer.end() ? words[1] : found->second;
    for (size_t i = 2; i < words.size(); ++i) {
      const size_t equals = words[i].find('=');
      const std::string_view name = words[i].substr(0, equals);
      // A binary's own version ("1:2.38.1-5+b1") goes with the source's of the table.
      const std::string_view own = equals == std::string_view::npos || found != newer.end()
                                       ? version
                                       : words[i].substr(equals + 1);
      to.push_back(SystemPackage(base, words[0], version, name, own, layer));
    }
  }
}

Component ApplicationPackage(Ecosystem ecosystem, std::string_view name, std::string_view version,
                             std::string_view application, int32_t layer) {
  Component out;
  out.type = ecosystem;
  out.name = name;
  out.version = version;
  out.layer = out.last_layer = layer;
  version::PackageUrl purl;
  purl.type = version::PurlType(ecosystem);
  purl.name = name;
  purl.version = version;
  std::string path;
  switch (ecosystem) {
    case Ecosystem::kNpm:
      path = "app/node_modules/" + out.name + "/package.json";
      out.evidence = model::Evidence::kNodePackageJson;
      break;
    case Ecosystem::kPypi:
      path = "usr/local/lib/python3.11/site-packages/" + out.name + "-" + out.version +
             ".dist-info/METADATA";
      out.evidence = model::Evidence::kPythonDistInfo;
      break;
    case Ecosystem::kMaven: {
      const size_t colon = name.find(':');
      purl.namespace_ = name.substr(0, colon);
      purl.name = name.substr(colon + 1);
      out.container = "app/" + std::string(application) + ".jar";
      path = out.container + "!/BOOT-INF/lib/" + purl.name + "-" + out.version + ".jar";
      out.evidence = model::Evidence::kJavaPomProperties;
      out.main_module = application;
      break;
    }
    default: {
      const size_t slash = name.rfind('/');
      if (slash != std::string_view::npos) {
        purl.namespace_ = name.substr(0, slash);
        purl.name = name.substr(slash + 1);
      }
      path = out.container = "usr/local/bin/" + std::string(application);
      out.evidence = model::Evidence::kGoBuildInfo;
      out.main_module = "git.demo.example/" + std::string(application);
      break;
    }
  }
  out.locations = {{std::move(path), layer}};
  out.purl = purl.ToString();
  return out;
}

uint64_t HashOf(std::string_view text, uint64_t seed) {
  for (const char c : text) {
    seed = Mix(seed ^ static_cast<unsigned char>(c));
  }
  return seed;
}

}  // namespace

uint64_t Mix(uint64_t value) {  // splitmix64
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

const BaseInfo& InfoOf(Base base) { return kBases[static_cast<size_t>(base)]; }

void AddSystem(std::vector<Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer) {
  std::vector<std::string_view> all = groups;
  all.emplace_back("");
  AddFrom(to, base, edition, all, layer);
}

void AddGroups(std::vector<Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer) {
  AddFrom(to, base, edition, groups, layer);
}

void AddApplication(std::vector<Component>& to, Ecosystem ecosystem, uint64_t seed, double share,
                    double age, std::string_view name, int32_t layer) {
  constexpr uint64_t kParts = 1000;
  for (const std::string_view line : base::Split(ApplicationTable(ecosystem), '\n')) {
    if (line.empty()) {
      continue;
    }
    const auto words = base::Split(line, ' ');
    const uint64_t luck = HashOf(words[0], seed);
    const bool always = words[0] == "stdlib";
    if (!always && luck % kParts >= static_cast<uint64_t>(share * kParts)) {
      continue;
    }
    // Each package is kept up by habit: some at once, some late, a tenth of them never.
    const size_t versions = words.size() - 1;
    const double lag = static_cast<double>(luck / kParts % kParts) / kParts;
    const double reached = lag > 0.9 ? 0 : std::clamp(age * 1.5 - lag * 0.6, 0.0, 0.999);
    const size_t at =
        std::min(versions - 1, static_cast<size_t>(reached * static_cast<double>(versions)));
    to.push_back(ApplicationPackage(ecosystem, words[0], words[at + 1], name, layer));
  }
}

void Finish(std::vector<Component>& components) {
  std::stable_sort(components.begin(), components.end(),
                   [](const Component& a, const Component& b) {
                     return std::tie(a.type, a.name, a.version, a.purl) <
                            std::tie(b.type, b.name, b.version, b.purl);
                   });
  std::unordered_map<std::string, int> seen;
  for (Component& component : components) {
    const int count = ++seen[component.purl];
    component.ref = count == 1 ? component.purl : component.purl + "#" + std::to_string(count);
  }
}

}  // namespace scantling::program::demo
