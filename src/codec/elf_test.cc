#include "codec/elf.h"

#include "base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace scantling::codec {
namespace {

std::string OwnProgram() {
  auto file = base::ReadFile("/proc/self/exe", uint64_t{1} << 30);
  return file ? std::move(*file) : std::string();
}

TEST(Elf, ReadsThisProgram) {
  const std::string file = OwnProgram();
  const auto header = ParseElfHeader(base::AsBytes(file));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->is64, sizeof(void*) == 8);
  EXPECT_TRUE(header->type == ElfType::kShared || header->type == ElfType::kExecutable);
  const auto segments = ParseElfSegments(*header, base::AsBytes(file));
  ASSERT_TRUE(segments.has_value());
  EXPECT_EQ(segments->size(), header->program_count);
  const auto code = std::find_if(segments->begin(), segments->end(), [](const ElfSegment& segment) {
    return segment.type == ElfSegment::kLoad && segment.file_bytes > 16;
  });
  ASSERT_NE(code, segments->end());
  const ElfMemory memory(base::AsBytes(file), *segments);
  const auto bytes = memory.At(code->address + 8, code->file_bytes - 8);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(base::AsText(*bytes),
            std::string_view(file).substr(code->offset + 8, code->file_bytes - 8));
  EXPECT_FALSE(memory.At(code->address, ~uint64_t{0}).has_value());
  EXPECT_FALSE(memory.At(~uint64_t{0}, 1).has_value());
}

void ReadAll(std::string_view file) {
  const auto header = ParseElfHeader(base::AsBytes(file));
  if (!header) {
    return;
  }
  const auto segments = ParseElfSegments(*header, base::AsBytes(file));
  if (segments) {
    const ElfMemory memory(base::AsBytes(file), *segments);
    for (const ElfSegment& segment : *segments) {
      (void)memory.At(segment.address, segment.file_bytes).has_value();
    }
  }
}

// 32 bits, most significant byte first, one segment: written by hand.
TEST(Elf, BigEndian32) {
  std::string file(
      "\x7f"
      "ELF\x01\x02\x01",
      7);
  file.resize(16);
  const auto half = [&](unsigned v) { file += {static_cast<char>(v >> 8), static_cast<char>(v)}; };
  const auto word = [&](unsigned v) {
    half(v >> 16);
    half(v & 0xffff);
  };
  half(2);
  half(8);
  word(1);
  word(0);
  word(52);
  word(0);
  word(0);
  half(52);
  half(32);
  half(1);
  half(40);
  half(0);
  half(0);
  word(1);
  word(84);
  word(0x1000);
  word(0x1000);
  word(4);
  word(8);
  word(6);
  word(16);
  file += "data";
  const auto header = ParseElfHeader(base::AsBytes(file));
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->big_endian);
  EXPECT_FALSE(header->is64);
  const auto segments = ParseElfSegments(*header, base::AsBytes(file));
  ASSERT_TRUE(segments.has_value());
  EXPECT_EQ(segments->at(0).flags, 6u);
  const ElfMemory memory(base::AsBytes(file), *segments);
  const auto data = memory.At(0x1000, 4);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(base::AsText(*data), "data");
  EXPECT_FALSE(memory.At(0x1000, 5).has_value());
  for (size_t size = 0; size < file.size(); ++size) {
    ReadAll(std::string(file, 0, size));
  }
}

TEST(Elf, PrefixesAndFlips) {
  const std::string head = OwnProgram().substr(0, 4096);
  for (size_t size = 0; size < head.size(); ++size) {
    ReadAll(std::string(head, 0, size));
  }
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string file = head;
    file[random() % 128] = static_cast<char>(random());
    file[random() % file.size()] = static_cast<char>(random());
    ReadAll(file);
  }
}

}  // namespace
}  // namespace scantling::codec
