// docs/supported.md says what the registry says.
#include "catalog/supported.h"

#include "base/file.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace scantling::catalog {
namespace {

TEST(Supported, PageIsMadeFromTheCode) {
  const std::string path = std::string(SCANTLING_SOURCE_DIR) + "/docs/supported.md";
  const std::string want = SupportedMarkdown();
  if (std::getenv("SCANTLING_UPDATE_DOCS") != nullptr) {
    ASSERT_TRUE(base::WriteFileByRename(path, base::AsBytes(want)).has_value());
  }
  const auto page = base::ReadFile(path, 1 << 20);
  ASSERT_TRUE(page.has_value()) << page.error().Message();
  EXPECT_EQ(*page, want)
      << "run: SCANTLING_UPDATE_DOCS=1 build/dev/bin/catalog_test --gtest_filter='Supported.*'";
}

}  // namespace
}  // namespace scantling::catalog
