// The tar walker, fed in two pieces, with and without wanting data.
#include "base/result.h"
#include "codec/tar.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

class Checker : public scantling::codec::TarHandler {
 public:
  explicit Checker(bool want) : want_(want) {}
  bool OnEntry(const scantling::codec::TarEntry& entry) override {
    next_ = 0;
    return want_ && entry.size < (uint64_t{1} << 24);
  }
  bool OnData(uint64_t offset, scantling::base::Bytes data) override {
    SCANTLING_ASSERT(offset == next_);
    next_ += data.size();
    return true;
  }
  void OnEntryEnd() override {}

 private:
  bool want_;
  uint64_t next_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  for (const bool want : {true, false}) {
    Checker checker(want);
    scantling::codec::TarWalker walker(checker);
    const size_t cut = size == 0 ? 0 : data[0] * size / 256;
    if (walker.Feed(bytes.first(cut)) && walker.Feed(bytes.subspan(cut))) {
      static_cast<void>(walker.Finish());
    }
  }
  return 0;
}
