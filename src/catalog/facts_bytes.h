// The bytes of the cache's files: varints and length-prefixed texts, nothing aligned, no pointers.
// Used by layer_facts.cc and image_facts.cc only; not a format for others. Thread-compatible.
#pragma once

#include "base/bytes.h"
#include "model/inventory.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

class FactsWriter {
 public:
  explicit FactsWriter(std::string* out) : out_(out) {}

  void Number(uint64_t value) {
    while (value >= 0x80) {
      out_->push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_->push_back(static_cast<char>(value));
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_->append(text);
  }
  void Texts(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) {
      Text(text);
    }
  }
  void Hashes(const std::vector<uint64_t>& hashes) {
    Number(hashes.size());
    out_->append(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(uint64_t));
  }

 private:
  std::string* out_;
};

// Reads what FactsWriter wrote. The first failure sticks: every later read gives an empty value.
class FactsCursor {
 public:
  explicit FactsCursor(base::Bytes bytes) : text_(base::AsText(bytes)) {}

  bool failed() const { return failed_; }
  bool AtEnd() const { return text_.empty(); }

  uint64_t Number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (text_.empty()) {
        Fail();
        return 0;
      }
      const auto byte = static_cast<unsigned char>(text_.front());
      text_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) {
        return value;
      }
    }
    Fail();
    return 0;
  }
  // A count of things that take at least `each` bytes: a lying one fails before anything is
  // reserved.
  size_t Count(size_t each = 1) {
    const uint64_t count = Number();
    if (count > text_.size() / each) {
      Fail();
      return 0;
    }
    return static_cast<size_t>(count);
  }
  std::string_view View() {
    const size_t size = Count();
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(size);
    return out;
  }
  std::string Text() { return std::string(View()); }
  std::vector<std::string> Texts() {
    std::vector<std::string> out(Count());
    for (std::string& text : out) {
      text = Text();
    }
    return out;
  }
  std::vector<uint64_t> Hashes() {
    std::vector<uint64_t> out(Count(sizeof(uint64_t)));
    if (!out.empty()) {
      std::memcpy(out.data(), text_.data(), out.size() * sizeof(uint64_t));
      text_.remove_prefix(out.size() * sizeof(uint64_t));
    }
    return out;
  }
  template <typename Enum>
  Enum Choice(Enum last) {
    const uint64_t value = Number();
    if (value > static_cast<uint64_t>(last)) {
      Fail();
      return last;
    }
    return static_cast<Enum>(value);
  }
  bool Flag() { return Number() != 0; }

 private:
  void Fail() {
    failed_ = true;
    text_ = {};
  }
  std::string_view text_;
  bool failed_ = false;
};

inline void Put(FactsWriter& out, const model::Diagnostic& diagnostic) {
  out.Text(diagnostic.code);
  out.Number(static_cast<uint64_t>(diagnostic.severity));
  out.Text(diagnostic.path);
  out.Text(diagnostic.message);
}

inline model::Diagnostic GetDiagnostic(FactsCursor& in) {
  model::Diagnostic out;
  out.code = in.Text();
  out.severity = in.Choice(model::Severity::kError);
  out.path = in.Text();
  out.message = in.Text();
  return out;
}

inline void Put(FactsWriter& out, const std::vector<model::Diagnostic>& diagnostics) {
  out.Number(diagnostics.size());
  for (const model::Diagnostic& diagnostic : diagnostics) {
    Put(out, diagnostic);
  }
}

inline std::vector<model::Diagnostic> GetDiagnostics(FactsCursor& in) {
  std::vector<model::Diagnostic> out(in.Count(4));
  for (model::Diagnostic& diagnostic : out) {
    diagnostic = GetDiagnostic(in);
  }
  return out;
}

}  // namespace scantling::catalog
