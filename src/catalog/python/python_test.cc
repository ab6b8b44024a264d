#include "catalog/python/python.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/python/headers.h"
#include "codec/zip_test_writer.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

namespace scantling::catalog {
namespace {

constexpr std::string_view kMetadata =
    "Metadata-Version: 2.1\r\n"
    "name: My.Package_X\r\n"
    "VERSION:  1.2.post3\r\n"
    "Summary: one line\r\n"
    "  and its continuation\r\n"
    "Requires-Dist: urllib3 (<3,>=1.21.1)\r\n"
    "Requires-Dist: idna<4,>=2.5 ; python_version > '3'\r\n"
    "Requires-Dist: PySocks!=1.5.7; extra == 'socks'\r\n"
    "Requires-Dist: typing_extensions[all]>=4\r\n"
    "Requires-Dist: idna<4,>=2.5 ; platform_system == 'Linux'\r\n"
    "\r\n"
    "Name: not-this\r\nVersion: 9\r\n";

FileFacts Facts(std::string_view path, std::string_view data) {
  auto facts = PythonCataloger().Catalog({path, base::AsBytes(data)}, {});
  EXPECT_TRUE(facts.has_value()) << (facts ? "" : facts.error().Message());
  return facts ? std::move(*facts) : FileFacts();
}

TEST(Python, Headers) {
  const FileFacts facts = Facts("venv/lib/my_package_x-1.2.dist-info/METADATA", kMetadata);
  ASSERT_EQ(facts.records.size(), 1u);
  const Record& record = facts.records[0];
  EXPECT_EQ(record.component.name, "My.Package_X");
  EXPECT_EQ(record.component.version, "1.2.post3");
  EXPECT_EQ(record.component.type, version::Ecosystem::kPypi);
  EXPECT_EQ(record.component.evidence, model::Evidence::kPythonDistInfo);
  EXPECT_EQ(record.needs, (std::vector<std::string>{"idna", "typing_extensions", "urllib3"}));
  EXPECT_TRUE(facts.diagnostics.empty());
}

struct Case {
  std::string_view name;
  std::string_view path;
  std::string_view text;
  std::string_view want;  // "name version", "-" not relevant, "gap" not understood
  size_t diagnostics = 0;
};

class PythonCases : public ::testing::TestWithParam<Case> {};

TEST_P(PythonCases, Facts) {
  const FileFacts facts = Facts(GetParam().path, GetParam().text);
  std::string got = !facts.relevant ? "-" : (facts.understood ? "" : "gap");
  for (const Record& record : facts.records) {
    got += record.component.name + " " + record.component.version;
  }
  EXPECT_EQ(got, GetParam().want);
  EXPECT_EQ(facts.diagnostics.size(), GetParam().diagnostics);
}

INSTANTIATE_TEST_SUITE_P(
    Python, PythonCases,
    ::testing::Values(
        Case{"EggInfoFolder", "a/foo.egg-info/PKG-INFO", "Name: foo\nVersion: 1\n", "foo 1"},
        Case{"EggInfoFile", "a/foo-1-py3.egg-info", "Name: foo\nVersion: 1\n", "foo 1"},
        Case{"UnpackedEgg", "a/foo-1-py3.egg/EGG-INFO/PKG-INFO", "Name: foo\nVersion: 1", "foo 1"},
        Case{"ByteOrderMark", "a/foo.egg-info/PKG-INFO", "\xef\xbb\xbfName: foo\nVersion: 1",
             "foo 1"},
        Case{"FromFolder", "a/foo_b-1.5.dist-info/METADATA", "", "foo_b 1.5", 1},
        Case{"VersionFromEggFile", "a/foo-1.5-py3.11.egg-info", "Name: Foo\n", "Foo 1.5", 1},
        Case{"NoName", "a/foo.egg-info/PKG-INFO", "Version: 1\n", "gap", 1},
        Case{"NoVersion", "a/foo.egg-info/PKG-INFO", "Name: foo\n", "gapfoo ", 1},
        Case{"OtherMetadata", "a/METADATA", kMetadata, "-"},
        Case{"SourceTree", "src/foo-1.0/PKG-INFO", kMetadata, "-"},
        Case{"OtherInstaller", "opt/INSTALLER", "x", "-"},
        Case{"OtherEgg", "games/easter.egg", "no zip", "-"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Python, Installer) {
  const FileFacts facts = Facts("lib/foo-1.dist-info/INSTALLER", "pip\n");
  ASSERT_EQ(facts.facts.size(), 1u);
  EXPECT_EQ(facts.facts[0].key, "python.installer:lib/foo-1.dist-info");
  EXPECT_EQ(facts.facts[0].value, "pip");
}

TEST(Python, ZippedEgg) {
  const std::string egg = codec::ZipTestWriter()
                              .Add("foo/__init__.py", "pass")
                              .Add("EGG-INFO/PKG-INFO", "Name: foo\nVersion: 2.5\n")
                              .Finish();
  const FileFacts facts = Facts("site-packages/foo-2.5-py2.7.egg", egg);
  ASSERT_EQ(facts.records.size(), 1u);
  EXPECT_EQ(facts.records[0].component.version, "2.5");
  for (size_t size = 2; size < egg.size(); ++size) {
    const std::string cut = egg.substr(0, size);
    EXPECT_FALSE(PythonCataloger().Catalog({"foo.egg", base::AsBytes(cut)}, {}).has_value());
  }
}

TEST(Python, EveryPrefixAndFlips) {
  for (size_t size = 0; size < kMetadata.size(); ++size) {
    (void)Facts("foo-1.dist-info/METADATA", kMetadata.substr(0, size));
  }
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    std::string text(kMetadata);
    text[random() % text.size()] = static_cast<char>(random());
    (void)Facts("foo.egg-info/PKG-INFO", text);
  }
}

// Name and version of every package of a real folder, as Python's own importlib.metadata reads
// them.
TEST(Python, AgreesWithImportlib) {
  const std::string folder = "/usr/lib/python3/dist-packages";
  if (!testing::HaveProgram("python3") || !std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "needs python3 and packages in " << folder;
  }
  const auto listed = testing::Run({"python3", "-c",
                                    "import importlib.metadata as m\n"
                                    "for d in m.distributions(path=['" +
                                        folder +
                                        "']):\n"
                                        "  print(d.metadata['Name'], d.metadata['Version'])"});
  ASSERT_EQ(listed.exit, 0) << listed.stderr_text;
  std::multimap<std::string, std::string> want;
  for (const std::string_view line : base::Split(listed.stdout_text, '\n')) {
    if (const size_t space = line.find(' '); space != std::string_view::npos) {
      want.emplace(line.substr(0, space), line.substr(space + 1));
    }
  }
  std::multimap<std::string, std::string> got;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    for (const std::string& path : {entry.path().string(), entry.path().string() + "/METADATA",
                                    entry.path().string() + "/PKG-INFO"}) {
      const std::string_view name = base::BaseName(path);
      const bool claimed = name == "METADATA" || name == "PKG-INFO" || name.ends_with(".egg-info");
      if (!claimed || !std::filesystem::is_regular_file(path)) {
        continue;
      }
      const auto text = base::ReadFile(path, 1 << 24);
      ASSERT_TRUE(text.has_value());
      for (const Record& record : Facts(path.substr(1), *text).records) {
        got.emplace(record.component.name, record.component.version);
      }
    }
  }
  EXPECT_EQ(got, want);
  EXPECT_FALSE(want.empty());
}

}  // namespace
}  // namespace scantling::catalog
