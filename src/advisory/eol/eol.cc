#include "advisory/eol/eol.h"

#include "base/strings.h"
#include "codec/yaml.h"

#include <algorithm>
#include <array>

namespace scantling::advisory::eol {
namespace {

using codec::YamlNode;

struct Product {
  std::string_view file;    // products/FILE.md
  std::string_view distro;  // ID of os-release
};
constexpr std::array kProducts = {
    Product{"almalinux", "almalinux"},  Product{"alpine-linux", "alpine"},
    Product{"amazon-linux", "amzn"},    Product{"centos", "centos"},
    Product{"centos-stream", "centos"}, Product{"debian", "debian"},
    Product{"fedora", "fedora"},        Product{"opensuse", "opensuse-leap"},
    Product{"oracle-linux", "ol"},      Product{"rhel", "rhel"},
    Product{"rocky-linux", "rocky"},    Product{"ubuntu", "ubuntu"},
    Product{"vmware-photon", "photon"},
};

std::string_view DistroOf(std::string_view path) {
  const std::string_view name = base::BaseName(path);
  for (const Product& product : kProducts) {
    if (name.size() == product.file.size() + 3 && name.starts_with(product.file) &&
        name.ends_with(".md")) {
      return product.distro;
    }
  }
  return {};
}

bool IsDate(std::string_view text) {
  return text.size() == 10 && base::ParseTime(text).has_value();
}

class EndOfLifeDate final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override { return !DistroOf(path).empty(); }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    const std::string_view distro = DistroOf(path);
    if (!bytes.starts_with("---\n")) {
      return base::Invalid("no YAML head: " + std::string(path));
    }
    const size_t end = bytes.find("\n---", 3);
    if (end == std::string_view::npos) {
      return base::Invalid("the YAML head has no end: " + std::string(path));
    }
    codec::YamlLimits limits;
    limits.bytes = uint64_t{1} << 20;
    limits.nodes = 50'000;
    SCANTLING_TRY(const std::vector<YamlNode> documents,
                  codec::ParseYaml(bytes.substr(0, end + 1), limits));
    if (documents.empty() || !documents[0]["releases"].IsSequence()) {
      return base::Invalid("no releases: " + std::string(path));
    }
    for (const YamlNode& release : documents[0]["releases"].children) {
      const std::string_view version = release["releaseCycle"].Text();
      std::string_view date = release["eol"].Text();
      const std::string_view extended = release["eoes"].Text();
      if (distro == "debian" && IsDate(extended)) {
        date = extended;
      }
      if (!version.empty() && IsDate(date)) {
        ++out.records;
        out.end_of_life.push_back({std::string(distro), std::string(version), std::string(date)});
      }
    }
    return {};
  }
};

class DistroInfo final : public FeedReader {
 public:
  bool Wants(std::string_view path) const override {
    return path.ends_with("distro-info/debian.csv") || path.ends_with("distro-info/ubuntu.csv");
  }

  base::Result<void> Read(std::string_view path, std::string_view bytes,
                          FeedRecords& out) override {
    const bool debian = path.ends_with("debian.csv");
    std::vector<std::string_view> head;
    size_t version_at = 0;
    size_t date_at = 0;
    size_t fallback_at = 0;
    for (std::string_view line : base::Split(bytes, '\n')) {
      line = base::Trim(line);
      if (line.empty()) {
        continue;
      }
      const auto fields = base::Split(line, ',');
      if (head.empty()) {
        head = fields;
        const auto column = [&](std::string_view name) {
          return static_cast<size_t>(std::find(head.begin(), head.end(), name) - head.begin());
        };
        version_at = column("version");
        fallback_at = column("eol");
        date_at = debian ? column("eol-lts") : column("eol-server");
        if (version_at == head.size() || fallback_at == head.size()) {
          return base::Invalid("no distro-info table: " + std::string(path));
        }
        continue;
      }
      const auto field = [&](size_t at) {
        return at < fields.size() ? fields[at] : std::string_view();
      };
      const std::string_view date = IsDate(field(date_at)) ? field(date_at) : field(fallback_at);
      std::string_view version = field(version_at);
      version = version.substr(0, version.find(' '));  // "22.04 LTS"
      if (!version.empty() && IsDate(date)) {
        ++out.records;
        out.end_of_life.push_back(
            {debian ? "debian" : "ubuntu", std::string(version), std::string(date)});
      }
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<FeedReader> MakeEndOfLifeDateReader() { return std::make_unique<EndOfLifeDate>(); }
std::unique_ptr<FeedReader> MakeDistroInfoReader() { return std::make_unique<DistroInfo>(); }

}  // namespace scantling::advisory::eol
