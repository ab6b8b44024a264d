// The entries of one layer's tar: names into the tree, whiteouts, claims, and the claimed files'
// bytes to the visitor.
//
// Single thread. Feed it the unpacked bytes, then call Finish once.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "codec/tar.h"
#include "image/layer_reader.h"
#include "image/layer_tree_builder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

// What the layer's end brings into its LayerResult. "limit.NAME" for limits, "PREFIX.truncated" and
// the like for the rest.
model::Diagnostic DiagnosticOf(std::string_view prefix, const base::Error& error);

// The first some diagnostics of a layer in full, then their number.
class DiagnosticList {
 public:
  void Add(model::Diagnostic diagnostic);
  std::vector<model::Diagnostic> Take();

 private:
  static constexpr size_t kMost = 100;
  std::vector<model::Diagnostic> list_;
  uint64_t left_out_ = 0;
};

// One file between OnFile and its last byte; shared by tars and root folders.
class FileDelivery {
 public:
  FileDelivery(LayerVisitor& visitor, const base::Limits& limits)
      : visitor_(visitor), limits_(limits) {}

  enum class State : uint8_t { kIdle, kHead, kWhole, kStream, kDone };
  // Asks the visitor. `sparse`: a file whose size costs no bytes. False: no data wanted.
  bool Start(const FileEntry& file, bool sparse);
  bool Data(uint64_t offset, base::Bytes data);  // false: no more wanted
  void End();                                    // all data was there
  void Abandon(const base::Error& error);        // the rest will not come
  // The claim, once it is known (after Start, Data or End); nothing when the visitor did not want
  // the file.
  std::optional<uint32_t> claim() const { return claim_; }
  State state() const { return state_; }

 private:
  bool Begin(Claim claim);
  bool Deliver(uint64_t offset, base::Bytes data);

  LayerVisitor& visitor_;
  const base::Limits& limits_;
  FileEntry file_;
  bool sparse_ = false;
  State state_ = State::kIdle;
  std::optional<uint32_t> claim_;
  std::vector<std::byte> head_;
  std::vector<std::byte> whole_;
  bool whole_given_ = false;
};

class LayerWalk : public codec::TarHandler {
 public:
  LayerWalk(LayerVisitor& visitor, const base::Limits& limits);

  // False: the walk is over (an error, kept for Finish).
  bool Feed(base::Bytes unpacked);
  // `cut`: why there are no more bytes, when that is not the stream's own end.
  LayerResult Finish(const base::Error* maybe_cut);

  bool OnEntry(const codec::TarEntry& entry) override;
  bool OnData(uint64_t offset, base::Bytes data) override;
  void OnEntryEnd() override;

 private:
  void OnWhiteout(std::string_view name);
  void Keep(bool fits);
  void SettleFile();
  void Stop(base::Error error);

  const base::Limits& limits_;
  codec::TarWalker walker_;
  LayerTreeBuilder builder_;
  FileDelivery delivery_;
  DiagnosticList diagnostics_;
  std::optional<base::Error> stopped_;
  uint64_t entries_ = 0;
  std::string path_;
  std::string target_;
  bool file_settled_ = true;
};

}  // namespace scantling::image
