// The same things told in any order are the same to whoever asks, now and as of any moment; on both
// databases.
#include "base/digest.h"
#include "program/builds.h"
#include "program/service.h"
#include "program/test_support.h"
#include "tests/support/stores.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace scantling::program {
namespace {

using scantling::testing::ErrorOf;
using test::Digest;
using test::ProgramTest;
using ::testing::ElementsAre;

std::string DigestOf(uint64_t number) {
  return base::Sha256Of(base::AsBytes(std::to_string(number))).ToString();
}

class OrderTest : public scantling::testing::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    auto opened = advisory::OpenEmbedded();
    ASSERT_TRUE(opened.has_value());
    advisories_ = std::make_shared<const advisory::Database>(*std::move(opened));
    service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
    ASSERT_EQ(ErrorOf(service_->UseDatabase(advisories_)), "(no error)");
  }
  void TearDown() override { service_.reset(); }

  void Do(const std::function<base::Result<void>(Change&)>& work) {
    ASSERT_EQ(ErrorOf(service_->Write(work)), "(no error)");
  }
  void Build(const BuildRecord& record) {
    Do([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
      static_cast<void>(fresh);
      return {};
    });
  }
  void Submit(const Submission& submission) {
    ASSERT_EQ(ErrorOf(service_->Submit(submission)), "(no error)");
  }
  std::string Ask(Millis as_of, const std::function<std::string(const View&)>& question) {
    std::string out;
    EXPECT_EQ(ErrorOf(service_->Read(as_of,
                                     [&](const View& view) -> base::Result<void> {
                                       out = question(view);
                                       return {};
                                     })),
              "(no error)");
    return out;
  }
  // Does that many things in all their orders, once and twice each; `round` is one number per
  // order. The answers of all orders, which should be one.
  static std::set<std::string> AllOrders(
      size_t count, const std::function<void(uint64_t round, size_t what)>& tell,
      const std::function<std::string(uint64_t round)>& answer) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::set<std::string> out;
    uint64_t round = 0;
    do {
      for (const int times : {1, 2}) {
        ++round;
        for (const size_t what : order) {
          for (int time = 0; time < times; ++time) {
            tell(round, what);
          }
        }
        out.insert(answer(round));
      }
    } while (std::next_permutation(order.begin(), order.end()));
    return out;
  }

  std::shared_ptr<const advisory::Database> advisories_;
  std::unique_ptr<Service> service_;
  Millis now_ = Millis{1'897'000'000} * 1000;
};

TEST_P(OrderTest, TheLatestWordOnABaseHoldsAndTheImagesOwnGoesBefore) {
  const auto answer = [&](uint64_t round) {
    return Ask(0, [&](const View& view) {
      const Content& content = view.fleet().contents()[view.fleet().FindContent(DigestOf(round))];
      return std::string(view.fleet().texts()[content.base_digest]);
    });
  };
  const auto build = [&](uint64_t round, Millis at, char base) {
    BuildRecord record;
    record.digest = DigestOf(round);
    record.base_digest = Digest(base);
    record.at = at;
    Build(record);
  };
  // Two builds of one moment: the greater digest, whichever came first.
  EXPECT_THAT(AllOrders(
                  4,
                  [&](uint64_t round, size_t what) {
                    constexpr std::array<std::pair<Millis, char>, 4> kBuilds = {
                        {{3000, '9'}, {1000, '5'}, {1000, '4'}, {2000, '1'}}};
                    build(round, now_ - kBuilds[what].first, kBuilds[what].second);
                  },
                  answer),
              ElementsAre(Digest('5')));
  const auto scan = [&](uint64_t round, Millis at, const std::string& base) {
    Submission submission = ProgramTest::Image(DigestOf(round), "registry/shop:1", {});
    submission.report.inventory.image.annotations["org.opencontainers.image.base.digest"] = base;
    submission.document = base;
    submission.at = at;
    Submit(submission);
  };
  EXPECT_THAT(AllOrders(
                  4,
                  [&](uint64_t round, size_t what) {
                    round += 1000;
                    what == 0   ? build(round, now_ - 1000, '9')
                    : what == 1 ? scan(round, now_ - 5000, Digest('7'))
                    : what == 2 ? scan(round, now_ - 4000, Digest('6'))
                                : scan(round, now_ - 3000, "what is no digest");
                  },
                  [&](uint64_t round) { return answer(round + 1000); }),
              ElementsAre(Digest('6')));
}

TEST_P(OrderTest, ANameIsWhatItWasToldToBe) {
  struct Told {
    Millis ago;
    char digest;  // ' ' = it named nothing
  };
  // Told again at 3 s: what is told late of 4 s does not reach past it. Of two of one moment the
  // greater digest counts, and either before nothing.
  constexpr std::array<Told, 5> kTold = {
      {{5000, '1'}, {4000, '2'}, {3000, '1'}, {2000, '3'}, {2000, ' '}}};
  const std::set<std::string> answers = AllOrders(
      kTold.size(),
      [&](uint64_t round, size_t what) {
        const std::string name = "registry/shop" + std::to_string(round) + ":1";
        const Told& told = kTold[what];
        Do([&](Change& change) -> base::Result<void> {
          if (told.digest == ' ') {
            SCANTLING_DO(EndName(change, name, now_ - told.ago));
            return {};
          }
          const std::string digest = Digest(told.digest);
          SCANTLING_TRY(const int64_t content, ContentOf(change, digest, now_ - 6000));
          SCANTLING_DO(NameContent(change, name, content, digest, now_ - told.ago));
          return {};
        });
      },
      [&](uint64_t round) {
        const std::string name = "registry/shop" + std::to_string(round) + ":1";
        std::string out;
        // What the name was, and the edges that say so.
        for (const Millis ago : {5500, 4500, 3500, 2500, 1500}) {
          out += Ask(now_ - ago, [&](const View& view) {
            std::string named = " -";
            for (const char digit : {'1', '2', '3'}) {
              const uint32_t content = view.fleet().FindContent(Digest(digit));
              if (content != kNone) {
                const auto names = view.NamesOf(content);
                if (std::find(names.begin(), names.end(), name) != names.end()) {
                  named = std::string(" ") + digit;
                }
              }
            }
            return named;
          });
        }
        return out;
      });
  EXPECT_THAT(answers, ElementsAre(" - 1 2 1 3"));
  // A fold that is made at once says the same as one that followed.
  const auto edges = [](Service& of) {
    std::string out;
    EXPECT_EQ(ErrorOf(of.Read(0,
                              [&](const View& view) -> base::Result<void> {
                                const Fleet& fleet = view.fleet();
                                for (const char digit : {'1', '2', '3'}) {
                                  for (const uint32_t index :
                                       fleet.contents()[fleet.FindContent(Digest(digit))].names) {
                                    const Name& name = fleet.names()[index];
                                    out.append(fleet.texts()[name.repository])
                                        .append(" ")
                                        .append(1, digit)
                                        .append(" " + std::to_string(name.since))
                                        .append(" " + std::to_string(name.until) + "\n");
                                  }
                                }
                                return {};
                              })),
              "(no error)");
    return out;
  };
  Service fresh(*store_, ServiceOptions{[this] { return now_; }});
  EXPECT_EQ(edges(fresh), edges(*service_));
}

TEST_P(OrderTest, TheSameToldAgainIsOneEdge) {
  const auto tell = [&](const std::string& name, char digit, Millis ago) {
    Do([&](Change& change) -> base::Result<void> {
      const std::string digest = Digest(digit);
      SCANTLING_TRY(const int64_t content, ContentOf(change, digest, now_ - 9000));
      SCANTLING_DO(NameContent(change, name, content, digest, now_ - ago));
      return {};
    });
  };
  const auto edges = [&] {
    return Ask(0, [&](const View& view) {
      std::string out;
      for (const Name& name : view.fleet().names()) {
        if (name.edge) {
          out += std::to_string(now_ - name.since) + "-" +
                 std::to_string(name.until == 0 ? 0 : now_ - name.until) + " ";
        }
      }
      return out;
    });
  };
  tell("registry/shop:1", '1', 5000);
  tell("registry/shop:1", '1', 3000);
  EXPECT_EQ(edges(), "5000-0 ");
  tell("registry/shop:1", '1', 6000);
  EXPECT_EQ(edges(), "6000-0 ");
  tell("registry/shop:1", '2', 4000);  // splits it
  EXPECT_EQ(Ask(0,
                [](const View& view) {
                  std::string out;
                  for (const char digit : {'1', '2'}) {
                    const Content& content =
                        view.fleet().contents()[view.fleet().FindContent(Digest(digit))];
                    out += std::to_string(content.names.size());
                  }
                  return out;
                }),
            "21");
}

SCANTLING_ON_BOTH(OrderTest);

}  // namespace
}  // namespace scantling::program
