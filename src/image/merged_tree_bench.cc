// The merge of an image from the cache: parsing the layers' trees and building the merged one. The
// shape is that of a large toolchain image: 135,000 entries in 12,000 folders, 10,000 links, 5,000
// claimed files, in 6 layers.
#include "image/layer_tree_builder.h"
#include "image/merged_tree.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace scantling::image {
namespace {

std::vector<std::string> Trees() {
  std::vector<std::string> out;
  for (int layer = 0; layer < 6; ++layer) {
    LayerTreeBuilder builder;
    bool fits = true;
    for (int i = 0; i < 22'500; ++i) {
      const std::string folder = "usr/lib/area" + std::to_string(layer) + "x" +
                                 std::to_string(i / 500) + "/package" + std::to_string(i / 11);
      const std::string path = folder + "/file" + std::to_string(i);
      if (i % 11 == 0) {
        fits = fits && builder.AddFolder(folder);
      }
      if (i % 13 == 1) {
        fits = fits && builder.AddSymlink(path, "file" + std::to_string(i + 1));
      } else if (i % 27 == 2) {
        fits = fits && builder.AddClaimed(path, static_cast<uint32_t>(i));
      } else {
        fits = fits && builder.AddPlain(path);
      }
    }
    SCANTLING_ASSERT(fits);
    out.push_back(std::move(builder).Finish(22'500).Serialize());
  }
  return out;
}

void ParseAndMerge(benchmark::State& state) {
  const std::vector<std::string> bytes = Trees();
  size_t files = 0;
  for (auto _ : state) {
    std::vector<LayerTree> trees;
    for (const std::string& tree : bytes) {
      trees.push_back(*LayerTree::Parse(base::AsBytes(tree)));
    }
    std::vector<const LayerTree*> layers;
    for (const LayerTree& tree : trees) {
      layers.push_back(&tree);
    }
    files += MergedTree::Build(layers).files().size();
  }
  benchmark::DoNotOptimize(files);
}
BENCHMARK(ParseAndMerge)->Unit(benchmark::kMillisecond);

// A layer of three million files in 30,000 folders.
void BuildHugeTree(benchmark::State& state) {
  for (auto _ : state) {
    LayerTreeBuilder builder;
    bool fits = true;
    for (int i = 0; i < 3'000'000; ++i) {
      fits = fits && builder.AddPlain("data/folder" + std::to_string(i / 100) + "/file" +
                                      std::to_string(i));
    }
    SCANTLING_ASSERT(fits);
    benchmark::DoNotOptimize(std::move(builder).Finish(3'000'000).plain_files(0).size());
  }
}
BENCHMARK(BuildHugeTree)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace scantling::image
