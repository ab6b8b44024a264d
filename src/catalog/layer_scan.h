// One layer's bytes through the catalogers: the visitor that image/ calls while it reads.
//
// Single thread per object; many objects may run at once.
#pragma once

#include "base/limits.h"
#include "catalog/claim_index.h"
#include "catalog/layer_facts.h"
#include "image/layer_reader.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

class LayerScan : public image::LayerVisitor {
 public:
  LayerScan(const ClaimIndex& claims, const base::Limits& limits)
      : claims_(claims), limits_(limits) {}

  image::Claim OnFile(const image::FileEntry& file) override;
  image::Claim OnHead(const image::FileEntry& file, base::Bytes head) override;
  void OnWhole(const image::FileEntry& file, uint32_t claim, base::Bytes data) override;
  void OnChunk(const image::FileEntry& file, uint32_t claim, uint64_t offset, base::Bytes chunk,
               bool last) override;
  void OnLost(const image::FileEntry& file, uint32_t claim, const base::Error& error) override;

  // Takes what the layer's reading gave, with the tree and the diagnostics of `read`.
  LayerFacts Finish(image::LayerResult read) &&;

 private:
  image::Claim Start(const image::FileEntry& file, uint32_t cataloger);
  void Keep(uint32_t claim, base::Result<FileFacts> facts);

  const ClaimIndex& claims_;
  const base::Limits& limits_;
  std::vector<FileResult> files_;
  uint64_t records_ = 0;
  uint64_t left_out_ = 0;                      // claimed files above the limits
  std::unique_ptr<Cataloger::Stream> stream_;  // of the file that passes by now
};

// A second look at a layer: reads exactly the wanted files, whole, each under the name and by the
// cataloger given.
class SecondLookScan : public image::LayerVisitor {
 public:
  struct Wanted {
    std::string as;  // the name that a cataloger claims
    uint32_t cataloger = 0;
  };
  SecondLookScan(std::multimap<std::string, Wanted> wanted, const base::Limits& limits)
      : wanted_(std::move(wanted)), limits_(limits) {}

  image::Claim OnFile(const image::FileEntry& file) override;
  image::Claim OnHead(const image::FileEntry&, base::Bytes) override { return {}; }
  void OnWhole(const image::FileEntry& file, uint32_t claim, base::Bytes data) override;
  void OnChunk(const image::FileEntry&, uint32_t, uint64_t, base::Bytes, bool) override {}
  void OnLost(const image::FileEntry& file, uint32_t claim, const base::Error& error) override;

  std::vector<SecondLook>& looks() { return looks_; }

 private:
  std::multimap<std::string, Wanted> wanted_;
  const base::Limits& limits_;
  uint64_t repeats_left_ = limits_.file_bytes;  // bytes of files that several links lead to
  std::vector<SecondLook> looks_;
};

// What a file that could not be read leaves behind: a diagnostic, and `understood` false.
FileFacts NotUnderstood(std::string_view code, const base::Error& error);

}  // namespace scantling::catalog
