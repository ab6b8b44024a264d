// One layer against the limit: isa-l inflate of it plus SHA-256 of its compressed bytes on one
// core, then ReadLayer with a visitor that asks for every file's head. Best of several rounds, all
// in one run. Processor time beside wall time.
//
// Usage: layer_bench LAYER.tar.gz [rounds]
#include "base/digest.h"
#include "base/file.h"
#include "image/blob_source.h"
#include "image/layer_reader.h"

#include <isa-l/igzip_lib.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace scantling {
namespace {

// Processor time of all threads: what the work costs even when other programs take turns.
double Seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class HeadVisitor : public image::LayerVisitor {
 public:
  image::Claim OnFile(const image::FileEntry&) override { return {image::Want::kHead, 0}; }
  image::Claim OnHead(const image::FileEntry&, base::Bytes head) override {
    ++files;
    bytes += head.size();
    return {};
  }
  void OnWhole(const image::FileEntry&, uint32_t, base::Bytes) override {}
  void OnChunk(const image::FileEntry&, uint32_t, uint64_t, base::Bytes, bool) override {}
  void OnLost(const image::FileEntry&, uint32_t, const base::Error&) override {}
  uint64_t files = 0;
  uint64_t bytes = 0;
};

uint64_t InflateOnly(const std::string& packed) {
  std::vector<uint8_t> out(1 << 20);
  auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  state->next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(packed.data()));
  state->avail_in = static_cast<uint32_t>(packed.size());
  uint64_t total = 0;
  while (state->block_state != ISAL_BLOCK_FINISH) {
    state->next_out = out.data();
    state->avail_out = static_cast<uint32_t>(out.size());
    if (isal_inflate(state.get()) < 0) {
      return 0;
    }
    total += out.size() - state->avail_out;
    if (state->avail_in == 0 && state->avail_out == out.size()) {
      break;
    }
  }
  return total;
}

int Run(const std::string& path, int rounds) {
  auto packed = base::ReadFile(path, uint64_t{4} << 30);
  if (!packed) {
    std::fprintf(stderr, "%s\n", packed.error().Message().c_str());
    return 1;
  }
  const bool gzip = packed->starts_with("\x1f\x8b");
  double inflate = 1e9;
  double hash = 1e9;
  for (int i = 0; i < rounds; ++i) {
    double start = Seconds();
    if (gzip && InflateOnly(*packed) == 0) {
      return 1;
    }
    inflate = std::min(inflate, Seconds() - start);
    start = Seconds();
    static_cast<void>(base::Sha256Of(base::AsBytes(*packed)));
    hash = std::min(hash, Seconds() - start);
  }
  const uint64_t size = packed->size();
  packed->clear();
  packed->shrink_to_fit();
  std::printf("limit: inflate %.3f s + sha256 %.3f s = %.3f s\n", inflate, hash, inflate + hash);
  for (const auto threads : {image::Threads::kOne, image::Threads::kTwo}) {
    double best = 1e9;
    double wall = 1e9;
    HeadVisitor visitor;
    uint64_t unpacked = 0;
    for (int i = 0; i < rounds; ++i) {
      auto fd = base::OpenForRead(path);
      if (!fd) {
        return 1;
      }
      image::FileRange source(std::make_shared<const base::Fd>(std::move(*fd)), 0, size);
      visitor = {};
      const double start = Seconds();
      const double wall_start = WallSeconds();
      auto result = image::ReadLayer(source, {image::Hash::kStored, threads}, {}, visitor);
      best = std::min(best, Seconds() - start);
      wall = std::min(wall, WallSeconds() - wall_start);
      if (!result || !result->complete) {
        std::fprintf(stderr, "layer not read\n");
        return 1;
      }
      unpacked = result->unpacked_bytes;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "ReadLayer, %s: %.3f s of processor time, %.2f x limit; %.3f s; %llu files, %llu bytes "
        "unpacked; peak %ld MB\n",
        threads == image::Threads::kOne ? "one thread" : "two threads", best,
        best / (inflate + hash), wall, static_cast<unsigned long long>(visitor.files),
        static_cast<unsigned long long>(unpacked), usage.ru_maxrss / 1024);
  }
  return 0;
}

}  // namespace
}  // namespace scantling

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: layer_bench LAYER.tar.gz [rounds]\n");
    return 2;
  }
  return scantling::Run(argv[1], argc > 2 ? std::atoi(argv[2]) : 3);
}
