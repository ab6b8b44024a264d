#include "report/licenses.h"

#include "base/strings.h"

#include <gtest/gtest.h>

#include <random>

namespace scantling::report {
namespace {

TEST(Licenses, TheTablesAreSorted) {
  for (const auto table : {LicenseIds(), LicenseExceptions()}) {
    ASSERT_FALSE(table.empty());
    for (size_t i = 1; i < table.size(); ++i) {
      EXPECT_LT(base::Lower(table[i - 1]), base::Lower(table[i]));
    }
  }
}

TEST(Licenses, Expressions) {
  struct Case {
    std::string_view text;
    std::string_view want;  // "" = no expression
  };
  for (const Case& c : std::vector<Case>{
           {"MIT", "MIT"},
           {"mit", "MIT"},
           {"GPL-2.0+", "GPL-2.0+"},
           {"Apache-2.0+", "Apache-2.0+"},
           {"(MIT OR Apache-2.0) AND Zlib", "(MIT OR Apache-2.0) AND Zlib"},
           {"mit and bsd-3-clause", "MIT AND BSD-3-Clause"},
           {"GPL-2.0-only WITH Classpath-exception-2.0",
            "GPL-2.0-only WITH Classpath-exception-2.0"},
           {"GPL-2.0-only WITH MIT", ""},
           {"(MIT) WITH Classpath-exception-2.0", ""},
           {"LicenseRef-Fedora-Public-Domain AND MIT", "LicenseRef-Fedora-Public-Domain AND MIT"},
           {"DocumentRef-a:LicenseRef-b", ""},
           {"LicenseRef-", ""},
           {"GPLv2+ and LGPLv2+", ""},
           {"MIT OR", ""},
           {"OR MIT", ""},
           {"MIT Apache-2.0", ""},
           {"(MIT", ""},
           {"MIT)", ""},
           {"()", ""},
           {"", ""},
           {"SEE LICENSE IN LICENSE.md", ""},
       }) {
    EXPECT_EQ(LicenseExpression(c.text).value_or(""), c.want) << c.text;
  }
  EXPECT_FALSE(LicenseExpression(std::string(100'000, '(')).has_value());
}

TEST(Licenses, NamesThatMeanOneIdentifier) {
  EXPECT_EQ(LicenseId("Apache License, Version 2.0"), "Apache-2.0");
  EXPECT_EQ(LicenseId("https://www.apache.org/licenses/LICENSE-2.0.txt"), "Apache-2.0");
  EXPECT_EQ(LicenseId("MIT License"), "MIT");
  EXPECT_EQ(LicenseId("bsd-3-clause"), "BSD-3-Clause");
  EXPECT_EQ(LicenseId("BSD"), std::nullopt);
  EXPECT_EQ(LicenseId(""), std::nullopt);
}

TEST(Licenses, SeveralAreJoinedAndNamesBecomeReferences) {
  EXPECT_EQ(Declared({}).expression, "");
  EXPECT_EQ(Declared({"MIT OR GPL-2.0-only", "Zlib"}).expression, "(MIT OR GPL-2.0-only) AND Zlib");
  EXPECT_EQ(Declared({"MIT", "The MIT License"}).expression, "MIT");
  const DeclaredLicense named = Declared({"BSD", "GPLv2+", "LicenseRef-x OR MIT"});
  ASSERT_EQ(named.references.size(), 3U);
  EXPECT_EQ(named.references[0].ref, "LicenseRef-scantling-BSD");
  EXPECT_EQ(named.references[1].name, "GPLv2+");
  EXPECT_TRUE(named.references[1].ref.starts_with("LicenseRef-scantling-GPLv2--"));
  EXPECT_EQ(named.references[2].ref, "LicenseRef-x");
  EXPECT_EQ(LicenseExpression(named.expression), named.expression);
}

TEST(Licenses, WhateverIsDeclaredGivesAnExpression) {
  std::mt19937 random(11);
  static constexpr std::string_view kParts[] = {
      "MIT", " ", "AND", "(", ")", "WITH", "+", "GPL-2.0", "\xff", "LicenseRef-", "x", "\n", "or"};
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::string> licenses(random() % 3 + 1);
    for (std::string& license : licenses) {
      for (size_t i = random() % 6 + 1; i > 0; --i) {
        license += kParts[random() % std::size(kParts)];
      }
    }
    const DeclaredLicense declared = Declared(licenses);
    EXPECT_EQ(LicenseExpression(declared.expression), declared.expression);
  }
}

}  // namespace
}  // namespace scantling::report
