// The three formats: samples made here, the real databases of SCANTLING_FIXTURES, and rpm itself as
// the oracle. rpm reads SQLite and (read-only) Berkeley DB; Debian's knows no ndb, so ndb's headers
// are put into an SQLite database for it.
#include "codec/rpmdb.h"

#include "base/file.h"
#include "base/strings.h"
#include "codec/rpm_header.h"
#include "tests/support/process.h"
#include "tests/support/rpm_samples.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace scantling::codec {
namespace {

namespace fs = std::filesystem;
using ::scantling::testing::ByteOrder;
using ::scantling::testing::HaveProgram;
using ::scantling::testing::MakeRpmBerkeleyDb;
using ::scantling::testing::MakeRpmNdb;
using ::scantling::testing::MakeRpmSqlite;
using ::scantling::testing::SampleRpmHeaders;

// testing::Test has a Run of its own.
auto RunProgram(const std::vector<std::string>& argv, std::string_view input = {}) {
  return ::scantling::testing::Run(argv, input);
}

struct Contents {
  std::vector<std::string> headers;
  RpmDbSummary summary;
  std::string error;
};

Contents Read(std::string_view data) {
  Contents out;
  auto summary = ReadRpmDb(base::AsBytes(data), base::Limits(), [&](base::Bytes header) {
    out.headers.emplace_back(base::AsText(header));
  });
  if (summary) {
    out.summary = *std::move(summary);
  } else {
    out.error = summary.error().Message();
  }
  return out;
}

// "name version-release.arch" as rpm would print it, sorted.
std::vector<std::string> Names(const std::vector<std::string>& headers) {
  std::vector<std::string> out;
  for (const std::string& blob : headers) {
    const auto header = RpmHeader::Parse(base::AsBytes(blob));
    EXPECT_TRUE(header.has_value());
    if (header) {
      const auto text = [&](RpmTag tag) {
        return std::string(header->Text(tag).value_or("(none)"));
      };
      const auto epoch = header->Number(RpmTag::kEpoch);
      out.push_back(text(RpmTag::kName) + " " + (epoch ? std::to_string(*epoch) : "(none)") + ":" +
                    text(RpmTag::kVersion) + "-" + text(RpmTag::kRelease) + "." +
                    text(RpmTag::kArch) + " " + text(RpmTag::kSourceRpm));
    }
  }
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> RpmSays(const std::string& folder, const std::string& backend) {
  const auto result =
      RunProgram({"rpm", "-qa", "--dbpath", folder, "--define", "_db_backend " + backend, "--qf",
                  "%{NAME} %{EPOCH}:%{VERSION}-%{RELEASE}.%{ARCH} %{SOURCERPM}\\n"});
  EXPECT_EQ(result.exit, 0) << result.stderr_text;
  std::vector<std::string> out;
  for (const std::string_view line : base::Split(result.stdout_text, '\n')) {
    if (!line.empty()) {
      out.emplace_back(line);
    }
  }
  std::ranges::sort(out);
  return out;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = fs::temp_directory_path() / "scantling-rpmdb-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

void Write(const std::string& path, std::string_view data) {
  std::ofstream(path, std::ios::binary)
      .write(data.data(), static_cast<std::streamsize>(data.size()));
}

std::string Fixture(const char* name) {
  const char* folder = std::getenv("SCANTLING_FIXTURES");
  if (folder == nullptr) {
    return {};
  }
  auto data = base::ReadFile(std::string(folder) + "/rpmdb/" + name, uint64_t{1} << 30);
  return data ? *std::move(data) : std::string();
}

// Real SQLite databases: rpm makes one, sqlite3 puts headers into it.
std::string SqliteFrom(const TemporaryFolder& folder, const std::vector<std::string>& headers,
                       std::string_view pragma) {
  EXPECT_EQ(
      RunProgram({"rpmdb", "--initdb", "--dbpath", folder.path(), "--define", "_db_backend sqlite"})
          .exit,
      0);
  std::ostringstream sql;
  sql << "BEGIN;\n";
  for (const std::string& header : headers) {
    sql << "INSERT INTO Packages(blob) VALUES (x'";
    for (const char c : header) {
      const auto byte = static_cast<unsigned char>(c);
      sql << "0123456789abcdef"[byte >> 4] << "0123456789abcdef"[byte & 15];
    }
    sql << "');\n";
  }
  sql << "COMMIT;\n" << pragma;
  const std::string path = folder / "rpmdb.sqlite";
  EXPECT_EQ(RunProgram({"sqlite3", path}, sql.str()).exit, 0);
  auto data = base::ReadFile(path, uint64_t{1} << 30);
  return data ? *std::move(data) : std::string();
}

struct Format {
  const char* name;
  std::string (*make)(const std::vector<std::string>&);
  RpmDbFormat format;
};

class Formats : public ::testing::TestWithParam<Format> {};

TEST_P(Formats, GivesBackItsHeaders) {
  const std::vector<std::string> headers = SampleRpmHeaders();
  const Contents contents = Read(GetParam().make(headers));
  EXPECT_EQ(contents.error, "");
  EXPECT_EQ(contents.summary.format, GetParam().format);
  EXPECT_TRUE(contents.summary.problems.empty());
  EXPECT_EQ(contents.headers, headers);
  EXPECT_EQ(contents.summary.headers, headers.size());
}

TEST_P(Formats, EmptyDatabaseIsFine) {
  const Contents contents = Read(GetParam().make({}));
  EXPECT_EQ(contents.error, "");
  EXPECT_TRUE(contents.summary.problems.empty());
  EXPECT_TRUE(contents.headers.empty());
}

TEST_P(Formats, EveryPrefixIsSeenAsCut) {
  const std::string data = GetParam().make(SampleRpmHeaders());
  for (size_t size = 0; size < data.size(); ++size) {
    const std::string prefix =
        data.substr(0, size);  // an own allocation, so that a sanitizer sees a read past it
    const Contents contents = Read(prefix);
    EXPECT_TRUE(!contents.error.empty() || contents.summary.problem_count != 0) << size;
  }
}

TEST_P(Formats, RandomDamageStaysInBounds) {
  const std::string data = GetParam().make(SampleRpmHeaders());
  std::mt19937 random(11);
  for (int i = 0; i < 4000; ++i) {
    std::string damaged = data;
    for (int flips = 0; flips < 2; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    EXPECT_LE(Read(damaged).headers.size(), data.size());
  }
}

std::string BigEndian(const std::vector<std::string>& headers) {
  return MakeRpmBerkeleyDb(headers, ByteOrder::kBig);
}
std::string LittleEndian(const std::vector<std::string>& headers) {
  return MakeRpmBerkeleyDb(headers, ByteOrder::kLittle);
}

INSTANTIATE_TEST_SUITE_P(
    RpmDb, Formats,
    ::testing::Values(Format{"Sqlite", MakeRpmSqlite, RpmDbFormat::kSqlite},
                      Format{"Ndb", MakeRpmNdb, RpmDbFormat::kNdb},
                      Format{"BerkeleyLittle", LittleEndian, RpmDbFormat::kBerkeleyDb},
                      Format{"BerkeleyBig", BigEndian, RpmDbFormat::kBerkeleyDb}),
    [](const auto& format) { return format.param.name; });

TEST(RpmDb, OtherFilesAreRefused) {
  EXPECT_NE(Read("").error, "");
  EXPECT_NE(Read(std::string(5000, '\0')).error, "");
  EXPECT_NE(Read("SQLite format 2").error, "");
}

TEST(RpmDb, NdbChecksumIsVerified) {
  std::string data = MakeRpmNdb(SampleRpmHeaders());
  data[data.find("5.1.8")] = '6';
  const Contents contents = Read(data);
  EXPECT_EQ(contents.headers.size(), SampleRpmHeaders().size() - 1);
  ASSERT_EQ(contents.summary.problem_count, 1U);
  EXPECT_NE(contents.summary.problems[0].find("checksum"), std::string::npos);
}

TEST(RpmDb, LoopsEnd) {
  std::string data = MakeRpmBerkeleyDb(SampleRpmHeaders());
  const size_t last = data.size() - 512;
  data[last + 16] = 2;  // the last overflow page points back to the first
  data[last + 22] = 1;  // and says that it holds one byte
  data[last + 23] = 0;
  EXPECT_NE(Read(data).summary.problem_count, 0U);
  std::string sqlite = MakeRpmSqlite(SampleRpmHeaders());
  sqlite[512 + 11] = 2;  // the root's right child is the root
  EXPECT_NE(Read(sqlite).summary.problem_count, 0U);
}

TEST(RpmDb, OneBlobNamedByEverySlotIsNotReadEveryTime) {
  std::string data = MakeRpmNdb({std::string(8000, 'x')});
  for (size_t slot = 1; slot < 254; ++slot) {
    data.replace(32 + 16 * slot, 16, data.substr(32, 16));
  }
  const Contents contents = Read(data);
  EXPECT_EQ(contents.headers.size(), 1U);
  EXPECT_EQ(contents.summary.problem_count, 253U);
  EXPECT_EQ(contents.summary.problems.size(), 20U);
}

TEST(RpmDb, OneRecordNamedByManyCellsIsNotReadEveryTime) {
  std::string data = MakeRpmSqlite({std::string(400, 'x')});
  const size_t leaf = size_t{512} * 2;
  data[leaf + 4] = 40;
  for (size_t cell = 1; cell < 40; ++cell) {
    data.replace(leaf + 8 + 2 * cell, 2, data.substr(leaf + 8, 2));
  }
  const Contents contents = Read(data);
  EXPECT_LE(contents.headers.size(), 4U);
  EXPECT_GE(contents.summary.problem_count, 36U);
}

TEST(RpmDb, TheLimitOnComponentsHolds) {
  base::Limits limits;
  limits.components = 2;
  for (const std::string& data : {MakeRpmSqlite(SampleRpmHeaders()), MakeRpmNdb(SampleRpmHeaders()),
                                  MakeRpmBerkeleyDb(SampleRpmHeaders())}) {
    uint64_t count = 0;
    const auto summary = ReadRpmDb(base::AsBytes(data), limits, [&](base::Bytes) { ++count; });
    ASSERT_TRUE(summary.has_value());
    EXPECT_EQ(count, 2U);
    EXPECT_EQ(summary->problem_count, 1U);
  }
}

TEST(RpmDbReal, BerkeleyFixtureAsRpmReadsIt) {
  const std::string data = Fixture("bdb-Packages");
  if (data.empty()) {
    GTEST_SKIP() << "SCANTLING_FIXTURES has no rpmdb/bdb-Packages";
  }
  const Contents contents = Read(data);
  EXPECT_EQ(contents.error, "");
  EXPECT_TRUE(contents.summary.problems.empty());
  EXPECT_FALSE(contents.headers.empty());
  if (!HaveProgram("rpm")) {
    GTEST_SKIP() << "no rpm to compare with";
  }
  const TemporaryFolder folder;
  Write(folder / "Packages", data);
  EXPECT_EQ(Names(contents.headers), RpmSays(folder.path(), "bdb_ro"));
}

TEST(RpmDbReal, NdbFixtureAsRpmReadsItsHeaders) {
  const std::string data = Fixture("ndb-Packages.db");
  if (data.empty()) {
    GTEST_SKIP() << "SCANTLING_FIXTURES has no rpmdb/ndb-Packages.db";
  }
  const Contents contents = Read(data);
  EXPECT_EQ(contents.error, "");
  EXPECT_TRUE(contents.summary.problems.empty());
  EXPECT_GE(contents.headers.size(), 30U);
  if (!HaveProgram("rpm") || !HaveProgram("rpmdb") || !HaveProgram("sqlite3")) {
    GTEST_SKIP() << "no rpm or no sqlite3 to compare with";
  }
  const TemporaryFolder folder;
  const std::string sqlite =
      SqliteFrom(folder, contents.headers, "PRAGMA wal_checkpoint(TRUNCATE);\n");
  const std::vector<std::string> want = RpmSays(folder.path(), "sqlite");
  EXPECT_EQ(Names(contents.headers), want);
  const Contents again = Read(sqlite);
  EXPECT_TRUE(again.summary.problems.empty());
  EXPECT_EQ(again.headers, contents.headers);
}

TEST(RpmDbReal, SqliteOfOtherPageSizesAndModes) {
  if (!HaveProgram("rpmdb") || !HaveProgram("sqlite3")) {
    GTEST_SKIP() << "no rpmdb or no sqlite3";
  }
  std::vector<std::string> headers;
  for (int i = 0; i < 300; ++i) {  // enough rows for two levels of interior pages with small pages
    headers.push_back(::scantling::testing::MakeRpmHeader(
        ::scantling::testing::RpmSample{.name = "package-" + std::to_string(i),
                                        .version = std::to_string(i),
                                        .release = std::string(static_cast<size_t>(i) * 7, 'r')}));
  }
  for (const char* pragma :
       {"PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM;\n",
        "PRAGMA journal_mode=DELETE; PRAGMA page_size=65536; VACUUM;\n",
        "PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE);\n",
        "PRAGMA journal_mode=DELETE; DELETE FROM Packages WHERE hnum % 3 = 1;\n"}) {
    const TemporaryFolder folder;
    const Contents contents = Read(SqliteFrom(folder, headers, pragma));
    EXPECT_EQ(contents.error, "") << pragma;
    EXPECT_TRUE(contents.summary.problems.empty()) << pragma;
    EXPECT_EQ(contents.headers.size(),
              std::string_view(pragma).find("DELETE FROM") == std::string_view::npos ? 300U : 200U)
        << pragma;
  }
}

// Packages built by rpmbuild, installed by rpm (database only), read by both.
TEST(RpmDbReal, SqliteMadeByRpm) {
  if (!HaveProgram("rpm") || !HaveProgram("rpmbuild")) {
    GTEST_SKIP() << "no rpmbuild";
  }
  const TemporaryFolder folder;
  const std::string database = folder / "db";
  ASSERT_EQ(
      RunProgram({"rpmdb", "--initdb", "--dbpath", database, "--define", "_db_backend sqlite"})
          .exit,
      0);
  for (const auto& [name, epoch] :
       {std::pair("alpha", "0"), std::pair("beta-devel", "3"), std::pair("gamma", "")}) {
    const std::string spec = folder / (std::string(name) + ".spec");
    Write(spec, std::string("Name: ") + name +
                    "\nVersion: 1.2~rc1\nRelease: 4%{?dist}\nSummary: s\nLicense: MIT\n" +
                    (*epoch != '\0' ? "Epoch: " + std::string(epoch) + "\n" : "") +
                    "BuildArch: noarch\nVendor: Tests\n%description\nd\n%install\nmkdir -p "
                    "%{buildroot}/usr/share/" +
                    name + "\necho x > %{buildroot}/usr/share/" + name +
                    "/file\n%files\n/usr/share/" + name + "\n");
    const auto built =
        RunProgram({"rpmbuild", "-bb", "--define", "_topdir " + (folder / "top"), spec});
    ASSERT_EQ(built.exit, 0) << built.stderr_text;
  }
  std::vector<std::string> install = {"rpm",      "-i",     "--justdb", "--nodeps",
                                      "--dbpath", database, "--define", "_db_backend sqlite"};
  for (const auto& entry : fs::recursive_directory_iterator(folder / "top/RPMS")) {
    if (entry.path().extension() == ".rpm") {
      install.push_back(entry.path());
    }
  }
  const auto installed = RunProgram(install);
  ASSERT_EQ(installed.exit, 0) << installed.stderr_text;
  const auto data = base::ReadFile(database + "/rpmdb.sqlite", uint64_t{1} << 30);
  ASSERT_TRUE(data.has_value());
  const Contents contents = Read(*data);
  EXPECT_TRUE(contents.summary.problems.empty());
  EXPECT_EQ(contents.headers.size(), 3U);
  EXPECT_EQ(Names(contents.headers), RpmSays(database, "sqlite"));
}

}  // namespace
}  // namespace scantling::codec
