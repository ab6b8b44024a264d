// Dockerfiles: what each form becomes, and what damage does.
#include "codec/dockerfile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Dockerfile Parse(std::string_view text, const DockerfileOptions& options = {}) {
  auto out = ParseDockerfile(text, "Dockerfile", options);
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().Message());
  return out ? *std::move(out) : Dockerfile();
}

std::string Problem(std::string_view text) {
  auto out = ParseDockerfile(text, "Dockerfile");
  return out ? "" : out.error().Message();
}

constexpr std::string_view kWhole = R"(# syntax=docker/dockerfile:1.7
# escape=\

# The versions in one place.
ARG BASE=debian
ARG TAG=12-slim
ARG FULL=${BASE}:${TAG}

FROM --platform=$TARGETPLATFORM golang:1.22 AS Build
ARG VERSION=1.2
ENV APP=/srv/app \
    # with a comment inside

    MODE="a b" PLAIN=\$x
WORKDIR $APP
RUN --mount=type=cache,target=/root/.cache go build \
      -o app . && \
    echo ${VERSION}
COPY --from=0 --chown=1:1 ["a b", "$APP/c"]

FROM build as mid
ENV OLD old style value
COPY <<EOF <<-"RAW" $APP/
one $X
EOF
	two
	RAW
RUN <<EOF
set -e
# not a comment of the Dockerfile
echo $APP
EOF

FROM ${FULL}
ARG TAG
COPY --from=mid /srv/app /app
ONBUILD RUN make
LABEL tag=${TAG:-none} other=${NOBODY:-"x y"} up=${TAG:+set} head=${TAG%-slim}
HEALTHCHECK --interval=5s CMD curl -f http://localhost/
CMD ["app", "--port", "80"]
)";

TEST(Dockerfile, AllForms) {
  const Dockerfile file = Parse(kWhole, {.platform = "linux/arm64/v8"});
  EXPECT_EQ(file.syntax, "docker/dockerfile:1.7");
  ASSERT_EQ(file.stages.size(), 3U);
  EXPECT_EQ(file.stages[0].name, "build");
  EXPECT_EQ(file.stages[0].platform, "linux/arm64/v8");
  EXPECT_EQ(file.stages[1].from_stage, 0);
  EXPECT_EQ(file.stages[2].base, "debian:12-slim");
  EXPECT_FALSE(file.stages[2].base_unresolved);
  EXPECT_EQ(file.stages[2].line, 34);
  EXPECT_THAT(file.Chain(1), ElementsAre(0U, 1U));
  EXPECT_THAT(file.Chain(2), ElementsAre(2U));
  EXPECT_EQ(*file.Target(""), 2U);
  EXPECT_EQ(*file.Target("MID"), 1U);
  EXPECT_EQ(*file.Target("0"), 0U);
  EXPECT_THAT(file.Target("x").error().Message(), HasSubstr("build, mid, 2"));

  const auto& all = file.instructions;
  ASSERT_EQ(all.size(), 20U);
  EXPECT_EQ(all[0].stage, -1);
  const auto& env = all[5];
  EXPECT_EQ(env.keyword, "ENV");
  EXPECT_EQ(env.first_line, 11);
  EXPECT_EQ(env.last_line, 14);
  EXPECT_THAT(env.words, ElementsAre("APP=/srv/app", "MODE=a b", "PLAIN=$x"));
  EXPECT_EQ(all[6].expanded, "/srv/app");
  const auto& run = all[7];
  EXPECT_EQ(run.first_line, 16);
  EXPECT_EQ(run.last_line, 18);
  EXPECT_EQ(run.Flag("mount"), "type=cache,target=/root/.cache");
  EXPECT_EQ(run.arguments, "go build       -o app . &&     echo ${VERSION}");
  EXPECT_EQ(run.expanded, run.arguments);
  EXPECT_TRUE(all[8].exec_form);
  EXPECT_THAT(all[8].words, ElementsAre("a b", "/srv/app/c"));
  EXPECT_EQ(all[8].Flag("from"), "0");
  EXPECT_THAT(all[10].words, ElementsAre("OLD=old style value"));

  const auto& copy = all[11];
  ASSERT_EQ(copy.heredocs.size(), 2U);
  EXPECT_EQ(copy.heredocs[0].content, "one $X\n");
  EXPECT_TRUE(copy.heredocs[0].expand);
  EXPECT_EQ(copy.heredocs[1].content, "two\n");
  EXPECT_FALSE(copy.heredocs[1].expand);
  EXPECT_EQ(copy.first_line, 23);
  EXPECT_EQ(copy.last_line, 27);
  EXPECT_EQ(copy.expanded, "<<EOF <<-\"RAW\" /srv/app/");
  const auto& script = all[12];
  EXPECT_EQ(script.heredocs[0].content, "set -e\n# not a comment of the Dockerfile\necho $APP\n");
  EXPECT_EQ(script.last_line, 32);
  const auto& label = all[17];
  EXPECT_EQ(label.keyword, "LABEL");
  EXPECT_THAT(label.words, ElementsAre("tag=12-slim", "other=x y", "up=set", "head=12"));
  ASSERT_EQ(all[16].trigger.size(), 1U);
  EXPECT_EQ(all[16].trigger[0].keyword, "RUN");
  EXPECT_EQ(all[18].Flag("interval"), "5s");
  EXPECT_TRUE(all[19].exec_form);
}

TEST(Dockerfile, BuildArgumentsAndUnknownVariables) {
  constexpr std::string_view kText =
      "ARG TAG\nFROM debian:$TAG\nARG V=1\nENV V=2\nARG V=3\nLABEL v=$V p=$PATH\n";
  const Dockerfile without = Parse(kText);
  EXPECT_TRUE(without.stages[0].base_unresolved);
  EXPECT_EQ(without.stages[0].base, "debian:$TAG");
  EXPECT_EQ(without.instructions.back().expanded, "v=2 p=$PATH");
  EXPECT_TRUE(without.instructions.back().unresolved);
  const Dockerfile with = Parse(kText, {.build_args = {{"TAG", "11"}}});
  EXPECT_EQ(with.stages[0].base, "debian:11");
}

TEST(Dockerfile, BacktickEscapes) {
  const Dockerfile file = Parse("# escape=`\nFROM a\nRUN dir c:\\ `\n  && b\n");
  EXPECT_EQ(file.instructions[1].arguments, "dir c:\\   && b");
}

TEST(Dockerfile, WindowsLineEnds) {
  const Dockerfile file = Parse("FROM a\r\nRUN b \\\r\n  c\r\n");
  EXPECT_EQ(file.instructions[1].arguments, "b   c");
}

TEST(Dockerfile, ErrorsNameTheLine) {
  EXPECT_EQ(Problem("FROM a\n\nRUNN x\n"),
            "Dockerfile: line 3: \"RUNN\" is not an instruction of a Dockerfile");
  EXPECT_THAT(Problem("RUN x\n"), HasSubstr("line 1: RUN before the first FROM"));
  EXPECT_THAT(Problem("FROM a b c d\n"), HasSubstr("line 1: FROM wants"));
  EXPECT_THAT(Problem("FROM a\nRUN <<EOF\nx\n"), HasSubstr("line 2: the heredoc \"EOF\""));
  EXPECT_THAT(Problem("FROM a\nWORKDIR ${A\n"), HasSubstr("line 2: \"${A\""));
  EXPECT_THAT(Problem("FROM a\nENV A=b c\n"), HasSubstr("line 2: ENV: \"c\""));
  EXPECT_THAT(Problem("# escape=x\nFROM a\n"), HasSubstr("line 1: escape"));
  EXPECT_THAT(Problem(""), HasSubstr("no FROM"));
  EXPECT_THAT(Problem("FROM a\nWORKDIR\n"), HasSubstr("line 2: WORKDIR says nothing"));
  EXPECT_THAT(Problem(std::string_view("FROM a\0b\n", 9)), HasSubstr("zero byte"));
}

TEST(Dockerfile, VariablesThatDoubleMeetTheLimit) {
  std::string text = "FROM a\nENV A=0123456789\n";
  for (int i = 0; i < 40; ++i) {
    text += "ENV A=$A$A\n";
  }
  EXPECT_THAT(Problem(text), HasSubstr("bytes"));
  std::string deep = "FROM a\nLABEL x=";
  for (int i = 0; i < 100; ++i) {
    deep += "${A:-";
  }
  deep += std::string(100, '}') + "\n";
  EXPECT_THAT(Problem(deep), HasSubstr("deep"));
}

TEST(Dockerfile, EveryPrefixAndRandomDamageIsNoCrash) {
  for (size_t length = 0; length <= kWhole.size(); ++length) {
    (void)ParseDockerfile(kWhole.substr(0, length), "Dockerfile");
  }
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged(kWhole);
    for (int flips = 0; flips < 3; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    if (auto file = ParseDockerfile(damaged, "Dockerfile")) {
      for (size_t stage = 0; stage < file->stages.size(); ++stage) {
        EXPECT_FALSE(file->Chain(stage).empty());
      }
    }
  }
}

}  // namespace
}  // namespace scantling::codec
