// See layer_walk.h. Whiteouts:
// https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts.
//
// Not handled: AUFS metadata (".wh..wh.plnk" and its kin at the root), which engines skip too.
#include "image/layer_walk.h"

#include "base/strings.h"
#include "image/path.h"

#include <algorithm>
#include <utility>

namespace scantling::image {
namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kWhiteoutMeta = ".wh..wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr size_t kKeptBuffer = 1 << 20;

}  // namespace

model::Diagnostic DiagnosticOf(std::string_view prefix, const base::Error& error) {
  model::Diagnostic out;
  out.message = error.Message();
  out.severity = model::Severity::kError;
  if (error.code() == base::ErrorCode::kLimit) {
    constexpr std::string_view kMark = "(limit ";
    const size_t at = out.message.rfind(kMark);
    const size_t name = at + kMark.size();
    out.code = at == std::string::npos
                   ? "limit"
                   : "limit." + out.message.substr(name, out.message.find(')', name) - name);
  } else {
    out.code = std::string(prefix) + "." + std::string(base::ToString(error.code()));
  }
  return out;
}

void DiagnosticList::Add(model::Diagnostic diagnostic) {
  if (list_.size() < kMost) {
    list_.push_back(std::move(diagnostic));
  } else {
    ++left_out_;
  }
}

std::vector<model::Diagnostic> DiagnosticList::Take() {
  if (left_out_ != 0) {
    model::Diagnostic more;
    more.code = "layer.more";
    more.severity = model::Severity::kError;
    more.message = std::to_string(left_out_) + " more entries could not be read";
    list_.push_back(std::move(more));
  }
  return std::move(list_);
}

bool FileDelivery::Start(const FileEntry& file, bool sparse) {
  file_ = file;
  sparse_ = sparse;
  claim_.reset();
  const Claim claim = visitor_.OnFile(file_);
  if (claim.want != Want::kHead) {
    return Begin(claim);
  }
  state_ = State::kHead;
  head_.clear();
  if (file_.size == 0) {
    return Begin(visitor_.OnHead(file_, {}));
  }
  return true;
}

bool FileDelivery::Begin(Claim claim) {
  state_ = State::kDone;
  if (claim.want == Want::kNothing || claim.want == Want::kHead) {
    return false;
  }
  claim_ = claim.number;
  if ((claim.want == Want::kWhole || sparse_) && file_.size > limits_.file_bytes) {
    visitor_.OnLost(
        file_, claim.number,
        base::LimitMet("a file of " + std::to_string(file_.size) + " bytes (limit file-bytes)"));
    return false;
  }
  if (file_.size == 0) {
    if (claim.want == Want::kWhole) {
      visitor_.OnWhole(file_, claim.number, {});
    } else {
      visitor_.OnChunk(file_, claim.number, 0, {}, true);
    }
    return false;
  }
  state_ = claim.want == Want::kWhole ? State::kWhole : State::kStream;
  whole_.clear();
  whole_given_ = false;
  return true;
}

bool FileDelivery::Data(uint64_t offset, base::Bytes data) {
  if (state_ != State::kHead) {
    return Deliver(offset, data);
  }
  const auto wanted = static_cast<size_t>(std::min<uint64_t>(file_.size, kHeadBytes));
  if (head_.empty() && data.size() >= wanted) {
    return Begin(visitor_.OnHead(file_, data.first(wanted))) && Deliver(0, data);
  }
  const size_t count = std::min(wanted - head_.size(), data.size());
  head_.insert(head_.end(), data.begin(), data.begin() + static_cast<ptrdiff_t>(count));
  if (head_.size() < wanted) {
    return true;
  }
  return Begin(visitor_.OnHead(file_, head_)) && Deliver(0, head_) &&
         (count == data.size() || Deliver(wanted, data.subspan(count)));
}

bool FileDelivery::Deliver(uint64_t offset, base::Bytes data) {
  if (state_ == State::kStream) {
    visitor_.OnChunk(file_, *claim_, offset, data, offset + data.size() == file_.size);
    return true;
  }
  if (offset == 0 && data.size() == file_.size) {
    visitor_.OnWhole(file_, *claim_, data);
    whole_given_ = true;
    return true;
  }
  // All of it at once: untouched pages cost nothing, so a size that lies does not either.
  whole_.reserve(static_cast<size_t>(file_.size));
  whole_.insert(whole_.end(), data.begin(), data.end());
  return true;
}

void FileDelivery::End() {
  if (state_ == State::kWhole && !whole_given_) {
    visitor_.OnWhole(file_, *claim_, whole_);
  }
  state_ = State::kDone;
  whole_.clear();
  if (whole_.capacity() > kKeptBuffer) {
    whole_.shrink_to_fit();
  }
}

void FileDelivery::Abandon(const base::Error& error) {
  if ((state_ == State::kWhole && !whole_given_) || state_ == State::kStream) {
    visitor_.OnLost(file_, *claim_, error);
  }
  state_ = State::kDone;
}

LayerWalk::LayerWalk(LayerVisitor& visitor, const base::Limits& limits)
    : limits_(limits), walker_(*this), delivery_(visitor, limits) {}

void LayerWalk::Stop(base::Error error) {
  if (!stopped_) {
    stopped_ = std::move(error);
  }
}

bool LayerWalk::Feed(base::Bytes unpacked) {
  if (stopped_) {
    return false;
  }
  if (auto fed = walker_.Feed(unpacked); !fed) {
    Stop(std::move(fed).error());
  }
  return !stopped_;
}

LayerResult LayerWalk::Finish(const base::Error* maybe_cut) {
  if (!stopped_ && maybe_cut != nullptr) {
    stopped_ = maybe_cut->Clone();
  }
  if (!stopped_) {
    if (auto end = walker_.Finish(); !end) {
      Stop(std::move(end).error());
    }
  }
  if (!file_settled_) {
    const base::Error truncated = base::Truncated("the layer ends inside the file");
    delivery_.Abandon(stopped_ ? *stopped_ : truncated);
    SettleFile();
  }
  LayerResult out;
  out.tree = std::move(builder_).Finish(entries_);
  if (stopped_) {
    model::Diagnostic diagnostic = DiagnosticOf("layer", *stopped_);
    diagnostic.message += "; the rest of the layer is not in the result";
    diagnostics_.Add(std::move(diagnostic));
    out.complete = false;
  }
  out.diagnostics = diagnostics_.Take();
  out.complete = out.complete && out.diagnostics.empty();
  return out;
}

void LayerWalk::Keep(bool fits) {
  if (!fits) {
    Stop(base::LimitMet("names and link targets of more than " +
                        std::to_string(LayerTreeBuilder::kMaxTextBytes) +
                        " bytes (limit image-entries)"));
  }
}

void LayerWalk::OnWhiteout(std::string_view name) {
  const std::string_view folder = base::DirName(path_);
  if (name == kOpaque) {
    Keep(builder_.AddOpaque(folder));
    return;
  }
  name.remove_prefix(kWhiteout.size());
  // ".wh.", ".wh.." and ".wh..." would name the folder itself or its parent: engines refuse them.
  if (name.empty() || name == "." || name == "..") {
    diagnostics_.Add(DiagnosticOf("layer", base::Invalid("a whiteout of no file")));
    return;
  }
  target_ = folder;
  if (!target_.empty()) {
    target_ += '/';
  }
  target_ += name;
  Keep(builder_.AddWhiteout(target_));
}

bool LayerWalk::OnEntry(const codec::TarEntry& entry) {
  file_settled_ = true;
  if (stopped_) {
    return false;
  }
  if (++entries_ > limits_.image_entries) {
    Stop(base::LimitMet("more than " + std::to_string(limits_.image_entries) +
                        " entries (limit image-entries)"));
    return false;
  }
  if (auto good = CheckedPath(entry.path, limits_, path_); !good) {
    model::Diagnostic diagnostic = DiagnosticOf("layer", good.error());
    diagnostic.path = entry.path.substr(0, 200);
    diagnostics_.Add(std::move(diagnostic));
    return false;
  }
  if (path_.starts_with(kWhiteoutMeta) && path_ != kOpaque) {
    return false;
  }
  if (const std::string_view name = base::BaseName(path_); name.starts_with(kWhiteout)) {
    OnWhiteout(name);
    return false;
  }
  switch (entry.kind) {
    case codec::TarKind::kFolder:
      Keep(builder_.AddFolder(path_));
      return false;
    case codec::TarKind::kSymlink:
      if (entry.target.size() > limits_.path_bytes) {
        model::Diagnostic diagnostic =
            DiagnosticOf("layer", base::LimitMet("a link's target is too long (limit path-bytes)"));
        diagnostic.path = path_;
        diagnostics_.Add(std::move(diagnostic));
        return false;
      }
      Keep(builder_.AddSymlink(path_, entry.target));
      return false;
    case codec::TarKind::kHardlink: {
      auto good = CheckedPath(entry.target, limits_, target_);
      if (good && target_.empty()) {
        good = base::Invalid("a hard link to the root");
      }
      if (!good) {
        model::Diagnostic diagnostic = DiagnosticOf("layer", good.error());
        diagnostic.path = path_;
        diagnostics_.Add(std::move(diagnostic));
      } else if (target_ != path_) {
        Keep(builder_.AddHardlink(path_, target_));
      }
      return false;
    }
    case codec::TarKind::kOther:
      Keep(builder_.AddPlain(path_));
      return false;
    case codec::TarKind::kFile:
      break;
  }
  if (path_.empty()) {
    return false;
  }
  file_settled_ = false;
  const bool wanted = delivery_.Start({path_, entry.size, entry.mode}, entry.sparse);
  if (!wanted) {
    SettleFile();
  }
  return wanted;
}

// The file's claim is known, or will not come.
void LayerWalk::SettleFile() {
  if (!file_settled_) {
    file_settled_ = true;
    Keep(delivery_.claim() ? builder_.AddClaimed(path_, *delivery_.claim())
                           : builder_.AddPlain(path_));
  }
}

bool LayerWalk::OnData(uint64_t offset, base::Bytes data) {
  const bool more = delivery_.Data(offset, data);
  if (!more) {
    SettleFile();
  }
  return more;
}

void LayerWalk::OnEntryEnd() {
  delivery_.End();
  SettleFile();
}

}  // namespace scantling::image
