#include "advisory/epss/epss.h"

#include "advisory/ids.h"
#include "codec/json.h"

namespace scantling::advisory::epss {
namespace {

using codec::JsonValue;

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override { return path.ends_with(".json"); }

  base::Result<void> Read(std::string_view /*path*/, std::string_view bytes,
                          FeedRecords& out) override {
    SCANTLING_TRY(const JsonValue root, json_.Parse(bytes));
    const std::string_view date = root["score_date"].Text().substr(0, 10);
    if (!base::ParseTime(date) || !root["data"].IsArray()) {
      return base::Invalid("no EPSS scores: score_date or data is missing");
    }
    if (date < out.as_of) {
      return {};
    }
    out.as_of = date;
    out.facts.clear();
    out.records = 0;
    root["data"].ForEach([&](JsonValue item) {
      const std::string id = CleanId(item["id"].MaybeText().value_or(item["cve"].Text()));
      const auto probability = item["epss"].Double();
      if (!IsCve(id) || !probability || !(*probability >= 0 && *probability <= 1)) {
        return true;
      }
      ++out.records;
      FactRecord fact;
      fact.id = out.texts.Add(id);
      fact.epss = std::make_unique<model::Epss>();
      fact.epss->probability = *probability;
      const double percentile = item["percentile"].Double().value_or(-1);
      fact.epss->percentile = percentile >= 0 && percentile <= 1 ? percentile : -1;
      fact.epss->date = date;
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

}  // namespace scantling::advisory::epss
