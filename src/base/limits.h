// Every limit of the program in one place. The table drives --help, the configuration schema and
// the messages, so a limit is added here and nowhere else. What a limit cuts off becomes a coverage
// gap that carries the limit's name.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace scantling::base {

struct Limits {
  uint64_t layer_bytes = uint64_t{64} << 30;  // unpacked bytes of one layer
  uint64_t image_entries = 20'000'000;        // tar entries of one layer
  uint64_t path_bytes = 4096;                 // length of one path
  uint64_t path_depth = 256;                  // components of one path
  uint64_t inflate_ratio = 400;  // unpacked : packed, judged after the first GiB of a layer
  uint64_t file_bytes = uint64_t{512}
                        << 20;         // one file that is read whole (package databases, jars)
  uint64_t archive_depth = 8;          // archives inside archives (jar in war in ear)
  uint64_t archive_entries = 500'000;  // entries of one zip, nested ones included
  uint64_t archive_bytes = uint64_t{1} << 30;  // bytes unpacked from one zip, nested ones included
  uint64_t document_bytes = uint64_t{256} << 20;  // one JSON or YAML document
  uint64_t components = 1'000'000;                // components of one image
  uint64_t seconds = 1800;                        // wall-clock time of one scan
};

struct LimitInfo {
  std::string_view name;  // as in --limit NAME=VALUE, and in coverage.skipped[].reason
  uint64_t Limits::* member;
  std::string_view unit;  // "bytes", "count", "levels", "ratio", "seconds"
  std::string_view help;
};

std::span<const LimitInfo> LimitTable();

}  // namespace scantling::base
