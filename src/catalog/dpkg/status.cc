// Views into the file's bytes until a record is made; one pass over the lines, one over the records
// for virtual packages.
#include "catalog/dpkg/status.h"

#include "base/strings.h"
#include "catalog/common/capabilities.h"
#include "catalog/common/kept_bytes.h"
#include "catalog/common/package_role.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::catalog::dpkg {
namespace {

struct Stanza {
  uint64_t line = 0;  // of its first field
  bool any = false;
  std::string_view package, version, architecture, source, status, maintainer, section, essential,
      protected_, depends, pre_depends, provides;
};

constexpr auto kFields = std::to_array<std::pair<std::string_view, std::string_view Stanza::*>>({
    {"Package", &Stanza::package},
    {"Version", &Stanza::version},
    {"Architecture", &Stanza::architecture},
    {"Source", &Stanza::source},
    {"Status", &Stanza::status},
    {"Maintainer", &Stanza::maintainer},
    {"Section", &Stanza::section},
    {"Essential", &Stanza::essential},
    {"Protected", &Stanza::protected_},
    {"Depends", &Stanza::depends},
    {"Pre-Depends", &Stanza::pre_depends},
    {"Provides", &Stanza::provides},
});

std::string_view Stanza::* FieldNamed(std::string_view name) {
  for (const auto& [known, member] : kFields) {
    if (base::EqualsIgnoreCase(known, name)) {
      return member;
    }
  }
  return nullptr;
}

// The last word of "install ok installed".
std::string_view State(std::string_view status) {
  const size_t blank = status.find_last_of(" \t");
  return blank == std::string_view::npos ? status : status.substr(blank + 1);
}

enum class Presence : uint8_t { kThere, kGone, kHalf, kUnknown };

Presence PresenceOf(std::string_view status) {
  if (status.empty()) {
    return Presence::kThere;
  }
  const std::string_view state = State(status);
  if (state == "installed" || state == "unpacked" || state == "half-configured" ||
      state == "triggers-awaited" || state == "triggers-pending") {
    return Presence::kThere;
  }
  if (state == "not-installed" || state == "config-files") {
    return Presence::kGone;
  }
  return state == "half-installed" ? Presence::kHalf : Presence::kUnknown;
}

// "libc6:any (>= 2.34) [amd64] <!nocheck>" -> "libc6"
std::string_view RelationName(std::string_view relation) {
  relation = base::Trim(relation);
  return relation.substr(0, relation.find_first_of(" \t\r\n(:[<"));
}

template <typename Visit>
void ForEachPart(std::string_view text, char separator, Visit&& visit) {
  while (!text.empty()) {
    const size_t end = text.find(separator);
    visit(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

bool GivesCompiler(std::string_view provides) {
  bool gives = false;
  ForEachPart(provides, ',', [&](std::string_view part) {
    const std::string_view name = RelationName(part);
    gives |= name == "c-compiler" || name == "c++-compiler" || name == "fortran-compiler" ||
             name == "objc-compiler" || name == "ada-compiler" || name == "d-compiler" ||
             name == "rust-compiler" || name == "go-compiler";
  });
  return gives;
}

// Section first, then what it provides, then its name (package_role.h). The sections are those of
// Debian's policy §2.4; everything in `devel` is for developers: compilers, build systems,
// debuggers.
model::Role RoleOf(const Stanza& stanza) {
  std::string_view section = stanza.section;
  section = section.substr(section.rfind('/') + 1);  // "contrib/devel"; npos + 1 = 0
  if (section == "doc") {
    return model::Role::kDocumentation;
  }
  if (section == "libdevel") {
    return model::Role::kHeaders;
  }
  const model::Role by_name = RoleFromName(stanza.package);
  if (by_name == model::Role::kDocumentation || by_name == model::Role::kHeaders) {
    return by_name;
  }
  if (section == "devel" || GivesCompiler(stanza.provides)) {
    return model::Role::kBuildOnly;
  }
  return section == "libs" || section == "oldlibs" ? model::Role::kRuntime : by_name;
}

class StatusParser {
 public:
  StatusParser(uint64_t file_bytes, StatusKind kind, const base::Limits& limits, FileFacts& facts,
               Problems& problems)
      : kind_(kind), limits_(limits), facts_(facts), problems_(problems), kept_(file_bytes) {}

  void Parse(std::string_view text) {
    if (kind_ == StatusKind::kDatabase && !text.empty() && text.back() != '\n') {
      problems_.Gap("cut-off",
                    "the last line has no end: the file may be cut off, and packages missing");
    }
    while (!text.empty()) {
      const size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      ++line_;
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      Line(line);
    }
    EndStanza();
    ResolveVirtual();
  }

 private:
  void Line(std::string_view line) {
    if (line.empty() || line.find_first_not_of(" \t") == std::string_view::npos) {
      EndStanza();
      return;
    }
    if (line.front() == ' ' || line.front() == '\t') {
      // Relations may be folded over several lines; the lines lie side by side in the file.
      if (field_ != nullptr) {
        std::string_view& value = stanza_.*field_;
        value = {value.data(), static_cast<size_t>(line.data() + line.size() - value.data())};
      } else if (!in_field_) {
        problems_.Gap("malformed",
                      "line " + std::to_string(line_) + ": a continuation of no field");
      }
      return;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      field_ = nullptr;
      in_field_ = false;
      problems_.Gap("malformed", "line " + std::to_string(line_) + " is not \"Field: value\"");
      return;
    }
    if (!stanza_.any) {
      stanza_.any = true;
      stanza_.line = line_;
    }
    in_field_ = true;
    field_ = FieldNamed(line.substr(0, colon));
    if (field_ != nullptr) {
      if (!(stanza_.*field_).empty()) {
        problems_.Gap("malformed", "line " + std::to_string(line_) + ": a second " +
                                       std::string(line.substr(0, colon)) +
                                       " in one stanza; the first one counts");
        field_ = nullptr;
        return;
      }
      std::string_view value = line.substr(colon + 1);
      const size_t start = value.find_first_not_of(" \t");
      // An empty value stays a view into the file, so that a continuation can lengthen it.
      stanza_.*field_ = value.substr(start == std::string_view::npos ? value.size() : start);
    }
  }

  void EndStanza() {
    const Stanza stanza = std::exchange(stanza_, Stanza());
    field_ = nullptr;
    in_field_ = false;
    if (!stanza.any) {
      return;
    }
    const std::string where = "stanza at line " + std::to_string(stanza.line);
    if (stanza.package.empty()) {
      problems_.Gap("malformed", where + " has no Package");
      return;
    }
    const std::string named = where + " (" + base::ToUtf8(stanza.package.substr(0, 80)) + ")";
    switch (PresenceOf(base::Trim(stanza.status))) {
      case Presence::kThere:
        break;
      case Presence::kGone:
        return;
      case Presence::kHalf:
        problems_.Note("half-installed", named + " is half-installed and is not counted");
        return;
      case Presence::kUnknown:
        problems_.Gap("malformed", named + " has an unknown Status");
        return;
    }
    const std::string_view version = base::Trim(stanza.version);
    if (version.empty()) {
      problems_.Gap("malformed", named + " has no Version");
      return;
    }
    if (facts_.records.size() >= limits_.components) {
      problems_.Gap("limit.components", named + " and what follows: limit components");
      return;
    }
    const auto entries = [](std::string_view relations) {
      return static_cast<uint64_t>(std::ranges::count(relations, ','));
    };
    if (!kept_.Take(sizeof(Record) + 2 * stanza.package.size() + version.size() +
                    stanza.architecture.size() + stanza.maintainer.size() + stanza.source.size() +
                    stanza.depends.size() + stanza.pre_depends.size() +
                    sizeof(std::string) *
                        (entries(stanza.depends) + entries(stanza.pre_depends)))) {
      if (!std::exchange(full_said_, true)) {
        problems_.Gap(KeptBytes::kWhat, named + std::string(KeptBytes::kWords));
      }
      return;
    }
    AddRecord(stanza, version);
  }

  void AddRecord(const Stanza& stanza, std::string_view version) {
    Record& record = facts_.records.emplace_back();
    model::Component& component = record.component;
    component.name = base::ToUtf8(base::Trim(stanza.package));
    component.version = base::ToUtf8(version);
    component.type = version::Ecosystem::kDeb;
    component.architecture = base::ToUtf8(base::Trim(stanza.architecture));
    component.vendor = base::ToUtf8(base::Trim(stanza.maintainer));
    component.evidence = model::Evidence::kDpkgStatus;
    component.essential = base::EqualsIgnoreCase(base::Trim(stanza.essential), "yes") ||
                          base::EqualsIgnoreCase(base::Trim(stanza.protected_), "yes");
    component.role = component.essential ? model::Role::kRuntime : RoleOf(stanza);
    component.source_name = component.name;
    if (const std::string_view source = base::Trim(stanza.source); !source.empty()) {
      const size_t open = source.find('(');
      component.source_name = base::ToUtf8(base::Trim(source.substr(0, open)));
      if (open != std::string_view::npos) {
        const std::string_view rest = source.substr(open + 1);
        component.source_version = base::ToUtf8(base::Trim(rest.substr(0, rest.find(')'))));
      }
    }
    AddDepends(stanza.pre_depends, component.depends);
    AddDepends(stanza.depends, component.depends);
    provides_.push_back(stanza.provides);
  }

  static void AddDepends(std::string_view relations, std::vector<std::string>& out) {
    ForEachPart(relations, ',', [&](std::string_view relation) {
      std::string names;
      ForEachPart(relation, '|', [&](std::string_view alternative) {
        const std::string_view name = RelationName(alternative);
        if (!name.empty()) {
          names += names.empty() ? "" : "|";
          names += name;
        }
      });
      if (!names.empty()) {
        out.push_back(base::ToUtf8(names));
      }
    });
  }

  // A name that is not installed but provided becomes the provider's name.
  void ResolveVirtual() {
    Capabilities capabilities;
    for (uint32_t i = 0; i < facts_.records.size(); ++i) {
      capabilities.AddPackage(facts_.records[i].component.name, i);
    }
    for (uint32_t i = 0; i < provides_.size(); ++i) {
      ForEachPart(provides_[i], ',',
                  [&](std::string_view part) { capabilities.AddProvided(RelationName(part), i); });
    }
    for (Record& record : facts_.records) {
      std::vector<std::string>& depends = record.component.depends;
      for (std::string& names : depends) {
        std::string resolved;
        ForEachPart(names, '|', [&](std::string_view name) {
          const auto giver = capabilities.Find(name);
          std::string_view real = giver ? facts_.records[*giver].component.name : name;
          if (real.size() > name.size() && !kept_.Take(real.size() - name.size())) {
            real = name;
          }
          resolved += resolved.empty() ? "" : "|";
          resolved += real;
        });
        names = std::move(resolved);
      }
      std::ranges::sort(depends);
      depends.erase(std::ranges::unique(depends).begin(), depends.end());
    }
    if (kept_.full() && !full_said_) {
      problems_.Gap(KeptBytes::kWhat, "dependencies" + std::string(KeptBytes::kWords));
    }
  }

  StatusKind kind_;
  const base::Limits& limits_;
  FileFacts& facts_;
  Problems& problems_;
  KeptBytes kept_;
  bool full_said_ = false;
  uint64_t line_ = 0;
  Stanza stanza_;
  std::string_view Stanza::* field_ = nullptr;  // the field that a continuation line would lengthen
  bool in_field_ = false;                       // a continuation line belongs to something
  std::vector<std::string_view> provides_;      // per record
};

}  // namespace

void ParseStatus(base::Bytes data, StatusKind kind, const base::Limits& limits, FileFacts& facts,
                 Problems& problems) {
  StatusParser(data.size(), kind, limits, facts, problems).Parse(base::AsText(data));
}

}  // namespace scantling::catalog::dpkg
