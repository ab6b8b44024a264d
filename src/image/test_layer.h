// Tests only: layers from strings, a visitor that claims by rules and remembers.
#pragma once

#include "codec/inflate.h"
#include "codec/test_tar.h"
#include "image/layer_reader.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::testing {

// Gives its text in pieces of at most `step` bytes.
class TextSource : public codec::ByteSource {
 public:
  explicit TextSource(std::string text, size_t step = SIZE_MAX)
      : text_(std::move(text)), step_(step) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    const size_t count = std::min({into.size(), step_, text_.size() - at_});
    if (count != 0) {
      std::memcpy(into.data(), text_.data() + at_, count);
    }
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  size_t step_;
  size_t at_ = 0;
};

// Claims names that begin with "c" whole, with "s" as a stream, asks for the head of those with "h"
// (and claims them whole when the head begins with "MAGIC"). The rest is not claimed.
class RecordingVisitor : public image::LayerVisitor {
 public:
  image::Claim OnFile(const image::FileEntry& file) override {
    seen.push_back(std::string(file.path));
    const char first = Name(file).empty() ? 0 : Name(file)[0];
    switch (first) {
      case 'c':
        return {image::Want::kWhole, Number(file)};
      case 's':
        return {image::Want::kStream, Number(file)};
      case 'h':
        return {image::Want::kHead, 0};
      default:
        return {};
    }
  }
  image::Claim OnHead(const image::FileEntry& file, base::Bytes head) override {
    heads[std::string(file.path)] = base::AsText(head);
    if (base::AsText(head).starts_with("MAGIC")) {
      return {image::Want::kWhole, Number(file)};
    }
    return {};
  }
  void OnWhole(const image::FileEntry& file, uint32_t, base::Bytes data) override {
    whole[std::string(file.path)] = base::AsText(data);
  }
  void OnChunk(const image::FileEntry& file, uint32_t, uint64_t offset, base::Bytes chunk,
               bool last) override {
    std::string& text = streams[std::string(file.path)];
    if (offset == 0) {
      text.clear();
    }
    if (offset != text.size()) {
      text += "<GAP>";
    }
    text += base::AsText(chunk);
    if (last) {
      text += "<END>";
    }
  }
  void OnLost(const image::FileEntry& file, uint32_t, const base::Error& error) override {
    lost[std::string(file.path)] = error.Message();
  }

  std::vector<std::string> claims;  // by number: the path
  std::vector<std::string> seen;
  std::map<std::string, std::string> heads, whole, streams, lost;

 private:
  static std::string_view Name(const image::FileEntry& file) {
    return file.path.substr(file.path.rfind('/') + 1);
  }
  uint32_t Number(const image::FileEntry& file) {
    claims.emplace_back(file.path);
    return static_cast<uint32_t>(claims.size() - 1);
  }
};

inline image::LayerResult ReadTar(const std::string& bytes, image::LayerVisitor& visitor,
                                  image::Hash hash = image::Hash::kStored,
                                  image::Threads threads = image::Threads::kOne,
                                  size_t step = SIZE_MAX, const base::Limits& limits = {}) {
  TextSource source(bytes, step);
  auto result = image::ReadLayer(source, {hash, threads}, limits, visitor);
  SCANTLING_ASSERT(result.has_value());
  return std::move(*result);
}

}  // namespace scantling::testing
