#include "advisory/kev/kev.h"

#include "advisory/ids.h"
#include "base/strings.h"
#include "codec/json.h"

#include <algorithm>

namespace scantling::advisory::kev {
namespace {

using codec::JsonValue;

std::string DateOrEmpty(std::string_view text) {
  return base::ParseTime(text.substr(0, 10)) ? std::string(text.substr(0, 10)) : std::string();
}

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override {
    return path.ends_with("known_exploited_vulnerabilities.json");
  }

  base::Result<void> Read(std::string_view /*path*/, std::string_view bytes,
                          FeedRecords& out) override {
    SCANTLING_TRY(const JsonValue root, json_.Parse(bytes));
    if (!root["vulnerabilities"].IsArray()) {
      return base::Invalid("no KEV catalogue");
    }
    std::string version(root["catalogVersion"].Text());  // "2025.08.25"
    std::replace(version.begin(), version.end(), '.', '-');
    out.as_of = DateOrEmpty(version);
    root["vulnerabilities"].ForEach([&](JsonValue item) {
      const std::string id = CleanId(item["cveID"].Text());
      if (!IsCve(id)) {
        return true;
      }
      ++out.records;
      FactRecord fact;
      fact.id = out.texts.Add(id);
      fact.summary = out.texts.Add(SummaryLine(item["vulnerabilityName"].Text()));
      fact.kev = std::make_unique<model::Kev>();
      fact.kev->date_added = DateOrEmpty(item["dateAdded"].Text());
      fact.kev->due_date = DateOrEmpty(item["dueDate"].Text());
      fact.kev->ransomware =
          base::EqualsIgnoreCase(item["knownRansomwareCampaignUse"].Text(), "known");
      out.facts.push_back(std::move(fact));
      return true;
    });
    return {};
  }

 private:
  codec::Json json_;
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace scantling::advisory::kev
