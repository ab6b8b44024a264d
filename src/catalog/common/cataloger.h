// The plug point for "what is installed": one Cataloger per ecosystem, given bytes, giving
// components.
//
// Walking, opening, limits, caching and merging belong to the engine (catalog/scan.h). A cataloger
// sees one file at a time, never the disk, and says what it found in that file. What needs several
// files (ownership, dependency chains, which database is the live one) is done on the merged tree
// by catalog/assemble.cc from the records made here. Claims are data, so one pass dispatches all.
// Bump Info().version whenever output changes: it is part of the cache key.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "model/component.h"
#include "model/inventory.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

enum class ClaimKind : uint8_t {
  kPath,       // whole normalised path equals pattern: "etc/os-release"
  kSuffix,     // path equals pattern, or ends in "/" + pattern: "lib/dpkg/status" (any prefix)
  kBaseName,   // last part equals pattern: "package.json"
  kExtension,  // last part ends in pattern, letter case ignored: ".jar"
  kInFolder,   // the folder's path equals pattern or ends in "/" + pattern; any file in it:
               // "lib/dpkg/status.d"
  kMagic,      // first bytes equal pattern ("\x7f" "ELF")
};

struct ClaimPattern {
  ClaimKind kind;
  std::string_view pattern;
};

enum class Reading : uint8_t { kWhole, kStream };

struct CatalogerInfo {
  std::string_view name;  // "dpkg"
  uint32_t version;       // cache key
  version::Ecosystem ecosystem;
  std::string_view what;  // for docs/supported.md: "Debian packages: status, status.d, any prefix"
  std::span<const ClaimPattern> claims;
  Reading reading;
};

// One component as one file shows it. The engine adds layer, owner, ref and purl.
struct Record {
  model::Component component;  // name, version, type, source_*, architecture, module, vendor,
                               // evidence, role, essential, depends; locations: leave empty for the
                               // file itself, else member paths ("a.jar!/b.jar")
  // Paths that this OS package owns, as image::PathHash values (so that a layer's cache stays
  // small); unsorted.
  std::vector<uint64_t> owned;
  // Node: names this package needs (dependencies + optionalDependencies), to build chains.
  std::vector<std::string> needs;
  // Node: names the package.json lists when it is a project root (not below node_modules).
  bool is_root = false;
};

// A fact about the whole image.
struct Fact {
  // "os-release.<KEY>", "apk.repository", "dpkg.owner.list", "dpkg.owner.md5sums", "dpkg.status.d"
  std::string key;
  std::string value;
};

// What one claimed file gave. Serialised into the layer cache (catalog/layer_facts.h).
struct FileFacts {
  std::vector<Record> records;
  std::vector<Fact> facts;
  std::vector<uint64_t>
      owned;  // path hashes owned by the package that `facts` names (dpkg *.list, *.md5sums)
  std::vector<model::Diagnostic> diagnostics;  // path and layer are filled in by the engine
  bool understood = true;  // false: claimed, but not wholly read (a gap); say why in diagnostics
  bool relevant = true;    // false: claimed by a broad pattern (magic, extension) and not of this
                           // kind: not counted as claimed
  bool again_whole =
      false;  // streaming cataloger only: needs all bytes at once; the engine reads the layer again
};

struct FileView {
  std::string_view path;  // normalised, in the layer
  base::Bytes data;
};

// Thread-safe: const methods serve many files at once.
class Cataloger {
 public:
  virtual ~Cataloger() = default;
  virtual const CatalogerInfo& Info() const = 0;
  // The whole file. An error = not understood at all (becomes a diagnostic and a gap).
  virtual base::Result<FileFacts> Catalog(const FileView& file,
                                          const base::Limits& limits) const = 0;

  // Streaming catalogers only (Reading::kStream): state for one file.
  class Stream {
   public:
    virtual ~Stream() = default;
    // false = no more bytes are wanted.
    virtual bool OnChunk(uint64_t offset, base::Bytes chunk) = 0;
    virtual base::Result<FileFacts> Finish() = 0;
  };
  virtual std::unique_ptr<Stream> Start(std::string_view /*path*/, uint64_t /*size*/,
                                        const base::Limits& /*limits*/) const {
    return nullptr;
  }
};

// catalog/registry.cc: the ordered table of all catalogers. The index in it is stored with a claim.
std::span<const Cataloger* const> Catalogers();

}  // namespace scantling::catalog
