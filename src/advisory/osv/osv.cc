#include "advisory/osv/osv.h"

#include "codec/json.h"

namespace scantling::advisory::osv {
namespace {

using codec::JsonValue;

constexpr uint64_t kMaxFileBytes = uint64_t{32} << 20;

void ReadTexts(JsonValue list, std::vector<std::string_view>& out) {
  list.ForEach([&](JsonValue item) {
    if (const auto text = item.MaybeText()) {
      out.push_back(*text);
    }
    return true;
  });
}

void ReadRanges(JsonValue list, std::vector<OsvRange>& out) {
  list.ForEach([&](JsonValue item) {
    OsvRange range;
    range.type = item["type"].Text();
    if (range.type != "GIT") {
      item["events"].ForEach([&](JsonValue event) {
        event.ForEachMember([&](std::string_view key, JsonValue value) {
          const auto text = value.MaybeText();
          if (!text) {
            return true;
          }
          if (key == "introduced") {
            range.events.push_back({OsvEvent::Kind::kIntroduced, *text});
          } else if (key == "fixed") {
            range.events.push_back({OsvEvent::Kind::kFixed, *text});
          } else if (key == "last_affected") {
            range.events.push_back({OsvEvent::Kind::kLastAffected, *text});
          }
          return true;
        });
        return true;
      });
    }
    out.push_back(std::move(range));
    return true;
  });
}

OsvAffected ReadAffected(JsonValue item) {
  OsvAffected out;
  const JsonValue package = item["package"];
  out.ecosystem = package["ecosystem"].Text();
  out.name = package["name"].Text();
  ReadRanges(item["ranges"], out.ranges);
  bool versioned = false;
  for (const OsvRange& range : out.ranges) {
    versioned = versioned || range.type != "GIT";
  }
  if (!versioned) {
    ReadTexts(item["versions"], out.versions);
  }
  const JsonValue specific = item["ecosystem_specific"];
  out.urgency = specific["urgency"].Text();
  ReadRanges(specific["custom_ranges"], out.custom_ranges);
  specific["imports"].ForEach([&](JsonValue entry) {
    OsvImport import;
    import.path = entry["path"].Text();
    ReadTexts(entry["symbols"], import.symbols);
    if (!import.path.empty()) {
      out.imports.push_back(std::move(import));
    }
    return true;
  });
  out.last_known = item["database_specific"]["last_known_affected_version_range"].Text();
  return out;
}

class Reader final : public FeedReader {
 public:
  explicit Reader(const OsvOptions& options) : options_(options) {}

  bool Wants(std::string_view path) const override { return path.ends_with(".json"); }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    SCANTLING_TRY(const JsonValue root, json_.Parse(bytes, kMaxFileBytes));
    if (!root.IsObject()) {
      return base::Invalid("an OSV record is a JSON object");
    }
    OsvRecord record;
    record.id = root["id"].Text();
    if (record.id.empty()) {
      // Other JSON beside the records (an index, a schema) is no error; a file that looks like a
      // record is.
      if (root["affected"].IsMissing()) {
        return {};
      }
      return base::Invalid("an OSV record without an id: " + std::string(path));
    }
    record.published = root["published"].Text();
    record.modified = root["modified"].Text();
    record.withdrawn = root["withdrawn"].Text();
    record.summary = root["summary"].Text();
    record.details = root["details"].Text();
    record.severity_word = root["database_specific"]["severity"].Text();
    ReadTexts(root["aliases"], record.aliases);
    ReadTexts(root["related"], record.related);
    root["severity"].ForEach([&](JsonValue item) {
      if (item["type"].Text().starts_with("CVSS_")) {
        record.vectors.push_back(item["score"].Text());
      }
      return true;
    });
    root["affected"].ForEach([&](JsonValue item) {
      const std::string_view family = item["package"]["ecosystem"].Text();
      if (family.substr(0, family.find(':')) == options_.ecosystem) {
        record.affected.push_back(ReadAffected(item));
      }
      return true;
    });
    AddOsv(record, options_, out);
    return {};
  }

 private:
  const OsvOptions options_;
  codec::Json json_;
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader(const OsvOptions& options) {
  return std::make_unique<Reader>(options);
}

}  // namespace scantling::advisory::osv
