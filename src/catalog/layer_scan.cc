// See layer_scan.h.
#include "catalog/layer_scan.h"

namespace scantling::catalog {
namespace {

// Of one layer. Each costs some hundred bytes until the end of the scan.
constexpr size_t kMaxClaimedFiles = 1'000'000;

}  // namespace

FileFacts NotUnderstood(std::string_view code, const base::Error& error) {
  FileFacts facts;
  facts.understood = false;
  model::Diagnostic diagnostic;
  diagnostic.code = std::string(code) + "." + std::string(base::ToString(error.code()));
  diagnostic.message = error.Message();
  facts.diagnostics.push_back(std::move(diagnostic));
  return facts;
}

image::Claim LayerScan::Start(const image::FileEntry& file, uint32_t cataloger) {
  if (files_.size() >= kMaxClaimedFiles || records_ > limits_.components) {
    ++left_out_;
    return {};
  }
  FileResult result;
  result.path = file.path;
  result.cataloger = cataloger;
  files_.push_back(std::move(result));
  const auto number = static_cast<uint32_t>(files_.size() - 1);
  if (Catalogers()[cataloger]->Info().reading == Reading::kStream) {
    stream_ = Catalogers()[cataloger]->Start(file.path, file.size, limits_);
    return {image::Want::kStream, number};
  }
  return {image::Want::kWhole, number};
}

image::Claim LayerScan::OnFile(const image::FileEntry& file) {
  if (const auto cataloger = claims_.ByName(file.path)) {
    return Start(file, *cataloger);
  }
  return {file.size >= claims_.shortest_magic() ? image::Want::kHead : image::Want::kNothing, 0};
}

image::Claim LayerScan::OnHead(const image::FileEntry& file, base::Bytes head) {
  if (const auto cataloger = claims_.ByMagic(head)) {
    return Start(file, *cataloger);
  }
  return {};
}

void LayerScan::Keep(uint32_t claim, base::Result<FileFacts> facts) {
  FileResult& file = files_[claim];
  if (facts) {
    records_ += facts->records.size();
    file.facts = std::move(*facts);
  } else {
    file.facts = NotUnderstood(Catalogers()[file.cataloger]->Info().name, facts.error());
  }
}

void LayerScan::OnWhole(const image::FileEntry& file, uint32_t claim, base::Bytes data) {
  Keep(claim, Catalogers()[files_[claim].cataloger]->Catalog({file.path, data}, limits_));
}

void LayerScan::OnChunk(const image::FileEntry& /*file*/, uint32_t claim, uint64_t offset,
                        base::Bytes chunk, bool last) {
  if (stream_ == nullptr) {
    return;
  }
  const bool more = stream_->OnChunk(offset, chunk);
  if (last || !more) {
    Keep(claim, stream_->Finish());
    stream_.reset();
  }
}

void LayerScan::OnLost(const image::FileEntry& /*file*/, uint32_t claim, const base::Error& error) {
  stream_.reset();
  const std::string_view name = Catalogers()[files_[claim].cataloger]->Info().name;
  files_[claim].facts = NotUnderstood(name, error);
}

LayerFacts LayerScan::Finish(image::LayerResult read) && {
  LayerFacts facts;
  facts.tree = std::move(read.tree);
  facts.files = std::move(files_);
  facts.diagnostics = std::move(read.diagnostics);
  facts.stored_bytes = read.stored_bytes;
  facts.complete = read.complete;
  if (left_out_ != 0) {
    model::Diagnostic diagnostic;
    diagnostic.code = "limit.components";
    diagnostic.severity = model::Severity::kError;
    diagnostic.message = std::to_string(left_out_) +
                         " files that may name packages were not read: the layer has more than " +
                         std::to_string(kMaxClaimedFiles) + " of them or more than " +
                         std::to_string(limits_.components) + " packages (limit components)";
    facts.diagnostics.push_back(std::move(diagnostic));
  }
  return facts;
}

image::Claim SecondLookScan::OnFile(const image::FileEntry& file) {
  if (wanted_.contains(std::string(file.path))) {
    return {image::Want::kWhole, 0};
  }
  return {};
}

void SecondLookScan::OnWhole(const image::FileEntry& file, uint32_t /*claim*/, base::Bytes data) {
  const auto [first, last] = wanted_.equal_range(std::string(file.path));
  for (auto it = first; it != last; ++it) {
    SecondLook look{it->first, it->second.as, {it->second.as, it->second.cataloger, {}}};
    const Cataloger& cataloger = *Catalogers()[it->second.cataloger];
    // A million links to one large file must not mean a million times its work.
    if (it != first && data.size() > repeats_left_) {
      look.result.facts = NotUnderstood(
          cataloger.Info().name,
          base::LimitMet("too many links to large files in one layer (limit file-bytes)"));
      looks_.push_back(std::move(look));
      continue;
    }
    repeats_left_ -= it != first ? data.size() : 0;
    auto facts = cataloger.Catalog({it->second.as, data}, limits_);
    look.result.facts =
        facts ? std::move(*facts) : NotUnderstood(cataloger.Info().name, facts.error());
    looks_.push_back(std::move(look));
  }
}

void SecondLookScan::OnLost(const image::FileEntry& file, uint32_t /*claim*/,
                            const base::Error& error) {
  const auto [first, last] = wanted_.equal_range(std::string(file.path));
  for (auto it = first; it != last; ++it) {
    const std::string_view name = Catalogers()[it->second.cataloger]->Info().name;
    looks_.push_back({it->first,
                      it->second.as,
                      {it->second.as, it->second.cataloger, NotUnderstood(name, error)}});
  }
}

}  // namespace scantling::catalog
