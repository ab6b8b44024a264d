// CODEOWNERS: the examples of GitHub's and GitLab's documentation, and what does not follow them.
#include "program/codeowners.h"

#include "base/strings.h"
#include "program/builds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace scantling::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CodeOwners Parse(std::string_view text, std::string_view file = "") {
  auto parsed = ParseCodeOwners(text, file);
  EXPECT_TRUE(parsed);
  return parsed ? *std::move(parsed) : CodeOwners();
}

// "role=owner,owner:line", several with blanks.
std::string Of(const CodeOwners& owners, std::string_view path) {
  std::string out;
  for (const CodeOwner& one : owners.OwnersOf(path)) {
    out += (out.empty() ? "" : " ") + one.role + "=";
    for (const std::string& owner : one.owners) {
      out += (out.ends_with('=') ? "" : ",") + owner;
    }
    out += ":" + std::to_string(one.line);
  }
  return out;
}

// https://docs.github.com/.../about-code-owners, "Example of a CODEOWNERS file"
constexpr std::string_view kGithub = R"(# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
/with\ blank/ @blank
)";

TEST(CodeOwnersTest, GithubsExample) {
  const CodeOwners owners = Parse(kGithub, ".github/CODEOWNERS");
  EXPECT_THAT(owners.problems, IsEmpty());
  EXPECT_EQ(owners.rules.size(), 13U);
  struct Case {
    std::string_view path;
    std::string_view want;
  };
  const Case cases[] = {
      {"Dockerfile", "application=global-owner1,global-owner2:2"},
      {"src/a.js", "application=js-owner:3"},
      {"main.go", "application=docs@example.com:4"},
      {"a/b/c.txt", "application=octo-org/octocats:5"},
      {"build/logs/x", "application=octocat:11"},
      {"src/build/logs", "application=octocat:11"},
      {"deep/in/logs/Dockerfile", "application=octocat:11"},
      {"apps/shop/Dockerfile", "application=octocat:12"},
      {"src/apps/Dockerfile", "application=octocat:8"},
      {"docs/Dockerfile", "application=doctocat:9"},
      {"docs/a/Dockerfile", "application=doctocat:9"},
      {"/scripts/x/Dockerfile", "application=doctocat,octocat:10"},
      {"./scripts/Dockerfile", "application=doctocat,octocat:10"},
      {"apps/github", ""},  // nobody, on purpose
      {"apps/github/Dockerfile", ""},
      {"with blank/Dockerfile", "application=blank:14"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Of(owners, one.path), one.want) << one.path;
  }
}

TEST(CodeOwnersTest, PatternsOfGithub) {
  struct Case {
    std::string_view pattern;
    std::string_view path;
    bool fits;
  };
  const Case cases[] = {
      {"*", "a/b", true},
      {"docs/*", "docs/a", true},
      {"docs/*", "docs/a/b", false},
      {"docs/*", "x/docs/a", false},
      {"docs/**", "docs/a/b", true},
      {"docs", "x/docs/a", true},
      {"docs", "docs", true},
      {"docs/", "docs", false},
      {"docs/", "docs/a", true},
      {"/docs", "x/docs", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b", true},
      {"a/**/b", "ax/b", false},
      {"**/b", "b", true},
      {"**/b", "a/xb", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"*.md", "x/y.md", true},
      {"*.md", "x.md/y", true},
      {"a*b*c", "axbxc", true},
      {"a*b*c", "axbx/c", false},
      {"Docs", "docs", false},
      {"/", "a/b", true},
      {"/**/Dockerfile", "a/b/Dockerfile", true},
      {"/**/Dockerfile", "Dockerfile", true},
      {"*/Dockerfile", "a/Dockerfile", true},
      {"*/Dockerfile", "a/b/Dockerfile", false},
      {"a**b", "a/x/b", false},
      {"a**b", "axb", true},
      {"/*", "Dockerfile", true},
      {"/*", "services/shop/Dockerfile", false},
      {"docs/*/", "docs/a/b", true},
      {"docs/**", "docs", false},
      {"a/**/**/b", "a/b", true},
      {"a/**/b/*.c", "a/b/x/b/y.c", true},
      {"a/**/b/*.c", "a/b/x/y.c", false},
      {"**", "a/b", true},
  };
  for (const Case& one : cases) {
    const CodeOwners owners = Parse(std::string(one.pattern) + " @x\n");
    EXPECT_EQ(!owners.OwnersOf(one.path).empty(), one.fits) << one.pattern << " " << one.path;
  }
}

// https://docs.gitlab.com/user/project/codeowners/reference/
TEST(CodeOwnersTest, SectionsOfGitlab) {
  const CodeOwners owners = Parse(R"(* @default
internal/README.md @anywhere
/docs @file
/docs/*.md @direct
[Documentation][2] @docs-team
docs/
README.md @other
[Image] @platform-images
Dockerfile
base/Dockerfile @base-team
^[SECURITY]
*.pem @@maintainer
!test/*.pem
[documentation]
*.rst
)");
  EXPECT_EQ(owners.style, CodeOwnersStyle::kGitlab);
  EXPECT_THAT(owners.problems, IsEmpty());
  EXPECT_THAT(owners.sections, ElementsAre("", "Documentation", "Image", "SECURITY"));
  EXPECT_EQ(Of(owners, "x/internal/README.md"), "application=anywhere:2");
  EXPECT_EQ(Of(owners, "docs"), "application=file:3");
  EXPECT_EQ(Of(owners, "docs/a"), "application=default:1") << "\"/docs\" is a file there";
  EXPECT_EQ(Of(owners, "docs/a.md"), "application=direct:4");
  EXPECT_EQ(Of(owners, "docs/x/a.md"), "application=default:1");
  EXPECT_EQ(Of(owners, "shop/Dockerfile"), "application=default:1 image=platform-images:9");
  EXPECT_EQ(Of(owners, "base/Dockerfile"), "application=default:1 image=base-team:10");
  EXPECT_EQ(Of(owners, "a.pem"), "application=default:1 security=maintainer:12");
  EXPECT_EQ(Of(owners, "test/a.pem"), "application=default:1");
  // Without a rule for all, the sections come in their order.
  const CodeOwners two = Parse("[A] @a\ndocs/\n[B] @b\n*\n[A]\n*.rst\n");
  EXPECT_EQ(Of(two, "docs/x"), "application=a:2");
  EXPECT_EQ(Of(two, "x.rst"), "application=a:6");
  EXPECT_EQ(Of(two, "y"), "application=b:4");
}

TEST(CodeOwnersTest, WhatDoesNotFollowIsNamedWithItsLine) {
  const CodeOwners owners =
      Parse("# x\n* nobody\n!a @b\nx[a-z].md @c\n/a @d\n" + std::string(5000, 'x') + "\n*.x @\n" +
            std::string(40, '*') + " @e\nb @f \"g\"\n");
  EXPECT_THAT(owners.problems,
              ElementsAre(HasSubstr("line 2: \"nobody\""), HasSubstr("line 3: \"!\""),
                          HasSubstr("line 4"), HasSubstr("line 6: longer"), HasSubstr("line 7"),
                          HasSubstr("line 8"), HasSubstr("line 9")));
}

TEST(CodeOwnersTest, LimitsHold) {
  EXPECT_EQ(ParseCodeOwners(std::string((3 << 20) + 1, '#')).error().code(),
            base::ErrorCode::kLimit);
  std::string many;
  for (int i = 0; i < 20'001; ++i) {
    many += "a @b\n";
  }
  EXPECT_EQ(ParseCodeOwners(many).error().code(), base::ErrorCode::kLimit);
  many.resize(many.size() - 5);
  EXPECT_TRUE(ParseCodeOwners(many));
  std::string wrong;
  for (int i = 0; i < 5'000; ++i) {
    wrong += "a b\n[s" + std::to_string(i) + "]\n";
  }
  EXPECT_EQ(Parse(wrong).problems.size(), 100U);
  EXPECT_EQ(Parse(wrong).sections.size(), 1000U);
  // Many stars against a long path end soon.
  const CodeOwners stars = Parse("*a*a*a*a*a*a*a*a*a*a*a*a*a*b @x\n**a**a**a**a**a**a**b @x\n");
  EXPECT_THAT(stars.OwnersOf(std::string(4000, 'a')), IsEmpty());
  // And so do many segments: a path is gone over once, whatever the pattern.
  const std::string deep = base::Join(std::vector<std::string>(1023, "a"), "/");
  std::string rules;
  for (int i = 0; i < 200; ++i) {
    rules += "**/" + deep.substr(0, 110) + "/z @x\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(Parse(rules).OwnersOf(deep), IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));  // not ever
  EXPECT_THAT(Parse(deep + " @x\n").problems, ElementsAre(HasSubstr("60 segments")));
}

TEST(CodeOwnersTest, ARecordsPathHasLimits) {
  const auto refused = [](const std::string& path) {
    const auto record =
        ParseBuildRecord(R"({"digest":"sha256:)" + std::string(64, '1') +
                             R"(","codeowners":"* @x","dockerfile":")" + path + "\"}",
                         false, 0);
    return record ? std::string() : record.error().Message();
  };
  EXPECT_EQ(refused(base::Join(std::vector<std::string>(64, "a"), "/")), "");
  EXPECT_THAT(refused(base::Join(std::vector<std::string>(65, "a"), "/")),
              HasSubstr("64 segments"));
  EXPECT_EQ(refused(std::string(512, 'a')), "");
  EXPECT_THAT(refused(std::string(513, 'a')), HasSubstr("512 bytes"));
}

TEST(CodeOwnersTest, EveryCutIsAnAnswer) {
  const std::string text = std::string(kGithub) + "[S][1] @a\n\\\n!x\n";
  for (size_t size = 0; size <= text.size(); ++size) {
    for (const std::string_view file : {"", ".gitlab/CODEOWNERS"}) {
      const CodeOwners owners = Parse(std::string_view(text).substr(0, size), file);
      EXPECT_LE(owners.OwnersOf("apps/shop/Dockerfile").size(), 4U);
    }
  }
}

}  // namespace
}  // namespace scantling::program
