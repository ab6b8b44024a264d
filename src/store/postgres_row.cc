// Values in PostgreSQL's binary format: integers and floating point in network order, `numeric` in
// digits of base 10,000.
#include "store/postgres_row.h"

#include "base/strings.h"

#include <bit>
#include <charconv>
#include <cmath>

namespace scantling::store {
namespace {

// pg_type.h of PostgreSQL
enum Type : unsigned {
  kBool = 16,
  kBytea = 17,
  kChar = 18,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kOid = 26,
  kJson = 114,
  kFloat4 = 700,
  kFloat8 = 701,
  kUnknown = 705,
  kBpchar = 1042,
  kVarchar = 1043,
  kNumeric = 1700,
};

enum class Shape : uint8_t { kInteger, kReal, kText, kBytes, kOther };

Shape ShapeOf(unsigned type) {
  switch (type) {
    case kBool:
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
      return Shape::kInteger;
    case kFloat4:
    case kFloat8:
    case kNumeric:
      return Shape::kReal;
    case kChar:
    case kName:
    case kText:
    case kJson:
    case kUnknown:
    case kBpchar:
    case kVarchar:
      return Shape::kText;
    case kBytea:
      return Shape::kBytes;
    default:
      return Shape::kOther;
  }
}

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes.substr(0, 8)) {
    value = value << 8U | static_cast<unsigned char>(c);
  }
  return value;
}

int64_t Integer(unsigned type, std::string_view raw) {
  const uint64_t bits = BigEndian(raw);
  switch (type) {
    case kInt2:
      return static_cast<int16_t>(bits);
    case kInt4:
      return static_cast<int32_t>(bits);
    default:
      return static_cast<int64_t>(bits);
  }
}

// count, weight of the first digit, sign, scale; then the digits, each 16 bits.
double Numeric(std::string_view raw) {
  if (raw.size() < 8) {
    return 0;
  }
  const auto at = [raw](size_t index) {
    return static_cast<int16_t>(BigEndian(raw.substr(index * 2, 2)));
  };
  const auto sign = static_cast<uint16_t>(at(2));
  if (sign == 0xC000) {
    return std::nan("");
  }
  double value = 0;
  int power = at(1);
  for (size_t i = 4; (i + 1) * 2 <= raw.size(); ++i, --power) {
    value += at(i) * std::pow(10'000.0, power);
  }
  return sign == 0 ? value : -value;
}

// Of a sum of BIGINT, which PostgreSQL gives as numeric: exact where it fits.
int64_t NumericInteger(std::string_view raw) {
  if (raw.size() < 8) {
    return 0;
  }
  const auto at = [raw](size_t index) {
    const size_t begin = index * 2;
    return begin + 2 <= raw.size() ? static_cast<int16_t>(BigEndian(raw.substr(begin, 2)))
                                   : int16_t{0};
  };
  const bool negative = static_cast<uint16_t>(at(2)) == 0x4000;
  int64_t value = 0;
  for (int power = at(1), index = 4; power >= 0; --power, ++index) {
    if (__builtin_mul_overflow(value, int64_t{10'000}, &value) ||
        (negative
             ? __builtin_sub_overflow(value, int64_t{at(static_cast<size_t>(index))}, &value)
             : __builtin_add_overflow(value, int64_t{at(static_cast<size_t>(index))}, &value))) {
      return negative ? INT64_MIN : INT64_MAX;
    }
  }
  return value;
}

double RealOf(unsigned type, std::string_view raw) {
  switch (type) {
    case kFloat4:
      return std::bit_cast<float>(static_cast<uint32_t>(BigEndian(raw)));
    case kFloat8:
      return std::bit_cast<double>(BigEndian(raw));
    default:
      return Numeric(raw);
  }
}

}  // namespace

base::Result<void> PostgresRow::CheckTypes(const PostgresLibrary& pq, const PGresult* result) {
  for (int column = 0; column < pq.nfields(result); ++column) {
    if (ShapeOf(pq.ftype(result, column)) == Shape::kOther) {
      return base::Invalid("column " + std::to_string(column + 1) + " has PostgreSQL's type " +
                           std::to_string(pq.ftype(result, column)) +
                           ", which is not read: cast it to BIGINT, DOUBLE PRECISION or TEXT");
    }
  }
  return {};
}

std::string_view PostgresRow::Raw(int column) const {
  return {pq_.getvalue(result_, row_, column),
          static_cast<size_t>(pq_.getlength(result_, row_, column))};
}

bool PostgresRow::IsNull(int column) const { return pq_.getisnull(result_, row_, column) != 0; }

int64_t PostgresRow::Int(int column) const {
  if (IsNull(column)) {
    return 0;
  }
  const unsigned type = pq_.ftype(result_, column);
  switch (ShapeOf(type)) {
    case Shape::kInteger:
      return Integer(type, Raw(column));
    case Shape::kReal:
      return type == kNumeric ? NumericInteger(Raw(column))
                              : static_cast<int64_t>(RealOf(type, Raw(column)));
    default:
      return base::ParseNumber<int64_t>(Raw(column)).value_or(0);
  }
}

double PostgresRow::Real(int column) const {
  if (IsNull(column)) {
    return 0;
  }
  const unsigned type = pq_.ftype(result_, column);
  switch (ShapeOf(type)) {
    case Shape::kInteger:
      return static_cast<double>(Integer(type, Raw(column)));
    case Shape::kReal:
      return RealOf(type, Raw(column));
    default: {
      double value = 0;
      const std::string_view text = Raw(column);
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    }
  }
}

std::string_view PostgresRow::Text(int column) const {
  if (IsNull(column)) {
    return {};
  }
  const unsigned type = pq_.ftype(result_, column);
  const Shape shape = ShapeOf(type);
  if (shape != Shape::kInteger && shape != Shape::kReal) {
    return Raw(column);
  }
  char buffer[32];
  const auto end = shape == Shape::kInteger
                       ? std::to_chars(buffer, buffer + sizeof buffer, Int(column))
                       : std::to_chars(buffer, buffer + sizeof buffer, Real(column));
  return texts_.emplace_back(buffer, end.ptr);
}

base::Bytes PostgresRow::Blob(int column) const {
  return IsNull(column) ? base::Bytes() : base::AsBytes(Text(column));
}

Value PostgresRow::Get(int column) const {
  if (IsNull(column)) {
    return std::monostate();
  }
  switch (ShapeOf(pq_.ftype(result_, column))) {
    case Shape::kInteger:
      return Int(column);
    case Shape::kReal:
      return Real(column);
    case Shape::kBytes:
      return base::AsBytes(Raw(column));
    default:
      return Raw(column);
  }
}

}  // namespace scantling::store
