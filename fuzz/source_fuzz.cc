// A whole image archive from memory: opened with random access and as a stream, its layers read.
#include "base/file.h"
#include "image/source.h"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <utility>

namespace {

class Nobody : public scantling::image::LayerVisitor {
 public:
  scantling::image::Claim OnFile(const scantling::image::FileEntry&) override {
    return {scantling::image::Want::kHead, 0};
  }
  scantling::image::Claim OnHead(const scantling::image::FileEntry&,
                                 scantling::base::Bytes) override {
    return {scantling::image::Want::kWhole, 0};
  }
  void OnWhole(const scantling::image::FileEntry&, uint32_t, scantling::base::Bytes) override {}
  void OnChunk(const scantling::image::FileEntry&, uint32_t, uint64_t, scantling::base::Bytes,
               bool) override {}
  void OnLost(const scantling::image::FileEntry&, uint32_t,
              const scantling::base::Error&) override {}
};

void ReadImage(int fd, const scantling::image::OpenOptions& options) {
  scantling::image::SourceSpec spec;
  spec.kind = scantling::image::SourceKind::kStandardInput;
  auto image = scantling::image::OpenImage(spec, options, fd);
  if (!image) {
    return;
  }
  static_cast<void>((*image)->ForEachBlob(
      1, [](const scantling::image::LayerBlob&) { return true; },
      [&](const std::string&, const scantling::image::Reading& reading,
          scantling::codec::ByteSource& bytes) -> scantling::base::Result<void> {
        Nobody visitor;
        auto read = scantling::image::ReadLayer(bytes, reading, options.limits, visitor);
        if (!read) {
          return std::move(read).error();
        }
        return {};
      }));
  static_cast<void>((*image)->Describe());
  static_cast<void>((*image)->Layers());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scantling::image::OpenOptions options;
  options.platform = "linux/amd64";
  options.limits.layer_bytes = 8 << 20;
  options.limits.file_bytes = 4 << 20;
  // The first bytes already read off: no random access, a stream.
  for (const off_t start : {off_t{0}, off_t{1}}) {
    const scantling::base::Fd fd(::memfd_create("fuzz", MFD_CLOEXEC));
    const char pad = 0;
    if (!fd.valid() || (start != 0 && ::write(fd.get(), &pad, 1) != 1) ||
        ::write(fd.get(), data, size) != static_cast<ssize_t>(size) ||
        ::lseek(fd.get(), start, SEEK_SET) != start) {
      return 0;
    }
    ReadImage(fd.get(), options);
  }
  return 0;
}
