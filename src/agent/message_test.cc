#include "agent/message.h"

#include "agent/run.h"
#include "codec/json.h"

#include <gtest/gtest.h>

namespace scantling::agent {
namespace {

TEST(Message, HoldsWhatIsKnownAndNothingElse) {
  Copy copy;
  copy.uid = "u1";
  copy.digest = "sha256:" + std::string(64, '1');
  copy.container = "web";
  copy.workload_kind = "container";
  copy.workload = "web";
  copy.labels = {{"a", "b"}, {"c", ""}};
  copy.started = 1'700'000'000'123;
  EXPECT_EQ(Snapshot({"host one", "host", "", "production", 60}, {copy}, 1'700'000'100'000),
            R"({"schema":"scantling.running/1","reporter":"host one","kind":"host",)"
            R"("environment":"production","interval_seconds":60,"type":"snapshot",)"
            R"("at":"2023-11-14T22:15:00.000Z","copies":[{"uid":"u1","digest":"sha256:)" +
                std::string(64, '1') +
                R"(","workload_kind":"container","workload":"web","container":"web",)"
                R"("kind":"container","labels":{"a":"b","c":""},)"
                R"("started":"2023-11-14T22:13:20.123Z"}]})"
                "\n");
}

TEST(Message, IsCutToWhatTheServerTakes) {
  Copy copy;
  copy.uid = "u";
  copy.reference.assign(1023, 'x');
  copy.reference += "\xC3\xA9";                // ends at 1,025
  copy.container = std::string(2000, '\xFF');  // each byte becomes three
  for (int i = 0; i < 300; ++i) {
    copy.labels.emplace_back("k" + std::to_string(i), "v");
  }
  copy.labels.emplace_back("long", std::string(513, 'v'));
  SortLabels(copy);
  const std::string text = Snapshot({"r", "host", "", "", 60}, {copy}, 0);
  codec::Json parser;
  const auto root = parser.Parse(text);
  ASSERT_TRUE(root);
  (*root)["copies"].ForEach([](codec::JsonValue value) {
    EXPECT_EQ(value["reference"].Text(), std::string(1023, 'x'));
    EXPECT_EQ(value["container"].Text().size(), 1023);
    EXPECT_EQ(value["labels"].Size(), 256);
    EXPECT_TRUE(value["labels"]["long"].IsMissing());
    return true;
  });
}

TEST(Copy, TimesAndDigests) {
  EXPECT_EQ(ParseMillis("2026-11-24T18:33:38.534611085Z"),
            ParseMillis("2026-11-24T18:33:38Z") + 534);
  EXPECT_EQ(FormatMillis(ParseMillis("2026-11-24T18:33:38.5Z")), "2026-11-24T18:33:38.500Z");
  EXPECT_EQ(ParseMillis("2026-11-24T19:33:38.05+01:00"), ParseMillis("2026-11-24T18:33:38.050Z"));
  EXPECT_EQ(ParseMillis("0001-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseMillis("soon"), 0);
  const std::string digest = "sha256:" + std::string(64, 'c');
  EXPECT_EQ(DigestIn("docker-pullable://registry.example.org/a@" + digest), digest);
  EXPECT_EQ(DigestIn(digest), digest);
  EXPECT_EQ(DigestIn("sha256:abc"), "");
  EXPECT_EQ(DigestIn("nginx:1.25"), "");
}

}  // namespace
}  // namespace scantling::agent
