// Tar streams, walked as they pass by: ustar, pax (POSIX.1-2001), GNU long names, old GNU and pax
// sparse files.
//
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html,
// https://www.gnu.org/software/tar/manual/ (Tar Internals). Bytes are fed in pieces of any size;
// file data is handed on as views of those pieces. Names are given as the tar has them. Not
// handled: multi-volume archives, extended attributes, owners and times (nobody needs them here).
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

enum class TarKind : uint8_t { kFile, kHardlink, kSymlink, kFolder, kOther };

struct TarEntry {
  TarKind kind = TarKind::kFile;
  std::string_view path;    // as written, never empty
  std::string_view target;  // of links
  uint64_t size = 0;        // of the file as a reader sees it (holes included)
  uint32_t mode = 0;        // permission bits
  bool sparse = false;
};

class TarHandler {
 public:
  virtual ~TarHandler() = default;
  // False: the entry's data is not wanted and passes by unseen. The views are valid during the call
  // only.
  virtual bool OnEntry(const TarEntry& entry) = 0;
  // Data in order, without gaps (holes come as zeros). Only after OnEntry said true. False: the
  // rest is not wanted.
  virtual bool OnData(uint64_t offset, base::Bytes data) = 0;
  // All of the entry's data was there. Only after OnEntry said true, and no OnData said false.
  virtual void OnEntryEnd() = 0;
};

class TarWalker {
 public:
  explicit TarWalker(TarHandler& handler) : handler_(handler) {}

  // An error ends the walk: what came before it was delivered. After the end mark everything is
  // ignored.
  base::Result<void> Feed(base::Bytes data);
  // The stream's end: an error when it cut an entry off. A missing end mark is accepted.
  base::Result<void> Finish() const;

  bool at_end() const { return state_ == State::kEnded; }
  // Bytes of the tar before the entry's data; for an index over a tar with random access.
  uint64_t position() const { return position_; }
  // At a header: how many bytes may be skipped (by Skip) instead of fed, because nobody wants them.
  uint64_t Skippable() const;
  void Skip(uint64_t count);

 private:
  static constexpr size_t kBlock = 512;
  enum class State : uint8_t { kHeader, kMeta, kSparseBlock, kSparseMap, kData, kPadding, kEnded };
  struct Extent {
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  struct Overrides {  // from a pax header; empty = not given
    std::map<std::string, std::string, std::less<>> values;
    std::vector<Extent> sparse;  // version 0.0 and 0.1
    bool has_sparse_map = false;
  };

  base::Result<void> OnBlock(base::Bytes block);
  base::Result<void> OnHeader(base::Bytes block);
  base::Result<void> OnSparseBlock(base::Bytes block);
  base::Result<void> OnMetaDone();
  base::Result<void> OnSparseMapBytes(base::Bytes data);
  base::Result<void> ParsePax(std::string_view text, Overrides& into);
  base::Result<void> StartEntry();
  base::Result<void> CheckSparse() const;
  base::Result<void> AddExtent(uint64_t offset, uint64_t size, std::vector<Extent>& to) const;
  void OnDataBytes(base::Bytes data);
  void Zeros(uint64_t until);
  void EndEntry();
  base::Error At(base::Error error) const;

  TarHandler& handler_;
  State state_ = State::kHeader;
  uint64_t position_ = 0;  // bytes of the tar so far
  std::array<std::byte, kBlock> partial_{};
  size_t partial_size_ = 0;
  unsigned zero_blocks_ = 0;

  char meta_kind_ = 0;  // 'x', 'g', 'L' or 'K' while in kMeta
  std::string meta_;
  Overrides global_;
  Overrides local_;
  std::string long_name_;  // from 'L'; empty = none
  std::string long_link_;  // from 'K'

  // The entry at hand.
  TarEntry entry_;
  std::string path_;
  std::string target_;
  uint64_t stored_left_ = 0;  // data bytes in the tar still to come
  uint64_t padding_left_ = 0;
  bool wanted_ = false;
  std::vector<Extent> extents_;
  size_t extent_ = 0;
  uint64_t extent_done_ = 0;
  uint64_t logical_ = 0;  // how much of the file was handed on
  // GNU sparse 1.0: numbers before the data.
  std::string map_line_;
  std::vector<uint64_t> map_numbers_;
  uint64_t map_count_ = 0;
  bool map_has_count_ = false;
  uint64_t map_bytes_ = 0;
};

// The numbers of a tar header: octal text, or base-256 when the first byte has its high bit set.
base::Result<uint64_t> ParseTarNumber(base::Bytes field);

}  // namespace scantling::codec
