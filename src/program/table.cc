#include "program/table.h"

#include "base/strings.h"
#include "codec/json.h"
#include "program/owners.h"

#include <algorithm>
#include <compare>
#include <map>
#include <tuple>

namespace scantling::program {
namespace {

constexpr size_t kMaxFacetValues = 50;
constexpr size_t kMaxKeptOrders = 32;
constexpr size_t kMaxFilters = 32;

bool Empty(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

// Values of one type; a value before none.
std::strong_ordering Compare(const Cell& a, const Cell& b) {
  if (a.index() != b.index()) {
    if (Empty(a) || Empty(b)) {
      return Empty(a) ? std::strong_ordering::greater : std::strong_ordering::less;
    }
    return a.index() <=> b.index();
  }
  if (const auto* text = std::get_if<std::string>(&a)) {
    return text->compare(std::get<std::string>(b)) <=> 0;
  }
  if (const auto* number = std::get_if<int64_t>(&a)) {
    return *number <=> std::get<int64_t>(b);
  }
  if (const auto* real = std::get_if<double>(&a)) {
    const double other = std::get<double>(b);
    return *real < other   ? std::strong_ordering::less
           : *real > other ? std::strong_ordering::greater
                           : std::strong_ordering::equal;
  }
  return std::strong_ordering::equal;
}

std::string TextOf(FieldType type, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return *text;
  }
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    if (type == FieldType::kFlag) {
      return *number != 0 ? "yes" : "no";
    }
    return type == FieldType::kTime ? FormatMillis(*number) : std::to_string(*number);
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    std::string out;
    codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
    json.Double(*real);
    return out;
  }
  return {};
}

enum class Operator : uint8_t { kAny, kNone, kAbove, kBelow, kAtLeast, kAtMost };

struct Filter {
  const Field* field = nullptr;
  Operator how = Operator::kAny;
  std::vector<std::string> values;  // lower case
  double bound = 0;                 // of a comparison

  bool FitsText(std::string_view text) const {
    const std::string lower = base::Lower(text);
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      return value.find_first_of("*?") == std::string::npos ? value == lower
                                                            : GlobMatches(value, lower);
    });
  }
  bool Fits(uint32_t row) const {
    const Cell cell = field->get(row);
    if (how == Operator::kAny || how == Operator::kNone) {
      bool fits = false;
      if (field->type == FieldType::kTexts && !Empty(cell)) {
        for (const std::string_view part : base::Split(std::get<std::string>(cell), '\n')) {
          fits = fits || FitsText(part);
        }
      } else {
        fits = FitsText(TextOf(field->type, cell));
      }
      return fits == (how == Operator::kAny);
    }
    double value = 0;
    if (const auto* number = std::get_if<int64_t>(&cell)) {
      value = static_cast<double>(*number);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      value = *real;
    } else {
      return false;
    }
    switch (how) {
      case Operator::kAbove:
        return value > bound;
      case Operator::kBelow:
        return value < bound;
      case Operator::kAtLeast:
        return value >= bound;
      default:
        return value <= bound;
    }
  }
};

struct Order {
  const Field* field = nullptr;
  bool descending = false;
};

// A place in an order: the keys of the row that is there, and its id for ties.
struct Position {
  std::vector<Cell> keys;
  std::string id;
};

std::strong_ordering ByKeys(const std::vector<Order>& order, const Cell* a, const Cell* b) {
  for (size_t i = 0; i < order.size(); ++i) {
    const auto result = Compare(a[i], b[i]);
    if (result != 0) {
      // No value is last in either direction.
      const bool flip = order[i].descending && !Empty(a[i]) && !Empty(b[i]);
      return flip ? 0 <=> result : result;
    }
  }
  return std::strong_ordering::equal;
}

std::string IdOf(const Field& id, uint32_t row) { return TextOf(id.type, id.get(row)); }

Position PositionOf(const std::vector<Order>& order, const Field& id, uint32_t row) {
  Position out;
  for (const Order& by : order) {
    out.keys.push_back(by.field->get(row));
  }
  out.id = IdOf(id, row);
  return out;
}

bool IsBefore(const std::vector<Order>& order, const Position& a, const Position& b) {
  const auto result = ByKeys(order, a.keys.data(), b.keys.data());
  return result != 0 ? result < 0 : a.id < b.id;
}

// The first `count` of those behind `after` (all, when there is none), and how many there are.
std::pair<std::vector<uint32_t>, size_t> Sorted(const std::vector<uint32_t>& rows,
                                                const std::vector<Order>& order, const Field& id,
                                                const std::optional<Position>& after,
                                                uint64_t count) {
  const size_t width = order.size();
  std::vector<Cell> keys;  // of a row after the other
  keys.reserve(rows.size() * width);
  for (const uint32_t row : rows) {
    for (const Order& by : order) {
      keys.push_back(by.field->get(row));
    }
  }
  std::vector<std::string> ids(rows.size());  // made when a tie asks for it
  const auto id_at = [&](size_t at) -> const std::string& {
    if (ids[at].empty()) {
      ids[at] = IdOf(id, rows[at]);
    }
    return ids[at];
  };
  std::vector<uint32_t> places;
  for (uint32_t at = 0; at < rows.size(); ++at) {
    if (after) {
      const auto result = ByKeys(order, after->keys.data(), &keys[at * width]);
      if (result > 0 || (result == 0 && after->id >= id_at(at))) {
        continue;
      }
    }
    places.push_back(at);
  }
  const size_t all = places.size();
  const auto before = [&](uint32_t a, uint32_t b) {
    const auto result = ByKeys(order, &keys[a * width], &keys[b * width]);
    return result != 0 ? result < 0 : id_at(a) < id_at(b);
  };
  if (count < all) {
    std::partial_sort(places.begin(), places.begin() + static_cast<ptrdiff_t>(count), places.end(),
                      before);
    places.resize(count);
  } else {
    std::sort(places.begin(), places.end(), before);
  }
  for (uint32_t& place : places) {
    place = rows[place];
  }
  return {std::move(places), all};
}

std::string CsvCell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    text.insert(0, "'");
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  return out + "\"";
}

}  // namespace

const Field* Table::MaybeField(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name == name) {
      return &field;
    }
  }
  return nullptr;
}

std::string Table::FieldNames() const {
  std::string out;
  for (const Field& field : fields_) {
    out.append(out.empty() ? "" : ", ").append(field.name);
  }
  return out;
}

base::Result<void> Table::CheckColumns(const std::vector<std::string>& columns) const {
  for (const std::string& column : columns) {
    if (MaybeField(column) == nullptr) {
      return base::Invalid("there is no column \"" + column + "\"; columns are " + FieldNames());
    }
  }
  return {};
}

KeptOrders::Found KeptOrders::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (orders_.size() >= kMaxKeptOrders && !orders_.contains(key)) {
    orders_.clear();
  }
  const auto [order, fresh] = orders_.try_emplace(key);
  return {order->second, !fresh};
}

void KeptOrders::Keep(const std::string& key, Rows rows) {
  const std::lock_guard lock(mutex_);
  orders_.insert_or_assign(key, std::move(rows));
}

base::Result<TablePage> Table::Select(std::vector<uint32_t> rows, const TableQuery& query) const {
  const auto usage = [](std::string text) { return base::Invalid(std::move(text)); };
  if (query.filters.size() > kMaxFilters) {
    return usage("more than " + std::to_string(kMaxFilters) + " filters");
  }
  SCANTLING_DO(CheckColumns(query.columns));
  for (const std::string& text : query.filters) {
    const size_t colon = text.find(':');
    if (colon == std::string::npos) {
      return usage("filter \"" + text + "\" is not of the form field:value");
    }
    Filter filter;
    filter.field = MaybeField(std::string_view(text).substr(0, colon));
    if (filter.field == nullptr) {
      return usage("filter \"" + text + "\": there is no such field; fields are " + FieldNames());
    }
    std::string_view value = std::string_view(text).substr(colon + 1);
    const bool ordered = filter.field->type == FieldType::kNumber ||
                         filter.field->type == FieldType::kReal ||
                         filter.field->type == FieldType::kTime;
    if (value.starts_with("!")) {
      filter.how = Operator::kNone;
      value.remove_prefix(1);
    } else if (ordered && (value.starts_with(">") || value.starts_with("<"))) {
      const bool above = value[0] == '>';
      value.remove_prefix(1);
      const bool equal = value.starts_with("=");
      value.remove_prefix(equal ? 1 : 0);
      filter.how = above ? (equal ? Operator::kAtLeast : Operator::kAbove)
                         : (equal ? Operator::kAtMost : Operator::kBelow);
      if (filter.field->type == FieldType::kTime) {
        const auto moment = ParseMillis(value);
        if (!moment) {
          return usage("filter \"" + text + "\": \"" + std::string(value) +
                       "\" is no date or time");
        }
        filter.bound = static_cast<double>(*moment);
      } else {
        const auto whole = base::ParseNumber<int64_t>(value);
        const auto real = whole ? std::optional<double>(static_cast<double>(*whole)) : [&] {
          codec::Json parser;
          const auto parsed = parser.Parse(value);
          return parsed ? parsed->Double() : std::nullopt;
        }();
        if (!real) {
          return usage("filter \"" + text + "\": \"" + std::string(value) + "\" is no number");
        }
        filter.bound = *real;
      }
    }
    for (const std::string_view part : base::Split(value, '|')) {
      std::string wanted = base::Lower(part);
      if (filter.field->type == FieldType::kFlag) {
        wanted = wanted == "true" ? "yes" : wanted == "false" ? "no" : wanted;
        if (wanted != "yes" && wanted != "no") {
          return usage("filter \"" + text + "\": \"" + std::string(part) +
                       "\" is neither yes nor no");
        }
      } else if ((filter.field->type == FieldType::kNumber ||
                  filter.field->type == FieldType::kReal) &&
                 filter.how <= Operator::kNone &&
                 wanted.find_first_not_of("0123456789.-+e*?") != std::string::npos) {
        return usage("filter \"" + text + "\": \"" + std::string(part) + "\" is no number");
      }
      filter.values.push_back(std::move(wanted));
    }
    std::erase_if(rows, [&](uint32_t row) { return !filter.Fits(row); });
  }
  if (!query.search.empty()) {
    const std::string wanted = base::Lower(query.search);
    std::erase_if(rows, [&](uint32_t row) {
      return std::none_of(fields_.begin(), fields_.end(), [&](const Field& field) {
        return field.searched &&
               base::Lower(TextOf(field.type, field.get(row))).find(wanted) != std::string::npos;
      });
    });
  }
  TablePage out;
  out.total = rows.size();
  for (const std::string& name : query.facets) {
    const Field* field = MaybeField(name);
    if (field == nullptr) {
      return usage("there is no field \"" + name + "\" to count; fields are " + FieldNames());
    }
    std::map<std::string, uint64_t> counts;
    for (const uint32_t row : rows) {
      const std::string text = TextOf(field->type, field->get(row));
      if (field->type == FieldType::kTexts) {
        for (const std::string_view part : base::Split(text, '\n')) {
          ++counts[std::string(part)];
        }
      } else {
        ++counts[text];
      }
    }
    Facet facet;
    facet.field = name;
    facet.values.assign(counts.begin(), counts.end());
    std::stable_sort(facet.values.begin(), facet.values.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (size_t i = kMaxFacetValues; i < facet.values.size(); ++i) {
      facet.others += facet.values[i].second;
    }
    facet.values.resize(std::min(facet.values.size(), kMaxFacetValues));
    out.facets.push_back(std::move(facet));
  }
  std::vector<Order> order;
  const std::string_view sort = query.sort.empty() ? sort_ : std::string_view(query.sort);
  for (std::string_view name : base::Split(sort, ',')) {
    Order one;
    one.descending = name.starts_with("-");
    name.remove_prefix(one.descending ? 1 : 0);
    one.field = MaybeField(name);
    if (one.field == nullptr) {
      return usage("there is no field \"" + std::string(name) + "\" to sort by; fields are " +
                   FieldNames());
    }
    order.push_back(one);
  }
  const Field* id = MaybeField(id_);
  SCANTLING_ASSERT(id != nullptr);
  std::optional<Position> after;  // what the page before ended with
  if (!query.cursor.empty()) {
    codec::Json parser;
    const auto root = parser.Parse(query.cursor);
    if (!root || !root->IsArray() || root->Size() != order.size() + 1) {
      return usage("the cursor is not one of this list and order; begin again without it");
    }
    std::vector<Cell>& keys = after.emplace().keys;
    root->ForEach([&](codec::JsonValue value) {
      if (keys.size() == order.size()) {
        after->id = value.Text();
        return true;
      }
      const FieldType type = order[keys.size()].field->type;
      if (const auto text = value.MaybeText()) {
        keys.emplace_back(std::string(*text));
      } else if (type == FieldType::kReal && value.Double()) {
        keys.emplace_back(*value.Double());
      } else if (value.Int()) {
        keys.emplace_back(*value.Int());
      } else {
        keys.emplace_back();
      }
      return true;
    });
  }
  size_t left = 0;  // with those of this page
  const bool whole = query.filters.empty() && query.search.empty() && query.limit < rows.size();
  const std::string key = orders_key_ + '\n' + std::string(sort);
  KeptOrders::Found kept;
  if (maybe_orders_ != nullptr && whole) {
    kept = maybe_orders_->Find(key);
    if (kept.again && kept.rows == nullptr) {
      kept.rows = std::make_shared<const std::vector<uint32_t>>(
          Sorted(rows, order, *id, std::nullopt, rows.size()).first);
      maybe_orders_->Keep(key, kept.rows);
    }
  }
  if (kept.rows != nullptr) {
    auto begin = kept.rows->begin();
    if (after) {
      begin = std::partition_point(begin, kept.rows->end(), [&](uint32_t row) {
        return !IsBefore(order, *after, PositionOf(order, *id, row));
      });
    }
    left = static_cast<size_t>(kept.rows->end() - begin);
    out.rows.assign(begin, begin + static_cast<ptrdiff_t>(std::min<uint64_t>(query.limit, left)));
  } else {
    std::tie(out.rows, left) = Sorted(rows, order, *id, after, query.limit);
  }
  if (out.rows.size() < left && !out.rows.empty()) {
    const Position last = PositionOf(order, *id, out.rows.back());
    codec::JsonWriter json(&out.next, codec::JsonWriter::Layout::kCompact);
    json.BeginArray();
    for (const Cell& cell : last.keys) {
      if (const auto* text = std::get_if<std::string>(&cell)) {
        json.Text(*text);
      } else if (const auto* number = std::get_if<int64_t>(&cell)) {
        json.Int(*number);
      } else if (const auto* real = std::get_if<double>(&cell)) {
        json.Double(*real);
      } else {
        json.Null();
      }
    }
    json.Text(last.id);
    json.EndArray();
  }
  return out;
}

void Table::WriteRow(codec::JsonWriter& json, uint32_t row,
                     const std::vector<std::string>& columns) const {
  json.BeginObject();
  for (const Field& field : fields_) {
    if (!columns.empty() &&
        std::find(columns.begin(), columns.end(), field.name) == columns.end()) {
      continue;
    }
    json.Key(field.name);
    const Cell cell = field.get(row);
    if (field.type == FieldType::kTexts) {
      json.BeginArray();
      if (const auto* text = std::get_if<std::string>(&cell); text != nullptr && !text->empty()) {
        for (const std::string_view part : base::Split(*text, '\n')) {
          json.Text(part);
        }
      }
      json.EndArray();
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      json.Text(*text);
    } else if (const auto* number = std::get_if<int64_t>(&cell)) {
      if (field.type == FieldType::kFlag) {
        json.Bool(*number != 0);
      } else if (field.type == FieldType::kTime) {
        json.Text(FormatMillis(*number));
      } else {
        json.Int(*number);
      }
    } else if (const auto* real = std::get_if<double>(&cell)) {
      json.Double(*real);
    } else {
      json.Null();
    }
  }
  json.EndObject();
}

std::string Table::CsvHead(const std::vector<std::string>& columns) const {
  std::string out;
  for (const Field& field : fields_) {
    if (columns.empty() || std::find(columns.begin(), columns.end(), field.name) != columns.end()) {
      out.append(out.empty() ? "" : ",").append(field.name);
    }
  }
  return out + "\r\n";
}

std::string Table::CsvRow(uint32_t row, const std::vector<std::string>& columns) const {
  std::string out;
  bool first = true;
  for (const Field& field : fields_) {
    if (!columns.empty() &&
        std::find(columns.begin(), columns.end(), field.name) == columns.end()) {
      continue;
    }
    std::string text = TextOf(field.type, field.get(row));
    std::replace(text.begin(), text.end(), '\n', ' ');
    out.append(first ? "" : ",").append(CsvCell(std::move(text)));
    first = false;
  }
  return out + "\r\n";
}

}  // namespace scantling::program
