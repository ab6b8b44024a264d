// History to lines. The histories of buildah are those that buildah 1.28 wrote for the Dockerfile
// that stands here (with and without --layers); the ones of BuildKit and docker's old builder are
// put together by hand as these write them, heredocs included, which buildah 1.28 does not read.
#include "rank/dockerfile_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::rank {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "-" in front: an entry without a layer; "@TEXT " in front: its comment.
model::Image MakeImage(const std::vector<std::string>& history) {
  model::Image image;
  for (std::string text : history) {
    const bool empty = text.starts_with("-");
    text.erase(0, empty ? 1 : 0);
    std::string comment;
    if (text.starts_with("@")) {
      comment = text.substr(1, text.find('@', 1) - 1);
      text.erase(0, comment.size() + 2);
    }
    image.history.push_back({"", text, comment, empty});
    if (!empty) {
      model::Layer layer;
      layer.index = static_cast<int32_t>(image.layers.size());
      image.layers.push_back(layer);
    }
  }
  return image;
}

std::vector<int32_t> Lines(const model::Image& image) {
  std::vector<int32_t> out;
  for (const model::Layer& layer : image.layers) {
    out.push_back(layer.line);
  }
  return out;
}

DockerfileFacts Map(std::string_view text, model::Image& image, std::string_view target = "") {
  auto file = codec::ParseDockerfile(text, "Dockerfile");
  EXPECT_TRUE(file.has_value()) << (file ? "" : file.error().Message());
  if (!file) {
    return {};
  }
  auto facts = MapDockerfile(*file, "Dockerfile", target, image);
  EXPECT_TRUE(facts.has_value());
  return facts ? *std::move(facts) : DockerfileFacts();
}

constexpr std::string_view kMultiStage = R"(# syntax=docker/dockerfile:1
ARG BASE=base
ARG TAG=latest
FROM oci:alpine AS build
ARG VERSION=1.2
ENV APP=/srv/app \
    MODE=prod
RUN mkdir -p $APP && \
    echo ${VERSION} > $APP/version
# a comment

COPY Dockerfile /x
FROM build AS mid
RUN echo mid > /mid
FROM mid
LABEL a=b
WORKDIR /work
COPY --from=build /srv/app /app
USER 1000
RUN ["/bin/sh", "-c", "echo hi > /tmp/x"]
CMD ["sh"]
)";

TEST(DockerfileLines, BuildahWithLayers) {
  model::Image image = MakeImage(
      {"/bin/sh -c #(nop) ADD file:d48cac34fac385cbc1de6adfdd88300f76f9bbe3 in / ",
       "-/bin/sh -c #(nop)  CMD [\"/bin/sh\"]",
       "-@FROM localhost/alpine/oci:latest@/bin/sh -c #(nop) ARG VERSION",
       "-@FROM a7d31d68fa2e@/bin/sh -c #(nop) ENV APP=/srv/app     MODE=prod",
       "@FROM 66111b23bf52@|1 VERSION=1.2 /bin/sh -c mkdir -p $APP &&     echo ${VERSION} > "
       "$APP/version",
       "@FROM 1b80118daeb0@/bin/sh -c #(nop) COPY file:9aca61be95b8373f68c08cee99bf in /x ",
       "@FROM eb620039fa2c@/bin/sh -c echo mid > /mid",
       "-@FROM 0429e72b310b@/bin/sh -c #(nop) LABEL a=b",
       "-@FROM 419cebfa07f2@/bin/sh -c #(nop) WORKDIR /work",
       "@FROM 0ead758d8bd5@/bin/sh -c #(nop) COPY dir:af6a977dfbcb2a53db9f8bbfc8265826f3 in /app ",
       "-@FROM e40c8bb619a7@/bin/sh -c #(nop) USER 1000",
       "@FROM 2af359787bc3@/bin/sh -c [\"/bin/sh\", \"-c\", \"echo hi > /tmp/x\"]",
       "-@FROM c9800f4daa25@/bin/sh -c #(nop) CMD [\"sh\"]"});
  const DockerfileFacts facts = Map(kMultiStage, image);
  EXPECT_THAT(Lines(image), ElementsAre(4, 8, 12, 14, 18, 20));
  EXPECT_EQ(facts.base_layers, 1);
  EXPECT_EQ(facts.from, "oci:alpine");
  EXPECT_EQ(facts.mapped_layers, 5);
  EXPECT_THAT(facts.notes, IsEmpty());
  EXPECT_EQ(image.dockerfile, "Dockerfile");
}

// As buildah 1.28 wrote it: variables in paths as they stand, the flags of RUN, arguments sorted.
TEST(DockerfileLines, BuildahsSpelling) {
  model::Image image = MakeImage(
      {"# mmdebstrap", "-/bin/sh -c #(nop) ARG NAME VERSION",
       "-/bin/sh -c #(nop) ENV APP=/srv/app     MODE=prod",
       "|3 NAME=my app VERSION=1.2 /bin/sh -c --mount=type=tmpfs,target=/scratch mkdir -p $APP &&  "
       "   echo ${VERSION} > $APP/version",
       "-/bin/sh -c #(nop) SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
       "|3 NAME=my app VERSION=1.2 /bin/sh -c echo \"$NAME\" | tee /name",
       "-/bin/sh -c #(nop) WORKDIR $APP",
       "/bin/sh -c #(nop) COPY multi:7f0aea4ea37ea9f223b435eee237b3ef in ./here/ ",
       "/bin/sh -c #(nop) ADD file:943d4ac4385134eeb44455ef5fa93f in ${APP}/more/ "});
  const DockerfileFacts facts = Map(R"(FROM base
ARG VERSION=1.2 NAME="my app"
ENV APP=/srv/app \
    # a comment inside
    MODE=prod
RUN --mount=type=tmpfs,target=/scratch mkdir -p $APP && \
    # another comment
    echo ${VERSION} > $APP/version
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN echo "$NAME" | tee /name
WORKDIR $APP
COPY Dockerfile data/ ./here/
ADD Dockerfile ${APP}/more/
)",
                                    image);
  EXPECT_THAT(Lines(image), ElementsAre(1, 6, 10, 12, 13));
  EXPECT_EQ(facts.base_layers, 1);
  EXPECT_THAT(facts.notes, IsEmpty());
}

TEST(DockerfileLines, BuildahWithoutLayersHoldsSeveralInStages) {
  model::Image image = MakeImage(
      {"/bin/sh -c #(nop) ADD file:d48cac34fac385cbc1de6adfdd88300f76f9bbe3 in / ",
       "-/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", "-/bin/sh -c #(nop) ARG VERSION",
       "-/bin/sh -c #(nop) ENV APP=/srv/app     MODE=prod",
       "-|1 VERSION=1.2 /bin/sh -c mkdir -p $APP &&     echo ${VERSION} > $APP/version",
       "@FROM localhost/alpine/oci:latest@/bin/sh -c #(nop) COPY file:9aca61be95b837 in /x ",
       "@FROM 96b16364c398@/bin/sh -c echo mid > /mid", "-/bin/sh -c #(nop) LABEL a=b",
       "-/bin/sh -c #(nop) WORKDIR /work",
       "-/bin/sh -c #(nop) COPY dir:af6a977dfbcb2a53db9f8bbfc8265826f3187057f05c in /app ",
       "-/bin/sh -c #(nop) USER 1000", "-/bin/sh -c [\"/bin/sh\", \"-c\", \"echo hi > /tmp/x\"]",
       "@FROM aa8d21ff6801@/bin/sh -c #(nop) CMD [\"sh\"]"});
  const DockerfileFacts facts = Map(kMultiStage, image);
  EXPECT_THAT(Lines(image), ElementsAre(4, 0, 14, 0));
  EXPECT_EQ(facts.base_layers, 1);
  EXPECT_THAT(facts.notes,
              ElementsAre(HasSubstr("layer 2 holds what several"), HasSubstr("lines 18, 20")));
}

constexpr std::string_view kHeredocs = R"(FROM debian:12-slim AS base
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ARG VERSION=3
RUN <<EOF
set -e
apt-get update
apt-get install -y curl
EOF
RUN <<PY
#!/usr/bin/env python3
print("x")
PY
RUN cat <<A >/a && cat <<-B >/b
one
A
	two
	B
WORKDIR app
COPY <<EOF ./settings.toml
a = 1
EOF
COPY --link --chown=1:1 . .
RUN --mount=type=cache,target=/root/.cache npm ci
EXPOSE 8080/tcp
ENTRYPOINT ["node", "x.js"]
)";

std::vector<std::string> HeredocHistory() {
  return {"/bin/sh -c #(nop) ADD file:d48cac34fac385cbc1de in / ",
          "-/bin/sh -c #(nop)  CMD [\"bash\"]",
          "-SHELL [/bin/bash -o pipefail -c]",
          "-ARG VERSION=3",
          "RUN |1 VERSION=3 /bin/bash -o pipefail -c set -e\napt-get update\napt-get install -y "
          "curl\n # buildkit",
          "RUN |1 VERSION=3 /bin/bash -o pipefail -c /dev/pipes/PY # buildkit",
          "RUN |1 VERSION=3 /bin/bash -o pipefail -c cat <<A >/a && cat <<-B "
          ">/b\none\nA\ntwo\nB # buildkit",
          "WORKDIR /srv/app",
          "COPY <<EOF ./settings.toml # buildkit",
          "COPY --chown=1:1 --link . . # buildkit",
          "RUN |1 VERSION=3 /bin/bash -o pipefail -c npm ci # buildkit",
          "-EXPOSE map[8080/tcp:{}]",
          "-ENTRYPOINT [\"node\" \"x.js\"]"};
}

TEST(DockerfileLines, BuildkitWithHeredocs) {
  model::Image image = MakeImage(HeredocHistory());
  const DockerfileFacts facts = Map(kHeredocs, image);
  EXPECT_THAT(Lines(image), ElementsAre(1, 4, 9, 13, 18, 19, 22, 23));
  EXPECT_EQ(facts.base_layers, 1);
  EXPECT_EQ(facts.from, "debian:12-slim");
  EXPECT_THAT(facts.notes, IsEmpty());
}

TEST(DockerfileLines, AChangedInstructionCostsItsOwnLayerOnly) {
  std::vector<std::string> history = HeredocHistory();
  history[10] = "RUN |1 VERSION=3 /bin/bash -o pipefail -c npm install # buildkit";
  model::Image image = MakeImage(history);
  const DockerfileFacts facts = Map(kHeredocs, image);
  EXPECT_THAT(Lines(image), ElementsAre(0, 4, 9, 13, 18, 19, 22, 0));
  EXPECT_EQ(facts.base_layers, -1);
  EXPECT_THAT(facts.notes, ElementsAre("layer 8 has no counterpart in the Dockerfile",
                                       HasSubstr("line 23: not found")));
}

TEST(DockerfileLines, OneOfWhichNothingIsInTheHistoryIsOfAnotherImage) {
  const std::vector<std::string> history = {"ADD rootfs.tar / # buildkit", "-CMD [\"bash\"]",
                                            "RUN /bin/sh -c make # buildkit"};
  model::Image image = MakeImage(history);
  const DockerfileFacts other = Map("FROM alpine\nRUN apk add curl\nCOPY a b\n", image);
  EXPECT_TRUE(other.foreign);
  EXPECT_EQ(other.base_layers, -1);
  EXPECT_THAT(Lines(image), ElementsAre(0, 0));
  EXPECT_THAT(other.notes, ElementsAre(HasSubstr("another image's")));
  // One instruction that is there makes it an edited one; without any that makes files nothing is
  // known.
  EXPECT_FALSE(Map("FROM debian\nCOPY a b\nRUN make\n", image).foreign);
  EXPECT_FALSE(Map("FROM debian\nENV A=b\n", image).foreign);
}

TEST(DockerfileLines, MoreLayersThanInstructionsEndIt) {
  std::vector<std::string> history = HeredocHistory();
  history.push_back("RUN /bin/sh -c another # buildkit");
  model::Image image = MakeImage(history);
  const DockerfileFacts facts = Map(kHeredocs, image);
  EXPECT_THAT(Lines(image), ::testing::Each(0));
  EXPECT_EQ(facts.base_layers, -1);
  EXPECT_THAT(facts.notes, Not(IsEmpty()));
}

TEST(DockerfileLines, TheOldBuilderAndSquash) {
  constexpr std::string_view kText =
      "FROM node:20\nWORKDIR /usr/src/app\nCOPY package.json ./\nRUN npm i\nADD a b /x/\n";
  const std::vector<std::string> history = {"/bin/sh -c #(nop) ADD file:aa in / ",
                                            "-/bin/sh -c #(nop)  CMD [\"node\"]",
                                            "/bin/sh -c #(nop) WORKDIR /usr/src/app",
                                            "/bin/sh -c #(nop) COPY file:bb in ./ ",
                                            "/bin/sh -c npm i",
                                            "/bin/sh -c #(nop) ADD multi:cc in /x/ "};
  model::Image image = MakeImage(history);
  EXPECT_EQ(Map(kText, image).base_layers, 1);
  EXPECT_THAT(Lines(image), ElementsAre(1, 2, 3, 4, 5));
  image = MakeImage({history[0], history[1], "-" + history[2], "-" + history[3], "-" + history[4],
                     "-" + history[5], "@merge sha256:1 to sha256:2@"});
  const DockerfileFacts squashed = Map(kText, image);
  EXPECT_THAT(Lines(image), ElementsAre(1, 0));
  EXPECT_EQ(squashed.base_layers, 1);
  EXPECT_THAT(squashed.notes, ElementsAre(HasSubstr("layer 2 holds what several")));
}

TEST(DockerfileLines, TriggersOfTheBase) {
  model::Image image = MakeImage(
      {"ADD rootfs.tar / # buildkit", "-/bin/sh -c #(nop)  ONBUILD COPY package.json /app/",
       "-/bin/sh -c #(nop)  ONBUILD RUN npm install", "/bin/sh -c #(nop) COPY file:aa in /app/ ",
       "/bin/sh -c npm install", "/bin/sh -c echo x"});
  const DockerfileFacts facts = Map("FROM node:onbuild\nRUN echo x\n", image);
  EXPECT_THAT(Lines(image), ElementsAre(1, 1, 1, 2));
  EXPECT_EQ(facts.base_layers, 1);
}

TEST(DockerfileLines, OnlyFrom) {
  model::Image image = MakeImage({"# mmdebstrap", "RUN /bin/sh -c a # buildkit"});
  EXPECT_EQ(Map("FROM x\n", image).base_layers, 2);
  EXPECT_THAT(Lines(image), ElementsAre(1, 1));
}

TEST(DockerfileLines, WhatIsNotKnownIsSaid) {
  model::Image image = MakeImage({"a", "b"});
  image.layers.pop_back();
  EXPECT_THAT(Map("FROM x\nRUN b\n", image).notes, ElementsAre(HasSubstr("does not tell")));
  image = MakeImage({"RUN /bin/sh -c b # buildkit"});
  const DockerfileFacts facts = Map("ARG T\nFROM debian:$T\nRUN b\n", image);
  EXPECT_EQ(facts.from, "");
  EXPECT_THAT(facts.notes, ElementsAre(HasSubstr("--build-arg")));
  image = MakeImage({"ADD x / # buildkit", "RUN /bin/sh -c b # buildkit"});
  EXPECT_THAT(Map("FROM scratch\nRUN b\n", image).notes, ElementsAre(HasSubstr("FROM scratch")));
  const auto file = codec::ParseDockerfile("FROM x AS a\n", "Dockerfile");
  EXPECT_THAT(MapDockerfile(*file, "D", "b", image).error().Message(), HasSubstr("no stage"));
}

// A command that ends another one is not that one.
TEST(DockerfileLines, CommandsAreWhole) {
  for (const char* entry : {"/bin/sh -c a && b", "/bin/sh -c ls -c b", "/bin/sh -c xb",
                            "|1 A=c /bin/sh -c sh -x b", "RUN /bin/sh -c echo '#(nop)' b"}) {
    model::Image image = MakeImage({"ADD x /", entry});
    Map("FROM x\nRUN b\n", image);
    EXPECT_THAT(Lines(image), ElementsAre(0, 0)) << entry;
  }
}

TEST(DockerfileLines, AnyHistoryIsNoCrash) {
  std::mt19937 random(11);
  const std::vector<std::string> history = HeredocHistory();
  const auto file = codec::ParseDockerfile(kHeredocs, "Dockerfile");
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> damaged;
    for (size_t i = random() % 20; i-- > 0;) {
      damaged.push_back(history[random() % history.size()]);
      std::string& text = damaged.back();
      text[random() % text.size()] ^= static_cast<char>(1U << (random() % 8));
      text.resize(random() % (text.size() + 1));
    }
    model::Image image = MakeImage(damaged);
    EXPECT_TRUE(MapDockerfile(*file, "Dockerfile", "", image).has_value());
  }
}

}  // namespace
}  // namespace scantling::rank
