#include "program/notify.h"

#include "program/test_support.h"
#include "store/jobs.h"

#include <gmock/gmock.h>

namespace scantling::program {
namespace {

using test::Digest;
using test::ProgramTest;
using ::testing::HasSubstr;
using ::testing::Not;

class NotifyTest : public ProgramTest {
 protected:
  void Channels(const std::string& json) {
    const auto written =
        service_->Write([&](Change& change) { return WriteDocument(change, "channels", json); });
    ASSERT_TRUE(written.has_value());
  }
  uint64_t Plan() {
    const auto planned = PlanNotifications(*service_, "https://scantling.example");
    EXPECT_TRUE(planned.has_value()) << planned.error().Message();
    return planned.value_or(0);
  }
  std::string json_;  // of the channels
  std::optional<store::Job> Next() {
    auto job = store::Claim(*store_, {"notify"}, "test", now_, 60'000);
    EXPECT_TRUE(job.has_value()) << job.error().Message();
    return job ? *job : std::nullopt;
  }
};

TEST_F(NotifyTest, OneMessagePerChannelForTheOwnersThatItIsFor) {
  ASSERT_TRUE(service_->UseDatabase(Database({})).has_value());
  ASSERT_TRUE(
      service_->Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}))
          .has_value());
  ASSERT_TRUE(service_->Submit(Image(Digest('2'), "registry/api:1", {Package("left-pad", "1.0.0")}))
                  .has_value());
  SetOwners(
      R"({"rules":[{"repository":"*/shop","owner":"team-shop"},{"repository":"*/api","owner":"team-api"}]})");
  ASSERT_TRUE(service_->Running(Report(true, {Copy("a", Digest('1')), Copy("b", Digest('1'))}))
                  .has_value());
  Channels(R"({"channels":[
    {"name":"shop","kind":"slack","url":"https://hooks.example/1","owners":["team-shop"]},
    {"name":"all","kind":"webhook","url":"https://hooks.example/2","secret":"s"},
    {"name":"nobody","kind":"teams","url":"https://hooks.example/3","owners":["team-x"]}]})");
  EXPECT_EQ(Plan(), 0u);
  ASSERT_TRUE(
      service_
          ->UseDatabase(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                                  {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", ""}},
                                 "CVE-2030-0001"))
          .has_value());
  EXPECT_EQ(Plan(), 2u);
  EXPECT_EQ(Plan(), 0u);  // once
  const auto shop = Next();
  ASSERT_TRUE(shop.has_value());
  const auto slack = ParseDelivery(shop->payload);
  ASSERT_TRUE(slack.has_value());
  EXPECT_EQ(slack->channel, "shop");
  EXPECT_THAT(
      slack->body,
      HasSubstr(
          "CVE-2030-0001 (critical, exploited): 2 running copies, 1 image; rebuild registry/shop"));
  EXPECT_THAT(slack->body, Not(HasSubstr("CVE-2030-0002")));
  const auto all = Next();
  ASSERT_TRUE(all.has_value());
  const auto webhook = ParseDelivery(all->payload);
  ASSERT_TRUE(webhook.has_value());
  EXPECT_THAT(webhook->body, HasSubstr(R"("owner":"team-api","total":1)"));
  EXPECT_THAT(webhook->body, HasSubstr("https://scantling.example/vulnerabilities/CVE-2030-0001"));
  EXPECT_FALSE(Next().has_value());
}

TEST_F(NotifyTest, AChannelSaysWhatWasGivenUpSinceOneArrived) {
  Channels(R"({"channels":[{"name":"a","kind":"slack","url":"https://hooks.example/1"},
                           {"name":"a:b","kind":"slack","url":"https://hooks.example/2"}]})");
  enum class How : uint8_t { kArrives, kGivenUp, kAgain };
  const auto deliver = [&](const std::string& key, How how, const std::string& said = "") {
    now_ += 1000;
    ASSERT_TRUE(store_
                    ->Write(store::Order::kFree,
                            [&](store::Connection& connection) -> base::Result<void> {
                              store::Job job;
                              job.kind = "notify";
                              job.key = key;
                              job.payload = std::string(1 << 16, 'x');
                              const auto queued = store::Enqueue(connection, job, now_);
                              return queued ? base::Result<void>()
                                            : base::Result<void>(base::Invalid("not queued"));
                            })
                    .has_value());
    const auto job = Next();
    ASSERT_TRUE(job.has_value());
    ASSERT_EQ(job->key, key);
    ASSERT_TRUE(store_
                    ->Write(store::Order::kFree,
                            [&](store::Connection& connection) -> base::Result<void> {
                              const auto ended =
                                  how == How::kArrives
                                      ? store::Complete(connection, *job, now_, said)
                                      : store::Fail(connection, *job, said, now_,
                                                    how == How::kAgain ? now_ + kMillisPerDay : 0);
                              return ended && *ended
                                         ? base::Result<void>()
                                         : base::Result<void>(base::Invalid("not ended"));
                            })
                    .has_value());
  };
  const auto states = [&] {
    ChannelStates out;
    EXPECT_TRUE(store_
                    ->Read([&](store::Connection& connection) -> base::Result<void> {
                      SCANTLING_TRY(out, ReadChannelStates(connection));
                      SCANTLING_TRY(const auto channels, ReadChannels(connection));
                      json_ = ChannelsJson(channels, Secrets::kHidden, &out);
                      return {};
                    })
                    .has_value());
    return out;
  };
  EXPECT_TRUE(states().empty());
  deliver("a:1", How::kGivenUp, "410 gone");
  deliver("a:test-5", How::kGivenUp, "410 still gone");
  deliver("a:2", How::kGivenUp, "404 nothing here");
  deliver("a:b:1", How::kArrives, "sent, but not to x");
  ChannelStates now = states();
  EXPECT_EQ(now["a"].failure.error, "404 nothing here");
  EXPECT_EQ(now["a"].failure.changed, now_ - 1000);
  EXPECT_EQ(now["a"].given_up, 2u);
  EXPECT_EQ(now["a"].last.payload, "");
  EXPECT_EQ(now["a:b"].failure.id, 0);
  EXPECT_EQ(now["a:b"].last.error, "sent, but not to x");
  EXPECT_THAT(json_, HasSubstr(R"("error":"404 nothing here","attempts":1,"given_up":2})"));
  // What is tried again is not given up, and the failure stays until one arrives.
  deliver("a:3", How::kAgain, "503");
  now = states();
  EXPECT_EQ(now["a"].last.error, "503");
  EXPECT_EQ(now["a"].given_up, 2u);
  deliver("a:4", How::kArrives);
  now = states();
  EXPECT_EQ(now["a"].failure.id, 0);
  EXPECT_EQ(now["a"].given_up, 0u);
  EXPECT_THAT(json_, Not(HasSubstr("given_up")));
  deliver("a:5", How::kGivenUp, "410");
  EXPECT_EQ(states()["a"].given_up, 1u);
}

TEST(Notify, ChannelsAreChecked) {
  EXPECT_THAT(ParseChannels("{}").error().Message(), HasSubstr("channels"));
  EXPECT_THAT(ParseChannels(R"({"channels":[{"name":"a","kind":"pigeon","url":"https://x"}]})")
                  .error()
                  .Message(),
              HasSubstr("webhook, slack, teams or email"));
  EXPECT_THAT(
      ParseChannels(R"({"channels":[{"name":"a","kind":"slack","url":"file:///etc/passwd"}]})")
          .error()
          .Message(),
      HasSubstr("url"));
}

TEST(Notify, SignaturesAreHmacSha256) {
  // RFC 4231, test case 2.
  EXPECT_EQ(Sign("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // Test case 6: a key longer than a block.
  EXPECT_EQ(
      Sign(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
      "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace scantling::program
