#include "advisory/records.h"

#include <algorithm>
#include <cstring>

namespace scantling::advisory {

Text Interner::Add(std::string_view text) {
  const auto found = index_.find(text);
  if (found != index_.end()) {
    return found->second;
  }
  if (text.size() > capacity_ - used_) {
    capacity_ = std::max<size_t>(size_t{256} << 10, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(capacity_));
    used_ = 0;
  }
  std::string_view kept;
  if (!text.empty()) {
    char* place = blocks_.back().get() + used_;
    std::memcpy(place, text.data(), text.size());
    used_ += text.size();
    kept = {place, text.size()};
  }
  const auto id = static_cast<Text>(views_.size());
  views_.push_back(kept);
  index_.emplace(kept, id);
  return id;
}

}  // namespace scantling::advisory
