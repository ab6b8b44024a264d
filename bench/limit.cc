// The physical limit that a scan is measured against: the least that any scanner must do which
// verifies what it reads.
//
//   bench_limit layers FILE...   inflate each gzip file (isa-l) and SHA-256 its compressed bytes,
//   two files at a time bench_limit sha FILE         SHA-256 of one file on one core (a docker
//   archive has plain layers; half of it = two cores)
//
// Prints seconds (median of --runs=N, 3 by default) and the unpacked bytes as one JSON line. Files
// are mapped and touched first, so that the page cache is warm. Not handled: zstd layers,
// multi-member gzip beyond plain concatenation.
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace {

struct Mapped {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

Mapped Map(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info{};
  if (file < 0 || fstat(file, &info) != 0 || info.st_size == 0) {
    std::fprintf(stderr, "bench_limit: cannot read %s\n", path.c_str());
    std::exit(2);
  }
  const auto size = static_cast<size_t>(info.st_size);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  close(file);
  if (data == MAP_FAILED) {
    std::exit(2);
  }
  return {.data = static_cast<const uint8_t*>(data), .size = size};
}

constexpr size_t kHashStep = size_t{1} << 20;

void Hash(const Mapped& file) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  for (size_t at = 0; at < file.size; at += kHashStep) {
    EVP_DigestUpdate(context, file.data + at, std::min(kHashStep, file.size - at));
  }
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(context, digest, &length);
  EVP_MD_CTX_free(context);
}

uint64_t Inflate(const Mapped& file) {
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  state->next_in = const_cast<uint8_t*>(file.data);
  size_t left = file.size;
  std::vector<uint8_t> out(size_t{256} << 10);
  uint64_t total = 0;
  while (true) {
    if (state->avail_in == 0 && left > 0) {
      const auto step = static_cast<uint32_t>(std::min(left, size_t{1} << 30));
      state->avail_in = step;
      left -= step;
    }
    state->next_out = out.data();
    state->avail_out = static_cast<uint32_t>(out.size());
    const int code = isal_inflate(state.get());
    if (code != ISAL_DECOMP_OK) {
      std::fprintf(stderr, "bench_limit: inflate: %d\n", code);
      std::exit(2);
    }
    total += out.size() - state->avail_out;
    if (state->block_state == ISAL_BLOCK_FINISH) {
      if (state->avail_in == 0 && left == 0) {
        return total;
      }
      uint8_t* next = state->next_in;
      const uint32_t available = state->avail_in;
      isal_inflate_reset(state.get());
      state->crc_flag = ISAL_GZIP;
      state->next_in = next;
      state->avail_in = available;
    } else if (state->avail_out == out.size() && state->avail_in == 0 && left == 0) {
      std::fprintf(stderr, "bench_limit: the file is cut off\n");
      std::exit(2);
    }
  }
}

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  std::string_view mode;
  size_t runs = 3;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--runs=")) {
      runs = std::max<size_t>(1, std::strtoul(argv[i] + 7, nullptr, 10));
    } else if (mode.empty()) {
      mode = argument;
    } else {
      paths.emplace_back(argument);
    }
  }
  if ((mode != "layers" && mode != "sha") || paths.empty()) {
    std::fprintf(stderr, "usage: bench_limit [--runs=N] layers FILE... | sha FILE\n");
    return 2;
  }
  std::vector<Mapped> files;
  for (const std::string& path : paths) {
    files.push_back(Map(path));
  }
  // The biggest first, so that the two cores end together.
  std::sort(files.begin(), files.end(),
            [](const Mapped& a, const Mapped& b) { return a.size > b.size; });
  std::vector<double> times;
  std::atomic<uint64_t> unpacked = 0;
  for (size_t run = 0; run < runs; ++run) {
    unpacked = 0;
    const auto start = std::chrono::steady_clock::now();
    if (mode == "sha") {
      Hash(files.front());
    } else {
      std::atomic<size_t> next = 0;
      const auto work = [&] {
        for (size_t i = next++; i < files.size(); i = next++) {
          Hash(files[i]);
          unpacked += Inflate(files[i]);
        }
      };
      const std::jthread other(work);
      work();
    }
    times.push_back(Seconds(start));
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"seconds\": %.6f, \"unpacked\": %llu}\n", times[times.size() / 2],
              static_cast<unsigned long long>(unpacked.load()));
  return 0;
}
