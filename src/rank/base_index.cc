// See base_index.h.
#include "rank/base_index.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/strings.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>

namespace scantling::rank {
namespace {

constexpr std::string_view kHeader = "scantling.images/1";
constexpr uint64_t kMaxBytes = 32 << 20;
constexpr size_t kMaxName = 512;
constexpr size_t kMaxLayers = 1000;

// The chain ids of the first 1, 2, ... layers; short when a layer has no digest.
std::vector<std::string> ChainIds(const model::Image& image) {
  std::vector<std::string> out;
  for (const model::Layer& layer : image.layers) {
    if (out.size() >= kMaxLayers || !base::Digest::Parse(layer.diff_id)) {
      break;
    }
    out.push_back(out.empty()
                      ? layer.diff_id
                      : base::Sha256Of(base::AsBytes(out.back() + " " + layer.diff_id)).ToString());
  }
  return out;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool IsDate(std::string_view text) { return text.size() == 10 && base::ParseTime(text); }

// Without the digest, and without the host and "library" of Docker's hub.
std::string_view Plain(std::string_view name) {
  name = name.substr(0, name.find('@'));
  for (const std::string_view prefix : {"docker.io/", "index.docker.io/", "library/"}) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
    }
  }
  return name;
}

}  // namespace

std::string RepositoryPath(std::string_view reference) {
  std::string_view name = Plain(reference);
  const size_t slash = name.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view host = name.substr(0, slash);
    if (host == "localhost" || host.find_first_of(".:") != std::string_view::npos) {
      name.remove_prefix(slash + 1);
    }
  }
  const size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos) {
    name = name.substr(0, colon);
  }
  return std::string(name.starts_with("library/") ? name.substr(8) : name);
}

bool SameReference(std::string_view a, std::string_view b) {
  const auto tagged = [](std::string_view name) {
    std::string out(Plain(name));
    const size_t slash = out.rfind('/');
    if (out.find(':', slash == std::string::npos ? 0 : slash) == std::string::npos) {
      out += ":latest";
    }
    return out;
  };
  return tagged(a) == tagged(b);
}

base::Result<BaseIndex> BaseIndex::Open(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return BaseIndex();
  }
  SCANTLING_TRY(const std::string text, base::ReadFile(path, kMaxBytes));
  return Parse(text);
}

BaseIndex BaseIndex::Parse(std::string_view text) {
  BaseIndex out;
  const size_t end = std::min(text.find('\n'), text.size());
  if (text.empty()) {
    return out;
  }
  if (text.substr(0, end) != kHeader) {
    out.notes_.push_back("the list of known images is of another form: it is not used");
    return out;
  }
  size_t broken = 0;
  size_t at = end;
  while (at < text.size()) {
    const size_t stop = std::min(text.find('\n', at + 1), text.size());
    const std::string_view line = text.substr(at + 1, stop - at - 1);
    at = stop;
    if (line.empty()) {
      continue;
    }
    const auto parts = base::Split(line, '\t');
    const auto layers =
        parts.size() == 5 ? base::ParseNumber<int32_t>(parts[1]) : std::optional<int32_t>();
    if (!layers || *layers < 1 || *layers > static_cast<int32_t>(kMaxLayers) ||
        !base::Digest::Parse(parts[0]) || !IsDate(parts[2]) ||
        !(parts[3].empty() || base::Digest::Parse(parts[3])) || !IsName(parts[4])) {
      ++broken;
      continue;
    }
    out.Insert(std::string(parts[0]),
               {*layers, std::string(parts[2]), std::string(parts[3]), std::string(parts[4])});
  }
  out.Trim();
  if (broken > 0) {
    out.notes_.push_back("the list of known images has " + std::to_string(broken) +
                         (broken == 1 ? " line" : " lines") + " that cannot be read");
  }
  return out;
}

std::string BaseIndex::Text() const {
  std::string out(kHeader);
  out += "\n";
  for (const auto& [chain, images] : by_chain_) {
    for (const KnownImage& image : images) {
      out.append(chain).append("\t").append(std::to_string(image.layers)).append("\t");
      out.append(image.seen).append("\t").append(image.digest).append("\t");
      out.append(image.name).append("\n");
    }
  }
  return out;
}

void BaseIndex::Insert(std::string chain, KnownImage image) {
  std::vector<KnownImage>& images = by_chain_[std::move(chain)];
  const auto same = std::find_if(images.begin(), images.end(),
                                 [&](const KnownImage& known) { return known.name == image.name; });
  if (same != images.end()) {
    if (same->seen <= image.seen) {
      *same = std::move(image);
    }
  } else {
    images.push_back(std::move(image));
    ++count_;
  }
  std::sort(images.begin(), images.end(), [](const KnownImage& a, const KnownImage& b) {
    return a.seen != b.seen ? a.seen > b.seen : a.name < b.name;
  });
  if (images.size() > kMaxNames) {
    images.pop_back();
    --count_;
  }
}

void BaseIndex::Trim() {
  if (count_ <= kMaxImages) {
    return;
  }
  // The ones that were scanned longest ago go, a quarter more than needed, so that not every scan
  // sorts.
  std::vector<std::string> seen;
  for (const auto& [chain, images] : by_chain_) {
    for (const KnownImage& image : images) {
      seen.push_back(image.seen);
    }
  }
  size_t remove = count_ - kMaxImages * 3 / 4;
  std::sort(seen.begin(), seen.end());
  const std::string last = seen[remove - 1];
  for (auto it = by_chain_.begin(); it != by_chain_.end();) {
    remove -= std::min(remove, std::erase_if(it->second, [&](const KnownImage& image) {
                         return image.seen < last;
                       }));
    it = it->second.empty() ? by_chain_.erase(it) : std::next(it);
  }
  for (auto it = by_chain_.begin(); it != by_chain_.end() && remove > 0;) {
    while (!it->second.empty() && remove > 0 && it->second.back().seen == last) {
      it->second.pop_back();
      --remove;
    }
    it = it->second.empty() ? by_chain_.erase(it) : std::next(it);
  }
  count_ = 0;
  for (const auto& [chain, images] : by_chain_) {
    count_ += images.size();
  }
}

bool BaseIndex::Add(const model::Image& image, base::Seconds now) {
  const std::vector<std::string> chains = ChainIds(image);
  if (chains.empty() || chains.size() != image.layers.size() || !IsName(image.reference)) {
    return false;
  }
  KnownImage known;
  known.layers = static_cast<int32_t>(chains.size());
  known.seen = base::FormatDate(now);
  known.digest = base::Digest::Parse(image.digest) ? image.digest : "";
  known.name = image.reference;
  Insert(chains.back(), std::move(known));
  Trim();
  return true;
}

std::vector<KnownImage> BaseIndex::Below(const model::Image& image) const {
  std::vector<KnownImage> out;
  if (by_chain_.empty()) {
    return out;
  }
  const std::vector<std::string> chains = ChainIds(image);
  const std::string own = RepositoryPath(image.reference);
  for (size_t i = chains.size(); i-- > 0;) {
    const auto found = by_chain_.find(chains[i]);
    if (i + 1 == image.layers.size() || found == by_chain_.end()) {
      continue;
    }
    for (const KnownImage& known : found->second) {
      if (known.layers == static_cast<int32_t>(i + 1) && RepositoryPath(known.name) != own) {
        out.push_back(known);
      }
    }
  }
  return out;
}

base::Result<void> AddToBaseIndex(const std::string& path, const model::Image& image,
                                  base::Seconds now) {
  const std::string lock_path = path + ".lock";
  if (const std::string folder(base::DirName(path)); !folder.empty()) {
    ::mkdir(folder.c_str(), 0755);  // that it is there is what counts; opening tells
  }
  struct Lock {
    int fd;
    ~Lock() {
      if (fd >= 0) {
        ::close(fd);
      }
    }
  };
  const Lock lock{::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)};
  if (lock.fd < 0) {
    return base::IoError(lock_path);
  }
  for (int i = 0; ::flock(lock.fd, LOCK_EX | LOCK_NB) != 0; ++i) {
    if (i == 50) {
      return base::Error(base::ErrorCode::kIo, lock_path + ": held by another process");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  SCANTLING_TRY(BaseIndex index, BaseIndex::Open(path));
  const std::string before = index.Text();
  if (!index.Add(image, now) || index.Text() == before) {
    return {};
  }
  return base::WriteFileByRename(path, base::AsBytes(index.Text()), base::Durability::kDisposable);
}

}  // namespace scantling::rank
