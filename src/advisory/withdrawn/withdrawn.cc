#include "advisory/withdrawn/withdrawn.h"

#include "advisory/ids.h"
#include "base/strings.h"

namespace scantling::advisory::withdrawn {
namespace {

class Reader final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override { return path.ends_with(".tsv"); }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    for (std::string_view line : base::Split(bytes, '\n')) {
      line = base::Trim(line);
      if (line.empty() || line.starts_with('#')) {
        continue;
      }
      const auto fields = base::Split(line, '\t');
      if (fields.size() < 2 || !IsAliasId(CleanId(fields[1]))) {
        return base::Invalid("not a list of withdrawn advisories: " + std::string(path));
      }
      ++out.records;
      out.withdrawn.push_back(CleanId(fields[1]));
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<FeedReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace scantling::advisory::withdrawn
