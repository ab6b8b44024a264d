#include "codec/xml_writer.h"

#include <gtest/gtest.h>

namespace scantling::codec {
namespace {

TEST(XmlWriter, ElementsAttributesAndText) {
  const std::string text = base::Rendered([](base::Output& output) {
    XmlWriter out(&output);
    out.Begin("bom");
    out.Attribute("name", "a \"b\"\n<c>");
    out.Begin("empty");
    out.End();
    out.Element("text", "a & b < c > d\x01\t\xC3\xA9\xEF\xBF\xBF");
    out.Begin("inner");
    out.Attribute("x", "1");
    out.Text("t");
    out.End();
    out.End();
  });
  EXPECT_EQ(text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<bom name=\"a &quot;b&quot;&#10;&lt;c&gt;\">\n"
            "  <empty/>\n"
            "  <text>a &amp; b &lt; c &gt; d\xEF\xBF\xBD&#9;\xC3\xA9\xEF\xBF\xBD</text>\n"
            "  <inner x=\"1\">t</inner>\n"
            "</bom>\n");
}

}  // namespace
}  // namespace scantling::codec
