// Text on its way out of the program, in blocks: a format appends to text() and calls Record()
// after each record, so that a large document is never whole in memory.
//
// An error of the writer is kept and told by Finish(); what is appended after it goes nowhere.
// Thread-compatible.
#pragma once

#include "base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace scantling::base {

class Output {
 public:
  using Writer = std::function<Result<void>(std::string_view)>;

  // Blocks of about 64 KiB go to `write`.
  explicit Output(Writer write) : write_(std::move(write)) {}

  std::string& text() { return text_; }

  void Record() {
    if (text_.size() >= kBlock) {
      Flush();
    }
  }

  // The document cannot be made: Finish() tells the first such error. What was written stays.
  void Fail(Error error) {
    if (!error_.has_value()) {
      error_ = std::move(error);
    }
  }

  // Writes what is left. Once, at the end.
  Result<void> Finish() {
    Flush();
    if (error_.has_value()) {
      return *std::move(error_);
    }
    return {};
  }

 private:
  static constexpr size_t kBlock = size_t{64} << 10;

  void Flush() {
    if (!text_.empty() && !error_.has_value()) {
      if (auto written = write_(text_); !written) {
        error_ = std::move(written).error();
      }
    }
    text_.clear();
  }

  Writer write_;
  std::string text_;
  std::optional<Error> error_;
};

// What `render(Output&)` gives, as one text: for tests, and for documents that go inside others.
template <typename Render>
std::string Rendered(Render&& render) {
  std::string out;
  Output output([&out](std::string_view block) -> Result<void> {
    out.append(block);
    return {};
  });
  render(output);
  (void)output.Finish();  // the writer above cannot fail
  return out;
}

}  // namespace scantling::base
