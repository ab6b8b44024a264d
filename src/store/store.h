// Where the program keeps what it knows: one interface, an embedded SQLite file or PostgreSQL
// behind it.
//
// SQL is written once, in what both understand: parameters are $1, $2, ...; INSERT ... ON CONFLICT,
// RETURNING and window functions exist in both. Types of columns: BIGINT, DOUBLE PRECISION, TEXT,
// BYTEA (SQLite keeps what it is given). Times are BIGINT milliseconds since 1970 UTC. Ids are
// given by NextIds() and not by the database. What differs is asked by dialect().
//
// Thread-safe: Read and Write may be called from any thread; each call has a connection of its own
// while it runs; a call inside another call's `work` is a mistake. Errors: kIo when the database
// cannot be reached, is full or read-only (the text says which), kInvalid for a constraint,
// kNotFound never. A lost PostgreSQL connection is opened anew by the next call; a call whose
// connection was lost before its commit is an error, nothing of it is kept.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace scantling::store {

enum class Dialect : uint8_t { kSqlite, kPostgres };

// Borrowed until the call returns. monostate is NULL.
using Value = std::variant<std::monostate, int64_t, double, std::string_view, base::Bytes>;

// One row of an answer. Views live until the visitor returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;  // 0 for NULL
  virtual double Real(int column) const = 0;
  virtual std::string_view Text(int column) const = 0;  // "" for NULL
  virtual base::Bytes Blob(int column) const = 0;
  // For rows of any shape (backup.h).
  virtual int Columns() const = 0;
  virtual Value Get(int column) const = 0;
};

// Inside one transaction. Single thread. Statements are prepared once per connection and text, so
// texts should be constants. The first statement that fails ends the transaction: what follows is
// refused with the same error, and nothing is kept even if the error is not returned. Text is valid
// UTF-8 without zero bytes, else kInvalid; a Value's type is the type of its column.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  // Returns how many rows were changed.
  virtual base::Result<uint64_t> Execute(std::string_view sql,
                                         std::span<const Value> values = {}) = 0;
  // The same statement for many rows of values, each as long as `width`; one round trip where the
  // database allows it.
  virtual base::Result<void> ExecuteMany(std::string_view sql, size_t width,
                                         std::span<const Value> values) = 0;
  // An error of the visitor ends the query and is returned. The visitor must not use the
  // connection.
  virtual base::Result<void> Query(std::string_view sql, std::span<const Value> values,
                                   const std::function<base::Result<void>(const Row&)>& visit) = 0;
  // Several statements without parameters, for migrations.
  virtual base::Result<void> Script(std::string_view sql) = 0;

  // The first of `count` new ids of that kind ("component"), counting from 1. In serial writes they
  // are in the order of commits; in free ones only unique. Of kind "change" there is one in each
  // serial write, however often it is asked for: the number that ChangeCounter() has after it.
  base::Result<int64_t> NextIds(std::string_view kind, int64_t count = 1);

 protected:
  int64_t change_ = 0;  // the number of this serial write; 0 in others
};

// kSerial: one such transaction at a time in all processes on the database, in the order of their
// commits; the change counter goes up. What readers follow by number (events, folds) is written so.
// kFree: runs beside others (job claims, sessions, last-used times).
enum class Order : uint8_t { kSerial, kFree };

struct StoreOptions {
  std::string database = {};  // "sqlite:PATH" or "postgres://..." / "postgresql://..."
  unsigned connections = 8;
  std::chrono::milliseconds busy_timeout{10'000};  // waiting for another writer
  bool make = true;                                // a file that is not there; false: kNotFound
};

class Store {
 public:
  // Opens, and brings the schema forward (schema.h). A schema newer than this program is an error
  // that names both versions.
  static base::Result<std::unique_ptr<Store>> Open(const StoreOptions& options);
  virtual ~Store() = default;
  virtual Dialect dialect() const = 0;

  // One consistent view of the data. What `work` returns as an error is returned.
  virtual base::Result<void> Read(const std::function<base::Result<void>(Connection&)>& work) = 0;
  // One transaction: committed, and durable, when `work` returns without an error; undone else.
  virtual base::Result<void> Write(Order order,
                                   const std::function<base::Result<void>(Connection&)>& work) = 0;

  // The number of serial writes so far, of all processes.
  base::Result<int64_t> ChangeCounter();
  // Returns when the counter is above `seen`, or after `patience`, or when Wake() is called; the
  // counter. PostgreSQL: LISTEN/NOTIFY, so that other processes' writes are noticed at once; SQLite
  // looks ten times a second for them. An error comes at once: wait before the next call. A Wake()
  // while nobody waits ends the next wait.
  virtual base::Result<int64_t> WaitForChange(int64_t seen, std::chrono::milliseconds patience) = 0;
  virtual void Wake() = 0;

  // Bytes on disk; 0 when the database does not tell.
  virtual base::Result<uint64_t> SizeBytes() = 0;
};

}  // namespace scantling::store
