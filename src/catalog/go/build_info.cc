// See build_info.h.
#include "catalog/go/build_info.h"

#include "base/reader.h"
#include "base/strings.h"

#include <cstring>

namespace scantling::catalog::go {
namespace {

using base::Bytes;
using base::Reader;

constexpr uint8_t kBigEndianFlag = 1;
constexpr uint8_t kInlineFlag = 2;

// https://pkg.go.dev/encoding/binary#Uvarint
base::Result<uint64_t> TakeVarint(Reader& reader) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    SCANTLING_TRY(const uint8_t byte, reader.Little<uint8_t>());
    value |= uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      return value;
    }
  }
  return base::Invalid("Go build information: a length that does not end");
}

base::Result<std::string_view> TakeString(Reader& reader, uint64_t max_bytes) {
  SCANTLING_TRY(const uint64_t length, TakeVarint(reader));
  if (length > max_bytes) {
    return base::LimitMet("Go build information: a text of " + std::to_string(length) + " bytes");
  }
  SCANTLING_TRY(const Bytes bytes, reader.Take(length));
  return base::AsText(bytes);
}

// The text stands between two marks of 16 bytes each, and ends in a newline.
std::string_view StripMarks(std::string_view modules) {
  constexpr size_t kMark = 16;
  if (modules.size() < 2 * kMark + 1 || modules[modules.size() - kMark - 1] != '\n') {
    return {};
  }
  return modules.substr(kMark, modules.size() - 2 * kMark);
}

base::Result<Blob> MakeBlob(std::string_view go_version, std::string_view modules) {
  if (go_version.empty()) {
    return base::Invalid("Go build information without a version of Go");
  }
  return Blob{std::string(go_version), std::string(StripMarks(modules))};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t Digits(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) {
    ++count;
  }
  return count;
}

}  // namespace

BlobKind KindOf(Bytes blob) {
  if (blob.size() < kBlobBytes) {
    return BlobKind::kMore;
  }
  return (static_cast<uint8_t>(blob[15]) & kInlineFlag) != 0 ? BlobKind::kInline
                                                             : BlobKind::kPointers;
}

std::optional<size_t> FindMagic(Bytes bytes, uint64_t address) {
  uint64_t head = 0;
  std::memcpy(&head, kMagic.data(), sizeof(head));
  for (size_t at = (kAlignment - address % kAlignment) % kAlignment;
       at + kMagic.size() <= bytes.size(); at += kAlignment) {
    uint64_t here = 0;
    std::memcpy(&here, bytes.data() + at, sizeof(here));
    if (here == head && base::AsText(bytes.subspan(at, kMagic.size())) == kMagic) {
      return at;
    }
  }
  return std::nullopt;
}

base::Result<Blob> ReadInline(Bytes bytes) {
  Reader reader(bytes);
  SCANTLING_DO(reader.Seek(kBlobBytes));
  SCANTLING_TRY(const std::string_view go_version, TakeString(reader, kMaxVersionBytes));
  SCANTLING_TRY(const std::string_view modules, TakeString(reader, kMaxModuleBytes));
  return MakeBlob(go_version, modules);
}

base::Result<Blob> ReadPointers(const codec::ElfMemory& memory, uint64_t address) {
  SCANTLING_TRY(const Bytes blob, memory.At(address, kBlobBytes));
  const auto pointer_bytes = static_cast<uint8_t>(blob[14]);
  const bool big_endian = (static_cast<uint8_t>(blob[15]) & kBigEndianFlag) != 0;
  if (pointer_bytes != 4 && pointer_bytes != 8) {
    return base::Invalid("Go build information: pointers of " + std::to_string(pointer_bytes) +
                         " bytes");
  }
  const auto take = [&](Reader& reader) -> base::Result<uint64_t> {
    if (pointer_bytes == 8) {
      return big_endian ? reader.Big<uint64_t>() : reader.Little<uint64_t>();
    }
    SCANTLING_TRY(const uint32_t value,
                  big_endian ? reader.Big<uint32_t>() : reader.Little<uint32_t>());
    return uint64_t{value};
  };
  // A pointer to a string header, which is a pointer and a length.
  const auto text = [&](Reader& pointers, uint64_t max_bytes) -> base::Result<std::string_view> {
    SCANTLING_TRY(const uint64_t header_address, take(pointers));
    if (header_address == 0) {
      return std::string_view();
    }
    SCANTLING_TRY(const Bytes header, memory.At(header_address, 2 * uint64_t{pointer_bytes}));
    Reader reader(header);
    SCANTLING_TRY(const uint64_t data, take(reader));
    SCANTLING_TRY(const uint64_t length, take(reader));
    if (length == 0) {
      return std::string_view();
    }
    if (length > max_bytes) {
      return base::LimitMet("Go build information: a text of " + std::to_string(length) + " bytes");
    }
    SCANTLING_TRY(const Bytes bytes, memory.At(data, length));
    return base::AsText(bytes);
  };
  Reader pointers(blob.subspan(kAlignment));
  SCANTLING_TRY(const std::string_view go_version, text(pointers, kMaxVersionBytes));
  SCANTLING_TRY(const std::string_view modules, text(pointers, kMaxModuleBytes));
  return MakeBlob(go_version, modules);
}

BuildInfo ParseModules(std::string_view modules) {
  BuildInfo out;
  Module* last = nullptr;
  for (const std::string_view line : base::Split(modules, '\n')) {
    const auto fields = base::Split(line, '\t');
    const auto field = [&](size_t i) {
      return std::string(i < fields.size() ? fields[i] : std::string_view());
    };
    if (fields[0] == "path") {
      out.package_path = field(1);
    } else if (fields[0] == "mod") {
      out.main = Module{field(1), field(2)};
      last = &*out.main;
    } else if (fields[0] == "dep") {
      last = &out.dependencies.emplace_back(Module{field(1), field(2)});
    } else if (fields[0] == "=>" && last != nullptr) {
      // What stands behind the arrow is what was compiled. A folder has no version: then the name
      // says more than the path.
      const bool folder = field(1).starts_with('.') || field(1).starts_with('/') ||
                          field(2).empty() || field(2) == "(devel)";
      *last = folder ? Module{last->path, ""} : Module{field(1), field(2)};
      last = nullptr;
    }
  }
  return out;
}

std::string StandardLibraryVersion(std::string_view go_version) {
  const bool snapshot = go_version.starts_with("devel");
  const size_t at = go_version.find("go");
  if (at == std::string_view::npos) {
    return {};  // "devel +0123abcd": a commit says no version
  }
  const std::string_view text = go_version.substr(at + 2);
  size_t end = Digits(text);
  if (end == 0) {
    return {};
  }
  size_t numbers = 1;
  while (numbers < 3 && end + 1 < text.size() && text[end] == '.' && IsDigit(text[end + 1])) {
    end += 1 + Digits(text.substr(end + 1));
    ++numbers;
  }
  std::string out(text.substr(0, end));
  if (snapshot) {
    return out + (numbers < 3 ? ".0-devel" : "-devel");
  }
  // "rc1" and "beta2" are a part of the version; "b7" (boringcrypto), "-vendor", "+fips" are not.
  for (const std::string_view kind : {"rc", "beta"}) {
    if (text.substr(end).starts_with(kind)) {
      const size_t digits = Digits(text.substr(end + kind.size()));
      out.append(text.substr(end, digits == 0 ? 0 : kind.size() + digits));
    }
  }
  return out;
}

}  // namespace scantling::catalog::go
