// Dockerfiles in, and the mapping of an image's history to their lines: any bytes are an answer.
// What stands behind a line "%%" is read as history entries, one a line, "-" in front of one
// without a layer.
#include "base/strings.h"
#include "codec/dockerfile.h"
#include "rank/dockerfile_lines.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace codec = scantling::codec;
  namespace model = scantling::model;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t split = text.find("\n%%\n");
  codec::DockerfileOptions options;
  options.platform = "linux/amd64";
  options.limits.bytes = 64 << 10;
  options.limits.expanded_bytes = 4 << 10;
  options.limits.instructions = 500;
  const auto file = codec::ParseDockerfile(text.substr(0, split), "Dockerfile", options);
  if (!file) {
    return 0;
  }
  model::Image image;
  if (split != std::string_view::npos) {
    for (std::string_view line : scantling::base::Split(text.substr(split + 4), '\n')) {
      const bool empty = line.starts_with('-');
      line.remove_prefix(empty ? 1 : 0);
      image.history.push_back({"", std::string(line), "", empty});
      if (!empty) {
        model::Layer layer;
        layer.index = static_cast<int32_t>(image.layers.size());
        image.layers.push_back(layer);
      }
    }
  }
  const auto facts = scantling::rank::MapDockerfile(*file, "Dockerfile", "", image);
  if (!facts) {
    __builtin_trap();
  }
  for (const model::Layer& layer : image.layers) {
    if (layer.line < 0) {
      __builtin_trap();
    }
  }
  return 0;
}
