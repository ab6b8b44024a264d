#include "advisory/vulnrichment/vulnrichment.h"

#include "advisory/ids.h"
#include "advisory/severity.h"
#include "base/strings.h"
#include "codec/json.h"

namespace scantling::advisory::vulnrichment {
namespace {

using codec::JsonValue;

void ReadScores(JsonValue container, std::string_view source, FactRecord& fact, FeedRecords& out) {
  container["metrics"].ForEach([&](JsonValue metric) {
    for (const std::string_view key : {"cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"}) {
      const std::string_view vector = metric[key]["vectorString"].Text();
      if (!vector.empty()) {
        if (const auto severity = SeverityFromVector(source, vector, out.texts)) {
          fact.severities.push_back(*severity);
        }
      }
    }
    return true;
  });
}

// Only the documented answers are kept; another word leaves the answer unknown.
std::string Answer(std::string_view word, std::initializer_list<std::string_view> known) {
  std::string lower = base::Lower(word);
  for (const std::string_view one : known) {
    if (lower == one) {
      return lower;
    }
  }
  return {};
}

void ReadSsvc(JsonValue container, FactRecord& fact) {
  container["metrics"].ForEach([&](JsonValue metric) {
    const JsonValue other = metric["other"];
    if (other["type"].Text() != "ssvc") {
      return true;
    }
    model::Ssvc ssvc;
    other["content"]["options"].ForEach([&](JsonValue option) {
      option.ForEachMember([&](std::string_view key, JsonValue value) {
        if (base::EqualsIgnoreCase(key, "exploitation")) {
          ssvc.exploitation = Answer(value.Text(), {"none", "poc", "active"});
        } else if (base::EqualsIgnoreCase(key, "automatable")) {
          ssvc.automatable = Answer(value.Text(), {"yes", "no"});
        } else if (base::EqualsIgnoreCase(key, "technical impact")) {
          ssvc.technical_impact = Answer(value.Text(), {"partial", "total"});
        }
        return true;
      });
      return true;
    });
    if (!ssvc.exploitation.empty() || !ssvc.automatable.empty() || !ssvc.technical_impact.empty()) {
      ssvc.source = "vulnrichment";
      fact.ssvc = std::make_unique<model::Ssvc>(std::move(ssvc));
    }
    return true;
  });
}

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override {
    return path.ends_with(".json") && base::BaseName(path).starts_with("CVE-");
  }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    SCANTLING_TRY(const JsonValue root, json_.Parse(bytes, uint64_t{32} << 20));
    const JsonValue metadata = root["cveMetadata"];
    const std::string id = CleanId(metadata["cveId"].Text());
    if (!IsCve(id)) {
      return base::Invalid("a CVE record without an id: " + std::string(path));
    }
    ++out.records;
    if (metadata["state"].Text() != "PUBLISHED") {
      return {};
    }
    FactRecord fact;
    fact.id = out.texts.Add(id);
    ReadScores(root["containers"]["cna"], "cna", fact, out);
    root["containers"]["adp"].ForEach([&](JsonValue adp) {
      if (adp["providerMetadata"]["shortName"].Text() == "CISA-ADP") {
        ReadScores(adp, "cisa", fact, out);
        ReadSsvc(adp, fact);
      }
      return true;
    });
    if (fact.ssvc != nullptr || !fact.severities.empty()) {
      out.facts.push_back(std::move(fact));
    }
    return {};
  }

 private:
  codec::Json json_;
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace scantling::advisory::vulnrichment
