#include "program/demo/company.h"

#include "base/digest.h"
#include "program/demo/advisories.h"
#include "program/demo/packages.h"
#include "program/test_support.h"

#include <set>

namespace scantling::program::demo {
namespace {

using Company = test::ProgramTest;

// 2030-03-01T12:00:00Z, and a day of another length of its month behind it.
constexpr Millis kEnd = Millis{1'898'596'800} * 1000;

// The user's own advisories come in the last days of the story.
constexpr Millis kOwnBegin = kEnd - 10 * kMillisPerDay;

// Every event of the store before `end`, one after the other.
base::Result<std::string> Story(store::Store& store, Millis end, uint64_t& events) {
  base::Sha256 hash;
  EventQuery query;
  query.limit = 1'000'000;
  auto read = store.Read([&](store::Connection& connection) {
    return ReadEvents(connection, query, [&](const Event& event) -> base::Result<void> {
      if (event.recorded >= end) {
        return {};
      }
      ++events;
      for (const std::string& part : {event.id, event.kind, std::to_string(event.at),
                                      std::to_string(event.recorded), event.subject, event.body}) {
        hash.Update(base::AsBytes(part + "\n"));
      }
      return {};
    });
  });
  SCANTLING_DO(std::move(read));
  return hash.Finish().Hex();
}

TEST_F(Company, TheSameEndGivesTheSameStoryUntilTheUsersOwnAdvisories) {
  const auto own = Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "express", "9.0.0"}});
  const auto filled = FillCompany(*store_, kEnd, own);
  ASSERT_TRUE(filled.has_value()) << filled.error().Message();
  now_ = kEnd;
  const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
    EXPECT_EQ(view.fleet().advisories().digest, own->Info().digest);
    const uint32_t found = view.fleet().FindVulnerability("CVE-2030-0001");
    EXPECT_NE(found, kNone);
    for (const uint32_t m : view.fleet().vulnerabilities()[found].matches) {
      EXPECT_GE(view.fleet().matches()[m].opened, kOwnBegin);
    }
    return {};
  });
  EXPECT_TRUE(read.has_value());

  const auto store = store::Store::Open({.database = "sqlite:" + (folder_ / "without").string()});
  ASSERT_TRUE(store.has_value());
  const auto again = FillCompany(**store, kEnd, nullptr);
  ASSERT_TRUE(again.has_value()) << again.error().Message();
  uint64_t events = 0;
  const auto story = Story(*store_, kOwnBegin, events);
  EXPECT_GT(events, 20'000u);
  uint64_t without = 0;
  const auto story_without = Story(**store, kOwnBegin, without);
  ASSERT_TRUE(story.has_value() && story_without.has_value());
  EXPECT_EQ(without, events);
  EXPECT_EQ(*story_without, *story);

  Service service(**store, {.now = [] { return kEnd + 60'000; }});
  const auto seen = service.Read(0, [&](const View& view) -> base::Result<void> {
    EXPECT_EQ(view.contents().size(), static_cast<size_t>(kImages));
    EXPECT_EQ(view.copies().size(), static_cast<size_t>(kCopies));
    std::set<Gap> gaps;
    for (const uint32_t copy : view.copies()) {
      gaps.insert(view.CopyGap(copy));
    }
    EXPECT_EQ(gaps.size(), kGaps);
    return {};
  });
  EXPECT_TRUE(seen.has_value());
  // A server that is started with the last of its advisories has nothing to judge again.
  auto bytes = MakeAdvisories(kEnd, 0);
  ASSERT_TRUE(bytes.has_value());
  auto last = advisory::Database::FromOwned(*std::move(bytes), false);
  ASSERT_TRUE(last.has_value());
  const auto judged =
      service.UseDatabase(std::make_shared<const advisory::Database>(*std::move(last)));
  ASSERT_TRUE(judged.has_value());
  EXPECT_EQ(judged->versions, 0u);
}

TEST(Packages, AnEditionReplacesWhatItBrings) {
  const auto version_of = [](int edition, std::string_view name) {
    std::vector<model::Component> all;
    AddSystem(all, Base::kDebian12, edition, {"web"}, 0);
    for (const model::Component& one : all) {
      if (one.name == name) {
        return one.version;
      }
    }
    return std::string();
  };
  EXPECT_EQ(version_of(0, "libc6"), "2.36-9+deb12u1");
  EXPECT_EQ(version_of(2, "libc6"), "2.36-9+deb12u4");
  EXPECT_EQ(version_of(4, "libc6"), "2.36-9+deb12u9");
  EXPECT_EQ(version_of(0, "bash"), "5.2.15-2+b2");
  EXPECT_EQ(version_of(4, "adduser"), version_of(0, "adduser"));
  EXPECT_EQ(version_of(0, "git"), "");
}

TEST(Packages, AnApplicationKeepsItsPackagesAndMovesTheirVersions) {
  std::vector<model::Component> old;
  std::vector<model::Component> later;
  AddApplication(old, version::Ecosystem::kNpm, 7, 0.6, 0, "shop", 1);
  AddApplication(later, version::Ecosystem::kNpm, 7, 0.6, 1, "shop", 1);
  ASSERT_EQ(old.size(), later.size());
  ASSERT_GT(old.size(), 30u);
  size_t moved = 0;
  for (size_t i = 0; i < old.size(); ++i) {
    EXPECT_EQ(old[i].name, later[i].name);
    moved += old[i].version != later[i].version ? 1 : 0;
  }
  EXPECT_GT(moved, 10u);
}

}  // namespace
}  // namespace scantling::program::demo
