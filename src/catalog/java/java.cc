// See java.h. The walk over nested archives, with its limits; who an archive is stands in
// identity.cc.
#include "catalog/java/java.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"
#include "catalog/common/problems.h"
#include "catalog/java/identity.h"
#include "catalog/java/manifest.h"
#include "codec/zip.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace scantling::catalog {
namespace {

constexpr std::array<std::string_view, 6> kExtensions = {".jar", ".war", ".ear",
                                                         ".par", ".jpi", ".hpi"};
constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kExtension, ".jar"}, ClaimPattern{ClaimKind::kExtension, ".war"},
    ClaimPattern{ClaimKind::kExtension, ".ear"}, ClaimPattern{ClaimKind::kExtension, ".par"},
    ClaimPattern{ClaimKind::kExtension, ".jpi"}, ClaimPattern{ClaimKind::kExtension, ".hpi"},
};

// Real ones are some hundred bytes; large manifests (signed jars, with a section per class) reach a
// few MB.
constexpr uint64_t kMaxTextBytes = uint64_t{16} << 20;
constexpr uint64_t kMaxPomBytes = uint64_t{1} << 20;
// All locations of one outermost archive together: many members below one long name must not
// multiply.
constexpr uint64_t kMaxPathBytes = uint64_t{64} << 20;

bool IsJavaArchive(std::string_view name) {
  return name.size() > 4 &&
         std::any_of(kExtensions.begin(), kExtensions.end(), [&](std::string_view extension) {
           return base::EqualsIgnoreCase(name.substr(name.size() - 4), extension);
         });
}

bool IsPomProperties(std::string_view name) {
  return name.ends_with("/pom.properties") && name.starts_with("META-INF/maven/");
}

bool IsPom(std::string_view name) {
  return name.ends_with("/pom.xml") && name.starts_with("META-INF/maven/");
}

bool IsManifest(std::string_view name) {
  return name.size() == 20 && base::EqualsIgnoreCase(name, "META-INF/MANIFEST.MF");
}

class ArchiveWalk {
 public:
  ArchiveWalk(const FileView& file, const base::Limits& limits, FileFacts& facts,
              Problems& problems)
      : file_(file),
        limits_(limits),
        facts_(facts),
        problems_(problems),
        bytes_left_(limits.archive_bytes),
        stored_left_(
            std::max<uint64_t>(limits.archive_bytes, file.data.size() * limits.archive_depth)),
        entries_left_(limits.archive_entries) {}

  base::Result<void> Run() {
    SCANTLING_TRY(const codec::ZipArchive outermost, codec::ZipArchive::Open(file_.data));
    Enter({}, outermost, std::string(file_.path));
    while (!stack_.empty()) {
      Open& open = stack_.back();
      if (open.next == open.nested.size()) {
        stack_.pop_back();
        continue;
      }
      Descend(open, open.nested[open.next++]);
    }
    return {};
  }

 private:
  struct Open {
    codec::ZipContent content;  // what the archive borrows from, when it was unpacked
    codec::ZipArchive archive;
    std::string path;
    std::vector<codec::ZipEntry> nested;
    size_t next = 0;
  };

  void Descend(const Open& open, const codec::ZipEntry& entry) {
    std::string path = open.path + "!/" + std::string(entry.name);
    if (stack_.size() >= limits_.archive_depth) {
      problems_.Gap("depth", base::ToUtf8(path) + ": archives are nested more than " +
                                 std::to_string(limits_.archive_depth) +
                                 " deep (limit archive-depth); this one was not read");
      return;
    }
    if (path.size() > limits_.path_bytes) {
      problems_.Gap("path", "a nested archive's path is longer than " +
                                std::to_string(limits_.path_bytes) +
                                " bytes (limit path-bytes); it was not read");
      return;
    }
    auto content = Unpack(open.archive, entry, UINT64_MAX);
    if (!content) {
      problems_.Gap(base::ToString(content.error().code()),
                    base::ToUtf8(path) + ": " + content.error().Message());
      return;
    }
    auto archive = codec::ZipArchive::Open(content->bytes);
    if (!archive) {
      problems_.Gap(base::ToString(archive.error().code()),
                    base::ToUtf8(path) + ": " + archive.error().Message());
      return;
    }
    Enter(std::move(*content), *archive, std::move(path));
  }

  // Stored entries are read where they are and cost no memory, but time (their checksum): entries
  // may overlap, so both kinds have a budget, and damage is charged like the rest.
  base::Result<codec::ZipContent> Unpack(const codec::ZipArchive& archive,
                                         const codec::ZipEntry& entry, uint64_t max_bytes) {
    uint64_t& left = entry.method == 0 ? stored_left_ : bytes_left_;
    auto content = reader_.Read(archive, entry, std::min(max_bytes, left));
    if (!content && content.error().code() == base::ErrorCode::kLimit) {
      return std::move(content).error().With("limit archive-bytes");
    }
    left -= std::min(left, entry.unpacked_bytes);
    return content;
  }

  // Reads what an archive says of itself and remembers the archives in it.
  void Enter(codec::ZipContent content, const codec::ZipArchive& archive, std::string path) {
    Open open{std::move(content), archive, std::move(path), {}, 0};
    std::vector<java::PomProperties> poms;
    std::vector<codec::ZipEntry> pom_files;
    std::optional<java::Manifest> manifest;
    codec::ZipCursor cursor(archive);
    codec::ZipEntry entry;
    while (true) {
      const auto more = cursor.Next(entry);
      if (!more) {
        problems_.Gap(base::ToString(more.error().code()),
                      base::ToUtf8(open.path) + ": " + more.error().Message());
        break;
      }
      if (!*more) {
        break;
      }
      if (entries_left_ == 0) {
        problems_.Gap("entries", base::ToUtf8(open.path) + ": more than " +
                                     std::to_string(limits_.archive_entries) +
                                     " entries, nested ones included (limit archive-entries); the "
                                     "rest was not read");
        break;
      }
      --entries_left_;
      if (IsPomProperties(entry.name)) {
        if (auto pom = ReadPom(open, entry)) {
          poms.push_back(std::move(*pom));
        }
      } else if (IsPom(entry.name)) {
        pom_files.push_back(entry);
      } else if (!manifest && IsManifest(entry.name)) {
        if (const auto text = ReadText(open, entry)) {
          manifest = java::ParseManifest(base::AsText(text->bytes));
        }
      } else if (IsJavaArchive(entry.name)) {
        open.nested.push_back(entry);
      }
    }
    if (stack_.empty() && !manifest && poms.empty() && OtherUse(open.path)) {
      facts_.relevant = false;
      return;
    }
    if (!manifest || manifest->bundle_license.empty() || poms.size() > 1) {
      AddLicensesOfPoms(open, pom_files, poms);
    }
    AddRecords(open, poms, manifest ? &*manifest : nullptr);
    stack_.push_back(std::move(open));
  }

  // ".par" also ends the names of Perl's and other programs' archives.
  static bool OtherUse(std::string_view path) {
    return base::EqualsIgnoreCase(path.substr(path.size() - 4), ".par");
  }

  std::optional<codec::ZipContent> ReadText(const Open& open, const codec::ZipEntry& entry) {
    auto content = Unpack(open.archive, entry, kMaxTextBytes);
    if (!content) {
      problems_.Gap(base::ToString(content.error().code()),
                    base::ToUtf8(open.path) + "!/" +
                        base::ToUtf8(entry.name.substr(0, limits_.path_bytes)) + ": " +
                        content.error().Message());
      return std::nullopt;
    }
    return std::move(*content);
  }

  std::optional<java::PomProperties> ReadPom(const Open& open, const codec::ZipEntry& entry) {
    const auto text = ReadText(open, entry);
    if (!text) {
      return std::nullopt;
    }
    java::PomProperties pom = java::ParsePomProperties(base::AsText(text->bytes));
    // The folders say group and artifact once more: META-INF/maven/GROUP/ARTIFACT/pom.properties.
    pom.folder = base::DirName(entry.name);
    const auto folders = base::Split(entry.name, '/');
    if (folders.size() == 5) {
      if (pom.group.empty()) {
        pom.group = folders[2];
      }
      if (pom.artifact.empty()) {
        pom.artifact = folders[3];
      }
    }
    if (pom.artifact.empty()) {
      problems_.Gap("no-name", base::ToUtf8(open.path) + ": a pom.properties without artifactId");
      return std::nullopt;
    }
    return pom;
  }

  // A pom.xml stands beside its pom.properties. One that cannot be read leaves a licence unknown
  // and nothing else.
  void AddLicensesOfPoms(const Open& open, const std::vector<codec::ZipEntry>& files,
                         std::vector<java::PomProperties>& poms) {
    std::unordered_map<std::string_view, java::PomProperties*> by_folder;
    for (java::PomProperties& pom : poms) {
      by_folder.emplace(pom.folder, &pom);
    }
    for (const codec::ZipEntry& entry : files) {
      const auto pom = by_folder.find(base::DirName(entry.name));
      if (pom == by_folder.end() || entry.unpacked_bytes > kMaxPomBytes) {
        continue;
      }
      if (const auto content = Unpack(open.archive, entry, kMaxPomBytes)) {
        pom->second->licenses = java::LicensesOfPom(base::AsText(content->bytes));
      }
    }
  }

  void AddRecords(const Open& open, const std::vector<java::PomProperties>& poms,
                  const java::Manifest* maybe_manifest) {
    std::string_view stem = base::BaseName(open.path);
    stem.remove_suffix(4);
    if (const java::FileName file = java::SplitFileName(stem);
        file.classifier == "sources" || file.classifier == "javadoc") {
      return;
    }
    const bool outermost = stack_.empty();
    std::vector<java::Identity> identities = java::Identify(stem, poms, maybe_manifest);
    if (outermost) {
      const auto main = std::find_if(identities.begin(), identities.end(),
                                     [](const java::Identity& i) { return i.is_main; });
      if (main != identities.end()) {
        main_module_ = base::ToUtf8(main->Name());
      }
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (const java::Identity& identity : identities) {
      Record record;
      model::Component& c = record.component;
      c.name = base::ToUtf8(identity.Name());
      c.version = base::ToUtf8(identity.version);
      if (c.name.empty() || !seen.emplace(c.name, c.version).second) {
        continue;
      }
      c.type = version::Ecosystem::kMaven;
      c.evidence = identity.evidence;
      for (const std::string& license : identity.licenses) {
        AddLicense(license, c);
      }
      if (!outermost || !identity.is_main) {
        c.container = file_.path;
        c.main_module = main_module_;
      }
      if (!outermost) {
        if (path_bytes_left_ < open.path.size()) {
          if (!paths_cut_) {
            problems_.Gap("paths",
                          "the members' paths of this archive are too long in total; "
                          "components in it are missing");
          }
          paths_cut_ = true;
          return;
        }
        path_bytes_left_ -= open.path.size();
        c.locations.push_back({open.path, -1});
      }
      facts_.records.push_back(std::move(record));
    }
  }

  const FileView& file_;
  const base::Limits& limits_;
  FileFacts& facts_;
  Problems& problems_;
  codec::ZipReader reader_;
  std::vector<Open> stack_;
  std::string main_module_;
  uint64_t bytes_left_;
  uint64_t stored_left_;
  uint64_t entries_left_;
  uint64_t path_bytes_left_ = kMaxPathBytes;
  bool paths_cut_ = false;
};

class Java final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "java",
        .version = 2,
        .ecosystem = version::Ecosystem::kMaven,
        .what =
            "Java archives (jar, war, ear, par, jpi, hpi), nested: pom.properties, then manifest, "
            "then file name",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    if (!IsJavaArchive(file.path)) {
      facts.relevant = false;
      return facts;
    }
    Problems problems(facts, Info().name);
    ArchiveWalk walk(file, limits, facts, problems);
    if (auto done = walk.Run(); !done) {
      if (base::EqualsIgnoreCase(file.path.substr(file.path.size() - 4), ".par") &&
          !base::AsText(file.data).starts_with("PK")) {
        facts.relevant = false;
        return facts;
      }
      return std::move(done).error();
    }
    problems.Finish();
    return facts;
  }
};

}  // namespace

const Cataloger& JavaCataloger() {
  static const Java kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
