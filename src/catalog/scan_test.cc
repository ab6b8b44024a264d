// The engine on small real OCI layouts: who brought what, owners, chains, the cache, digests,
// second looks, damage.
#include "catalog/scan.h"

#include "base/digest.h"
#include "base/file.h"
#include "catalog/distro.h"
#include "catalog/image_facts.h"
#include "catalog/layer_facts.h"
#include "catalog/layer_scan.h"
#include "codec/test_tar.h"
#include "image/test_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace scantling::catalog {
namespace {

using scantling::testing::TarMaker;

class ScanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/scantling-scan-" + std::to_string(::getpid()) + "-" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    options_.cache_folder = folder_ + "/cache";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Blob(const std::string& name, const std::string& bytes) {
    const std::string hex = base::Sha256Of(base::AsBytes(bytes)).Hex();
    Write(name + "/blobs/sha256/" + hex, bytes);
    return "{\"digest\":\"sha256:" + hex + "\",\"size\":" + std::to_string(bytes.size());
  }
  void Write(const std::string& path, const std::string& bytes) {
    const std::filesystem::path full = folder_ + "/" + path;
    std::filesystem::create_directories(full.parent_path());
    ASSERT_TRUE(base::WriteFileByRename(full, base::AsBytes(bytes)).has_value());
  }
  // An OCI layout folder of plain tar layers, bottom-up.
  void MakeLayout(const std::string& name, const std::vector<std::string>& layers) {
    std::string diff_ids;
    std::string descriptors;
    for (const std::string& layer : layers) {
      const std::string comma = diff_ids.empty() ? "" : ",";
      diff_ids += comma + "\"" + base::Sha256Of(base::AsBytes(layer)).ToString() + "\"";
      descriptors +=
          comma + Blob(name, layer) + ",\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\"}";
    }
    const std::string config = Blob(name,
                                    "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{"
                                    "\"type\":\"layers\",\"diff_ids\":[" +
                                        diff_ids + "]}}");
    const std::string manifest = Blob(
        name,
        "{\"schemaVersion\":2,\"mediaType\":\"application/"
        "vnd.oci.image.manifest.v1+json\",\"config\":" +
            config + ",\"mediaType\":\"application/vnd.oci.image.config.v1+json\"},\"layers\":[" +
            descriptors + "]}");
    Write(name + "/index.json",
          "{\"schemaVersion\":2,\"manifests\":[" + manifest +
              ",\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"}]}");
    Write(name + "/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
  }
  // A docker archive: its files, the manifest's layers by their names, and the tars whose digests
  // the configuration claims for them.
  void MakeDockerArchive(const std::string& name, const std::map<std::string, std::string>& files,
                         const std::vector<std::string>& layers,
                         const std::vector<std::string>& claimed) {
    std::string names;
    for (const std::string& layer : layers) {
      names += (names.empty() ? "\"" : ",\"") + layer + "\"";
    }
    std::string diff_ids;
    for (const std::string& tar : claimed) {
      diff_ids +=
          (diff_ids.empty() ? "\"" : ",\"") + base::Sha256Of(base::AsBytes(tar)).ToString() + "\"";
    }
    TarMaker archive;
    archive.File("config.json",
                 "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":"
                 "\"layers\",\"diff_ids\":[" +
                     diff_ids + "]}}");
    archive.File("manifest.json", "[{\"Config\":\"config.json\",\"Layers\":[" + names + "]}]");
    for (const auto& [file, bytes] : files) {
      archive.File(file, bytes);
    }
    Write(name, archive.Take());
  }
  base::Result<model::Inventory> TryScanDocker(const std::string& name) {
    auto source = image::ParseSource("docker-archive:" + folder_ + "/" + name);
    SCANTLING_ASSERT(source.has_value());
    return Scan(*source, options_);
  }
  std::string BlobPath(const std::string& name, const std::string& bytes) const {
    return folder_ + "/" + name + "/blobs/sha256/" + base::Sha256Of(base::AsBytes(bytes)).Hex();
  }
  base::Result<model::Inventory> TryScan(const std::string& name) {
    auto source = image::ParseSource("oci:" + folder_ + "/" + name);
    SCANTLING_ASSERT(source.has_value());
    return Scan(*source, options_);
  }
  model::Inventory ScanLayers(const std::vector<std::string>& layers) {
    MakeLayout("image", layers);
    auto inventory = TryScan("image");
    EXPECT_TRUE(inventory.has_value()) << (inventory ? "" : inventory.error().Message());
    return inventory ? std::move(*inventory) : model::Inventory();
  }

  std::string folder_;
  ScanOptions options_;
};

std::string Package(const std::string& name, const std::string& version) {
  return "Package: " + name +
         "\nStatus: install ok installed\nMaintainer: M <m@x>\nArchitecture: amd64\n" +
         "Version: " + version + "\n\n";
}
const char kOsRelease[] = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n";

// "name version brought/last" per component.
std::string Lines(const model::Inventory& inventory) {
  std::string out;
  for (const model::Component& c : inventory.components) {
    out += c.name + " " + c.version + " " + std::to_string(c.layer) + "/" +
           std::to_string(c.last_layer) +
           (c.owner.empty() ? "" : " owner " + c.owner.substr(c.owner.rfind('/') + 1, 4)) + "\n";
  }
  return out;
}
const model::Component& Find(const model::Inventory& inventory, std::string_view name) {
  const auto it = std::find_if(inventory.components.begin(), inventory.components.end(),
                               [&](const model::Component& c) { return c.name == name; });
  SCANTLING_ASSERT(it != inventory.components.end());
  return *it;
}

TEST_F(ScanTest, SaysWhichLayerBroughtAndLastTouchedAPackage) {
  const auto inventory = ScanLayers(
      {TarMaker()
           .File("etc/os-release", kOsRelease)
           .File("var/lib/dpkg/status",
                 Package("a", "1") + Package("b", "1") + Package("gone", "1"))
           .File("var/lib/dpkg/info/a.list", "/usr/bin/a\n")
           .File("usr/bin/a", "a")
           .Take(),
       TarMaker()
           .File("var/lib/dpkg/status", Package("a", "1") + Package("b", "2") + Package("c", "1"))
           .Take(),
       TarMaker().File("usr/bin/a", "patched by hand").Take()});
  EXPECT_EQ(Lines(inventory), "a 1 0/2\nb 2 1/1\nc 1 1/1\n");
  EXPECT_EQ(inventory.image.distro.codename, "bookworm");
  EXPECT_EQ(Find(inventory, "a").distro, "debian:12");
  EXPECT_EQ(Find(inventory, "a").purl, "pkg:deb/debian/a@1?arch=amd64&distro=debian-12");
  EXPECT_TRUE(inventory.diagnostics.empty());
}

TEST_F(ScanTest, ARemovedDatabaseRemovesItsPackages) {
  const auto inventory =
      ScanLayers({TarMaker().File("var/lib/dpkg/status", Package("a", "1")).Take(),
                  TarMaker().File("var/lib/dpkg/.wh.status", "").Take()});
  EXPECT_EQ(Lines(inventory), "");
}

TEST_F(ScanTest, OwnersComeFromFileListsUnlessPipInstalledIt) {
  const std::string site = "usr/lib/python3/dist-packages/";
  const auto inventory = ScanLayers(
      {TarMaker()
           .File("var/lib/dpkg/status", Package("python3-x", "1"))
           .File("var/lib/dpkg/info/python3-x.list",
                 "/" + site + "x-1.dist-info/METADATA\n/" + site + "y-1.dist-info/METADATA\n")
           .File(site + "x-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: x\nVersion: 1\n\n")
           .File(site + "y-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: y\nVersion: 1\n\n")
           .File(site + "y-1.dist-info/INSTALLER", "pip\n")
           .Take()});
  EXPECT_EQ(Lines(inventory), "python3-x 1 0/0\nx 1 0/0 owner pyth\ny 1 0/0\n");
}

TEST_F(ScanTest, AVersionThatALaterLayerBroughtIsNotTheOsPackages) {
  const std::string path = "usr/lib/node_modules/npm/package.json";
  const std::string list = "/usr\n/" + path + "\n";
  const std::string old_npm = R"({"name":"npm","version":"8.0.0"})";
  const std::string first = TarMaker()
                                .File("var/lib/dpkg/status", Package("npm-deb", "8"))
                                .File("var/lib/dpkg/info/npm-deb.list", list)
                                .File(path, old_npm)
                                .Take();
  const auto replaced =
      ScanLayers({first, TarMaker().File(path, R"({"name":"npm","version":"10.0.0"})").Take()});
  EXPECT_EQ(Find(replaced, "npm").version, "10.0.0");
  EXPECT_EQ(Find(replaced, "npm").owner, "");
  // Written again as it was (chown, chmod): still the package's.
  const auto touched = ScanLayers({first, TarMaker().File(path, old_npm).Take()});
  EXPECT_EQ(Find(touched, "npm").owner, Find(touched, "npm-deb").ref);
}

TEST_F(ScanTest, ChainsLeadFromTheTopLevelPackage) {
  const auto package = [](const std::string& name, const std::string& needs) {
    return "{\"name\":\"" + name + "\",\"version\":\"1.0.0\",\"dependencies\":{" + needs + "}}";
  };
  const auto inventory = ScanLayers(
      {TarMaker()
           .File("app/package.json", package("app", "\"top\":\"*\""))
           .File("app/node_modules/top/package.json", package("top", "\"mid\":\"*\""))
           .File("app/node_modules/mid/package.json", package("mid", "\"deep\":\"*\""))
           .File("app/node_modules/mid/node_modules/deep/package.json", package("deep", ""))
           .File("app/node_modules/deep/package.json", package("deep", ""))
           .Take()});
  using Names = std::vector<std::string>;
  EXPECT_EQ(Find(inventory, "top").via, Names());
  EXPECT_EQ(Find(inventory, "mid").via, Names({"top@1.0.0"}));
  // The nested copy is the one that "mid" gets; the hoisted one is needed by nobody. One component,
  // two places, one chain.
  const model::Component& deep = Find(inventory, "deep");
  EXPECT_EQ(deep.locations.size(), 2U);
}

TEST_F(ScanTest, SecondScanReadsNoLayerByte) {
  const std::string layer = TarMaker().File("var/lib/dpkg/status", Package("a", "1")).Take();
  const auto first = ScanLayers({layer});
  std::filesystem::remove(BlobPath("image", layer));
  const auto second = TryScan("image");
  ASSERT_TRUE(second.has_value()) << second.error().Message();
  EXPECT_EQ(Lines(*second), Lines(first));
  // What is known of the image's chain of layers gives the same as what is known of its layers.
  std::filesystem::remove_all(options_.cache_folder + "/images");
  const auto merged = TryScan("image");
  ASSERT_TRUE(merged.has_value()) << merged.error().Message();
  EXPECT_EQ(Lines(*merged), Lines(first));
  // Damaged cache files are misses, so the missing blob is noticed again.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options_.cache_folder)) {
    if (entry.is_regular_file()) {
      auto bytes = *base::ReadFile(entry.path(), 1 << 20);
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
      ASSERT_TRUE(base::WriteFileByRename(entry.path(), base::AsBytes(bytes)).has_value());
    }
  }
  const auto third = TryScan("image");
  EXPECT_TRUE(!third.has_value() || !third->coverage.skipped.empty());
}

TEST_F(ScanTest, NoImageCanPlantFactsForAnothersLayer) {
  const std::string honest = TarMaker().File("var/lib/dpkg/status", Package("a", "1")).Take();
  const std::string planted = TarMaker().File("var/lib/dpkg/status", Package("a", "9")).Take();
  ASSERT_EQ(honest.size(), planted.size());
  // An image that names the honest layer's digest and holds other bytes.
  MakeLayout("evil", {honest});
  ASSERT_TRUE(
      base::WriteFileByRename(BlobPath("evil", honest), base::AsBytes(planted)).has_value());
  const auto evil = TryScan("evil");
  ASSERT_FALSE(evil.has_value());
  EXPECT_EQ(evil.error().code(), base::ErrorCode::kMismatch);
  EXPECT_NE(evil.error().Message().find(base::Sha256Of(base::AsBytes(honest)).Hex()),
            std::string::npos);
  EXPECT_NE(evil.error().Message().find(base::Sha256Of(base::AsBytes(planted)).Hex()),
            std::string::npos);
  EXPECT_EQ(Lines(ScanLayers({honest})), "a 1 0/0\n");
}

// A gzip file of one stored block that is not the last one, and then nothing.
std::string CutGzip(const std::string& bytes) {
  SCANTLING_ASSERT(bytes.size() <= 0xffff);
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03\0", 11);
  const auto size = static_cast<uint32_t>(bytes.size());
  for (const uint32_t number : {size, ~size}) {
    out += static_cast<char>(number & 0xff);
    out += static_cast<char>((number >> 8) & 0xff);
  }
  return out + bytes;
}

TEST_F(ScanTest, ACutOffLayerIsNotKeptUnderTheDigestThatItsImageClaims) {
  const std::string honest = TarMaker().File("var/lib/dpkg/status", Package("a", "1")).Take();
  const std::string planted = TarMaker().File("var/lib/dpkg/status", Package("a", "9")).Take();
  MakeDockerArchive("evil.tar", {{"0.tar", CutGzip(planted)}}, {"0.tar"}, {honest});
  const auto evil = TryScanDocker("evil.tar");
  ASSERT_TRUE(evil.has_value()) << evil.error().Message();
  EXPECT_EQ(Lines(*evil), "a 9 0/0\n");
  EXPECT_FALSE(evil->coverage.skipped.empty());
  MakeDockerArchive("good.tar", {{"0.tar", honest}}, {"0.tar"}, {honest});
  const auto good = TryScanDocker("good.tar");
  ASSERT_TRUE(good.has_value()) << good.error().Message();
  EXPECT_EQ(Lines(*good), "a 1 0/0\n");
}

TEST_F(ScanTest, OneBlobUnderTwoDigestsIsAMismatchEvenFromTheCache) {
  const std::string one = TarMaker().File("var/lib/dpkg/status", Package("a", "1")).Take();
  const std::string two = TarMaker().File("x/lib/dpkg/status", Package("b", "1")).Take();
  MakeDockerArchive("one.tar", {{"0.tar", one}}, {"0.tar"}, {one});
  ASSERT_TRUE(TryScanDocker("one.tar").has_value());
  MakeDockerArchive("evil.tar", {{"0.tar", one}}, {"0.tar", "0.tar"}, {one, two});
  const auto evil = TryScanDocker("evil.tar");
  ASSERT_FALSE(evil.has_value());
  EXPECT_EQ(evil.error().code(), base::ErrorCode::kMismatch);
  MakeDockerArchive("both.tar", {{"0.tar", one}, {"1.tar", two}}, {"0.tar", "1.tar"}, {one, two});
  const auto both = TryScanDocker("both.tar");
  ASSERT_TRUE(both.has_value()) << both.error().Message();
  EXPECT_EQ(Lines(*both), "a 1 0/0\nb 1 1/1\n");
}

TEST_F(ScanTest, LinksWithAClaimedNameAreReadUnderIt) {
  for (const bool symbolic : {false, true}) {
    std::filesystem::remove_all(options_.cache_folder);
    TarMaker first;
    first.File("data/db", Package("a", "1"));
    TarMaker second;
    if (symbolic) {
      second.Symlink("var/lib/dpkg/status", "/data/db");
    } else {
      second.Hardlink("var/lib/dpkg/status", "data/db");
    }
    const auto inventory = ScanLayers({first.Take(), second.Take()});
    EXPECT_EQ(Lines(inventory), "a 1 1/1\n") << symbolic;
    std::filesystem::remove(
        BlobPath("image", TarMaker().File("data/db", Package("a", "1")).Take()));
    const auto cached = TryScan("image");
    ASSERT_TRUE(cached.has_value()) << cached.error().Message();
    EXPECT_EQ(Lines(*cached), "a 1 1/1\n") << symbolic;
  }
}

TEST_F(ScanTest, ADatabaseBehindALinkedFolderIsFound) {
  const auto inventory = ScanLayers({TarMaker()
                                         .File("data/dpkg/status", Package("a", "1"))
                                         .Symlink("var/lib/dpkg", "/data/dpkg")
                                         .Take()});
  EXPECT_EQ(Lines(inventory), "a 1 0/0\n");
}

TEST_F(ScanTest, ARootInsideTheImageOwnsNothingOutsideAndHasNoDistribution) {
  const std::string site = "usr/lib/python3/dist-packages/";
  const auto inventory = ScanLayers(
      {TarMaker()
           .File("etc/os-release", kOsRelease)
           .File("opt/root/var/lib/dpkg/status", Package("python3-x", "1"))
           .File("opt/root/var/lib/dpkg/info/python3-x.list",
                 "/" + site + "x-1.dist-info/METADATA\n")
           .File(site + "x-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: x\nVersion: 1\n\n")
           .Take()});
  EXPECT_EQ(Lines(inventory), "python3-x 1 0/0\nx 1 0/0\n");
  EXPECT_EQ(Find(inventory, "python3-x").distro, "");
}

TEST_F(ScanTest, AFileOverTheLimitIsAGapAndTheRestGoesOn) {
  options_.limits.file_bytes = 150;
  const auto inventory =
      ScanLayers({TarMaker()
                      .File("var/lib/dpkg/status", Package("a", "1") + Package("b", "1"))
                      .File("x/lib/dpkg/status", Package("c", "1"))
                      .Take()});
  EXPECT_EQ(Lines(inventory), "c 1 0/0\n");
  ASSERT_EQ(inventory.coverage.skipped.size(), 1U);
  EXPECT_EQ(inventory.coverage.skipped[0].path, "var/lib/dpkg/status");
  EXPECT_NE(inventory.coverage.skipped[0].reason.find("file-bytes"), std::string::npos);
  EXPECT_EQ(inventory.coverage.claimed, 2U);
  EXPECT_EQ(inventory.coverage.read, 1U);
}

TEST_F(ScanTest, SameInventoryAtAnyNumberOfJobs) {
  std::vector<std::string> layers;
  std::string packages;
  for (int i = 0; i < 12; ++i) {
    packages += Package("p" + std::to_string(i), "1");
    layers.push_back(TarMaker().File("var/lib/dpkg/status", packages).Take());
  }
  options_.cache_folder.clear();
  std::vector<std::string> seen;
  for (const unsigned jobs : {1U, 2U, 7U}) {
    options_.jobs = jobs;
    seen.push_back(Lines(ScanLayers(layers)));
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0], seen[2]);
  EXPECT_NE(seen[0].find("p11 1 11/11"), std::string::npos);
}

TEST_F(ScanTest, PruningKeepsTheCacheBounded) {
  for (int i = 0; i < 5; ++i) {
    ScanLayers(
        {TarMaker().File("var/lib/dpkg/status", Package("p" + std::to_string(i), "1")).Take()});
  }
  const auto before = PruneCache(options_.cache_folder, UINT64_MAX);
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->files, 10U);  // a layer and an image each
  const auto after = PruneCache(options_.cache_folder, before->bytes / 2);
  ASSERT_TRUE(after.has_value());
  EXPECT_LT(after->files, 10U);
  EXPECT_LE(after->bytes, before->bytes / 2);
  EXPECT_EQ(PruneCache(folder_ + "/none", 1)->files, 0U);
}

LayerFacts SomeFacts() {
  static const ClaimIndex kClaims(Catalogers());
  static const base::Limits kLimits;
  LayerScan scan(kClaims, kLimits);
  auto read = scantling::testing::ReadTar(
      TarMaker()
          .File("var/lib/dpkg/status", Package("a", "1") + Package("b", "2:1-1"))
          .File("var/lib/dpkg/info/a.list", "/usr/bin/a\n")
          .File("app/node_modules/x/package.json",
                R"({"name":"x","version":"1.0.0","dependencies":{"y":"1"}})")
          .File("broken.jar", "PK nothing")
          .Symlink("lib", "usr/lib")
          .Take(),
      scan);
  return std::move(scan).Finish(std::move(read));
}

TEST(Distro, AlpinesStreamComesFromUntaggedRepositories) {
  model::Distro alpine;
  alpine.id = "alpine";
  alpine.version_id = "3.18.4";
  EXPECT_EQ(AdvisoryNamespace(alpine, {}), "alpine:v3.18");
  EXPECT_EQ(AdvisoryNamespace(alpine, {"https://x/alpine/v3.19/main", "@edge https://x/edge/main"}),
            "alpine:v3.19");
  EXPECT_EQ(AdvisoryNamespace(alpine, {"https://x/alpine/edge/main"}), "alpine:edge");
}

TEST(LayerFacts, RoundTripAndEveryCutAndFlip) {
  const std::string bytes = SerializeFacts(SomeFacts());
  const auto parsed = ParseFacts(base::AsBytes(bytes));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(SerializeFacts(*parsed), bytes);
  EXPECT_EQ(parsed->files.size(), 4U);
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(ParseFacts(base::AsBytes(std::string_view(bytes).substr(0, i))).has_value()) << i;
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    static_cast<void>(ParseFacts(base::AsBytes(flipped)));  // any answer, no crash
  }
}

TEST(ImageFacts, RoundTripAndEveryCutAndFlip) {
  ImageFacts facts;
  facts.distro = {"debian", "12", "bookworm", "Debian", "x"};
  facts.stored_bytes = {1, 1000};
  model::Component c;
  c.ref = "r";
  c.purl = "p";
  c.name = "n";
  c.version = "v";
  c.type = version::Ecosystem::kMaven;
  c.source_name = "sn";
  c.source_version = "sv";
  c.architecture = "a";
  c.distro = "d";
  c.module = "m";
  c.vendor = "ve";
  c.locations = {{"l", 3}, {"k", -1}};
  c.layer = 2;
  c.last_layer = 3;
  c.owner = "o";
  c.evidence = model::Evidence::kJavaManifest;
  c.role = model::Role::kHeaders;
  c.essential = true;
  c.depends = {"x", "y"};
  c.via = {"z"};
  c.container = "co";
  c.licenses = {"MIT", "custom"};
  c.main_module = "mm";
  facts.components = {c};
  facts.coverage = {5, 4, {{"path", 1, "why"}}};
  facts.diagnostics = {{"code", model::Severity::kError, "path", 1, "message"}};
  const std::string bytes = SerializeImageFacts(facts);
  const auto parsed = ParseImageFacts(base::AsBytes(bytes));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(SerializeImageFacts(*parsed), bytes);
  EXPECT_EQ(parsed->components[0].locations, c.locations);
  EXPECT_EQ(parsed->components[0].main_module, "mm");
  EXPECT_EQ(parsed->components[0].licenses, c.licenses);
  EXPECT_EQ(parsed->diagnostics, facts.diagnostics);
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(ParseImageFacts(base::AsBytes(std::string_view(bytes).substr(0, i))).has_value())
        << i;
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    static_cast<void>(ParseImageFacts(base::AsBytes(flipped)));
  }
}

}  // namespace
}  // namespace scantling::catalog
