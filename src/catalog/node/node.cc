// See node.h.
#include "catalog/node/node.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"
#include "catalog/common/problems.h"
#include "catalog/node/place.h"
#include "codec/json.h"

#include <algorithm>
#include <array>
#include <string>

namespace scantling::catalog {
namespace {

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kBaseName, "package.json"},
};

// Real ones have some kilobytes; the parser needs more than ten times a document's size.
constexpr uint64_t kMaxBytes = uint64_t{16} << 20;

void AddNeeds(codec::JsonValue listed, std::vector<std::string>& needs) {
  listed.ForEachMember([&](std::string_view name, codec::JsonValue) {
    needs.push_back(base::ToUtf8(name));
    return true;
  });
  listed.ForEach([&](codec::JsonValue name) {  // very old packages list names only
    if (!name.Text().empty()) {
      needs.push_back(base::ToUtf8(name.Text()));
    }
    return true;
  });
}

// "license": "MIT"; in older packages {"type": "MIT", "url": ...}, or "licenses": a list of those.
void AddLicenses(codec::JsonValue value, model::Component& component) {
  const auto one = [&](codec::JsonValue license) {
    AddLicense(license.IsObject() ? license["type"].Text() : license.Text(), component);
    return true;
  };
  one(value);
  value.ForEach(one);
}

class Node final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "node",
        .version = 2,
        .ecosystem = version::Ecosystem::kNpm,
        .what =
            "npm packages: package.json in node_modules (nested, scoped, pnpm and other stores, "
            "global), Debian's usr/share/nodejs, and projects",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    const node::Place place = node::PlaceOf(file.path);
    if (place == node::Place::kInside) {
      facts.relevant = false;
      return facts;
    }
    std::string_view text = base::AsText(file.data);
    if (text.starts_with("\xef\xbb\xbf")) {
      text.remove_prefix(3);  // npm takes the byte order mark off, too
    }
    if (text.empty()) {
      return base::Invalid("package.json is empty");
    }
    // One parser per thread: its buffers are worth keeping, for an image has thousands of these
    // small files.
    thread_local codec::Json json;
    SCANTLING_TRY(const codec::JsonValue root,
                  json.Parse(text, std::min(limits.document_bytes, kMaxBytes)));
    if (!root.IsObject()) {
      return base::Invalid("package.json is no JSON object");
    }
    Record record;
    record.component.name = base::ToUtf8(root["name"].Text());
    record.component.version = base::ToUtf8(base::Trim(root["version"].Text()));
    record.component.type = version::Ecosystem::kNpm;
    record.component.evidence = model::Evidence::kNodePackageJson;
    for (const std::string_view key :
         {"dependencies", "optionalDependencies", "peerDependencies"}) {
      AddNeeds(root[key], record.needs);
    }
    if (place == node::Place::kOutside) {
      AddNeeds(root["devDependencies"], record.needs);
      record.is_root = true;
      if (record.component.name.empty() && record.needs.empty()) {
        facts.relevant = false;  // {"type": "module"} and the like
        return facts;
      }
    } else if (record.component.name.empty() || record.component.version.empty()) {
      // npm lists such a folder without a version. Local packages and placeholders look like this;
      // no advisory names them.
      problems.Note("no-version", "installed package without name or version: not listed");
      problems.Finish();
      return facts;
    }
    AddLicenses(root["license"], record.component);
    if (record.component.licenses.empty()) {
      AddLicenses(root["licenses"], record.component);
    }
    std::sort(record.needs.begin(), record.needs.end());
    record.needs.erase(std::unique(record.needs.begin(), record.needs.end()), record.needs.end());
    facts.records.push_back(std::move(record));
    return facts;
  }
};

}  // namespace

const Cataloger& NodeCataloger() {
  static const Node kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
