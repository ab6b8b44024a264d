// One engine for every list: filter, search, sort, page, count by value, out as JSON or CSV. A list
// is a table of fields over row numbers; what a page needs is said in a query.
//
// Filters: "field:value" (equal), "field:!value", "field:>5", "field:<5", "field:>=5", "field:<=5",
// "field:*part*" (glob, without case), "field:a|b" (any of). A field of several values fits when
// one of them does. Sort: "field" or "-field", several with commas; ties by the row's id. Cursors
// are positions in the sorted order (key and id), so that rows that come or go do not shift a page.
#pragma once

#include "base/result.h"
#include "codec/json_writer.h"
#include "program/text.h"
#include "program/types.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace scantling::program {

enum class FieldType : uint8_t {
  kText,
  kTexts,   // several, as texts with '\n' between
  kNumber,  // whole
  kReal,
  kFlag,
  kTime,  // Millis; 0 = none: null, sorted last
};

// monostate = no value: null in JSON, empty in CSV, last in any order.
using Cell = std::variant<std::monostate, std::string, int64_t, double>;

struct Field {
  std::string_view name;
  FieldType type = FieldType::kText;
  std::function<Cell(uint32_t row)> get;
  bool searched = false;  // by "q"
};

struct TableQuery {
  std::vector<std::string> filters = {};
  std::string search = {};  // part of any searched field, without case
  std::string sort = {};    // "" = the list's own
  std::string cursor = {};
  uint64_t limit = 50;                    // at most kMaxLimit; downloads ask for everything
  std::vector<std::string> columns = {};  // names; empty = all
  std::vector<std::string> facets = {};   // fields whose values are counted
};
inline constexpr uint64_t kMaxLimit = 1000;

struct Facet {
  std::string field;
  std::vector<std::pair<std::string, uint64_t>> values;  // most first; at most 50
  uint64_t others = 0;                                   // rows with other values
};

struct TablePage {
  std::vector<uint32_t> rows;
  uint64_t total = 0;  // rows that fit, on all pages
  std::string next;    // cursor; "" = the last page
  std::vector<Facet> facets;
};

// Whole lists in an order that was asked for more than once: one page costs less than all of the
// order, many pages more. Belongs to what the rows are of: a list must have the same rows each
// time. Thread-safe.
class KeptOrders {
 public:
  using Rows = std::shared_ptr<const std::vector<uint32_t>>;
  struct Found {
    Rows rows;           // nullptr: not kept
    bool again = false;  // asked for before
  };
  Found Find(const std::string& key);
  void Keep(const std::string& key, Rows rows);

 private:
  std::mutex mutex_;
  std::map<std::string, Rows> orders_;
};

class Table {
 public:
  // `id` is the field whose text names a row; `sort` the order without a query's.
  Table(std::vector<Field> fields, std::string_view id, std::string_view sort)
      : fields_(std::move(fields)), id_(id), sort_(sort) {}

  // Pages of the whole list come from an order that is kept there, under `key`. `orders` outlives
  // the table.
  void KeepOrders(KeptOrders& orders, std::string key) {
    maybe_orders_ = &orders;
    orders_key_ = std::move(key);
  }

  const std::vector<Field>& fields() const { return fields_; }
  // kInvalid errors name the field and those that there are.
  base::Result<TablePage> Select(std::vector<uint32_t> rows, const TableQuery& query) const;
  // One object; for the named columns, or all.
  void WriteRow(codec::JsonWriter& json, uint32_t row,
                const std::vector<std::string>& columns) const;
  // RFC 4180; cells that a spreadsheet would run as a formula get an apostrophe.
  std::string CsvHead(const std::vector<std::string>& columns) const;
  std::string CsvRow(uint32_t row, const std::vector<std::string>& columns) const;
  base::Result<void> CheckColumns(const std::vector<std::string>& columns) const;

 private:
  const Field* MaybeField(std::string_view name) const;
  std::string FieldNames() const;
  std::vector<Field> fields_;
  std::string_view id_;
  std::string_view sort_;
  KeptOrders* maybe_orders_ = nullptr;
  std::string orders_key_;
};

}  // namespace scantling::program
