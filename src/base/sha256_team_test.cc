#include "base/sha256_team.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace scantling::base {
namespace {

std::vector<std::byte> RandomBytes(uint32_t seed, size_t size) {
  std::mt19937 random(seed);
  std::vector<std::byte> out(size);
  for (std::byte& b : out) {
    b = static_cast<std::byte>(random());
  }
  return out;
}

// Each stream in a thread of its own, in blocks of sizes of its own.
void HashAll(const std::vector<std::vector<std::byte>>& streams, size_t block) {
  Sha256Team team;
  std::vector<Digest> digests(streams.size());
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < streams.size(); ++i) {
      threads.emplace_back([&, i] {
        Sha256Team::Member member(team);
        Sha256 sha;
        std::mt19937 random(static_cast<uint32_t>(i));
        for (size_t at = 0; at < streams[i].size();) {
          const size_t count =
              std::min(streams[i].size() - at, random() % 4 == 0 ? random() % block : block);
          member.Update(sha, Bytes(streams[i]).subspan(at, count));
          at += count;
        }
        digests[i] = sha.Finish();
      });
    }
  }
  for (size_t i = 0; i < streams.size(); ++i) {
    EXPECT_EQ(digests[i].Hex(), Sha256Of(streams[i]).Hex()) << "stream " << i;
  }
}

TEST(Sha256Team, DigestsAreThoseOfEachStreamAlone) {
  if (!Sha256Team::Helps()) {
    GTEST_SKIP() << "this machine has no SHA instructions";
  }
  for (const size_t members : {1, 2, 3, 5}) {
    std::vector<std::vector<std::byte>> streams;
    for (size_t i = 0; i < members; ++i) {
      streams.push_back(
          RandomBytes(static_cast<uint32_t>(7 * members + i), (500'000 * i) + 77'777));
    }
    HashAll(streams, 64 << 10);
    HashAll(streams, 100'001);
  }
}

TEST(Sha256Team, MoreThanFourGigabitsAreCounted) {
  if (!Sha256Team::Helps()) {
    GTEST_SKIP() << "this machine has no SHA instructions";
  }
  Sha256Team team;
  const std::vector<std::byte> block = RandomBytes(1, 16 << 20);
  Digest digests[2];
  {
    std::vector<std::jthread> threads;
    for (Digest& digest : digests) {
      threads.emplace_back([&] {
        Sha256Team::Member member(team);
        Sha256 sha;
        for (int i = 0; i < 31; ++i) {
          sha.Update(block);
        }
        member.Update(sha, block);  // to four gigabits
        member.Update(sha, block);
        digest = sha.Finish();
      });
    }
  }
  Sha256 alone;
  for (int i = 0; i < 33; ++i) {
    alone.Update(block);
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_EQ(digests[0], alone.Finish());
}

}  // namespace
}  // namespace scantling::base
