// See claim_index.h.
#include "catalog/claim_index.h"

#include <algorithm>

namespace scantling::catalog {
namespace {

bool EqualsOrEndsInFolder(std::string_view path, std::string_view pattern) {
  return path == pattern || (path.size() > pattern.size() && path.ends_with(pattern) &&
                             path[path.size() - pattern.size() - 1] == '/');
}

}  // namespace

ClaimIndex::ClaimIndex(std::span<const Cataloger* const> catalogers) {
  for (uint32_t i = 0; i < catalogers.size(); ++i) {
    for (const ClaimPattern& claim : catalogers[i]->Info().claims) {
      const Candidate candidate{claim.kind, claim.pattern, i};
      switch (claim.kind) {
        case ClaimKind::kPath:
        case ClaimKind::kSuffix:
        case ClaimKind::kBaseName:
          by_base_name_[std::string(base::BaseName(claim.pattern))].push_back(candidate);
          break;
        case ClaimKind::kInFolder:
          by_folder_[std::string(base::BaseName(claim.pattern))].push_back(candidate);
          break;
        case ClaimKind::kExtension: {
          const size_t dot = claim.pattern.rfind('.');
          by_extension_[base::Lower(claim.pattern.substr(dot + 1))].push_back(candidate);
          break;
        }
        case ClaimKind::kMagic:
          magics_.push_back(candidate);
          shortest_magic_ = std::min(shortest_magic_, claim.pattern.size());
          break;
      }
    }
  }
}

std::optional<uint32_t> ClaimIndex::ByName(std::string_view path) const {
  std::optional<uint32_t> found;
  const auto offer = [&](uint32_t cataloger) {
    if (!found || cataloger < *found) {
      found = cataloger;
    }
  };
  const std::string_view name = base::BaseName(path);
  if (const auto it = by_base_name_.find(name); it != by_base_name_.end()) {
    for (const Candidate& c : it->second) {
      if (c.kind == ClaimKind::kBaseName || (c.kind == ClaimKind::kPath && path == c.pattern) ||
          (c.kind == ClaimKind::kSuffix && EqualsOrEndsInFolder(path, c.pattern))) {
        offer(c.cataloger);
      }
    }
  }
  const std::string_view folder = base::DirName(path);
  if (const auto it = by_folder_.find(base::BaseName(folder)); it != by_folder_.end()) {
    for (const Candidate& c : it->second) {
      if (EqualsOrEndsInFolder(folder, c.pattern)) {
        offer(c.cataloger);
      }
    }
  }
  if (const size_t dot = name.rfind('.');
      dot != std::string_view::npos && name.size() - dot <= 16) {
    char lower[16];
    const std::string_view extension = name.substr(dot + 1);
    std::transform(extension.begin(), extension.end(), lower, [](char c) {
      return (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto it = by_extension_.find(std::string_view(lower, extension.size()));
    if (it != by_extension_.end()) {
      for (const Candidate& c : it->second) {
        offer(c.cataloger);
      }
    }
  }
  return found;
}

std::optional<uint32_t> ClaimIndex::ByMagic(base::Bytes head) const {
  const std::string_view text = base::AsText(head);
  for (const Candidate& c : magics_) {
    if (text.starts_with(c.pattern)) {
      return c.cataloger;
    }
  }
  return std::nullopt;
}

}  // namespace scantling::catalog
