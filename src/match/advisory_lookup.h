// Inside of the room: what matching asks of advisory data, so that tests can answer from memory and
// the rules are tested without a database file. DatabaseLookup is the one implementation that the
// program uses.
//
// Views in the answers stay valid as long as the lookup lives.
#pragma once

#include "advisory/database.h"
#include "base/result.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::match {

// What the data is: views of what the lookup holds.
struct Contents {
  std::span<const model::SourceInfo> sources;
  std::span<const advisory::NamespaceInfo> namespaces;
  bool is_starter_set = false;

  std::string_view AsOf(std::string_view source) const {  // of a feed; "" = unknown
    const auto found = std::find_if(sources.begin(), sources.end(),
                                    [source](const auto& info) { return info.name == source; });
    return found == sources.end() ? std::string_view() : found->as_of;
  }
};

class AdvisoryLookup {
 public:
  virtual ~AdvisoryLookup() = default;
  virtual base::Result<void> Lookup(
      std::string_view name_space, std::string_view package,
      const std::function<void(const advisory::Statement&)>& visit) const = 0;
  virtual base::Result<advisory::Vulnerability> GetVulnerability(uint32_t index) const = 0;
  virtual base::Result<std::optional<uint32_t>> FindVulnerability(std::string_view id) const = 0;
  virtual base::Result<std::vector<std::pair<std::string, std::string>>> PackagesOf(
      uint32_t vulnerability) const = 0;
  virtual Contents About() const = 0;
};

class DatabaseLookup final : public AdvisoryLookup {
 public:
  explicit DatabaseLookup(const advisory::Database& database) : database_(database) {}
  base::Result<void> Lookup(
      std::string_view name_space, std::string_view package,
      const std::function<void(const advisory::Statement&)>& visit) const override {
    return database_.Lookup(name_space, package, visit);
  }
  base::Result<advisory::Vulnerability> GetVulnerability(uint32_t index) const override {
    return database_.GetVulnerability(index);
  }
  base::Result<std::optional<uint32_t>> FindVulnerability(std::string_view id) const override {
    return database_.FindVulnerability(id);
  }
  base::Result<std::vector<std::pair<std::string, std::string>>> PackagesOf(
      uint32_t vulnerability) const override {
    return database_.PackagesOf(vulnerability);
  }
  Contents About() const override {
    const model::DatabaseInfo& info = database_.Info();
    return {info.sources, database_.Namespaces(), info.embedded};
  }

 private:
  const advisory::Database& database_;
};

}  // namespace scantling::match
