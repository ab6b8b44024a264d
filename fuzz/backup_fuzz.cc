// Records of a backup, as they are in its unpacked blocks.
#include "store/backup_format.h"

#include <cstdint>
#include <span>

namespace {

// Reads every byte that it is given.
class Reading final : public scantling::store::BackupVisitor {
 public:
  scantling::base::Result<void> Table(std::string_view name,
                                      std::span<const std::string_view> columns) override {
    sum_ += static_cast<uint64_t>(name.empty() ? 0 : name.back());
    for (const std::string_view column : columns) {
      sum_ += static_cast<uint64_t>(column.empty() ? 0 : column.back());
    }
    return {};
  }
  scantling::base::Result<void> AddRow(std::span<const scantling::store::Value> values) override {
    for (const auto& value : values) {
      if (const auto* text = std::get_if<std::string_view>(&value); text && !text->empty()) {
        sum_ += static_cast<uint64_t>(text->front() + text->back());
      }
    }
    return {};
  }
  scantling::base::Result<void> EndOfBlock() override { return {}; }

 private:
  uint64_t sum_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Reading visitor;
  scantling::store::BackupRecords records;
  (void)records.Read(std::as_bytes(std::span(data, size)), &visitor).has_value();
  return 0;
}
