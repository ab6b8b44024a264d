// See sha256_team.h. The digests stay OpenSSL's (digest.cc): only whole blocks of two streams are
// hashed here, into its contexts. Rounds as FIPS 180-4 has them, by the instructions of
// https://www.intel.com/content/www/us/en/developer/articles/technical/intel-sha-extensions.html
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256_team.h"

#include "base/sha256_state.h"

#include <algorithm>
#include <chrono>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace scantling::base {
namespace {

constexpr size_t kBlockBytes = 64;
// Below that the meeting costs more than the second stream saves.
constexpr size_t kLeastBytes = 16 << 10;
constexpr std::chrono::microseconds kPatience{200};

#if defined(__x86_64__)

#define SCANTLING_SHA __attribute__((target("sha,sse4.1")))
#define SCANTLING_SHA_INLINE __attribute__((target("sha,sse4.1"), always_inline)) inline

alignas(16) constexpr uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// A stream's state as the instructions want it, and the words of its block.
struct Lane {
  __m128i abef;
  __m128i cdgh;
  __m128i abef_before;
  __m128i cdgh_before;
  __m128i words[4];
};

SCANTLING_SHA_INLINE void Load(Lane& lane, const SHA256_CTX& context) {
  const auto* const at = reinterpret_cast<const __m128i*>(context.h);
  const __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128(at), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(at + 1), 0x1B);
  lane.abef = _mm_alignr_epi8(abcd, efgh, 8);
  lane.cdgh = _mm_blend_epi16(efgh, abcd, 0xF0);
}

SCANTLING_SHA_INLINE void Store(const Lane& lane, SHA256_CTX& context) {
  const __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(lane.cdgh, 0xB1);
  auto* const at = reinterpret_cast<__m128i*>(context.h);
  _mm_storeu_si128(at, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(at + 1, _mm_alignr_epi8(dchg, feba, 8));
}

SCANTLING_SHA_INLINE void Begin(Lane& lane, const std::byte* data) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  lane.abef_before = lane.abef;
  lane.cdgh_before = lane.cdgh;
  for (size_t i = 0; i < 4; ++i) {
    lane.words[i] = _mm_shuffle_epi8(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i)), big_endian);
  }
}

SCANTLING_SHA_INLINE void End(Lane& lane) {
  lane.abef = _mm_add_epi32(lane.abef, lane.abef_before);
  lane.cdgh = _mm_add_epi32(lane.cdgh, lane.cdgh_before);
}

// Rounds 4 * kGroup to 4 * kGroup + 3.
template <size_t kGroup>
SCANTLING_SHA_INLINE void FourRounds(Lane& lane) {
  __m128i& words = lane.words[kGroup % 4];
  if constexpr (kGroup >= 4) {
    const __m128i last = lane.words[(kGroup + 3) % 4];
    const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(words, lane.words[(kGroup + 1) % 4]),
                                      _mm_alignr_epi8(last, lane.words[(kGroup + 2) % 4], 4));
    words = _mm_sha256msg2_epu32(sum, last);
  }
  const __m128i in =
      _mm_add_epi32(words, _mm_load_si128(reinterpret_cast<const __m128i*>(kRounds + 4 * kGroup)));
  lane.cdgh = _mm_sha256rnds2_epu32(lane.cdgh, lane.abef, in);
  lane.abef = _mm_sha256rnds2_epu32(lane.abef, lane.cdgh, _mm_shuffle_epi32(in, 0x0E));
}

template <size_t kGroup>
SCANTLING_SHA_INLINE void Rounds(Lane& a, Lane& b) {
  FourRounds<kGroup>(a);
  FourRounds<kGroup>(b);
  if constexpr (kGroup < 15) {
    Rounds<kGroup + 1>(a, b);
  }
}

SCANTLING_SHA void HashBlocks(SHA256_CTX& a, const std::byte* a_data, SHA256_CTX& b,
                              const std::byte* b_data, size_t blocks) {
  Lane first;
  Lane second;
  Load(first, a);
  Load(second, b);
  for (size_t i = 0; i < blocks; ++i) {
    Begin(first, a_data + kBlockBytes * i);
    Begin(second, b_data + kBlockBytes * i);
    Rounds<0>(first, second);
    End(first);
    End(second);
  }
  Store(first, a);
  Store(second, b);
}

bool HasInstructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0) {
    return false;
  }
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

#else

void HashBlocks(SHA256_CTX&, const std::byte*, SHA256_CTX&, const std::byte*, size_t) {
  SCANTLING_ASSERT(false);
}
bool HasInstructions() { return false; }

#endif

void Count(SHA256_CTX& context, size_t bytes) {
  const uint64_t bits = ((uint64_t{context.Nh} << 32) | context.Nl) + uint64_t{bytes} * 8;
  context.Nl = static_cast<SHA_LONG>(bits);
  context.Nh = static_cast<SHA_LONG>(bits >> 32);
}

}  // namespace

bool Sha256Team::Helps() {
  static const bool kHelps = HasInstructions();
  return kHelps;
}

Sha256Team::Member::Member(Sha256Team& team) : team_(team) {
  const std::lock_guard lock(team_.mutex_);
  ++team_.members_;
}

Sha256Team::Member::~Member() {
  const std::lock_guard lock(team_.mutex_);
  --team_.members_;
}

void Sha256Team::Member::Update(Sha256& sha, Bytes data) {
  const size_t whole = data.size() / kBlockBytes * kBlockBytes;
  if (whole >= kLeastBytes && Helps() && sha.state_->context.num == 0 &&
      team_.Together(sha, data.first(whole))) {
    data = data.subspan(whole);
  }
  sha.Update(data);
}

bool Sha256Team::Together(Sha256& sha, Bytes data) {
  std::unique_lock lock(mutex_);
  if (maybe_waiting_ != nullptr) {
    Block& other = *std::exchange(maybe_waiting_, nullptr);
    other.taken = true;
    lock.unlock();
    const size_t both = std::min(data.size(), other.data.size());
    SHA256_CTX& mine = sha.state_->context;
    SHA256_CTX& theirs = other.sha.state_->context;
    HashBlocks(mine, data.data(), theirs, other.data.data(), both / kBlockBytes);
    Count(mine, both);
    Count(theirs, both);
    sha.Update(data.subspan(both));
    other.sha.Update(other.data.subspan(both));
    lock.lock();
    other.done = true;
    other.done_changed.notify_one();
    return true;
  }
  if (members_ < 2) {
    return false;
  }
  Block block{sha, data};
  maybe_waiting_ = &block;
  block.done_changed.wait_for(lock, kPatience, [&] { return block.done; });
  if (!block.taken) {
    maybe_waiting_ = nullptr;
    return false;
  }
  block.done_changed.wait(lock, [&] { return block.done; });
  return true;
}

}  // namespace scantling::base
