// See layer_reader.h.
//
// With two threads, one reads and inflates into a ring of buffers while the caller's thread hashes,
// walks and lets the visitor work, so that the slower side sets the pace and neither waits for the
// other's every step. Plain tars have nothing to inflate: there the reading thread hashes. Each
// buffer stays with the side that works on it until it is handed back.
#include "image/layer_reader.h"

#include "image/blob_source.h"
#include "image/layer_walk.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kStoredBytes = 256 << 10;
constexpr size_t kTeamBytes = 1 << 20;  // a block is worth a meeting
constexpr size_t kUnpackedBytes = 512 << 10;
constexpr size_t kBuffers = 4;  // of each kind, with two threads

size_t BlockBytes(const base::Sha256Team* maybe_team) {
  return maybe_team == nullptr ? kStoredBytes : kTeamBytes;
}

// Buffers are never zeroed: pages that are not used cost nothing.
class Buffer {
 public:
  explicit Buffer(size_t size)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(size)), size_(size) {}
  std::span<std::byte> span() { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  size_t size_;
};

// The stored bytes in blocks. The first block may be looked at before it is taken.
class StoredBlocks : public codec::BlockSource {
 public:
  StoredBlocks(codec::ByteSource& source, base::Sha256Team* maybe_team)
      : source_(source), maybe_team_(maybe_team) {}

  base::Result<base::Bytes> Peek() {
    if (!peeked_) {
      SCANTLING_TRY(first_, ReadBlock());
      peeked_ = true;
    }
    return first_;
  }
  base::Result<base::Bytes> Next() override {
    if (!peeked_) {
      SCANTLING_TRY(first_, ReadBlock());
    }
    peeked_ = false;
    if (!first_.empty()) {
      OnBlock(first_);
    }
    return first_;
  }
  // Nothing to unpack? Known once the first block was read.
  bool plain() const { return plain_; }
  const std::optional<base::Error>& io_error() const { return io_error_; }
  uint64_t bytes() const { return bytes_; }

 protected:
  virtual std::span<std::byte> FreeBuffer() = 0;
  virtual void OnBlock(base::Bytes block) = 0;  // each block once, as it is taken

  // A plain tar leaves a core little else to do, so its blocks go beside those of another layer.
  void HashBlock(base::Sha256& sha, base::Bytes block) {
    if (plain_ && maybe_team_ != nullptr && !member_) {
      member_.emplace(*maybe_team_);
    }
    member_ ? member_->Update(sha, block) : sha.Update(block);
  }

 private:
  base::Result<base::Bytes> ReadBlock() {
    if (io_error_) {
      return io_error_->Clone();
    }
    if (ended_) {
      return base::Bytes();
    }
    const std::span<std::byte> buffer = FreeBuffer();
    auto count = ReadFully(source_, buffer);
    if (!count) {
      io_error_ = count.error().Clone();
      return std::move(count).error();
    }
    const base::Bytes block = buffer.first(*count);
    if (bytes_ == 0) {
      plain_ = codec::SniffCompression(block) == codec::Compression::kNone;
    }
    bytes_ += *count;
    ended_ = block.empty();
    if (ended_) {
      member_.reset();  // nobody need wait for us any more
    }
    return block;
  }

  codec::ByteSource& source_;
  base::Sha256Team* maybe_team_;
  std::optional<base::Sha256Team::Member> member_;
  base::Bytes first_;
  bool peeked_ = false;
  bool plain_ = true;
  bool ended_ = false;
  std::optional<base::Error> io_error_;
  uint64_t bytes_ = 0;
};

// What remains of the stored bytes still belongs to their digest.
void Drain(StoredBlocks& blocks) {
  while (true) {
    const auto block = blocks.Next();
    if (!block || block->empty()) {
      return;
    }
  }
}

// Do the stored bytes go into the digest? Those of a plain tar are the unpacked ones.
bool HashesStored(Hash hash, const StoredBlocks& blocks) {
  return hash == Hash::kStored || (hash == Hash::kUnpacked && blocks.plain());
}

struct Outcome {
  std::optional<base::Error> io_error;  // the stored bytes could not be read
  std::optional<base::Error> cut;       // they could, but not be unpacked to their end
  bool digest_complete = true;          // false: of unpacked bytes that were not all seen
  uint64_t stored_bytes = 0;
  uint64_t unpacked_bytes = 0;
};

// The inflating half: calls free_buffer() and give(bytes) in turn until the end. give() says false
// when nobody wants more.
template <typename FreeBuffer, typename Give>
Outcome Unpack(StoredBlocks& blocks, Hash hash, const base::Limits& limits,
               const FreeBuffer& free_buffer, const Give& give) {
  Outcome out;
  const auto run = [&]() -> base::Result<void> {
    SCANTLING_TRY(const base::Bytes head, blocks.Peek());
    const codec::Compression compression = codec::SniffCompression(head);
    if (compression == codec::Compression::kNone) {
      while (true) {
        SCANTLING_TRY(const base::Bytes block, blocks.Next());
        out.unpacked_bytes += block.size();
        if (out.unpacked_bytes > limits.layer_bytes) {
          return base::LimitMet("more than " + std::to_string(limits.layer_bytes) +
                                " bytes (limit layer-bytes)");
        }
        if (block.empty() || !give(block)) {
          return {};
        }
      }
    }
    SCANTLING_TRY(const auto inflater, codec::MakeInflater(compression, blocks, limits));
    while (true) {
      const std::span<std::byte> buffer = free_buffer();
      SCANTLING_TRY(const size_t count, inflater->Read(buffer));
      out.unpacked_bytes += count;
      if (count == 0 || !give(base::Bytes(buffer.first(count)))) {
        return {};
      }
    }
  };
  if (auto done = run(); !done) {
    out.cut = std::move(done).error();
    out.digest_complete = HashesStored(hash, blocks);
  }
  if (HashesStored(hash, blocks) && !blocks.io_error()) {
    Drain(blocks);
  }
  if (blocks.io_error()) {
    out.io_error = blocks.io_error()->Clone();
  }
  out.stored_bytes = blocks.bytes();
  return out;
}

base::Result<LayerResult> Conclude(LayerWalk& walk, Outcome outcome,
                                   std::optional<base::Sha256>& sha) {
  if (outcome.io_error) {
    const base::Error error = outcome.io_error->Clone();
    static_cast<void>(walk.Finish(&error));  // so that the visitor hears of its unfinished file
    return error.Clone();
  }
  LayerResult result = walk.Finish(outcome.cut ? &*outcome.cut : nullptr);
  result.stored_bytes = outcome.stored_bytes;
  result.unpacked_bytes = outcome.unpacked_bytes;
  if (sha && outcome.digest_complete) {
    result.digest = sha->Finish();
  }
  return result;
}

class OneThreadBlocks : public StoredBlocks {
 public:
  OneThreadBlocks(codec::ByteSource& source, Hash hash, std::optional<base::Sha256>& sha,
                  base::Sha256Team* maybe_team)
      : StoredBlocks(source, maybe_team), buffer_(BlockBytes(maybe_team)), hash_(hash), sha_(sha) {}

 protected:
  std::span<std::byte> FreeBuffer() override { return buffer_.span(); }
  void OnBlock(base::Bytes block) override {
    if (HashesStored(hash_, *this)) {
      HashBlock(*sha_, block);
    }
  }

 private:
  Buffer buffer_;
  Hash hash_;
  std::optional<base::Sha256>& sha_;
};

std::optional<base::Sha256> MakeSha(Hash hash) {
  return hash == Hash::kNone ? std::nullopt : std::optional<base::Sha256>(base::Sha256());
}

base::Result<LayerResult> ReadOnOne(codec::ByteSource& stored, const Reading& reading,
                                    const base::Limits& limits, LayerVisitor& visitor) {
  const Hash hash = reading.hash;
  std::optional<base::Sha256> sha = MakeSha(hash);
  OneThreadBlocks blocks(stored, hash, sha, reading.maybe_team);
  LayerWalk walk(visitor, limits);
  Buffer buffer(kUnpackedBytes);
  Outcome outcome = Unpack(
      blocks, hash, limits, [&] { return buffer.span(); },
      [&](base::Bytes bytes) {
        const bool hashes = hash == Hash::kUnpacked && !blocks.plain();
        if (hashes) {
          sha->Update(bytes);
        }
        return walk.Feed(bytes) || hashes;
      });
  return Conclude(walk, std::move(outcome), sha);
}

// What goes from the reading thread to the walking one.
struct Parcel {
  enum class Kind : uint8_t { kStored, kUnpacked, kEnd };
  Kind kind = Kind::kEnd;
  base::Bytes bytes;
};

// Parcels in order one way, free buffers back. Every buffer is in one of: free, with the reader, in
// a parcel.
class Ring {
 public:
  explicit Ring(size_t stored_bytes) {
    for (size_t i = 0; i < kBuffers; ++i) {
      stored_.emplace_back(stored_bytes);
      unpacked_.emplace_back(kUnpackedBytes);
      free_stored_.push_back(stored_.back().span());
      free_unpacked_.push_back(unpacked_.back().span());
    }
  }

  std::span<std::byte> TakeFree(Parcel::Kind kind) {
    auto& free = kind == Parcel::Kind::kStored ? free_stored_ : free_unpacked_;
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !free.empty(); });
    const std::span<std::byte> out = free.back();
    free.pop_back();
    return out;
  }
  void GiveFree(Parcel::Kind kind, base::Bytes bytes) {
    auto& all = kind == Parcel::Kind::kStored ? stored_ : unpacked_;
    auto& free = kind == Parcel::Kind::kStored ? free_stored_ : free_unpacked_;
    for (Buffer& buffer : all) {
      if (buffer.span().data() == bytes.data()) {
        const std::lock_guard lock(mutex_);
        free.push_back(buffer.span());
        break;
      }
    }
    freed_.notify_one();
  }
  void Send(Parcel parcel) {
    {
      const std::lock_guard lock(mutex_);
      parcels_.push_back(parcel);
    }
    sent_.notify_one();
  }
  Parcel Receive() {
    std::unique_lock lock(mutex_);
    sent_.wait(lock, [&] { return !parcels_.empty(); });
    const Parcel out = parcels_.front();
    parcels_.pop_front();
    return out;
  }

 private:
  std::vector<Buffer> stored_;
  std::vector<Buffer> unpacked_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::condition_variable sent_;
  std::vector<std::span<std::byte>> free_stored_;
  std::vector<std::span<std::byte>> free_unpacked_;
  std::deque<Parcel> parcels_;
};

// Blocks of a packed layer that are to be hashed go over at once: the inflater reads them at the
// same time, and takes the next one only after it is done with this one, so a buffer that comes
// back is free on both sides. Blocks of a plain tar are hashed here and go over to be walked
// (Give).
class RingBlocks : public StoredBlocks {
 public:
  RingBlocks(codec::ByteSource& source, Ring& ring, Hash hash, std::optional<base::Sha256>& sha,
             base::Sha256Team* maybe_team)
      : StoredBlocks(source, maybe_team), ring_(ring), hash_(hash), sha_(sha) {}

  void Give(base::Bytes block) {
    kept_ = {};
    ring_.Send({Parcel::Kind::kStored, block});
  }

 protected:
  std::span<std::byte> FreeBuffer() override {
    if (!kept_.empty()) {
      ring_.GiveFree(Parcel::Kind::kStored, std::exchange(kept_, {}));
    }
    return ring_.TakeFree(Parcel::Kind::kStored);
  }
  void OnBlock(base::Bytes block) override {
    kept_ = block;
    if (plain() && hash_ != Hash::kNone) {
      HashBlock(*sha_, block);
    } else if (hash_ == Hash::kStored) {
      Give(block);
    }
  }

 private:
  Ring& ring_;
  Hash hash_;
  std::optional<base::Sha256>& sha_;
  base::Bytes kept_;  // taken and not sent
};

// The digest is made on one thread only: the reading one for plain tars, the walking one for packed
// layers.
base::Result<LayerResult> ReadOnTwo(codec::ByteSource& stored, const Reading& reading,
                                    const base::Limits& limits, LayerVisitor& visitor) {
  const Hash hash = reading.hash;
  Ring ring(BlockBytes(reading.maybe_team));
  std::optional<base::Sha256> sha = MakeSha(hash);
  RingBlocks blocks(stored, ring, hash, sha, reading.maybe_team);
  std::atomic<bool> walking = true;
  Outcome outcome;
  std::jthread reader([&] {
    outcome = Unpack(
        blocks, hash, limits, [&] { return ring.TakeFree(Parcel::Kind::kUnpacked); },
        [&](base::Bytes bytes) {
          if (blocks.plain()) {
            blocks.Give(bytes);
            return walking.load(std::memory_order_relaxed);
          }
          ring.Send({Parcel::Kind::kUnpacked, bytes});
          return hash == Hash::kUnpacked || walking.load(std::memory_order_relaxed);
        });
    ring.Send({Parcel::Kind::kEnd, {}});
  });

  LayerWalk walk(visitor, limits);
  for (Parcel parcel = ring.Receive(); parcel.kind != Parcel::Kind::kEnd; parcel = ring.Receive()) {
    const bool unpacked = parcel.kind == Parcel::Kind::kUnpacked;
    const bool plain = blocks.plain();
    if (!plain && hash == (unpacked ? Hash::kUnpacked : Hash::kStored)) {
      sha->Update(parcel.bytes);
    }
    if ((unpacked || plain) && !walk.Feed(parcel.bytes)) {
      walking.store(false, std::memory_order_relaxed);
    }
    ring.GiveFree(parcel.kind, parcel.bytes);
  }
  reader.join();
  return Conclude(walk, std::move(outcome), sha);
}

}  // namespace

base::Result<LayerResult> ReadLayer(codec::ByteSource& stored, const Reading& reading,
                                    const base::Limits& limits, LayerVisitor& visitor) {
  return reading.threads == Threads::kTwo ? ReadOnTwo(stored, reading, limits, visitor)
                                          : ReadOnOne(stored, reading, limits, visitor);
}

}  // namespace scantling::image
