#include "agent/ledger.h"

#include "codec/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace scantling::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Copy Named(const std::string& uid) {
  Copy out;
  out.uid = uid;
  out.digest = "sha256:" + std::string(64, 'a');
  out.container = "c-" + uid;
  return out;
}

const Reporter kReporter{"host one", "host", "", "production", 60};

struct Told {
  bool snapshot = false;
  std::vector<std::string> copies;
  std::vector<std::string> gone;  // "uid at"
};

Told Read(const Ledger::Taken& taken) {
  codec::Json parser;
  const auto root = parser.Parse(taken.body);
  EXPECT_TRUE(root) << taken.body;
  Told out;
  out.snapshot = (*root)["type"].Text() == "snapshot";
  (*root)["copies"].ForEach([&](codec::JsonValue value) {
    out.copies.emplace_back(value["uid"].Text());
    return true;
  });
  (*root)["gone"].ForEach([&](codec::JsonValue value) {
    out.gone.push_back(std::string(value["uid"].Text()) + " " + std::string(value["at"].Text()));
    return true;
  });
  return out;
}

TEST(Ledger, TellsNothingBeforeTheFirstList) {
  Ledger ledger;
  EXPECT_FALSE(ledger.state().in_step);
  EXPECT_FALSE(ledger.Take(kReporter, Ledger::What::kSnapshot, 1000));
  ledger.Replace({}, 1000);
  EXPECT_TRUE(ledger.state().in_step);
  const auto taken = ledger.Take(kReporter, Ledger::What::kSnapshot, 1000);
  ASSERT_TRUE(taken);
  EXPECT_THAT(Read(*taken).copies, IsEmpty());
}

TEST(Ledger, ChangesAreWhatIsNotAcknowledged) {
  Ledger ledger;
  ledger.Replace({Named("a"), Named("b")}, 1000);
  const auto first = ledger.Take(kReporter, Ledger::What::kSnapshot, 2000);
  EXPECT_THAT(Read(*first).copies, ElementsAre("a", "b"));
  ledger.Acknowledge(first->revision);
  EXPECT_FALSE(ledger.state().changed);
  EXPECT_FALSE(ledger.Take(kReporter, Ledger::What::kChanges, 2500));

  ledger.Put(Named("c"), 3000);
  ledger.Remove("a", 3500);
  ledger.Put(Named("b"), 3600);  // nothing new
  const auto second = ledger.Take(kReporter, Ledger::What::kChanges, 4000);
  ASSERT_TRUE(second);
  const Told told = Read(*second);
  EXPECT_FALSE(told.snapshot);
  EXPECT_THAT(told.copies, ElementsAre("c"));
  EXPECT_THAT(told.gone, ElementsAre("a 1970-01-01T00:00:03.500Z"));
}

TEST(Ledger, WhatIsNotAcknowledgedIsToldAgain) {
  Ledger ledger;
  ledger.Replace({Named("a")}, 1000);
  ASSERT_TRUE(ledger.Take(kReporter, Ledger::What::kSnapshot, 1000));  // and it was lost
  ledger.Remove("a", 2000);
  ledger.Put(Named("b"), 2000);
  ledger.Remove("b", 3000);
  // The server never heard of either: it is told of both, and of their ends.
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kSnapshot, 4000));
  EXPECT_THAT(told.copies, ElementsAre("a", "b"));
  EXPECT_THAT(told.gone, ElementsAre("a 1970-01-01T00:00:02.000Z", "b 1970-01-01T00:00:03.000Z"));
}

TEST(Ledger, ChangesDuringASendAreKept) {
  Ledger ledger;
  ledger.Replace({Named("a")}, 1000);
  const auto taken = ledger.Take(kReporter, Ledger::What::kSnapshot, 1000);
  ledger.Put(Named("b"), 1100);
  ledger.Remove("a", 1200);
  ledger.Acknowledge(taken->revision);
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kChanges, 2000));
  EXPECT_THAT(told.copies, testing::Contains("b"));
  EXPECT_THAT(told.gone, ElementsAre("a 1970-01-01T00:00:01.200Z"));
}

TEST(Ledger, AContainerThatIsStartedAgainHasNoEnd) {
  Ledger ledger;
  ledger.Replace({Named("a")}, 1000);
  ledger.Acknowledge(ledger.Take(kReporter, Ledger::What::kSnapshot, 1000)->revision);
  ledger.Remove("a", 2000);
  ledger.Put(Named("a"), 3000);
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kChanges, 4000));
  EXPECT_THAT(told.copies, ElementsAre("a"));
  EXPECT_THAT(told.gone, IsEmpty());
}

TEST(Ledger, AWholeListEndsWhatItDoesNotHave) {
  Ledger ledger;
  ledger.Replace({Named("a"), Named("b")}, 1000);
  ledger.Acknowledge(ledger.Take(kReporter, Ledger::What::kSnapshot, 1000)->revision);
  ledger.Replace({Named("b"), Named("c")}, 9000);
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kChanges, 9500));
  EXPECT_THAT(told.copies, ElementsAre("c"));
  EXPECT_THAT(told.gone, ElementsAre("a 1970-01-01T00:00:09.000Z"));
}

// The server ignores an end that lies before the last sighting: a snapshot that crossed with the
// event would keep the copy alive.
TEST(Ledger, AnEndIsNeverBeforeTheSnapshotThatShowedTheCopy) {
  Ledger ledger;
  ledger.Replace({Named("a")}, 1000);
  ledger.Acknowledge(ledger.Take(kReporter, Ledger::What::kSnapshot, 5000)->revision);
  ledger.Remove("a", 4990);
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kChanges, 6000));
  EXPECT_THAT(told.gone, ElementsAre("a 1970-01-01T00:00:05.000Z"));
}

TEST(Ledger, ASourceThatIsCutIsNotVouchedFor) {
  Ledger ledger;
  ledger.Replace({Named("a")}, 1000);
  ledger.SetLive(false);
  EXPECT_FALSE(ledger.Take(kReporter, Ledger::What::kSnapshot, 2000));
  EXPECT_TRUE(ledger.Take(kReporter, Ledger::What::kChanges, 2000));  // what was seen was seen
  ledger.SetLive(true);
  EXPECT_TRUE(ledger.Take(kReporter, Ledger::What::kSnapshot, 2000));
}

TEST(Ledger, EndsAreBounded) {
  Ledger ledger(3);
  for (int i = 0; i < 5; ++i) {
    ledger.Put(Named(std::to_string(i)), 1000);
    ledger.Remove(std::to_string(i), 2000);
  }
  EXPECT_EQ(ledger.dropped_ends(), 2);
  const Told told = Read(*ledger.Take(kReporter, Ledger::What::kChanges, 3000));
  EXPECT_THAT(told.copies, ElementsAre("2", "3", "4"));
}

TEST(Ledger, WaitEndsWithAChangeAndWithAStop) {
  Ledger ledger;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  {
    const std::jthread later([&] { ledger.Put(Named("a"), 1); });
    ledger.Wait(Ledger::Until::kChanges, deadline, {});
    EXPECT_TRUE(ledger.state().changed);
  }
  std::stop_source stop;
  const std::jthread later([&] { stop.request_stop(); });
  ledger.Wait(Ledger::Until::kInStep, deadline, stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now(), deadline);
}

}  // namespace
}  // namespace scantling::agent
