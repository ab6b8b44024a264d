#include "catalog/go/go.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/go/build_info.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

namespace scantling::catalog {
namespace {

constexpr std::string_view kModules =
    "path\texample.com/shop/cmd/shop\n"
    "mod\texample.com/shop\t(devel)\t\n"
    "dep\tgolang.org/x/net\tv0.7.0\th1:abc=\n"
    "dep\tgithub.com/old/name\tv1.0.0\n"
    "=>\tgithub.com/new/name\tv1.2.0\th1:def=\n"
    "dep\tgithub.com/local/fork\tv1.0.0\n"
    "=>\t../fork\t(devel)\t\n"
    "build\t-ldflags=-X main.version=1\n";

std::string Marked(std::string_view modules) {
  return std::string(16, '0') + std::string(modules) + std::string(16, '1');
}

void Number(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xff);
  }
}

void Varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    out += static_cast<char>(0x80 | (value & 0x7f));
  }
  out += static_cast<char>(value);
}

std::string InlineBlob(std::string_view version, std::string_view modules) {
  std::string out(go::kMagic);
  out += std::string("\x08\x02", 2);
  out.resize(32);
  Varint(out, version.size());
  out += version;
  Varint(out, modules.size());
  return out += modules;
}

constexpr uint64_t kDataAddress = 0x500000;

// A 64-bit program with one readable and one writable segment; `data` is the latter.
std::string Program(std::string_view data, size_t data_offset = 8192, unsigned type = 2) {
  std::string out(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  out.resize(16);
  Number(out, type, 2);
  Number(out, 62, 2);
  Number(out, 1, 4);
  Number(out, 0, 8);
  Number(out, 64, 8);
  Number(out, 0, 8);
  Number(out, 0, 4);
  Number(out, 64, 2);
  Number(out, 56, 2);
  Number(out, 2, 2);
  Number(out, 0, 6);
  for (const bool writable : {false, true}) {
    Number(out, 1, 4);
    Number(out, writable ? 6 : 4, 4);
    Number(out, writable ? data_offset : 0, 8);
    Number(out, writable ? kDataAddress : 0x400000, 8);
    Number(out, 0, 8);
    Number(out, writable ? data.size() : data_offset, 8);
    Number(out, writable ? data.size() : data_offset, 8);
    Number(out, 4096, 8);
  }
  out.resize(data_offset);
  out += data;
  return out + "symbols and such behind the data";
}

// Fields of the program header of Program()'s first segment.
constexpr size_t kFirstFlags = 64 + 4;
constexpr size_t kFirstAddress = 64 + 16;
constexpr size_t kFirstFileBytes = 64 + 32;

void Put(std::string& file, size_t at, uint64_t value, int bytes) {
  std::string text;
  Number(text, value, bytes);
  file.replace(at, text.size(), text);
}

FileFacts Stream(std::string_view file, size_t chunk_bytes,
                 std::string_view path = "usr/bin/shop") {
  const auto stream = GoCataloger().Start(path, file.size(), {});
  for (size_t at = 0; at < file.size(); at += chunk_bytes) {
    if (!stream->OnChunk(at, base::AsBytes(file.substr(at, chunk_bytes)))) {
      break;
    }
  }
  auto facts = stream->Finish();
  EXPECT_TRUE(facts.has_value());
  if (facts && facts->again_whole) {
    auto whole = GoCataloger().Catalog({path, base::AsBytes(file)}, {});
    EXPECT_TRUE(whole.has_value()) << (whole ? "" : whole.error().Message());
    return whole ? std::move(*whole) : FileFacts();
  }
  return facts ? std::move(*facts) : FileFacts();
}

std::vector<std::string> Lines(const FileFacts& facts) {
  std::vector<std::string> out;
  for (const Record& record : facts.records) {
    EXPECT_EQ(record.component.evidence, model::Evidence::kGoBuildInfo);
    out.push_back(record.component.name + " " + record.component.version);
  }
  return out;
}

using Strings = std::vector<std::string>;
const Strings kWant = {"example.com/shop ", "golang.org/x/net v0.7.0", "github.com/new/name v1.2.0",
                       "github.com/local/fork ", "stdlib 1.20.3"};

TEST(Go, InlineAtAnyChunkSizeAndPlace) {
  const std::string blob = InlineBlob("go1.20.3 X:nocoverageredesign", Marked(kModules));
  for (const size_t before : {0, 16, 4080, 70'000}) {
    const std::string data = std::string(before, 'd') + std::string((16 - before % 16) % 16, 0) +
                             blob + std::string(500, 'e');
    const std::string file = Program(data);
    for (const size_t chunk : {1, 7, 16, 1000, 4096, 65'536, 1'000'000}) {
      const FileFacts facts = Stream(file, chunk);
      EXPECT_EQ(Lines(facts), kWant) << before << " " << chunk;
      EXPECT_EQ(facts.records.at(1).component.container, "usr/bin/shop");
      EXPECT_EQ(facts.records.at(1).component.main_module, "example.com/shop");
    }
    const auto whole = GoCataloger().Catalog({"usr/bin/shop", base::AsBytes(file)}, {});
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(Lines(*whole), kWant);
  }
}

TEST(Go, StopsEarly) {
  const std::string file = Program(InlineBlob("go1.20.3", Marked(kModules)));
  auto stream = GoCataloger().Start("a", uint64_t{1} << 30, {});
  EXPECT_FALSE(stream->OnChunk(0, base::AsBytes(file)));
  const std::string other = Program("just data");
  stream = GoCataloger().Start("a", uint64_t{1} << 30, {});
  EXPECT_FALSE(stream->OnChunk(0, base::AsBytes(other)));
  EXPECT_FALSE(stream->Finish()->relevant);
  const std::string object = Program("just data", 8192, 1);
  stream = GoCataloger().Start("a.o", object.size(), {});
  EXPECT_FALSE(stream->OnChunk(0, base::AsBytes(object).subspan(0, 4096)));
  EXPECT_FALSE(stream->Finish()->relevant);
}

// Go 1.13 to 1.17: pointers to string headers.
TEST(Go, PointerForm) {
  const std::string modules = Marked(kModules);
  for (const bool big_endian : {false, true}) {
    const auto pointer = [&](std::string& out, uint64_t value) {
      std::string bytes;
      Number(bytes, value, 8);
      if (big_endian) {
        std::reverse(bytes.begin(), bytes.end());
      }
      out += bytes;
    };
    std::string data(go::kMagic);
    data += '\x08';
    data += static_cast<char>(big_endian);
    pointer(data, kDataAddress + 64);
    pointer(data, kDataAddress + 80);
    data.resize(64);
    pointer(data, kDataAddress + 96);
    pointer(data, 6);
    pointer(data, kDataAddress + 112);
    pointer(data, modules.size());
    data += "go1.16";
    data.resize(112);
    data += modules;
    std::string overlapping = Program(data);
    Put(overlapping, kFirstFlags, 6, 4);
    Put(overlapping, kFirstFileBytes, 8192 + 16, 8);
    EXPECT_EQ(Lines(Stream(overlapping, 100)).size(), 5u);
    const FileFacts facts = Stream(Program(data), 100);
    ASSERT_EQ(facts.records.size(), 5u);
    EXPECT_EQ(Lines(facts).back(), "stdlib 1.16");
    for (size_t i = 0; i < data.size(); i += 3) {
      std::string bad = data;
      bad[i] = static_cast<char>(bad[i] ^ 0x55);
      (void)Stream(Program(bad), 4096);
    }
  }
}

TEST(Go, FalseMagicBeforeTheRealBlob) {
  std::string data(go::kMagic);
  data += std::string("\x08\x02", 2);
  data.resize(32);
  data += std::string(32, '\xff');
  data += InlineBlob("go1.20.3", Marked(kModules));
  EXPECT_EQ(Lines(Stream(Program(data), 4096)), kWant);
  // Off the 16-byte boundary, or in a segment that cannot be written, it is only text.
  EXPECT_FALSE(Stream(Program("x" + InlineBlob("go1.20.3", "")), 4096).relevant);
}

// A first segment over the whole file must not hide the data that a second one names in it,
// whether both agree on where 16-byte blocks begin or not.
TEST(Go, SegmentsThatOverlap) {
  std::string file =
      Program(std::string(70'000, 'd') + InlineBlob("go1.20.3", Marked(kModules)) + "e");
  Put(file, kFirstFlags, 6, 4);
  for (const uint64_t covered : {uint64_t{8192 + 70'016}, uint64_t{file.size()}}) {
    Put(file, kFirstFileBytes, covered, 8);
    for (const uint64_t address : {0x400000, 0x400001, 0x400008}) {
      Put(file, kFirstAddress, address, 8);
      for (const size_t chunk : {100, 4096, 262'144}) {
        EXPECT_EQ(Lines(Stream(file, chunk)), kWant) << covered << " " << address << " " << chunk;
      }
    }
  }
}

TEST(Go, ManyFalseMagicsAreAGap) {
  std::string magic(go::kMagic);
  magic += "\x08";
  magic.resize(32);
  std::string data;
  for (int i = 0; i < 2000; ++i) {
    data += magic + std::string(16, '\xff');
  }
  const FileFacts facts = Stream(Program(data), 4096);
  EXPECT_TRUE(facts.records.empty());
  EXPECT_FALSE(facts.understood);
}

TEST(Go, WithoutModules) {
  const FileFacts facts = Stream(Program(InlineBlob("go1.21.0", "")), 4096);
  EXPECT_EQ(Lines(facts), Strings{"stdlib 1.21.0"});
  EXPECT_FALSE(facts.understood);
}

TEST(Go, StandardLibraryVersion) {
  for (const auto& [text, want] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"go1.21.3", "1.21.3"},
           {"go1.20", "1.20"},
           {"go1.20.3 X:nocoverageredesign", "1.20.3"},
           {"go1.19.4+fips", "1.19.4"},
           {"go1.21.0-bigcorp", "1.21.0"},
           {"go1.18.3b7", "1.18.3"},
           {"go1.22rc1", "1.22rc1"},
           {"go1.18beta2", "1.18beta2"},
           {"go1.19.13 (Red Hat 1.19.13-1.el9)", "1.19.13"},
           {"devel go1.23-abc123 Mon Jan 1", "1.23.0-devel"},
           {"devel +abc123", ""},
           {"", ""},
           {"go", ""},
           {"go1.", "1"},
       }) {
    EXPECT_EQ(go::StandardLibraryVersion(text), want) << text;
  }
}

TEST(Go, EveryPrefixIsAGapOrNothing) {
  const std::string file = Program(InlineBlob("go1.20.3", Marked(kModules)), 256);
  const size_t needed = file.size() - std::string_view("symbols and such behind the data").size();
  for (size_t size = 1; size < needed; ++size) {
    const FileFacts facts = Stream(std::string(file, 0, size), 50);
    EXPECT_TRUE(facts.records.empty()) << size;
    EXPECT_TRUE(!facts.understood && facts.diagnostics.size() == 1) << size;
  }
}

TEST(Go, Flips) {
  const std::string good = Program(InlineBlob("go1.20.3", Marked(kModules)), 256);
  std::mt19937 random(9);
  for (int i = 0; i < 4000; ++i) {
    std::string file = good;
    file[random() % file.size()] = static_cast<char>(random());
    file[random() % 400] = static_cast<char>(random());
    const size_t chunk = 1 + random() % 600;
    const auto stream = GoCataloger().Start("a", file.size(), {});
    for (size_t at = 0; at < file.size(); at += chunk) {
      if (!stream->OnChunk(at, base::AsBytes(std::string_view(file).substr(at, chunk)))) {
        break;
      }
    }
    (void)stream->Finish().has_value();
    (void)GoCataloger().Catalog({"a", base::AsBytes(file)}, {}).has_value();
  }
}

// What `go version -m` says of a program, in our words.
Strings Oracle(const std::string& program) {
  const auto listed = testing::Run({"go", "version", "-m", program});
  EXPECT_EQ(listed.exit, 0) << listed.stderr_text;
  Strings out;
  std::string library;
  for (const std::string_view line : base::Split(listed.stdout_text, '\n')) {
    const auto fields = base::Split(line, '\t');
    if (fields.size() == 1 && line.find(": go") != std::string_view::npos) {
      library = "stdlib " + go::StandardLibraryVersion(line.substr(line.rfind(": ") + 2));
    } else if (fields.size() > 3 && fields[1] == "=>") {
      out.back() = std::string(fields[2]) + " " + std::string(fields[3]);
    } else if (fields.size() > 3 && (fields[1] == "mod" || fields[1] == "dep")) {
      out.push_back(std::string(fields[2]) + " " +
                    std::string(fields[3] == "(devel)" ? std::string_view() : fields[3]));
    }
  }
  out.push_back(library);
  return out;
}

Strings Ours(const std::string& program) {
  const auto file = base::MappedFile::Open(program);
  EXPECT_TRUE(file.has_value());
  return Lines(Stream(base::AsText(file->bytes()), 262'144, program));
}

TEST(Go, ToolchainsOwnPrograms) {
  if (!testing::HaveProgram("go")) {
    GTEST_SKIP() << "needs go";
  }
  const std::string root(base::Trim(testing::Run({"go", "env", "GOROOT"}).stdout_text));
  size_t programs = 0;
  for (const char* folder : {"/bin", "/pkg/tool"}) {
    if (!std::filesystem::is_directory(root + folder)) {
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root + folder)) {
      if (entry.is_regular_file()) {
        ++programs;
        EXPECT_EQ(Ours(entry.path()), Oracle(entry.path())) << entry.path();
      }
    }
  }
  EXPECT_GT(programs, 0u);
}

// Two modules, one of them replaced by a folder with a version's place; internal and external
// linking.
TEST(Go, BuildsOfOurOwn) {
  if (!testing::HaveProgram("go")) {
    GTEST_SKIP() << "needs go";
  }
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "scantling_go";
  std::filesystem::create_directories(folder / "dep");
  const auto write = [&](const std::string& name, std::string_view text) {
    std::ofstream(folder / name) << text;
  };
  write("go.mod",
        "module example.com/shop\n\ngo 1.18\n\nrequire example.com/dep v1.2.3\n\n"
        "replace example.com/dep => ./dep\n");
  write("main.go",
        "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.Name()) }\n");
  write("dep/go.mod", "module example.com/dep\n\ngo 1.18\n");
  write("dep/dep.go", "package dep\n\nfunc Name() string { return \"dep\" }\n");
  for (const std::string mode : {"exe", "pie"}) {
    const std::string out = folder / ("shop-" + mode);
    const auto built = testing::Run(
        {"go", "build", "-C", folder, "-buildmode=" + mode, "-ldflags=-s -w", "-o", out, "."}, {},
        {"GOFLAGS=", "GOWORK=off", "GOPROXY=off", "CGO_ENABLED=0"});
    if (built.exit != 0) {
      GTEST_SKIP() << "go build does not work here: " << built.stderr_text;
    }
    const Strings ours = Ours(out);
    ASSERT_EQ(ours.size(), 3u) << mode;
    EXPECT_EQ(ours[0], "example.com/shop ");
    EXPECT_EQ(ours[1], "example.com/dep ");
    EXPECT_EQ(ours[2], Oracle(out).back());
  }
  std::filesystem::remove_all(folder);
}

TEST(Go, OtherProgramsAreNotOurs) {
  const auto file = base::MappedFile::Open("/proc/self/exe");
  ASSERT_TRUE(file.has_value());
  const FileFacts facts = Stream(base::AsText(file->bytes()), 65'536);
  EXPECT_FALSE(facts.relevant);
  EXPECT_TRUE(facts.records.empty());
}

}  // namespace
}  // namespace scantling::catalog
