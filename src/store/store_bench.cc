// An inventory's worth of rows (300) in one serial transaction, and reading 10,000 rows.
//
// SCANTLING_BENCH_DATABASE names the database (postgres://...); without it a SQLite file in the
// temporary folder.
#include "store/store.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace scantling::store {
namespace {

std::unique_ptr<Store> OpenForBench(benchmark::State& state) {
  const char* named = std::getenv("SCANTLING_BENCH_DATABASE");
  const std::string path = std::filesystem::temp_directory_path() /
                           ("scantling-bench-" + std::to_string(::getpid()) + ".db");
  auto opened = Store::Open({.database = named != nullptr ? named : "sqlite:" + path});
  if (!opened.has_value()) {
    state.SkipWithError(opened.error().Message().c_str());
    return nullptr;
  }
  const auto made = (*opened)->Write(Order::kFree, [](Connection& c) {
    return c.Script(
        "CREATE TABLE IF NOT EXISTS bench (id BIGINT PRIMARY KEY, name TEXT, body TEXT)");
  });
  if (!made.has_value()) {
    state.SkipWithError(made.error().Message().c_str());
    return nullptr;
  }
  return *std::move(opened);
}

base::Result<void> InsertRows(Store& store, int64_t count) {
  return store.Write(Order::kSerial, [count](Connection& c) -> base::Result<void> {
    SCANTLING_TRY(const int64_t first, c.NextIds("bench", count));
    const std::string body(150, 'b');
    std::vector<Value> rows;
    for (int64_t i = 0; i < count; ++i) {
      rows.emplace_back(first + i);
      rows.emplace_back(std::string_view("pkg:deb/debian/libexample@1.2.3-4"));
      rows.emplace_back(std::string_view(body));
    }
    return c.ExecuteMany("INSERT INTO bench (id, name, body) VALUES ($1, $2, $3)", 3, rows);
  });
}

void BM_Insert300(benchmark::State& state) {
  const auto store = OpenForBench(state);
  for (auto _ : state) {
    if (store == nullptr || !InsertRows(*store, 300).has_value()) {
      state.SkipWithError("the rows were not kept");
    }
  }
  state.SetItemsProcessed(state.iterations() * 300);
}
BENCHMARK(BM_Insert300)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Read10000(benchmark::State& state) {
  const auto store = OpenForBench(state);
  if (store == nullptr || !InsertRows(*store, 10'000).has_value()) {
    state.SkipWithError("the rows were not kept");
    return;
  }
  size_t bytes = 0;
  for (auto _ : state) {
    const auto read = store->Read([&bytes](Connection& c) {
      return c.Query("SELECT id, name, body FROM bench ORDER BY id LIMIT 10000", {},
                     [&bytes](const Row& row) -> base::Result<void> {
                       bytes += row.Text(1).size() + row.Text(2).size() +
                                static_cast<size_t>(row.Int(0) & 1);
                       return {};
                     });
    });
    if (!read.has_value()) {
      state.SkipWithError(read.error().Message().c_str());
    }
  }
  benchmark::DoNotOptimize(bytes);
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(BM_Read10000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace scantling::store
