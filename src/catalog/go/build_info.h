// The build information that the Go linker puts into every program: version of Go, and the modules
// that are in it.
//
// https://pkg.go.dev/debug/buildinfo ; the blob begins with "\xff Go buildinf:" on a 16-byte
// boundary in writable data: since Go 1.18 two strings with varint lengths follow its 32 bytes,
// before that two pointers to string headers did. Not handled: programs older than Go 1.13 (no
// blob), the symbols of the program.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "codec/elf.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::go {

inline constexpr std::string_view kMagic = "\xff Go buildinf:";
inline constexpr size_t kAlignment = 16;
inline constexpr size_t kBlobBytes = 32;
inline constexpr uint64_t kMaxVersionBytes = 4096;
inline constexpr uint64_t kMaxModuleBytes = uint64_t{16} << 20;

struct Blob {
  std::string go_version;  // "go1.21.3 X:nocoverageredesign"
  std::string modules;     // lines; "" when the program was built without modules
};

// What the bytes behind the magic can be. kMore: these are too few to tell.
enum class BlobKind : uint8_t { kMore, kInline, kPointers };
BlobKind KindOf(base::Bytes blob);

// Where the magic stands, as an offset from bytes.data(); `address` is that of bytes[0] and tells
// the alignment.
std::optional<size_t> FindMagic(base::Bytes bytes, uint64_t address);

// The inline form, from the magic on. kTruncated: more bytes are needed (or there are none).
base::Result<Blob> ReadInline(base::Bytes bytes);
// The pointer form at `address`.
base::Result<Blob> ReadPointers(const codec::ElfMemory& memory, uint64_t address);

struct Module {
  std::string path;
  std::string version;
};

struct BuildInfo {
  std::string package_path;          // of package main: "cmd/go", "command-line-arguments"
  std::optional<Module> main;        // version as stated: "(devel)", "v1.2.3", a pseudo-version
  std::vector<Module> dependencies;  // what is really in the program: replacements applied
};
BuildInfo ParseModules(std::string_view modules);

// "1.21.3" from "go1.21.3 X:nocoverageredesign", "go1.19.4+fips"; "1.22rc1" stays; a development
// snapshot "devel go1.23-abc" becomes "1.23.0-devel", which is before 1.23.0. "" when there is no
// version in it.
std::string StandardLibraryVersion(std::string_view go_version);

}  // namespace scantling::catalog::go
