// See blob_store.h: an image whose blobs can be opened by name, any number of them at once.
#include "image/blob_store.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

namespace scantling::image {
namespace {

class RandomAccessImage : public ImageHandle {
 public:
  RandomAccessImage(std::unique_ptr<BlobStore> store, ImagePlan plan)
      : store_(std::move(store)), plan_(std::move(plan)) {}

  bool StreamsOnly() const override { return false; }
  base::Result<model::Image> Describe() const override { return plan_.image; }
  base::Result<std::vector<LayerBlob>> Layers() const override { return plan_.layers; }

  base::Result<std::unique_ptr<codec::ByteSource>> Reopen(const LayerBlob& layer) const override {
    SCANTLING_TRY(OpenedBlob blob, store_->Open(layer.blob));
    return std::move(blob.bytes);
  }

  base::Result<void> ForEachBlob(unsigned jobs, const Need& need, const Read& read) override {
    struct Job {
      const LayerBlob* layer = nullptr;
      OpenedBlob blob;
      std::optional<base::Error> error;
    };
    std::vector<Job> todo;
    std::set<std::string> seen;
    for (const LayerBlob& layer : plan_.layers) {
      if (!seen.insert(layer.blob).second || !need(layer)) {
        continue;
      }
      auto blob = store_->Open(layer.blob);
      if (!blob && blob.error().code() == base::ErrorCode::kNotFound) {
        continue;  // the caller sees that it never came
      }
      Job job;
      job.layer = &layer;
      if (blob) {
        job.blob = std::move(*blob);
      } else {
        job.error = std::move(blob).error();
      }
      todo.push_back(std::move(job));
    }
    // The largest first, so that no long one is left alone at the end.
    std::vector<size_t> order(todo.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return todo[a].blob.size != todo[b].blob.size ? todo[a].blob.size > todo[b].blob.size : a < b;
    });
    uint64_t all = 0;
    for (const Job& job : todo) {
      all += job.blob.size;
    }
    // The layers of a docker archive are plain tars: to hash them is nearly all there is to do.
    const bool as_team = jobs > 1 && plan_.hash == Hash::kUnpacked && base::Sha256Team::Helps();
    base::Sha256Team team;
    const size_t workers = as_team ? size_t{2} * jobs : jobs;
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t i = next++; i < order.size(); i = next++) {
        Job& job = todo[order[i]];
        if (job.error) {
          continue;
        }
        Reading reading{plan_.hash};
        reading.maybe_team = as_team ? &team : nullptr;
        // A team's members keep the cores busy, unless one is larger than all others together.
        const bool alone = !as_team || job.blob.size > all / 2;
        reading.threads = jobs > 1 && alone ? Threads::kTwo : Threads::kOne;
        auto done = read(job.layer->blob, reading, *job.blob.bytes);
        if (!done) {
          job.error = std::move(done).error();
        }
        job.blob.bytes.reset();
      }
    };
    {
      std::vector<std::jthread> threads;
      for (size_t i = 1; i < workers && i < order.size(); ++i) {
        threads.emplace_back(work);
      }
      work();
    }
    for (Job& job : todo) {
      if (job.error) {
        return std::move(*job.error).With(job.layer->blob);
      }
    }
    return {};
  }

 private:
  std::unique_ptr<BlobStore> store_;
  ImagePlan plan_;
};

}  // namespace

std::unique_ptr<ImageHandle> MakeStoredImage(std::unique_ptr<BlobStore> store, ImagePlan plan) {
  return std::make_unique<RandomAccessImage>(std::move(store), std::move(plan));
}

}  // namespace scantling::image
