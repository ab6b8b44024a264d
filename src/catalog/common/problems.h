// Collects what is wrong with one file, with a bound: a hostile file must not fill the report.
// Codes are "<cataloger>.<what>"; path and layer are the engine's business.
#pragma once

#include "catalog/common/cataloger.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::catalog {

// Borrows the facts. Single thread.
class Problems {
 public:
  static constexpr uint64_t kShown = 20;

  Problems(FileFacts& facts, std::string_view cataloger) : facts_(facts), cataloger_(cataloger) {}

  // Worth knowing; nothing is lost.
  void Note(std::string_view what, std::string message) {
    Add(what, model::Severity::kNote, std::move(message));
  }
  // Something was not read: the file becomes a gap.
  void Gap(std::string_view what, std::string message) {
    facts_.understood = false;
    Add(what, model::Severity::kWarning, std::move(message));
  }
  // Once, at the end: says how many were left out.
  void Finish() {
    if (count_ > kShown) {
      facts_.diagnostics.push_back({.code = std::string(cataloger_) + ".more-problems",
                                    .severity = model::Severity::kWarning,
                                    .path = {},
                                    .layer = -1,
                                    .message = std::to_string(count_ - kShown) +
                                               " more problems of this file are not listed"});
    }
  }

 private:
  void Add(std::string_view what, model::Severity severity, std::string message) {
    if (++count_ > kShown) {
      return;
    }
    facts_.diagnostics.push_back({.code = std::string(cataloger_) + "." + std::string(what),
                                  .severity = severity,
                                  .path = {},
                                  .layer = -1,
                                  .message = std::move(message)});
  }

  FileFacts& facts_;
  std::string_view cataloger_;
  uint64_t count_ = 0;
};

}  // namespace scantling::catalog
