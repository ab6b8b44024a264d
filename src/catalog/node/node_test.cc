#include "catalog/node/node.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/node/place.h"
#include "codec/json.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <set>

namespace scantling::catalog {
namespace {

using node::Place;

struct Case {
  std::string_view path;
  Place want;
};

TEST(Node, Place) {
  for (const Case& c : {
           Case{"app/node_modules/express/package.json", Place::kInstalled},
           Case{"node_modules/express/package.json", Place::kInstalled},
           Case{"app/node_modules/@babel/core/package.json", Place::kInstalled},
           Case{"a/node_modules/b/node_modules/@c/d/node_modules/e/package.json",
                Place::kInstalled},
           Case{"usr/lib/node_modules/npm/node_modules/ip/package.json", Place::kInstalled},
           Case{"a/node_modules/.pnpm/x@1.0.0/node_modules/x/package.json", Place::kInstalled},
           Case{"a/node_modules/.pnpm/@s+x@1/node_modules/@s/x/package.json", Place::kInstalled},
           Case{"a/node_modules/.pnpm/x@1/node_modules/x/node_modules/y/package.json",
                Place::kInstalled},
           Case{"a/node_modules/.pnpm/node_modules/x/package.json", Place::kInstalled},
           Case{"a/node_modules/.store/x-npm-1.0/package/package.json", Place::kInstalled},
           Case{"a/node_modules/.store/x@1/node_modules/x/package.json", Place::kInstalled},
           Case{"usr/share/nodejs/semver/package.json", Place::kInstalled},
           Case{"usr/share/nodejs/@types/node/package.json", Place::kInstalled},
           Case{"usr/share/nodejs/a/node_modules/b/package.json", Place::kInstalled},
           Case{"usr/lib/x86_64-linux-gnu/nodejs/a/package.json", Place::kInstalled},
           Case{"package.json", Place::kOutside},
           Case{"app/package.json", Place::kOutside},
           Case{"app/packages/web/package.json", Place::kOutside},
           Case{"app/node_modules/package.json", Place::kInside},
           Case{"app/node_modules/@babel/package.json", Place::kInside},
           Case{"app/node_modules/x/dist/esm/package.json", Place::kInside},
           Case{"app/node_modules/@s/x/dist/package.json", Place::kInside},
           Case{"app/node_modules/x/test/fixture/package.json", Place::kInside},
           Case{"app/node_modules/resolve/test/r/node_modules/foo/package.json", Place::kInside},
           Case{"a/node_modules/.cache/x/package.json", Place::kInside},
           Case{"a/node_modules/.pnpm/package.json", Place::kInside},
           Case{"usr/share/nodejs/semver/dist/package.json", Place::kInside},
           Case{"usr/share/nodejs/a/test/node_modules/b/package.json", Place::kInside},
       }) {
    EXPECT_EQ(node::PlaceOf(c.path), c.want) << c.path;
  }
}

FileFacts Facts(std::string_view path, std::string_view data) {
  auto facts = NodeCataloger().Catalog({path, base::AsBytes(data)}, {});
  EXPECT_TRUE(facts.has_value()) << (facts ? "" : facts.error().Message());
  return facts ? std::move(*facts) : FileFacts();
}

constexpr std::string_view kPackage =
    R"({"name": "@scope/thing", "version": "1.2.3", "dependencies": {"b": "^1", "a": "npm:x@2"},
        "optionalDependencies": {"c": "*"}, "peerDependencies": {"a": "2"},
        "devDependencies": {"dev": "1"}, "description": "caf\u00e9"})";

TEST(Node, Installed) {
  const FileFacts facts = Facts("app/node_modules/@scope/thing/package.json", kPackage);
  ASSERT_EQ(facts.records.size(), 1u);
  EXPECT_EQ(facts.records[0].component.name, "@scope/thing");
  EXPECT_EQ(facts.records[0].component.version, "1.2.3");
  EXPECT_EQ(facts.records[0].needs, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_FALSE(facts.records[0].is_root);
}

TEST(Node, Projects) {
  FileFacts facts = Facts("app/package.json", kPackage);
  ASSERT_EQ(facts.records.size(), 1u);
  EXPECT_TRUE(facts.records[0].is_root);
  EXPECT_EQ(facts.records[0].needs, (std::vector<std::string>{"a", "b", "c", "dev"}));
  facts = Facts("app/package.json", R"({"private": true, "dependencies": {"x": "1"}})");
  ASSERT_EQ(facts.records.size(), 1u);
  EXPECT_EQ(facts.records[0].component.name, "");
  facts = Facts("app/esm/package.json", R"({"type": "module"})");
  EXPECT_FALSE(facts.relevant);
}

TEST(Node, Odd) {
  EXPECT_FALSE(Facts("node_modules/x/dist/package.json", "not even JSON").relevant);
  EXPECT_EQ(Facts("node_modules/x/package.json", "\xef\xbb\xbf{\"name\":\"x\",\"version\":\"1\"}")
                .records.size(),
            1u);
  EXPECT_EQ(Facts("node_modules/x/package.json", R"({"name": "x", "version": 1})").records.size(),
            0u);
  EXPECT_EQ(Facts("node_modules/x/package.json",
                  R"({"name": "x", "version": "1", "dependencies": ["old", "style"]})")
                .records.at(0)
                .needs,
            (std::vector<std::string>{"old", "style"}));
  for (const std::string_view bad : {"", "[]", "{", "{\"name\": \"x\"", "\"x\""}) {
    EXPECT_FALSE(NodeCataloger()
                     .Catalog({"node_modules/x/package.json", base::AsBytes(bad)}, {})
                     .has_value())
        << bad;
  }
}

TEST(Node, EveryPrefixAndFlips) {
  for (size_t size = 0; size < kPackage.size(); ++size) {
    const std::string cut(kPackage.substr(0, size));
    EXPECT_FALSE(NodeCataloger().Catalog({"package.json", base::AsBytes(cut)}, {}).has_value());
  }
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string text(kPackage);
    text[random() % text.size()] = static_cast<char>(random());
    (void)NodeCataloger().Catalog({"package.json", base::AsBytes(text)}, {}).has_value();
  }
}

std::set<std::string> Walk(const std::filesystem::path& root, std::string_view as) {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "package.json" && entry.is_regular_file() &&
        !entry.is_symlink()) {
      const std::string path = std::string(as) + entry.path().string().substr(root.string().size());
      const auto text = base::ReadFile(entry.path(), 1 << 24);
      const auto facts = NodeCataloger().Catalog({path, base::AsBytes(*text)}, {});
      if (facts) {
        for (const Record& record : facts->records) {
          if (!record.is_root) {
            out.insert(record.component.name + "@" + record.component.version);
          }
        }
      }
    }
  }
  return out;
}

// A real installation: npm itself, whose own `npm ls --all` is the oracle.
TEST(Node, AgreesWithNpm) {
  if (!testing::HaveProgram("npm")) {
    GTEST_SKIP() << "needs npm";
  }
  const auto root = testing::Run({"npm", "root", "-g"});
  const std::filesystem::path folder =
      std::filesystem::path(std::string(base::Trim(root.stdout_text))) / "npm";
  if (!std::filesystem::is_directory(folder / "node_modules")) {
    GTEST_SKIP() << "needs npm with its own node_modules, not a distribution's";
  }
  const auto listed =
      testing::Run({"npm", "ls", "--all", "--parseable", "--long", "--prefix", folder});
  std::set<std::string> want;
  for (const std::string_view line : base::Split(listed.stdout_text, '\n')) {
    const auto fields = base::Split(line, ':');
    if (fields.size() > 1 && std::filesystem::path(fields[0]) != folder) {
      want.emplace(fields[1]);
    }
  }
  ASSERT_FALSE(want.empty()) << listed.stderr_text;
  EXPECT_EQ(Walk(folder / "node_modules", "usr/lib/node_modules/npm/node_modules"), want);
}

TEST(Node, DebianPackages) {
  if (!std::filesystem::is_regular_file("/usr/share/nodejs/semver/package.json")) {
    GTEST_SKIP() << "needs Debian's node-semver";
  }
  const std::set<std::string> got = Walk("/usr/share/nodejs/semver", "usr/share/nodejs/semver");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got.begin()->starts_with("semver@"));
}

// 5,000 files must not be noticed: less than 100 ms on the machine where a whole image takes 400
// ms.
TEST(Node, FiveThousandFiles) {
  const std::string text = std::string(kPackage) + std::string(1500, ' ');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(Facts("node_modules/x/package.json", text).records.size(), 1u);
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", std::to_string(took.count()));
}

}  // namespace
}  // namespace scantling::catalog
