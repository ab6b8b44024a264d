// See python.h. Which of its files is it? The headers are in headers.cc.
#include "catalog/python/python.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"
#include "catalog/common/problems.h"
#include "catalog/python/headers.h"
#include "codec/zip.h"

#include <algorithm>
#include <array>
#include <string>

namespace scantling::catalog {
namespace {

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kBaseName, "METADATA"},
    ClaimPattern{ClaimKind::kBaseName, "PKG-INFO"},
    ClaimPattern{ClaimKind::kBaseName, "INSTALLER"},
    ClaimPattern{ClaimKind::kExtension, ".egg-info"},
    ClaimPattern{ClaimKind::kExtension, ".egg"},
};

// `named_by` is the folder or file whose name says the same as the headers should.
void AddPackage(std::string_view text, std::string_view named_by, model::Evidence evidence,
                FileFacts& facts, Problems& problems) {
  python::Headers headers = python::ParseHeaders(text);
  if (headers.name.empty() || headers.version.empty()) {
    const python::NameAndVersion fallback = python::FromFolderName(named_by);
    if (headers.name.empty()) {
      headers.name = fallback.name;
    }
    if (headers.version.empty()) {
      headers.version = fallback.version;
    }
    if (headers.name.empty()) {
      problems.Gap("no-name", "no Name header, and the folder's name does not give one either");
      return;
    }
    if (headers.version.empty()) {
      problems.Gap("no-version", "no Version header for " + base::ToUtf8(headers.name) +
                                     ", and the folder's name does not give one either");
    } else {
      problems.Note("headers-missing", "no Name or Version header; taken from the folder's name: " +
                                           base::ToUtf8(headers.name) + " " +
                                           base::ToUtf8(headers.version));
    }
  }
  Record record;
  record.component.name = base::ToUtf8(headers.name);
  record.component.version = base::ToUtf8(headers.version);
  record.component.type = version::Ecosystem::kPypi;
  record.component.evidence = evidence;
  AddLicense(headers.license_expression, record.component);
  if (record.component.licenses.empty()) {
    AddLicense(headers.license, record.component);
  }
  if (record.component.licenses.empty()) {
    for (const std::string& classifier : headers.license_classifiers) {
      AddLicense(classifier, record.component);
    }
  }
  record.needs = std::move(headers.needs);
  facts.records.push_back(std::move(record));
}

base::Result<void> ReadEgg(const FileView& file, const base::Limits& limits, FileFacts& facts,
                           Problems& problems) {
  if (!base::AsText(file.data).starts_with("PK")) {
    facts.relevant = false;
    return {};
  }
  SCANTLING_TRY(const codec::ZipArchive archive, codec::ZipArchive::Open(file.data));
  codec::ZipCursor cursor(archive);
  codec::ZipEntry entry;
  for (uint64_t count = 0;; ++count) {
    SCANTLING_TRY(const bool more, cursor.Next(entry));
    if (!more) {
      return base::NotFound("no EGG-INFO/PKG-INFO in this egg");
    }
    if (count >= limits.archive_entries) {
      return base::LimitMet("more than " + std::to_string(count) +
                            " entries (limit archive-entries)");
    }
    if (entry.name == "EGG-INFO/PKG-INFO") {
      break;
    }
  }
  codec::ZipReader reader;
  SCANTLING_TRY(const codec::ZipContent content,
                reader.Read(archive, entry, std::min(limits.archive_bytes, limits.document_bytes)));
  AddPackage(base::AsText(content.bytes), base::BaseName(file.path),
             model::Evidence::kPythonEggInfo, facts, problems);
  return {};
}

class Python final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "python",
        .version = 2,
        .ecosystem = version::Ecosystem::kPypi,
        .what =
            "Python packages: *.dist-info/METADATA, *.egg-info (folder or file), eggs (folder or "
            "zip), INSTALLER",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    const std::string_view name = base::BaseName(file.path);
    const std::string_view folder = base::DirName(file.path);
    const bool dist_info = folder.ends_with(".dist-info");
    const bool egg_info = folder.ends_with(".egg-info");
    if (name == "METADATA" && dist_info) {
      AddPackage(base::AsText(file.data), base::BaseName(folder), model::Evidence::kPythonDistInfo,
                 facts, problems);
    } else if (name == "PKG-INFO" && egg_info) {
      AddPackage(base::AsText(file.data), base::BaseName(folder), model::Evidence::kPythonEggInfo,
                 facts, problems);
    } else if (name == "PKG-INFO" && base::BaseName(folder) == "EGG-INFO") {
      AddPackage(base::AsText(file.data), base::BaseName(base::DirName(folder)),
                 model::Evidence::kPythonEggInfo, facts, problems);
    } else if (name == "INSTALLER" && (dist_info || egg_info)) {
      const std::string_view text = base::AsText(file.data);
      facts.facts.push_back({"python.installer:" + base::ToUtf8(folder),
                             base::ToUtf8(base::Trim(text.substr(0, text.find('\n'))))});
    } else if (name.ends_with(".egg-info")) {
      AddPackage(base::AsText(file.data), name, model::Evidence::kPythonEggInfo, facts, problems);
    } else if (name.ends_with(".egg")) {
      SCANTLING_DO(ReadEgg(file, limits, facts, problems));
    } else {
      facts.relevant = false;
    }
    problems.Finish();
    return facts;
  }
};

}  // namespace

const Cataloger& PythonCataloger() {
  static const Python kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
