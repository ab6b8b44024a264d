#include "advisory/pypa/pypa.h"

#include "advisory/osv_record.h"
#include "codec/yaml.h"

namespace scantling::advisory::pypa {
namespace {

using codec::YamlNode;

void ReadTexts(const YamlNode& list, std::vector<std::string_view>& out) {
  if (list.IsSequence()) {
    for (const YamlNode& item : list.children) {
      if (item.IsScalar()) {
        out.push_back(item.text);
      }
    }
  }
}

OsvAffected ReadAffected(const YamlNode& item) {
  OsvAffected out;
  out.ecosystem = item["package"]["ecosystem"].Text();
  out.name = item["package"]["name"].Text();
  for (const YamlNode& entry : item["ranges"].children) {
    OsvRange range;
    range.type = entry["type"].Text();
    for (const YamlNode& event : entry["events"].children) {
      for (size_t i = 0; i < event.keys.size() && i < event.children.size(); ++i) {
        const std::string_view key = event.keys[i].text;
        const std::string_view version = event.children[i].Text();
        if (key == "introduced") {
          range.events.push_back({OsvEvent::Kind::kIntroduced, version});
        } else if (key == "fixed") {
          range.events.push_back({OsvEvent::Kind::kFixed, version});
        } else if (key == "last_affected") {
          range.events.push_back({OsvEvent::Kind::kLastAffected, version});
        }
      }
    }
    out.ranges.push_back(std::move(range));
  }
  ReadTexts(item["versions"], out.versions);
  return out;
}

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override {
    return path.ends_with(".yaml") && path.find("PYSEC-") != std::string_view::npos;
  }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    codec::YamlLimits limits;
    limits.bytes = uint64_t{8} << 20;
    limits.nodes = 200'000;
    SCANTLING_TRY(const std::vector<YamlNode> documents, codec::ParseYaml(bytes, limits));
    if (documents.size() != 1 || documents[0]["id"].Text().empty()) {
      return base::Invalid("not one OSV record: " + std::string(path));
    }
    const YamlNode& root = documents[0];
    OsvRecord record;
    record.id = root["id"].Text();
    record.published = root["published"].Text();
    record.modified = root["modified"].Text();
    record.withdrawn = root["withdrawn"].Text();
    record.summary = root["summary"].Text();
    record.details = root["details"].Text();
    ReadTexts(root["aliases"], record.aliases);
    ReadTexts(root["related"], record.related);
    for (const YamlNode& severity : root["severity"].children) {
      record.vectors.push_back(severity["score"].Text());
    }
    for (const YamlNode& affected : root["affected"].children) {
      record.affected.push_back(ReadAffected(affected));
    }
    static constexpr OsvOptions kOptions = {
        .ecosystem = "PyPI", .severity_source = "pypa", .summary_rank = 3};
    AddOsv(record, kOptions, out);
    return {};
  }
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace scantling::advisory::pypa
