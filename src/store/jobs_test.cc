// The queue, on both databases.
#include "store/jobs.h"

#include "tests/support/stores.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace scantling::store {
namespace {

using testing::ErrorOf;
using testing::StoreTest;

class JobsTest : public StoreTest {
 protected:
  bool Put(const Job& job, int64_t now) {
    bool added = false;
    const auto done = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
      SCANTLING_TRY(added, Enqueue(c, job, now));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << ErrorOf(done);
    return added;
  }
  std::optional<Job> Take(const char* worker, int64_t now, std::vector<std::string> kinds) {
    auto claimed = Claim(*store_, kinds, worker, now, 100);
    EXPECT_TRUE(claimed.has_value()) << ErrorOf(claimed);
    return claimed.has_value() ? *std::move(claimed) : std::nullopt;
  }
  template <typename Change>
  bool Ended(Change change) {
    bool held = false;
    const auto done = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
      SCANTLING_TRY(held, change(c));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << ErrorOf(done);
    return held;
  }
  std::vector<Job> List() {
    std::vector<Job> out;
    EXPECT_TRUE(store_
                    ->Read([&](Connection& c) -> base::Result<void> {
                      SCANTLING_TRY(out, ListJobs(c, "", 0, 100));
                      return {};
                    })
                    .has_value());
    return out;
  }
};
SCANTLING_ON_BOTH(JobsTest);

TEST_P(JobsTest, OneOpenJobForAKindAndKey) {
  EXPECT_TRUE(
      Put({.kind = "scan", .key = "a", .payload = "{}", .priority = 10, .not_before = 50}, 1));
  EXPECT_FALSE(Put({.kind = "scan", .key = "a", .priority = 0, .not_before = 70}, 2));
  EXPECT_FALSE(Put({.kind = "scan", .key = "a", .priority = 20, .not_before = 40}, 2));
  EXPECT_TRUE(Put({.kind = "notify", .key = "a"}, 2));
  EXPECT_EQ(Take("w", 39, {"scan"}), std::nullopt);
  const auto job = Take("w", 40, {"scan"});
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->payload, "{}");
  EXPECT_EQ(job->priority, 0);
  EXPECT_EQ(job->attempts, 1);
  EXPECT_EQ(job->state, JobState::kRunning);
  EXPECT_EQ(job->worker, "w");
  EXPECT_EQ(job->lease_until, 140);
  EXPECT_EQ(job->created, 1);
  EXPECT_FALSE(Put({.kind = "scan", .key = "a"}, 41));
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *job, 42); }));
  EXPECT_FALSE(Ended([&](Connection& c) { return Complete(c, *job, 42); }));
  EXPECT_TRUE(Put({.kind = "scan", .key = "a"}, 43));
}

TEST_P(JobsTest, WhatIsPutInDuringARunMayFollowIt) {
  const auto follow = [&](const Job& job, int64_t now) {
    bool added = true;
    const auto done = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
      SCANTLING_TRY(added, Enqueue(c, job, now, WhileRunning::kFollow));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << ErrorOf(done);
    return added;
  };
  EXPECT_TRUE(follow({.kind = "resolve", .key = "a", .payload = "0", .priority = 5}, 1));
  EXPECT_FALSE(Put({.kind = "resolve", .key = "a", .payload = "1"}, 1));
  // It is still queued.
  EXPECT_FALSE(follow({.kind = "resolve", .key = "a", .payload = "2", .priority = 5}, 1));
  const auto first = Take("w", 2, {"resolve"});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->payload, "2");
  EXPECT_FALSE(Put({.kind = "resolve", .key = "a"}, 3));  // merges
  EXPECT_FALSE(follow({.kind = "resolve", .key = "a", .payload = "{}", .not_before = 20}, 3));
  EXPECT_FALSE(follow({.kind = "resolve", .key = "a", .payload = "{}", .not_before = 30}, 3));
  EXPECT_EQ(Take("v", 50, {"resolve"}), std::nullopt);  // never two at once
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *first, 10); }));
  EXPECT_EQ(Take("w", 19, {"resolve"}), std::nullopt);
  const auto second = Take("w", 20, {"resolve"});
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(second->id, first->id);
  EXPECT_EQ(second->attempts, 1);
  EXPECT_EQ(second->payload, "{}");
  EXPECT_FALSE(Ended([&](Connection& c) { return Complete(c, *first, 21); }));
  // What failed for good is followed, too, and what is tried again is tried at once.
  EXPECT_FALSE(follow({.kind = "resolve", .key = "a"}, 22));
  EXPECT_TRUE(Ended([&](Connection& c) { return Fail(c, *second, "cut", 23, 500); }));
  const auto third = Take("w", 24, {"resolve"});
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->id, second->id);
  EXPECT_FALSE(follow({.kind = "resolve", .key = "a"}, 25));
  EXPECT_TRUE(Ended([&](Connection& c) { return Fail(c, *third, "gone", 26, 0); }));
  const auto fourth = Take("w", 27, {"resolve"});
  ASSERT_TRUE(fourth.has_value());
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *fourth, 28); }));
  EXPECT_EQ(Take("w", 999, {"resolve"}), std::nullopt);
}

TEST_P(JobsTest, TheMostUrgentFirstThenTheOldest) {
  for (const auto& [key, priority] :
       {std::pair{"late", 10}, std::pair{"first", 0}, std::pair{"later", 10}}) {
    EXPECT_TRUE(Put({.kind = "scan", .key = key, .priority = priority}, 1));
  }
  EXPECT_TRUE(Put({.kind = "other", .key = "x"}, 1));
  EXPECT_EQ(Take("w", 1, {}), std::nullopt);
  EXPECT_EQ(Take("w", 1, {"scan", "rejudge"})->key, "first");
  EXPECT_EQ(Take("w", 1, {"scan", "rejudge"})->key, "late");
  EXPECT_EQ(Take("w", 1, {"scan", "rejudge"})->key, "later");
  EXPECT_EQ(Take("w", 1, {"scan", "rejudge"}), std::nullopt);
}

TEST_P(JobsTest, ALeaseThatRanOutIsAnothers) {
  EXPECT_TRUE(Put({.kind = "scan", .key = "a"}, 0));
  const auto first = Take("w", 10, {"scan"});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(Take("v", 109, {"scan"}), std::nullopt);
  EXPECT_TRUE(Extend(*store_, *first, 109, 100).value_or(false));
  EXPECT_EQ(Take("v", 208, {"scan"}), std::nullopt);
  const auto second = Take("w", 209, {"scan"});  // the same name, as after a restart
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->attempts, 2);
  EXPECT_FALSE(Extend(*store_, *first, 210, 100).value_or(true));
  EXPECT_FALSE(Ended([&](Connection& c) { return Complete(c, *first, 210); }));
  EXPECT_FALSE(Ended([&](Connection& c) { return Fail(c, *first, "late", 210, 0); }));
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *second, 211); }));
}

TEST_P(JobsTest, ALeaseOfAClockThatHasGoneBackIsAnothersSoon) {
  EXPECT_TRUE(Put({.kind = "scan", .key = "a"}, 0));
  const auto first = Take("w", 1'000'000, {"scan"});
  ASSERT_TRUE(first.has_value());
  // The clock is right again. Whoever has the job may still end it, and nobody waits for a day that
  // was never right.
  EXPECT_EQ(Take("v", 999'500, {"scan"}), std::nullopt);
  const auto second = Take("v", 10'000, {"scan"});
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->attempts, 2);
  EXPECT_FALSE(Ended([&](Connection& c) { return Complete(c, *first, 10'001); }));
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *second, 10'002); }));
}

TEST_P(JobsTest, AFailedJobIsTriedAgainThenEnds) {
  EXPECT_TRUE(Put({.kind = "scan", .key = "a"}, 0));
  auto job = Take("w", 1, {"scan"});
  ASSERT_TRUE(job.has_value());
  EXPECT_TRUE(Ended([&](Connection& c) { return Fail(c, *job, "no route", 2, 500); }));
  EXPECT_EQ(List().front().state, JobState::kQueued);
  EXPECT_EQ(List().front().error, "no route");
  EXPECT_EQ(Take("w", 499, {"scan"}), std::nullopt);
  job = Take("w", 500, {"scan"});
  ASSERT_TRUE(job.has_value());
  EXPECT_TRUE(Ended([&](Connection& c) { return Fail(c, *job, "gone", 501, 0); }));
  EXPECT_EQ(Take("w", 9999, {"scan"}), std::nullopt);
  EXPECT_EQ(List().front().state, JobState::kFailed);
  EXPECT_EQ(ToString(JobState::kFailed), "failed");

  EXPECT_TRUE(Put({.kind = "scan", .key = "b"}, 600));
  std::vector<JobCount> counts;
  uint64_t pruned = 0;
  ASSERT_TRUE(store_
                  ->Write(Order::kFree,
                          [&](Connection& c) -> base::Result<void> {
                            SCANTLING_TRY(counts, CountJobs(c));
                            SCANTLING_TRY(const uint64_t none, PruneJobs(c, 501));
                            EXPECT_EQ(none, 0U);
                            SCANTLING_TRY(pruned, PruneJobs(c, 502));
                            return {};
                          })
                  .has_value());
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].state, JobState::kQueued);
  EXPECT_EQ(counts[0].count, 1);
  EXPECT_EQ(counts[0].oldest, 600);
  EXPECT_EQ(counts[1].state, JobState::kFailed);
  EXPECT_EQ(pruned, 1U);
  ASSERT_EQ(List().size(), 1U);
  EXPECT_EQ(List()[0].key, "b");
}

TEST_P(JobsTest, AreVisitedWithoutTheirPayloadsAndKeepANote) {
  EXPECT_TRUE(Put({.kind = "scan", .key = "a", .payload = "long"}, 0));
  EXPECT_TRUE(Put({.kind = "scan", .key = "b", .payload = "long"}, 0));
  EXPECT_TRUE(Put({.kind = "notify", .key = "c"}, 0));
  const auto job = Take("w", 1, {"scan"});
  ASSERT_TRUE(job.has_value());
  EXPECT_TRUE(Ended([&](Connection& c) { return Complete(c, *job, 2, "but not all of it"); }));
  std::vector<std::string> seen;
  ASSERT_TRUE(store_
                  ->Read([&](Connection& c) {
                    return VisitJobs(c, "scan", [&](const Job& one) {
                      seen.push_back(one.key + " " + std::string(ToString(one.state)) + " " +
                                     one.error + one.payload);
                    });
                  })
                  .has_value());
  EXPECT_EQ(seen, (std::vector<std::string>{"b queued ", "a done but not all of it"}));
}

TEST_P(JobsTest, TwoWorkersNeverHaveTheSameJob) {
  constexpr int kJobs = 120;
  ASSERT_TRUE(store_
                  ->Write(Order::kFree,
                          [](Connection& c) -> base::Result<void> {
                            for (int i = 0; i < kJobs; ++i) {
                              SCANTLING_DO(
                                  Enqueue(c, {.kind = "scan", .key = std::to_string(i)}, 0));
                            }
                            return {};
                          })
                  .has_value());
  std::mutex mutex;
  std::set<int64_t> claimed;
  int count = 0;
  const auto other = Open();
  ASSERT_NE(other, nullptr);
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 8; ++worker) {
    threads.emplace_back([&, worker] {
      Store& store = worker % 2 == 0 ? *store_ : *other;
      for (;;) {
        const auto job = Claim(store, {"scan"}, "w" + std::to_string(worker), 1, 1000);
        EXPECT_TRUE(job.has_value()) << ErrorOf(job);
        if (!job.has_value() || !job->has_value()) {
          return;
        }
        const std::lock_guard lock(mutex);
        claimed.insert((*job)->id);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(count, kJobs);
  EXPECT_EQ(claimed.size(), static_cast<size_t>(kJobs));
}

}  // namespace
}  // namespace scantling::store
