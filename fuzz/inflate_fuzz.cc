// All decompressors behind their magic; the first byte says in what steps the input comes.
#include "codec/inflate.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

class Steps : public scantling::codec::ByteSource {
 public:
  Steps(scantling::base::Bytes bytes, size_t step) : bytes_(bytes), step_(step) {}
  scantling::base::Result<size_t> Read(std::span<std::byte> into) override {
    const size_t count = std::min({into.size(), step_, bytes_.size()});
    if (count != 0) {
      std::memcpy(into.data(), bytes_.data(), count);
    }
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  scantling::base::Bytes bytes_;
  size_t step_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) {
    return 0;
  }
  const scantling::base::Bytes bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  Steps steps(bytes, data[0] == 0 ? SIZE_MAX : data[0]);
  scantling::base::Limits limits;
  limits.layer_bytes = 4 << 20;
  auto inflater =
      scantling::codec::MakeInflater(scantling::codec::SniffCompression(bytes), steps, limits);
  if (!inflater) {
    return 0;
  }
  std::array<std::byte, 5000> buffer;
  while (true) {
    const auto count = (*inflater)->Read(buffer);
    if (!count || *count == 0) {
      return 0;
    }
  }
}
