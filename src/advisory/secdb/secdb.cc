#include "advisory/secdb/secdb.h"

#include "advisory/ids.h"
#include "codec/json.h"

namespace scantling::advisory::secdb {
namespace {

using codec::JsonValue;

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override { return path.ends_with(".json"); }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    SCANTLING_TRY(const JsonValue root, json_.Parse(bytes));
    const std::string_view release = root["distroversion"].Text();
    if (release.empty() || !root["packages"].IsArray()) {
      return base::Invalid("no Alpine security database: " + std::string(path));
    }
    const Text name_space = out.texts.Add("alpine:" + std::string(release));
    root["packages"].ForEach([&](JsonValue entry) {
      const JsonValue package = entry["pkg"];
      const std::string_view name = package["name"].Text();
      if (!name.empty()) {
        package["secfixes"].ForEachMember([&](std::string_view version, JsonValue ids) {
          ids.ForEach([&](JsonValue id) {
            Add(name_space, name, version, id.Text(), out);
            return true;
          });
          return true;
        });
      }
      return true;
    });
    return {};
  }

 private:
  static void Add(Text name_space, std::string_view package, std::string_view version,
                  std::string_view entry, FeedRecords& out) {
    for (const std::string& id : IdsIn(entry)) {
      ++out.records;
      AdvisoryRecord advisory;
      advisory.id = out.texts.Add(id);
      advisory.bundle = true;
      advisory.ids.push_back(advisory.id);
      StatementRecord statement;
      statement.name_space = name_space;
      statement.package = out.texts.Add(package);
      if (version == "0") {
        statement.state = StatementState::kNotAffected;
        statement.note = out.texts.Add("not affected");
      } else {
        RangeRecord range;
        range.fixed = out.texts.Add(version);
        statement.ranges.push_back(range);
      }
      advisory.statements.push_back(std::move(statement));
      out.advisories.push_back(std::move(advisory));
    }
  }

  codec::Json json_;
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace scantling::advisory::secdb
