// XML 1.0 out (https://www.w3.org/TR/xml/): elements, attributes, text, in the order of the calls.
//
// Indented by two spaces. What XML cannot hold (control characters, U+FFFE, U+FFFF) becomes U+FFFD.
// Text must be UTF-8 (base::ToUtf8 makes it so); names are the caller's and need no escape. Into a
// base::Output, which is told of a record whenever an element near the top ends. No library: those
// that write XML parse it too and are larger than this program's part that needs them. Not handled:
// namespaces' prefixes, comments, CDATA, mixed content. Thread-compatible.
#pragma once

#include "base/output.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

class XmlWriter {
 public:
  explicit XmlWriter(base::Output* output) : output_(*output), out_(output->text()) {
    out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  }

  // `name` outlives the element (a literal).
  void Begin(std::string_view name);
  // Of the element that was begun last and has no content yet.
  void Attribute(std::string_view name, std::string_view value);
  void End();
  // An element that holds text alone.
  void Element(std::string_view name, std::string_view text);
  // The text of the element that was begun last; its end follows.
  void Text(std::string_view text);

 private:
  void CloseTag();
  void Newline();

  base::Output& output_;
  std::string& out_;
  std::vector<std::string_view> open_;
  bool in_tag_ = false;    // "<name" stands there without its ">"
  bool has_text_ = false;  // the end tag follows on the same line
};

}  // namespace scantling::codec
