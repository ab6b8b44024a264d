// Shared by this room's tests: a store in a temporary folder, an advisory database made of feeds,
// inventories.
#pragma once

#include "advisory/build.h"
#include "advisory/database.h"
#include "codec/json.h"
#include "program/service.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace scantling::program::test {

inline std::string Digest(char digit) { return "sha256:" + std::string(64, digit); }

struct Npm {
  std::string id;
  std::string cve;
  std::string package;
  std::string fixed;  // "" = no fix
};

// A database of npm advisories, and of one exploited CVE when it is named.
inline std::shared_ptr<const advisory::Database> MakeDatabase(
    const std::filesystem::path& root, const std::vector<Npm>& advisories,
    const std::string& exploited = "", const std::string& as_of = "2030-02-18") {
  const auto write = [](const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  };
  write(root / "MANIFEST.tsv",
        "name\tsource\tcommit\tas_of\tbytes\tsha256\nnpm-ghsa\tx\ty\t" + as_of + "\t1\tz\n");
  std::vector<Npm> all = advisories;
  all.push_back({"GHSA-zzzz-zzzz-zzzz", "CVE-2029-9999", "nobody-has-it", ""});
  for (const Npm& one : all) {
    write(root / "npm-ghsa/2030" / (one.id + ".json"),
          R"({"id":")" + one.id + R"(","aliases":[")" + one.cve +
              R"("],"modified":"2030-01-01T00:00:00Z","published":"2030-01-01T00:00:00Z",)"
              R"("database_specific":{"severity":"CRITICAL"},)"
              R"("affected":[{"package":{"ecosystem":"npm","name":")" +
              one.package + R"("},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"})" +
              (one.fixed.empty() ? "" : R"(,{"fixed":")" + one.fixed + "\"}") + "]}]}]}");
  }
  if (!exploited.empty()) {
    write(root / "cisa-kev/known_exploited_vulnerabilities.json",
          R"({"catalogVersion":"2030.02.18","vulnerabilities":[{"cveID":")" + exploited +
              R"(","dateAdded":"2030-01-05","dueDate":"2030-01-26"}]})");
  }
  advisory::BuildOptions options;
  options.feeds_folder = root.string();
  std::string bytes;
  const auto report = advisory::BuildDatabase(options, &bytes);
  EXPECT_TRUE(report.has_value()) << report.error().Message();
  auto database = advisory::Database::FromOwned(std::move(bytes), false);
  EXPECT_TRUE(database.has_value());
  return std::make_shared<const advisory::Database>(*std::move(database));
}

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("scantling_program_test_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto store = store::Store::Open({.database = "sqlite:" + (folder_ / "store.db").string()});
    ASSERT_TRUE(store.has_value()) << store.error().Message();
    store_ = *std::move(store);
    service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
  }
  void TearDown() override {
    service_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::shared_ptr<const advisory::Database> Database(const std::vector<Npm>& advisories,
                                                     const std::string& exploited = "") {
    return MakeDatabase(folder_ / ("feeds" + std::to_string(++feeds_)), advisories, exploited);
  }

 public:
  static model::Component Package(const std::string& name, const std::string& version,
                                  int32_t layer = 1) {
    model::Component out;
    out.type = version::Ecosystem::kNpm;
    out.name = name;
    out.version = version;
    out.purl = "pkg:npm/" + name + "@" + version;
    out.ref = out.purl;
    out.layer = layer;
    out.locations = {{"app/node_modules/" + name + "/package.json", layer}};
    out.evidence = model::Evidence::kNodePackageJson;
    return out;
  }

  static Submission Image(const std::string& digest, const std::string& name,
                          std::vector<model::Component> components) {
    Submission out;
    model::Inventory& inventory = out.report.inventory;
    inventory.image.digest = digest;
    inventory.image.platform = "linux/amd64";
    inventory.image.layers.resize(2);
    inventory.image.layers[0].diff_id = Digest('e');
    inventory.image.layers[1].index = 1;
    inventory.image.layers[1].diff_id = Digest('f');
    inventory.components = std::move(components);
    out.names = {name};
    out.document = digest + std::to_string(inventory.components.size());
    out.via = "test";
    return out;
  }

  static SeenCopy Copy(const std::string& uid, const std::string& digest) {
    SeenCopy out;
    out.uid = uid;
    out.digest = digest;
    out.reference = "registry/shop:1";
    out.name_space = "shop";
    out.workload_kind = "Deployment";
    out.workload = "web";
    out.container = "web";
    return out;
  }

 protected:
  RunningReport Report(bool snapshot, std::vector<SeenCopy> copies) const {
    RunningReport out;
    out.reporter = "cluster prod";
    out.kind = "kubernetes";
    out.cluster = "prod";
    out.environment = "prod";
    out.at = now_;
    out.snapshot = snapshot;
    out.copies = std::move(copies);
    return out;
  }

  void SetOwners(const std::string& json) {
    const auto written =
        service_->Write([&](Change& change) { return WriteDocument(change, "owners", json); });
    ASSERT_TRUE(written.has_value()) << written.error().Message();
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Service> service_;
  Millis now_ = Millis{1'897'000'000} * 1000;  // 2030-02-10
  int feeds_ = 0;
};

}  // namespace scantling::program::test
