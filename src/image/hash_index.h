// From 64-bit hashes that are already well mixed to numbers: open addressing, at most half full.
// Equal hashes may be entered several times; the caller says which one is meant, and which are
// dead: their slots are used again, so that a name that comes a million times is not a chain of a
// million. Single thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace scantling::image {

class HashIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  void Reserve(size_t count) {
    size_t slots = 16;
    while (slots < count * 2) {
      slots *= 2;
    }
    if (slots > slots_.size()) {
      Rehash(slots);
    }
  }
  void Insert(uint64_t hash, uint32_t value) {
    InsertOver(hash, value, [](uint32_t) { return false; });
  }
  // In place of the first number under `hash` for which is_dead(number) holds, if there is one.
  template <typename IsDead>
  void InsertOver(uint64_t hash, uint32_t value, const IsDead& is_dead) {
    if (const size_t at = FindSlot(hash, is_dead); at != kNoSlot) {
      slots_[at].value = value;
      return;
    }
    if ((used_ + 1) * 2 > slots_.size()) {
      Rehash(slots_.empty() ? 16 : slots_.size() * 2);
    }
    Place(hash, value);
    ++used_;
  }
  // The first number under `hash` for which is_it(number) holds, or kNone.
  template <typename IsIt>
  uint32_t Find(uint64_t hash, const IsIt& is_it) const {
    const size_t at = FindSlot(hash, is_it);
    return at == kNoSlot ? kNone : slots_[at].value;
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    uint32_t value = kNone;
  };
  static constexpr size_t kNoSlot = SIZE_MAX;

  template <typename IsIt>
  size_t FindSlot(uint64_t hash, const IsIt& is_it) const {
    if (slots_.empty()) {
      return kNoSlot;
    }
    for (size_t at = hash & (slots_.size() - 1); slots_[at].value != kNone;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == hash && is_it(slots_[at].value)) {
        return at;
      }
    }
    return kNoSlot;
  }
  void Place(uint64_t hash, uint32_t value) {
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at].value != kNone) {
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {hash, value};
  }
  void Rehash(size_t slots) {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
    for (const Slot& slot : old) {
      if (slot.value != kNone) {
        Place(slot.hash, slot.value);
      }
    }
  }
  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace scantling::image
