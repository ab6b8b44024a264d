#include "image/source.h"

#include "base/file.h"
#include "image/image_plan.h"
#include "image/test_layer.h"
#include "tests/support/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>

namespace scantling::image {
namespace {

namespace fs = std::filesystem;
using scantling::testing::RecordingVisitor;
using scantling::testing::TarMaker;

std::string DigestOf(const std::string& text) {
  return base::Sha256Of(base::AsBytes(text)).ToString();
}
std::string HexOf(const std::string& text) { return base::Sha256Of(base::AsBytes(text)).Hex(); }

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

std::string Layer(int number) {
  return TarMaker().File("c" + std::to_string(number), "content " + std::to_string(number)).Take();
}

std::string Config(const std::vector<std::string>& tars, const std::string& architecture) {
  std::string ids;
  std::string history = R"({"created_by":"ENV x=y","empty_layer":true})";
  for (size_t i = 0; i < tars.size(); ++i) {
    ids += (i == 0 ? "\"" : ",\"") + DigestOf(tars[i]) + "\"";
    history += R"(,{"created_by":"RUN )" + std::to_string(i) + R"("})";
  }
  return R"({"os":"linux","architecture":")" + architecture +
         R"(","created":"2024-01-02T03:04:05Z","config":{"User":"app","Env":["SECRET=hunter2","PATH=/bin","PATH=/usr/bin","BARE"],"ExposedPorts":{"8080/tcp":{},"53/udp":{}},"Entrypoint":["/app","--x"],"Cmd":["serve"],"WorkingDir":"/srv","Volumes":{"/data":{}},"StopSignal":"SIGINT","Healthcheck":{"Test":["CMD","/app","ping"]},"Labels":{"org.opencontainers.image.title":"label","x":"y"}},"rootfs":{"type":"layers","diff_ids":[)" +
         ids + "]},\"history\":[" + history + "]}";
}

using Files = std::map<std::string, std::string>;

std::string Descriptor(const std::string& type, const std::string& blob,
                       const std::string& more = "") {
  return R"({"mediaType":")" + type + R"(","digest":")" + DigestOf(blob) + R"(","size":)" +
         std::to_string(blob.size()) + more + "}";
}
constexpr const char* kManifest = "application/vnd.oci.image.manifest.v1+json";

// Adds an image's blobs; gives its manifest.
std::string AddImage(Files& files, const std::vector<std::string>& tars,
                     const std::string& architecture) {
  const std::string config = Config(tars, architecture);
  std::string layers;
  for (const std::string& tar : tars) {
    const std::string packed = Zstd(tar);
    files["blobs/sha256/" + HexOf(packed)] = packed;
    layers += (layers.empty() ? "" : ",") +
              Descriptor("application/vnd.oci.image.layer.v1.tar+zstd", packed);
  }
  files["blobs/sha256/" + HexOf(config)] = config;
  std::string manifest =
      R"({"schemaVersion":2,"mediaType":")" + std::string(kManifest) + R"(","config":)" +
      Descriptor("application/vnd.oci.image.config.v1+json", config) + ",\"layers\":[" + layers +
      R"(],"annotations":{"org.opencontainers.image.base.name":"debian:12"}})";
  files["blobs/sha256/" + HexOf(manifest)] = manifest;
  return manifest;
}

Files OciFiles() {
  Files files;
  files["oci-layout"] = R"({"imageLayoutVersion":"1.0.0"})";
  const std::string manifest = AddImage(files, {Layer(1), Layer(2)}, "amd64");
  files["index.json"] = R"({"schemaVersion":2,"manifests":[)" +
                        Descriptor(kManifest, manifest,
                                   R"(,"annotations":{"org.opencontainers.image.ref.name":"v1"})") +
                        "]}";
  return files;
}

Files DockerFiles() {
  Files files;
  const std::string config = Config({Layer(1), Layer(2)}, "amd64");
  files[HexOf(config) + ".json"] = config;
  files["one/layer.tar"] = Layer(1);
  files["two/layer.tar"] = Layer(2);
  files["manifest.json"] =
      R"([{"Config":")" + HexOf(config) +
      R"(.json","RepoTags":["shop:v1"],"Layers":["one/layer.tar","two/layer.tar"]}])";
  return files;
}

std::string Archive(const Files& files) {
  TarMaker tar;
  for (const auto& [name, data] : files) {
    tar.File(name, data);
  }
  return tar.Take();
}

struct Opened {
  std::string error;
  model::Image image;
  std::vector<LayerBlob> layers;
  std::map<std::string, std::string> files;  // of all layers, claimed ones
  bool stream = false;
  bool verified = true;
};

Opened ReadImage(const SourceSpec& spec, const OpenOptions& options, int fd, unsigned jobs) {
  Opened out;
  auto image = OpenImage(spec, options, fd);
  if (!image) {
    out.error = image.error().Message();
    return out;
  }
  out.stream = (*image)->StreamsOnly();
  std::mutex mutex;
  std::map<std::string, std::pair<Hash, base::Digest>> digests;
  auto done = (*image)->ForEachBlob(
      jobs, [](const LayerBlob&) { return true; },
      [&](const std::string& blob, const Reading& reading,
          codec::ByteSource& bytes) -> base::Result<void> {
        RecordingVisitor visitor;
        SCANTLING_TRY(const LayerResult result, ReadLayer(bytes, reading, options.limits, visitor));
        const std::lock_guard lock(mutex);
        out.files.insert(visitor.whole.begin(), visitor.whole.end());
        if (result.digest) {
          digests.insert_or_assign(blob, std::pair(reading.hash, *result.digest));
        }
        return {};
      });
  if (!done) {
    out.error = done.error().Message();
    return out;
  }
  auto layers = (*image)->Layers();
  auto described = (*image)->Describe();
  if (!layers || !described) {
    out.error = "not described";
    return out;
  }
  out.layers = std::move(*layers);
  out.image = std::move(*described);
  for (const LayerBlob& layer : out.layers) {
    const auto it = digests.find(layer.blob);
    out.verified = out.verified && it != digests.end() &&
                   (it->second.first == Hash::kStored ? layer.stored_digest
                                                      : layer.unpacked_digest) == it->second.second;
    if (!out.stream && it != digests.end()) {
      EXPECT_TRUE((*image)->Reopen(layer).has_value());
    }
  }
  return out;
}

enum class Access { kRandom, kStream };
Opened ReadArchiveBytes(const std::string& bytes, Access access = Access::kRandom,
                        const OpenOptions& options = {}, const std::string& tag = "") {
  const base::Fd fd(::memfd_create("image", MFD_CLOEXEC));
  const std::string pad = access == Access::kStream ? "-" : "";
  EXPECT_EQ(::write(fd.get(), pad.data(), pad.size()), static_cast<ssize_t>(pad.size()));
  EXPECT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  EXPECT_EQ(::lseek(fd.get(), static_cast<off_t>(pad.size()), SEEK_SET),
            static_cast<off_t>(pad.size()));
  SourceSpec spec;
  spec.kind = SourceKind::kStandardInput;
  spec.tag = tag;
  return ReadImage(spec, options, fd.get(), 2);
}

void ExpectTheImage(const Opened& out) {
  EXPECT_EQ(out.error, "");
  EXPECT_TRUE(out.verified);
  EXPECT_EQ(out.files,
            (std::map<std::string, std::string>{{"c1", "content 1"}, {"c2", "content 2"}}));
  ASSERT_EQ(out.image.layers.size(), 2U);
  EXPECT_EQ(out.image.layers[0].created_by, "RUN 0");
  EXPECT_EQ(out.image.layers[1].diff_id, DigestOf(Layer(2)));
  EXPECT_EQ(out.image.platform, "linux/amd64");
  EXPECT_EQ(out.image.created, "2024-01-02T03:04:05Z");
  EXPECT_EQ(out.image.annotations.at("org.opencontainers.image.title"), "label");
  const model::ImageConfig want = {
      .user = "app",
      .environment = {"BARE", "PATH", "SECRET"},
      .ports = {"53/udp", "8080/tcp"},
      .entrypoint = {"/app", "--x"},
      .command = {"serve"},
      .working_folder = "/srv",
      .volumes = {"/data"},
      .labels = {{"org.opencontainers.image.title", "label"}, {"x", "y"}},
      .stop_signal = "SIGINT",
      .healthcheck = {"CMD", "/app", "ping"}};
  EXPECT_EQ(out.image.config, want);
  EXPECT_EQ(out.image.config_digest, DigestOf(Config({Layer(1), Layer(2)}, "amd64")));
}

TEST(Source, ArchivesOfBothKindsByRandomAccessStreamsAndCompressed) {
  for (const Files& files : {OciFiles(), DockerFiles()}) {
    const std::string archive = Archive(files);
    const Opened random = ReadArchiveBytes(archive);
    EXPECT_FALSE(random.stream);
    ExpectTheImage(random);
    const Opened stream = ReadArchiveBytes(archive, Access::kStream);
    EXPECT_TRUE(stream.stream);
    ExpectTheImage(stream);
    ExpectTheImage(ReadArchiveBytes(Zstd(archive)));
  }
}

TEST(Source, ConfigurationsThatSayLittleOrNonsense) {
  const auto of_user = [](std::string user) {
    model::ImageConfig out;
    out.user = std::move(user);
    return out;
  };
  const auto read = [&](const std::string& config) {
    model::Image image;
    EXPECT_TRUE(ReadConfiguration(R"({"config":)" + config + "}", image).has_value()) << config;
    return image.config.value_or(of_user("unread"));
  };
  for (const char* nothing : {"null", "{}", "[]", "7", R"({"User":3,"Env":{"a":"b"},"Cmd":null})",
                              R"({"ExposedPorts":["80"],"Labels":[1],"Healthcheck":"no"})"}) {
    EXPECT_EQ(read(nothing), model::ImageConfig()) << nothing;
  }
  EXPECT_EQ(read(R"({"Cmd":"serve"})").command, (std::vector<std::string>{"serve"}));
  EXPECT_EQ(read(R"({"Env":["A=b\nC=d","=x"]})").environment, (std::vector<std::string>{"", "A"}));
  for (const char* root : {"", "root", "0", "00", "root:app", "0:0", ":1"}) {
    EXPECT_TRUE(model::RunsAsRoot(of_user(root))) << root;
  }
  for (const char* other : {"app", "1000", "1000:0", "app:root", "rooty", "0x1"}) {
    EXPECT_FALSE(model::RunsAsRoot(of_user(other))) << other;
  }
}

TEST(Source, EveryPrefixOfAnArchiveIsAnErrorOrTheImage) {
  for (const Files& files : {OciFiles(), DockerFiles()}) {
    const std::string archive = Archive(files);
    for (size_t size = 0; size < archive.size(); size += size % 512 == 511 ? 2 : 73) {
      for (const Access access : {Access::kRandom, Access::kStream}) {
        const Opened out = ReadArchiveBytes(archive.substr(0, size), access);
        if (out.error.empty() && out.verified) {  // else a layer is missing, and the caller sees it
          // Only the file oci-layout, padding and the end mark may be missing.
          EXPECT_GE(size + 2048, archive.size());
        }
      }
    }
  }
}

TEST(Source, FlippedBytesNeverGiveAVerifiedOtherImage) {
  const std::string archive = Archive(OciFiles());
  for (size_t at = 0; at < archive.size(); at += 37) {
    std::string bad = archive;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    const Opened out = ReadArchiveBytes(bad);
    if (out.error.empty() && out.verified && out.image.layers.size() == 2) {
      EXPECT_EQ(out.files.size(), 2U) << at;
    }
  }
}

TEST(Source, DigestsOfDocumentsAreChecked) {
  Files files = OciFiles();
  for (auto& [name, text] : files) {
    if (text.starts_with(R"({"os")")) {
      text.replace(text.find("2024-01-02"), 10, "2025-01-02");
    }
  }
  const std::string error = ReadArchiveBytes(Archive(files)).error;
  EXPECT_NE(error.find("should be sha256:"), std::string::npos) << error;
  EXPECT_NE(error.find("is sha256:"), std::string::npos) << error;

  files = DockerFiles();
  const std::string config = Config({Layer(1), Layer(2)}, "amd64");
  files[HexOf(config) + ".json"] += " ";
  EXPECT_NE(ReadArchiveBytes(Archive(files)).error.find("should be " + DigestOf(config)),
            std::string::npos);
}

TEST(Source, PlatformsNestedIndexesAttestations) {
  Files files = OciFiles();
  const std::string amd = AddImage(files, {Layer(1), Layer(2)}, "amd64");
  const std::string arm = AddImage(files, {Layer(3)}, "arm64");
  const std::string note = R"({"schemaVersion":2,"config":{},"layers":[]})";
  files["blobs/sha256/" + HexOf(note)] = note;
  const std::string inner =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
      Descriptor(kManifest, note, R"(,"platform":{"os":"unknown","architecture":"unknown"})") +
      "," + Descriptor(kManifest, amd, R"(,"platform":{"os":"linux","architecture":"amd64"})") +
      "," +
      Descriptor(kManifest, arm,
                 R"(,"platform":{"os":"linux","architecture":"arm64","variant":"v8"})") +
      "]}";
  files["blobs/sha256/" + HexOf(inner)] = inner;
  files["index.json"] =
      R"({"manifests":[)" + Descriptor("application/vnd.oci.image.index.v1+json", inner) + "]}";
  const std::string archive = Archive(files);
  OpenOptions options;
  options.platform = "linux/amd64";
  ExpectTheImage(ReadArchiveBytes(archive, Access::kRandom, options));
  for (const char* platform : {"linux/arm64", "linux/arm64/v8"}) {
    options.platform = platform;
    EXPECT_EQ(ReadArchiveBytes(archive, Access::kRandom, options).image.layers.size(), 1U);
  }
  options.platform = "linux/s390x";
  const std::string error = ReadArchiveBytes(archive, Access::kRandom, options).error;
  EXPECT_NE(error.find("linux/amd64, linux/arm64/v8"), std::string::npos) << error;

  // An index that names itself ends.
  files["index.json"] =
      R"({"manifests":[)" + Descriptor("x", inner) + "," + Descriptor("x", inner) + "]}";
  options.platform = "linux/amd64";
  ExpectTheImage(ReadArchiveBytes(Archive(files), Access::kRandom, options));
}

TEST(Source, TagsAreListedWhenOneMustBeChosen) {
  Files files;
  const std::string a = AddImage(files, {Layer(1), Layer(2)}, "amd64");
  const std::string b = AddImage(files, {Layer(3)}, "amd64");
  files["index.json"] =
      R"({"manifests":[)" +
      Descriptor(kManifest, a, R"(,"annotations":{"org.opencontainers.image.ref.name":"v1"})") +
      "," +
      Descriptor(kManifest, b, R"(,"annotations":{"org.opencontainers.image.ref.name":"v2"})") +
      "]}";
  const std::string archive = Archive(files);
  EXPECT_NE(ReadArchiveBytes(archive).error.find("v1, v2"), std::string::npos);
  EXPECT_EQ(ReadArchiveBytes(archive, Access::kRandom, {}, "v2").image.layers.size(), 1U);
  EXPECT_EQ(ReadArchiveBytes(archive, Access::kStream, {}, "v1").image.layers.size(), 2U);
  EXPECT_NE(ReadArchiveBytes(archive, Access::kRandom, {}, "v3").error.find("v1, v2"),
            std::string::npos);

  files = DockerFiles();
  std::string& manifest = files["manifest.json"];
  std::string second = manifest.substr(1, manifest.size() - 2);
  second.replace(second.find("shop:v1"), 7, "shop:v2");
  manifest.insert(manifest.size() - 1, "," + second);
  EXPECT_NE(ReadArchiveBytes(Archive(files)).error.find("shop:v1, shop:v2"), std::string::npos);
  EXPECT_EQ(ReadArchiveBytes(Archive(files), Access::kRandom, {}, "shop:v2").image.reference,
            "shop:v2");
}

TEST(Source, OldDockerArchivesWithLinksAndRepositories) {
  TarMaker tar;
  tar.File(
         "one/json",
         R"({"id":"one","os":"linux","architecture":"amd64","container_config":{"Cmd":["sh","-c","x"]}})")
      .File("one/layer.tar", Layer(1))
      .File("two/json", R"({"id":"two","parent":"one","os":"linux","architecture":"amd64"})")
      .Symlink("two/layer.tar", "../real.tar")
      .File("real.tar", Layer(2))
      .File("repositories", R"({"shop":{"v1":"two"}})");
  for (const Access access : {Access::kRandom, Access::kStream}) {
    const Opened out = ReadArchiveBytes(tar.Take(), access);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.files.size(), 2U);
    ASSERT_EQ(out.image.layers.size(), 2U);
    EXPECT_EQ(out.image.layers[0].created_by, "sh -c x");
    EXPECT_EQ(out.image.reference, "shop:v1");
  }
  TarMaker circle;
  circle.File("one/json", R"({"parent":"two"})")
      .File("two/json", R"({"parent":"one"})")
      .File("repositories", R"({"shop":{"v1":"two"}})");
  EXPECT_NE(ReadArchiveBytes(circle.Take()).error.find("circle"), std::string::npos);
}

TEST(Source, MissingAndForeignLayersUnsupportedDigests) {
  Files files = OciFiles();
  files.erase("blobs/sha256/" + HexOf(Zstd(Layer(1))));
  const Opened missing = ReadArchiveBytes(Archive(files));
  EXPECT_EQ(missing.error, "");
  EXPECT_FALSE(missing.verified);
  EXPECT_EQ(missing.files.size(), 1U);

  files = {};
  const std::string index = R"({"manifests":[{"mediaType":"x","digest":"sha512:abc","size":1}]})";
  files["index.json"] = index;
  EXPECT_NE(ReadArchiveBytes(Archive(files)).error.find("sha512 digests are not supported"),
            std::string::npos);
  EXPECT_NE(ReadArchiveBytes(Archive({{"a", "b"}})).error.find("not a container image"),
            std::string::npos);
  EXPECT_NE(ReadArchiveBytes("no tar at all, just text").error, "");
  EXPECT_NE(ReadArchiveBytes("").error, "");
}

class SourceFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "scantling_source_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }
  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = root_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string WriteAll(const std::string& folder, const Files& files) {
    for (const auto& [name, text] : files) {
      Write(folder + "/" + name, text);
    }
    return (root_ / folder).string();
  }
  fs::path root_;
};

TEST_F(SourceFolder, FormsAndBarePaths) {
  const std::string layout = WriteAll("layout", OciFiles());
  const std::string oci = Write("oci.tar", Archive(OciFiles()));
  const std::string docker = Write("docker:1.tar", Archive(DockerFiles()));
  const std::string packed = Write("packed.tar.zst", Zstd(Archive(OciFiles())));
  for (const std::string& source :
       {"oci:" + layout, "oci:" + layout + ":v1", layout, layout + ":v1", "oci-archive:" + oci, oci,
        "oci-archive:" + oci + ":v1", "docker-archive:" + docker, docker, packed,
        "docker-archive:" + docker + ":shop:v1", "oci-archive:" + packed}) {
    const auto spec = ParseSource(source);
    ASSERT_TRUE(spec.has_value()) << source << ": " << spec.error().Message();
    const Opened out = ReadImage(*spec, {}, -1, 3);
    SCOPED_TRACE(source);
    ExpectTheImage(out);
    EXPECT_EQ(out.image.source.find(root_.string()), std::string::npos);
  }
  EXPECT_EQ(ReadImage(*ParseSource("oci:" + layout + ":v1"), {}, -1, 1).image.source,
            "oci:layout:v1");
  EXPECT_EQ(ParseSource((root_ / "nothing").string()).error().code(), base::ErrorCode::kNotFound);
  EXPECT_NE(ParseSource(Write("text", "just text")).error().Message().find("docker-archive:FILE"),
            std::string::npos);
  EXPECT_NE(ParseSource("containerd:alpine").error().Message().find("not supported"),
            std::string::npos);
  for (const std::string& registry : std::initializer_list<std::string>{
           "registry:alpine", "docker://alpine:3.19", "localhost:5000/shop:1.4", "alpine:3.19",
           "ghcr.io/a/b", "alpine@sha256:" + std::string(64, 'a')}) {
    const auto spec = ParseSource(registry);
    ASSERT_TRUE(spec.has_value()) << spec.error().Message();
    EXPECT_EQ(spec->kind, SourceKind::kRegistry) << registry;
  }
  for (const std::string nothing :
       {"alpine", "team/shop", "build/shop.tar", "./shop:1.4", "a b:c"}) {
    EXPECT_EQ(ParseSource(nothing).error().code(), base::ErrorCode::kNotFound) << nothing;
  }
  EXPECT_EQ(ParseSource("podman:localhost/shop:1.4")->kind, SourceKind::kDaemon);
  EXPECT_FALSE(ParseSource("registry:UPPER").has_value());
  EXPECT_FALSE(ParseSource("podman:").has_value());
  EXPECT_EQ(ParseSource("-")->kind, SourceKind::kStandardInput);
  EXPECT_EQ(ParseSource("rootfs:/x:y")->path, "/x:y");
  EXPECT_FALSE(ParseSource("").has_value());
  EXPECT_FALSE(ParseSource("oci:").has_value());
  EXPECT_EQ(ParseSource(root_.string())->kind, SourceKind::kRootfs);
}

TEST_F(SourceFolder, RootFolders) {
  Write("etc/c1", "whole");
  Write("etc/s1", "stream");
  Write("etc/h1", "MAGIC" + std::string(500'000, 'x'));
  Write("etc/plain", "nothing");
  Write("outside/c9", "not in the root");
  fs::create_directory_symlink(root_ / "outside", root_ / "etc/link");
  fs::create_symlink("c1", root_ / "etc/c2");
  ASSERT_EQ(::mkfifo((root_ / "etc/c-pipe").c_str(), 0644), 0);
  RecordingVisitor visitor;
  const auto result = WalkRootfs((root_ / "etc").string(), {}, visitor);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->complete);
  EXPECT_FALSE(result->digest.has_value());
  EXPECT_EQ(visitor.seen, (std::vector<std::string>{"c1", "h1", "plain", "s1"}));
  EXPECT_EQ(visitor.whole.at("c1"), "whole");
  EXPECT_EQ(visitor.whole.at("h1").size(), 500'005U);
  EXPECT_EQ(visitor.streams.at("s1"), "stream<END>");
  EXPECT_FALSE(visitor.whole.contains("link/c9"));
  EXPECT_EQ(result->tree.nodes().size(), 5U);
  EXPECT_FALSE(WalkRootfs((root_ / "none").string(), {}, visitor).has_value());
}

TEST(SourceFixtures, AlpineDockerArchive) {
  const char* fixtures = std::getenv("SCANTLING_FIXTURES");  // NOLINT(concurrency-mt-unsafe)
  if (fixtures == nullptr || !fs::exists(std::string(fixtures) + "/images/alpine-310.tar.gz")) {
    GTEST_SKIP() << "needs SCANTLING_FIXTURES with images/alpine-310.tar.gz";
  }
  const auto spec =
      ParseSource("docker-archive:" + std::string(fixtures) + "/images/alpine-310.tar.gz");
  ASSERT_TRUE(spec.has_value());
  const Opened out = ReadImage(*spec, {}, -1, 2);
  EXPECT_EQ(out.error, "");
  EXPECT_TRUE(out.verified);
  EXPECT_EQ(out.layers.size(), 1U);
  EXPECT_EQ(out.image.config_digest,
            "sha256:af341ccd2df8b0e2d67cf8dd32e087bfda4e5756ebd1c76bbf3efa0dc246590e");
}

TEST_F(SourceFolder, ArchivesThatSkopeoWrites) {
  if (!scantling::testing::HaveProgram("skopeo")) {
    GTEST_SKIP() << "needs skopeo";
  }
  const std::string source = Write("in.tar", Archive(DockerFiles()));
  for (const std::string form : {"docker-archive", "oci-archive"}) {
    const std::string target = form + ":" + (root_ / (form + ".tar")).string() +
                               (form == "docker-archive" ? ":shop:v1" : ":v1");
    const auto run = scantling::testing::Run(
        {"skopeo", "copy", "--insecure-policy", "docker-archive:" + source + ":shop:v1", target});
    if (run.exit != 0) {
      GTEST_SKIP() << "skopeo cannot copy here: " << run.stderr_text;
    }
    const auto spec = ParseSource(target);
    ASSERT_TRUE(spec.has_value());
    const Opened out = ReadImage(*spec, {}, -1, 2);
    EXPECT_EQ(out.error, "");
    EXPECT_TRUE(out.verified) << form;
    EXPECT_EQ(out.files.size(), 2U);
    EXPECT_EQ(out.image.layers[1].diff_id, DigestOf(Layer(2)));
  }
}

}  // namespace
}  // namespace scantling::image
