// See go.h.
#include "catalog/go/go.h"

#include "base/strings.h"
#include "catalog/common/problems.h"
#include "catalog/go/build_info.h"
#include "codec/elf.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

namespace scantling::catalog {
namespace {

constexpr std::array kClaims = {ClaimPattern{ClaimKind::kMagic,
                                             "\x7f"
                                             "ELF"}};

// Program headers stand right behind the ELF header; tools that rewrite programs may move them,
// then the whole file is read.
constexpr uint64_t kMaxHeadBytes = uint64_t{64} << 10;
// Magics without build information behind them, in one file.
constexpr size_t kMaxFalseMagics = 1000;

bool CanBeProgram(const codec::ElfHeader& header) {
  return (header.type == codec::ElfType::kExecutable || header.type == codec::ElfType::kShared) &&
         header.program_count != 0;
}

bool HoldsWritableData(const codec::ElfSegment& segment) {
  return segment.type == codec::ElfSegment::kLoad && segment.file_bytes != 0 &&
         (segment.flags & codec::ElfSegment::kWritable) != 0;
}

// A part of the file; `address` is that of its first byte and good for the alignment only where
// ranges were joined.
struct Range {
  uint64_t begin;
  uint64_t end;
  uint64_t address;
};

struct Ranges {
  std::vector<Range> ranges;  // in the file's order where `overlap` is false
  bool cut = false;           // data that the headers name is outside of the file
  bool overlap = false;       // bytes that must be looked at under several alignments
};

// Where the writable data is. Segments that overlap and agree on where 16-byte blocks begin are
// joined: no byte is looked at more than 16 times, however many segments name it.
Ranges WritableData(const std::vector<codec::ElfSegment>& segments, uint64_t file_bytes) {
  Ranges out;
  for (const codec::ElfSegment& segment : segments) {
    uint64_t last = 0;
    if (!HoldsWritableData(segment)) {
      continue;
    }
    if (__builtin_add_overflow(segment.offset, segment.file_bytes, &last) || last > file_bytes) {
      out.cut = true;
      last = file_bytes;
    }
    if (segment.offset < last) {
      out.ranges.push_back({segment.offset, last, segment.address});
    }
  }
  const auto shift = [](const Range& range) {
    return (range.address - range.begin) % go::kAlignment;
  };
  std::ranges::sort(out.ranges, [&](const Range& a, const Range& b) {
    return std::tuple(shift(a), a.begin, a.end) < std::tuple(shift(b), b.begin, b.end);
  });
  size_t kept = 0;
  for (const Range& range : out.ranges) {
    if (kept != 0 && shift(out.ranges[kept - 1]) == shift(range) &&
        range.begin < out.ranges[kept - 1].end) {
      out.ranges[kept - 1].end = std::max(out.ranges[kept - 1].end, range.end);
    } else {
      out.ranges[kept++] = range;
    }
  }
  out.ranges.resize(kept);
  std::ranges::sort(out.ranges, {}, &Range::begin);
  for (size_t i = 1; i < out.ranges.size(); ++i) {
    out.overlap = out.overlap || out.ranges[i].begin < out.ranges[i - 1].end;
  }
  return out;
}

// Where a program sees that byte of its writable data, when a whole blob fits there.
uint64_t AddressOf(uint64_t offset, const std::vector<codec::ElfSegment>& segments) {
  const auto segment = std::ranges::find_if(segments, [&](const codec::ElfSegment& s) {
    return HoldsWritableData(s) && offset >= s.offset && offset - s.offset < s.file_bytes &&
           s.file_bytes - (offset - s.offset) >= go::kBlobBytes;
  });
  return segment == segments.end() ? 0 : segment->address + (offset - segment->offset);
}

void AddComponent(std::string_view name, std::string_view version, std::string_view path,
                  const std::string& main_module, FileFacts& facts) {
  Record record;
  record.component.name = base::ToUtf8(name);
  record.component.version = base::ToUtf8(version);
  record.component.type = version::Ecosystem::kGo;
  record.component.evidence = model::Evidence::kGoBuildInfo;
  record.component.container = path;
  record.component.main_module = main_module;
  facts.records.push_back(std::move(record));
}

FileFacts ToFacts(const go::Blob& blob, std::string_view path) {
  FileFacts facts;
  Problems problems(facts, "go");
  const go::BuildInfo info = go::ParseModules(blob.modules);
  const std::string main_module =
      base::ToUtf8(info.main && !info.main->path.empty() ? info.main->path : info.package_path);
  if (info.main && !info.main->path.empty()) {
    const std::string& stated = info.main->version;
    AddComponent(info.main->path, stated == "(devel)" ? std::string_view() : stated, path,
                 main_module, facts);
  }
  for (const go::Module& module : info.dependencies) {
    if (!module.path.empty()) {
      AddComponent(module.path, module.version, path, main_module, facts);
    }
  }
  const std::string library = go::StandardLibraryVersion(blob.go_version);
  AddComponent("stdlib", library, path, main_module, facts);
  if (library.empty()) {
    problems.Note("no-version", "built with \"" + base::ToUtf8(blob.go_version) +
                                    "\", which names no version of the standard library");
  }
  if (blob.modules.empty()) {
    problems.Gap("no-modules",
                 "the program carries no list of its modules; only the standard library is listed");
  }
  problems.Finish();
  return facts;
}

FileFacts NotGo() {
  FileFacts facts;
  facts.relevant = false;
  return facts;
}

// Kinds of failure that say "this is no program that anybody could run" are gaps: it might have
// been a Go program.
FileFacts Damaged(std::string message) {
  FileFacts facts;
  Problems problems(facts, "go");
  problems.Gap("damaged", std::move(message));
  return facts;
}

class GoStream final : public Cataloger::Stream {
 public:
  GoStream(std::string_view path, uint64_t size) : path_(path), size_(size) {}

  bool OnChunk(uint64_t offset, base::Bytes chunk) override {
    while (state_ == State::kHead) {
      const size_t wanted = std::min<size_t>(chunk.size(), head_wanted_ - head_.size());
      head_.insert(head_.end(), chunk.begin(), chunk.begin() + static_cast<ptrdiff_t>(wanted));
      chunk = chunk.subspan(wanted);
      offset += wanted;
      if (ReadHead()) {
        if (!Scan(0, head_)) {  // a tiny program has its data in here
          return false;
        }
      } else if (state_ == State::kDone || chunk.empty()) {
        return state_ != State::kDone;
      }
    }
    return state_ != State::kDone && Scan(offset, chunk);
  }

  base::Result<FileFacts> Finish() override {
    switch (state_) {
      case State::kHead:
        return head_.empty() ? NotGo() : Damaged("the ELF header is cut off");
      case State::kCollect:
        return Damaged("the file ends inside of the Go build information");
      case State::kScan:
        return cut_ ? Damaged("the file ends before the data that its program headers name")
                    : NotGo();
      case State::kDone:
        break;
    }
    return std::move(result_);
  }

 private:
  enum class State : uint8_t { kHead, kScan, kCollect, kDone };
  bool Done(FileFacts facts) {
    result_ = std::move(facts);
    state_ = State::kDone;
    return false;
  }

  bool NeedsWhole() {
    FileFacts facts;
    facts.again_whole = true;
    return Done(std::move(facts));
  }

  // true once the ranges are known; false with kHead = more bytes are needed, with kDone = no.
  bool ReadHead() {
    if (head_.size() < codec::kElfHeaderBytes && head_.size() < size_) {
      return false;
    }
    const auto header = codec::ParseElfHeader(head_);
    if (!header) {
      return Done(Damaged(header.error().Message()));
    }
    if (!CanBeProgram(*header) || path_.ends_with(".debug")) {
      return Done(NotGo());  // split debug information names data that it does not hold
    }
    const auto end = header->ProgramHeadersEnd();
    if (!end || *end > size_) {
      return Done(Damaged("the ELF program headers are outside of the file"));
    }
    if (*end > kMaxHeadBytes) {
      return NeedsWhole();
    }
    if (head_.size() < *end) {
      head_wanted_ = std::max(head_wanted_, static_cast<size_t>(*end));
      return false;
    }
    const auto segments = codec::ParseElfSegments(*header, head_);
    if (!segments) {
      return Done(Damaged(segments.error().Message()));
    }
    Ranges data = WritableData(*segments, size_);
    if (data.overlap) {
      return NeedsWhole();  // a stream passes each byte once
    }
    ranges_ = std::move(data.ranges);
    cut_ = data.cut;
    state_ = State::kScan;
    return true;
  }

  // false = nothing more is wanted.
  bool Scan(uint64_t offset, base::Bytes chunk) {
    if (state_ == State::kCollect) {
      return Collect(chunk);
    }
    const uint64_t chunk_end = offset + chunk.size();
    while (range_ < ranges_.size()) {
      Range& range = ranges_[range_];
      if (range.begin >= chunk_end) {
        return true;
      }
      const uint64_t from = std::max(range.begin, offset);
      const uint64_t to = std::min(range.end, chunk_end);
      if (from < to) {
        const base::Bytes part = chunk.subspan(from - offset, to - from);
        if (!ScanPart(part, range.address + (from - range.begin))) {
          if (state_ == State::kDone) {
            return false;
          }
          // Found: everything from the magic on, the segment's end being no bound that matters.
          return Collect(chunk.subspan(from - offset + std::min(found_, part.size())));
        }
      }
      if (range.end > chunk_end) {
        return true;
      }
      carry_.clear();
      ++range_;
    }
    return Done(cut_ ? Damaged("the file ends before the data that its program headers name")
                     : NotGo());
  }

  // false when the magic was found; found_ is where `part` goes on behind what is already
  // collected.
  bool ScanPart(base::Bytes part, uint64_t address) {
    if (!carry_.empty()) {
      // A magic may lie across two chunks: an aligned block that was not complete comes first.
      const size_t missing = std::min(go::kAlignment - carry_.size(), part.size());
      carry_.insert(carry_.end(), part.begin(), part.begin() + static_cast<ptrdiff_t>(missing));
      if (carry_.size() == go::kAlignment) {
        if (go::FindMagic(carry_, 0)) {
          info_ = std::move(carry_);
          found_ = missing;
          state_ = State::kCollect;
          return false;
        }
        carry_.clear();
      }
      part = part.subspan(missing);
      address += missing;
      skipped_ = missing;
    } else {
      skipped_ = 0;
    }
    if (const auto at = go::FindMagic(part, address)) {
      found_ = skipped_ + *at;
      state_ = State::kCollect;
      return false;
    }
    const size_t rest = std::min<size_t>((address + part.size()) % go::kAlignment, part.size());
    if (rest == (address + part.size()) % go::kAlignment) {
      carry_.assign(part.end() - static_cast<ptrdiff_t>(rest), part.end());
    }
    return true;
  }

  bool Collect(base::Bytes chunk) {
    constexpr size_t kEnough = go::kBlobBytes + go::kMaxVersionBytes + go::kMaxModuleBytes + 2 * 10;
    const size_t wanted = std::min(chunk.size(), kEnough - info_.size());
    info_.insert(info_.end(), chunk.begin(), chunk.begin() + static_cast<ptrdiff_t>(wanted));
    switch (go::KindOf(info_)) {
      case go::BlobKind::kMore:
        return true;
      case go::BlobKind::kPointers:
        return NeedsWhole();
      case go::BlobKind::kInline:
        break;
    }
    const auto blob = go::ReadInline(info_);
    if (blob) {
      return Done(ToFacts(*blob, path_));
    }
    if (blob.error().code() == base::ErrorCode::kTruncated && info_.size() < kEnough) {
      return true;
    }
    return NeedsWhole();  // that magic was no blob; another one may follow
  }

  std::string path_;
  uint64_t size_;
  State state_ = State::kHead;
  std::vector<std::byte> head_;
  size_t head_wanted_ = 4096;
  std::vector<Range> ranges_;
  size_t range_ = 0;
  bool cut_ = false;  // data that the headers name is outside of the file
  std::vector<std::byte> carry_;
  std::vector<std::byte> info_;
  size_t found_ = 0;
  size_t skipped_ = 0;
  FileFacts result_;
};

class Go final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "go",
        .version = 2,
        .ecosystem = version::Ecosystem::kGo,
        .what =
            "Go programs (ELF): build information with modules, replacements, main module and "
            "standard library",
        .claims = kClaims,
        .reading = Reading::kStream,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file,
                                  const base::Limits& /*limits*/) const override {
    SCANTLING_TRY(const codec::ElfHeader header, codec::ParseElfHeader(file.data));
    if (!CanBeProgram(header)) {
      return NotGo();
    }
    SCANTLING_TRY(const std::vector<codec::ElfSegment> segments,
                  codec::ParseElfSegments(header, file.data));
    const codec::ElfMemory memory(file.data, segments);
    const Ranges writable = WritableData(segments, file.data.size());
    std::string problem;
    size_t false_magics = 0;
    if (writable.cut) {
      problem = "the file ends before the data that its program headers name";
    }
    for (const Range& range : writable.ranges) {
      const base::Bytes data = file.data.subspan(range.begin, range.end - range.begin);
      for (size_t from = 0; from < data.size();) {
        const auto at = go::FindMagic(data.subspan(from), range.address + from);
        if (!at) {
          break;
        }
        const size_t start = from + *at;
        const base::Bytes here = file.data.subspan(range.begin + start);
        const auto blob = go::KindOf(here) == go::BlobKind::kPointers
                              ? go::ReadPointers(memory, AddressOf(range.begin + start, segments))
                              : go::ReadInline(here);
        if (blob) {
          return ToFacts(*blob, file.path);
        }
        if (++false_magics == kMaxFalseMagics) {
          return Damaged("more than " + std::to_string(kMaxFalseMagics - 1) +
                         " marks of Go build information without any behind them");
        }
        problem = blob.error().Message();
        from = start + go::kAlignment;
      }
    }
    return problem.empty() ? NotGo() : Damaged(std::move(problem));
  }

  std::unique_ptr<Stream> Start(std::string_view path, uint64_t size,
                                const base::Limits& /*limits*/) const override {
    return std::make_unique<GoStream>(path, size);
  }
};

}  // namespace

const Cataloger& GoCataloger() {
  static const Go kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
