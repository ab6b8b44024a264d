// See elf.h.
#include "codec/elf.h"

#include "base/reader.h"

#include <string>

namespace scantling::codec {
namespace {

using base::Bytes;
using base::Reader;

// Fields of either width and byte order, one after the other. The first failure sticks and the
// values after it are 0.
class Fields {
 public:
  Fields(Bytes bytes, bool is64, bool big_endian)
      : reader_(bytes), is64_(is64), big_endian_(big_endian) {}

  uint16_t Half() { return Read<uint16_t>(); }
  uint32_t Word() { return Read<uint32_t>(); }
  uint64_t Native() { return is64_ ? Read<uint64_t>() : Read<uint32_t>(); }
  bool ok() const { return ok_; }

 private:
  template <typename T>
  T Read() {
    const auto value = big_endian_ ? reader_.Big<T>() : reader_.Little<T>();
    ok_ = ok_ && value.has_value();
    return ok_ ? *value : T{};
  }

  Reader reader_;
  bool is64_;
  bool big_endian_;
  bool ok_ = true;
};

uint32_t SegmentBytes(bool is64) { return is64 ? 56 : 32; }

}  // namespace

std::optional<uint64_t> ElfHeader::ProgramHeadersEnd() const {
  uint64_t end = 0;
  if (__builtin_add_overflow(program_offset, uint64_t{program_count} * program_entry_bytes, &end)) {
    return std::nullopt;
  }
  return end;
}

base::Result<ElfHeader> ParseElfHeader(Bytes head) {
  if (head.size() < 16) {
    return base::Truncated("ELF header");
  }
  if (!base::AsText(head).starts_with("\x7f"
                                      "ELF")) {
    return base::Invalid("no ELF magic");
  }
  const auto width = static_cast<uint8_t>(head[4]);
  const auto order = static_cast<uint8_t>(head[5]);
  if (width < 1 || width > 2 || order < 1 || order > 2) {
    return base::Invalid("ELF header: class " + std::to_string(width) + ", byte order " +
                         std::to_string(order));
  }
  ElfHeader out;
  out.is64 = width == 2;
  out.big_endian = order == 2;
  Fields fields(head.subspan(16), out.is64, out.big_endian);
  out.type = static_cast<ElfType>(fields.Half());
  fields.Half();    // machine
  fields.Word();    // version
  fields.Native();  // entry
  out.program_offset = fields.Native();
  fields.Native();  // section headers
  fields.Word();    // flags
  fields.Half();    // size of this header
  out.program_entry_bytes = fields.Half();
  out.program_count = fields.Half();
  fields.Half();  // section headers: size, count, the one with names
  fields.Half();
  fields.Half();
  if (!fields.ok()) {
    return base::Truncated("ELF header");
  }
  if (out.program_count != 0 && out.program_entry_bytes < SegmentBytes(out.is64)) {
    return base::Invalid("ELF program headers of " + std::to_string(out.program_entry_bytes) +
                         " bytes");
  }
  return out;
}

base::Result<std::vector<ElfSegment>> ParseElfSegments(const ElfHeader& header, Bytes prefix) {
  std::vector<ElfSegment> out;
  if (header.program_count == 0) {
    return out;
  }
  Reader reader(prefix);
  SCANTLING_DO(reader.Seek(header.program_offset).With("ELF program headers"));
  for (uint32_t i = 0; i < header.program_count; ++i) {
    auto raw = reader.Take(header.program_entry_bytes);
    if (!raw) {
      return std::move(raw).error().With("ELF program headers");
    }
    Fields fields(*raw, header.is64, header.big_endian);
    ElfSegment segment;
    segment.type = fields.Word();
    if (header.is64) {
      segment.flags = fields.Word();
    }
    segment.offset = fields.Native();
    segment.address = fields.Native();
    fields.Native();  // physical address
    segment.file_bytes = fields.Native();
    segment.memory_bytes = fields.Native();
    if (!header.is64) {
      segment.flags = fields.Word();
    }
    if (!fields.ok()) {
      return base::Truncated("ELF program headers");
    }
    out.push_back(segment);
  }
  return out;
}

base::Result<Bytes> ElfMemory::At(uint64_t address, uint64_t count) const {
  for (const ElfSegment& segment : segments_) {
    if (segment.type == ElfSegment::kLoad && address >= segment.address &&
        address - segment.address < segment.file_bytes &&
        count <= segment.file_bytes - (address - segment.address)) {
      uint64_t offset = 0;
      if (!__builtin_add_overflow(segment.offset, address - segment.address, &offset)) {
        return Reader(file_).At(offset, count);
      }
    }
  }
  return base::Invalid("ELF: no " + std::to_string(count) + " bytes of the file at address " +
                       std::to_string(address));
}

}  // namespace scantling::codec
