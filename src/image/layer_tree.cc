// See layer_tree.h; the bytes of Serialize are described in docs/formats/layer-cache.md.
#include "image/layer_tree.h"

#define XXH_INLINE_ALL
#include "base/reader.h"
#include "image/layer_tree_data.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace scantling::image {
namespace {

constexpr std::string_view kMagic = "SCLT";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kRootHash = 0x9e3779b97f4a7c15;
constexpr uint32_t kExplicit = 1;
constexpr uint32_t kOpaque = 2;
constexpr size_t kHeaderBytes = 40;
constexpr size_t kFolderBytes = 20;
constexpr size_t kNodeBytes = 24;

template <typename T>
T ToLittle(T value) {
  if constexpr (std::endian::native == std::endian::big) {
    return std::byteswap(value);
  }
  return value;
}

class Writer {
 public:
  explicit Writer(size_t size) { out_.reserve(size); }
  template <typename T>
  void Number(T value) {
    value = ToLittle(value);
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out_.append(raw, sizeof(T));
  }
  void Text(std::string_view text) { out_.append(text); }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// A cursor over a range whose size was checked before.
class Cursor {
 public:
  explicit Cursor(base::Bytes bytes) : at_(bytes.data()) {}
  template <typename T>
  T Number() {
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return ToLittle(value);
  }

 private:
  const std::byte* at_;
};

base::Error Damaged(std::string_view what) {
  return base::Invalid("layer tree: " + std::string(what));
}

bool IsName(std::string_view name) {
  return !name.empty() && name.find('/') == std::string_view::npos;
}

const std::shared_ptr<const LayerTree::Data>& EmptyData() {
  static const std::shared_ptr<const LayerTree::Data> empty = [] {
    auto data = std::make_shared<LayerTree::Data>();
    data->folders.emplace_back();
    data->plain_begin = {0, 0};
    return data;
  }();
  return empty;
}

}  // namespace

uint64_t NameHash(std::string_view name) { return XXH3_64bits(name.data(), name.size()); }

uint64_t CombineHash(uint64_t folder_hash, uint64_t name_hash) {
  const uint64_t both[2] = {ToLittle(folder_hash), ToLittle(name_hash)};
  return XXH3_64bits(both, sizeof(both));
}

uint64_t PathHash(uint64_t folder_hash, std::string_view name) {
  return CombineHash(folder_hash, NameHash(name));
}

uint64_t PathHash(std::string_view path) { return FolderHash(path); }

uint64_t FolderHash(std::string_view folder) {
  uint64_t hash = kRootHash;
  while (!folder.empty()) {
    const size_t slash = std::min(folder.find('/'), folder.size());
    hash = PathHash(hash, folder.substr(0, slash));
    folder.remove_prefix(std::min(slash + 1, folder.size()));
  }
  return hash;
}

LayerTree::LayerTree() : data_(EmptyData()) {}

std::span<const LayerTree::Folder> LayerTree::folders() const { return data_->folders; }
std::span<const LayerTree::Node> LayerTree::nodes() const { return data_->nodes; }
uint64_t LayerTree::entry_count() const { return data_->entry_count; }

std::span<const uint64_t> LayerTree::plain_files(uint32_t folder) const {
  const uint32_t begin = data_->plain_begin[folder];
  return std::span(data_->plain).subspan(begin, data_->plain_begin[folder + 1] - begin);
}

std::string LayerTree::FolderPath(uint32_t folder) const {
  size_t size = 0;
  for (uint32_t at = folder; at != 0; at = data_->folders[at].parent) {
    size += data_->folders[at].name.size() + 1;
  }
  if (size == 0) {
    return {};
  }
  std::string out(size - 1, '/');
  size_t end = out.size();
  for (uint32_t at = folder; at != 0; at = data_->folders[at].parent) {
    const std::string_view name = data_->folders[at].name;
    end -= name.size();
    name.copy(out.data() + end, name.size());
    end -= end != 0 ? 1 : 0;
  }
  return out;
}

std::string LayerTree::Serialize() const {
  const Data& d = *data_;
  size_t text = 0;
  for (const Folder& folder : d.folders) {
    text += folder.name.size();
  }
  for (const Node& node : d.nodes) {
    text += node.name.size() + node.target.size();
  }
  Writer out(kHeaderBytes + d.folders.size() * kFolderBytes + d.nodes.size() * kNodeBytes +
             d.plain.size() * 8 + text);
  out.Text(kMagic);
  out.Number(kVersion);
  out.Number(d.entry_count);
  out.Number(static_cast<uint32_t>(d.folders.size()));
  out.Number(static_cast<uint32_t>(d.nodes.size()));
  out.Number(static_cast<uint64_t>(d.plain.size()));
  out.Number(static_cast<uint64_t>(text));
  for (size_t i = 0; i < d.folders.size(); ++i) {
    const Folder& folder = d.folders[i];
    out.Number(folder.parent);
    out.Number(static_cast<uint32_t>(folder.name.size()));
    out.Number((folder.is_explicit ? kExplicit : 0) | (folder.opaque ? kOpaque : 0));
    out.Number(folder.link);
    out.Number(d.plain_begin[i + 1] - d.plain_begin[i]);
  }
  for (const Node& node : d.nodes) {
    out.Number(static_cast<uint32_t>(node.kind));
    out.Number(node.folder);
    out.Number(static_cast<uint32_t>(node.name.size()));
    out.Number(static_cast<uint32_t>(node.target.size()));
    out.Number(node.claim);
    out.Number(uint32_t{0});
  }
  for (const uint64_t hash : d.plain) {
    out.Number(hash);
  }
  for (const Folder& folder : d.folders) {
    out.Text(folder.name);
  }
  for (const Node& node : d.nodes) {
    out.Text(node.name);
    out.Text(node.target);
  }
  return out.Take();
}

base::Result<LayerTree> LayerTree::Parse(base::Bytes bytes) {
  base::Reader reader(bytes);
  SCANTLING_TRY(const base::Bytes header, reader.Take(kHeaderBytes));
  if (!base::AsText(header).starts_with(kMagic)) {
    return Damaged("wrong magic");
  }
  Cursor head(header.subspan(kMagic.size()));
  if (head.Number<uint32_t>() != kVersion) {
    return Damaged("another version");
  }
  auto data = std::make_shared<Data>();
  Data& d = *data;
  d.entry_count = head.Number<uint64_t>();
  const auto folder_count = head.Number<uint32_t>();
  const auto node_count = head.Number<uint32_t>();
  const auto plain_count = head.Number<uint64_t>();
  const auto text_size = head.Number<uint64_t>();
  if (folder_count == 0 || plain_count > UINT32_MAX) {
    return Damaged("bad counts");
  }
  // The counts are held against the bytes that are there before anything is reserved for them.
  SCANTLING_TRY(const base::Bytes folder_bytes, reader.Take(uint64_t{folder_count} * kFolderBytes));
  SCANTLING_TRY(const base::Bytes node_bytes, reader.Take(uint64_t{node_count} * kNodeBytes));
  SCANTLING_TRY(const base::Bytes plain_bytes, reader.Take(plain_count * 8));
  SCANTLING_TRY(const base::Bytes text_bytes, reader.Take(text_size));
  if (!reader.AtEnd()) {
    return Damaged("bytes after the end");
  }
  const std::string_view source = base::AsText(text_bytes);
  d.text.assign(source.begin(), source.end());
  std::string_view text(d.text.data(), d.text.size());
  const auto take = [&text](uint32_t size, std::string_view& out) {
    if (size > text.size()) {
      return false;
    }
    out = text.substr(0, size);
    text.remove_prefix(size);
    return true;
  };

  d.plain.resize(plain_count);
  if (plain_count != 0) {
    std::memcpy(d.plain.data(), plain_bytes.data(), plain_bytes.size());
  }
  if constexpr (std::endian::native == std::endian::big) {
    for (uint64_t& hash : d.plain) {
      hash = std::byteswap(hash);
    }
  }

  d.folders.resize(folder_count);
  d.plain_begin.resize(folder_count + size_t{1});
  Cursor folders(folder_bytes);
  uint64_t plain_at = 0;
  for (uint32_t i = 0; i < folder_count; ++i) {
    Folder& folder = d.folders[i];
    folder.parent = folders.Number<uint32_t>();
    const auto name_size = folders.Number<uint32_t>();
    const auto flags = folders.Number<uint32_t>();
    folder.is_explicit = (flags & kExplicit) != 0;
    folder.opaque = (flags & kOpaque) != 0;
    folder.link = folders.Number<uint32_t>();
    const auto plain_size = folders.Number<uint32_t>();
    if (flags > (kExplicit | kOpaque) || !take(name_size, folder.name) ||
        (i == 0 ? folder.parent != 0 || name_size != 0
                : folder.parent >= i || !IsName(folder.name)) ||
        (folder.link != kNone && (folder.link >= node_count || folder.is_explicit || i == 0))) {
      return Damaged("bad folder");
    }
    if (plain_size > plain_count - plain_at) {
      return Damaged("bad file count");
    }
    const auto range = std::span(d.plain).subspan(plain_at, plain_size);
    if (std::adjacent_find(range.begin(), range.end(), std::greater_equal<>()) != range.end()) {
      return Damaged("unsorted hashes");
    }
    plain_at += plain_size;
    d.plain_begin[i + size_t{1}] = static_cast<uint32_t>(plain_at);
  }
  if (plain_at != plain_count) {
    return Damaged("bad file count");
  }

  d.nodes.resize(node_count);
  Cursor nodes(node_bytes);
  for (Node& node : d.nodes) {
    const auto kind = nodes.Number<uint32_t>();
    node.folder = nodes.Number<uint32_t>();
    const auto name_size = nodes.Number<uint32_t>();
    const auto target_size = nodes.Number<uint32_t>();
    node.claim = nodes.Number<uint32_t>();
    const auto reserved = nodes.Number<uint32_t>();
    if (kind > static_cast<uint32_t>(NodeKind::kWhiteout) || node.folder >= folder_count ||
        reserved != 0 || !take(name_size, node.name) || !take(target_size, node.target) ||
        !IsName(node.name)) {
      return Damaged("bad node");
    }
    node.kind = static_cast<NodeKind>(kind);
  }
  if (!text.empty()) {
    return Damaged("bytes after the last name");
  }
  for (uint32_t i = 0; i < folder_count; ++i) {
    const Folder& folder = d.folders[i];
    if (folder.link == kNone) {
      continue;
    }
    const Node& node = d.nodes[folder.link];
    if (node.folder != folder.parent || node.name != folder.name ||
        (node.kind != NodeKind::kSymlink && node.kind != NodeKind::kHardlink)) {
      return Damaged("bad link of a folder");
    }
  }
  return LayerTree(std::move(data));
}

}  // namespace scantling::image
