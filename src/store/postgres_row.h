// A row of a PostgreSQL answer in the binary format
// (https://www.postgresql.org/docs/15/protocol-overview.html#PROTOCOL-FORMAT-CODES; the formats of
// types are those of their send functions). Types beyond numbers, texts, bytea, json and boolean
// are refused before the first row. Inside the room only.
#pragma once

#include "base/result.h"
#include "store/postgres_library.h"
#include "store/store.h"

#include <deque>
#include <string>
#include <string_view>

namespace scantling::store {

class PostgresRow final : public Row {
 public:
  // An error names the first column whose type cannot be read.
  static base::Result<void> CheckTypes(const PostgresLibrary& pq, const PGresult* result);

  PostgresRow(const PostgresLibrary& pq, const PGresult* result, int row)
      : pq_(pq), result_(result), row_(row) {}
  bool IsNull(int column) const override;
  int64_t Int(int column) const override;
  double Real(int column) const override;
  std::string_view Text(int column) const override;
  base::Bytes Blob(int column) const override;
  int Columns() const override { return pq_.nfields(result_); }
  Value Get(int column) const override;

 private:
  std::string_view Raw(int column) const;

  const PostgresLibrary& pq_;
  const PGresult* result_;
  int row_;
  mutable std::deque<std::string> texts_;  // of numbers that were asked for as text
};

}  // namespace scantling::store
