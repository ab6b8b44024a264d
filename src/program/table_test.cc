#include "program/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Row {
  std::string name;
  int64_t size;
  std::string tags;
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> kRows = {
      {"b", 2, "red\nblue"}, {"a", 2, "blue"}, {"c", -1, ""}, {"=d", 5, "Red"}};
  return kRows;
}

Table MakeTable() {
  return Table(
      {{"name", FieldType::kText, [](uint32_t row) { return Cell(Rows()[row].name); }, true},
       {"size", FieldType::kNumber,
        [](uint32_t row) { return Rows()[row].size < 0 ? Cell() : Cell(Rows()[row].size); }},
       {"tags", FieldType::kTexts, [](uint32_t row) { return Cell(Rows()[row].tags); }}},
      "name", "name");
}

std::vector<std::string> Names(const TableQuery& query, std::string* next = nullptr,
                               KeptOrders* maybe_kept = nullptr) {
  Table table = MakeTable();
  if (maybe_kept != nullptr) {
    table.KeepOrders(*maybe_kept, "names");
  }
  const auto page = table.Select({0, 1, 2, 3}, query);
  std::vector<std::string> out;
  if (!page) {
    return {page.error().Message()};
  }
  for (const uint32_t row : page->rows) {
    out.push_back(Rows()[row].name);
  }
  if (next != nullptr) {
    *next = page->next;
  }
  return out;
}

TEST(Table, Sorts) {
  EXPECT_THAT(Names({}), ElementsAre("=d", "a", "b", "c"));
  EXPECT_THAT(Names({.sort = "-name"}), ElementsAre("c", "b", "a", "=d"));
  // No value is last in both directions; ties by id.
  EXPECT_THAT(Names({.sort = "size"}), ElementsAre("a", "b", "=d", "c"));
  EXPECT_THAT(Names({.sort = "-size"}), ElementsAre("=d", "a", "b", "c"));
}

TEST(Table, Filters) {
  EXPECT_THAT(Names({.filters = {"size:2"}}), ElementsAre("a", "b"));
  EXPECT_THAT(Names({.filters = {"size:!2"}}), ElementsAre("=d", "c"));
  EXPECT_THAT(Names({.filters = {"size:>2"}}), ElementsAre("=d"));
  EXPECT_THAT(Names({.filters = {"size:<=2"}}), ElementsAre("a", "b"));
  EXPECT_THAT(Names({.filters = {"tags:red"}}), ElementsAre("=d", "b"));
  EXPECT_THAT(Names({.filters = {"tags:*lu*"}}), ElementsAre("a", "b"));
  EXPECT_THAT(Names({.filters = {"name:a|c"}}), ElementsAre("a", "c"));
  EXPECT_THAT(Names({.search = "D"}), ElementsAre("=d"));
}

TEST(Table, WhatIsWrongIsNamed) {
  EXPECT_THAT(Names({.filters = {"colour:red"}}),
              ElementsAre(HasSubstr("fields are name, size, tags")));
  EXPECT_THAT(Names({.filters = {"nothing"}}), ElementsAre(HasSubstr("field:value")));
  EXPECT_THAT(Names({.filters = {"size:>big"}}), ElementsAre(HasSubstr("is no number")));
  EXPECT_THAT(Names({.sort = "age"}), ElementsAre(HasSubstr("to sort by")));
  EXPECT_THAT(Names({.cursor = "x"}), ElementsAre(HasSubstr("cursor")));
  EXPECT_THAT(Names({.cursor = "[1]"}), ElementsAre(HasSubstr("cursor")));
  EXPECT_THAT(Names({.columns = {"x"}}), ElementsAre(HasSubstr("no column")));
}

TEST(Table, PagesJoinToTheWholeInEveryOrder) {
  KeptOrders kept;
  for (const std::string sort : {"name", "-name", "size", "-size", "tags,-size"}) {
    const std::vector<std::string> whole = Names({.sort = sort});
    for (KeptOrders* const maybe_kept : {static_cast<KeptOrders*>(nullptr), &kept}) {
      for (const uint64_t limit : {1, 3}) {
        std::vector<std::string> joined;
        std::string cursor;
        do {
          for (const std::string& name :
               Names({.sort = sort, .cursor = cursor, .limit = limit}, &cursor, maybe_kept)) {
            joined.push_back(name);
          }
        } while (!cursor.empty() && joined.size() < 10);
        EXPECT_EQ(joined, whole) << sort;
      }
    }
    EXPECT_NE(kept.Find("names\n" + sort).rows, nullptr);
  }
  // What is not the whole list is not taken from there.
  EXPECT_THAT(Names({.filters = {"size:2"}, .sort = "-name", .limit = 1}, nullptr, &kept),
              ElementsAre("b"));
}

TEST(Table, CountsValues) {
  const auto page = MakeTable().Select({0, 1, 2, 3}, {.facets = {"tags", "size"}});
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page->facets.size(), 2u);
  EXPECT_EQ(page->facets[0].values[0], (std::pair<std::string, uint64_t>("blue", 2)));
  EXPECT_EQ(page->facets[1].values[0], (std::pair<std::string, uint64_t>("2", 2)));
}

TEST(Table, CsvIsSafeInASpreadsheet) {
  const Table table = MakeTable();
  EXPECT_EQ(table.CsvHead({}), "name,size,tags\r\n");
  EXPECT_EQ(table.CsvRow(0, {}), "b,2,red blue\r\n");
  EXPECT_EQ(table.CsvRow(3, {"name"}), "'=d\r\n");
  EXPECT_EQ(table.CsvRow(2, {"size"}), "\r\n");
}

}  // namespace
}  // namespace scantling::program
