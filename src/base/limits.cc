#include "base/limits.h"

#include <array>

namespace scantling::base {

std::span<const LimitInfo> LimitTable() {
  static constexpr std::array kTable = {
      LimitInfo{"layer-bytes", &Limits::layer_bytes, "bytes", "unpacked size of one layer"},
      LimitInfo{"image-entries", &Limits::image_entries, "count", "files and folders in one layer"},
      LimitInfo{"path-bytes", &Limits::path_bytes, "bytes", "length of one path"},
      LimitInfo{"path-depth", &Limits::path_depth, "levels", "folders in one path"},
      LimitInfo{"inflate-ratio", &Limits::inflate_ratio, "ratio",
                "unpacked to packed size of a layer, after its first GiB"},
      LimitInfo{"file-bytes", &Limits::file_bytes, "bytes", "one file that must be read whole"},
      LimitInfo{"archive-depth", &Limits::archive_depth, "levels", "archives inside archives"},
      LimitInfo{"archive-entries", &Limits::archive_entries, "count",
                "entries of one archive, nested ones included"},
      LimitInfo{"archive-bytes", &Limits::archive_bytes, "bytes",
                "bytes unpacked from one archive, nested ones included"},
      LimitInfo{"document-bytes", &Limits::document_bytes, "bytes", "one JSON or YAML document"},
      LimitInfo{"components", &Limits::components, "count", "components of one image"},
      LimitInfo{"seconds", &Limits::seconds, "seconds", "wall-clock time of one scan"},
  };
  return kTable;
}

}  // namespace scantling::base
