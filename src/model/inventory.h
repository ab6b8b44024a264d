// An image with all that is installed in it, and what could not be read.
#pragma once

#include "model/component.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scantling::model {

struct Layer {
  int32_t index = 0;        // 0 = bottom
  std::string digest;       // of the stored (compressed) blob, where the source gives one; "" else
  std::string diff_id;      // of the uncompressed tar, from the image configuration
  uint64_t size_bytes = 0;  // of the stored blob
  std::string created_by;   // the history entry that made it; "" unknown
  std::string created;      // RFC 3339 or ""
  int32_t line = 0;         // of image.dockerfile: the instruction that made it; 0 unknown
};

struct Distro {
  std::string id;          // "debian", "alpine", "almalinux"; "" = no os-release found
  std::string version_id;  // "12", "3.18.4"
  std::string codename;    // "bookworm"
  std::string pretty_name;
  std::string like;  // ID_LIKE
};

struct HistoryEntry {
  std::string created;
  std::string created_by;
  std::string comment;
  bool empty_layer = false;
};

// How containers of the image are started: "config" of the image configuration
// (https://github.com/opencontainers/image-spec/blob/main/config.md), and docker's Healthcheck. The
// values of environment variables are never kept: they can be secrets.
struct ImageConfig {
  std::string user;                      // "app", "1000:1000"; "" = root
  std::vector<std::string> environment;  // names, sorted
  std::vector<std::string> ports;        // "8080/tcp", sorted
  std::vector<std::string> entrypoint;
  std::vector<std::string> command;
  std::string working_folder;
  std::vector<std::string> volumes;  // sorted
  std::map<std::string, std::string> labels;
  std::string stop_signal;
  std::vector<std::string> healthcheck;  // {"CMD-SHELL", "curl -f localhost"}; {"NONE"}; empty
  bool operator==(const ImageConfig&) const = default;
};
// Root by name or number, with or without a group. A user whose name the image's passwd gives the
// number 0 is not told.
bool RunsAsRoot(const ImageConfig& config);

struct Image {
  std::string source;     // as given: "oci:dir:tag" (the form, without the machine's folders: see
                          // catalog/scan.h)
  std::string reference;  // "shop:1.4" or ""
  std::string digest;     // manifest digest or ""
  std::string config_digest;  // or ""
  std::string platform;       // "linux/amd64", "linux/arm64/v8"; "" unknown
  std::string created;        // RFC 3339 or ""
  std::vector<Layer> layers;
  std::vector<HistoryEntry> history;
  std::map<std::string, std::string>
      annotations;  // manifest's, over config labels: org.opencontainers.image.*
  // Unknown for what has none: a root file system, a bill of materials, a baseline.
  std::optional<ImageConfig> config;
  Distro distro;
  std::string dockerfile;  // path of the Dockerfile that the layers' lines count in; "" none given
};

enum class Severity : uint8_t { kNote, kWarning, kError };

// Something that went wrong or is worth knowing, about one file or the whole.
struct Diagnostic {
  std::string code;  // "dpkg.malformed", "limit.file-bytes", "digest.mismatch"
  Severity severity = Severity::kWarning;
  std::string path;  // "" = the whole image
  int32_t layer = -1;
  std::string message;  // what happened and what it means for the result
  auto operator<=>(const Diagnostic&) const = default;
};

// A file that was claimed and could not be (wholly) read: a gap.
struct Skipped {
  std::string path;
  int32_t layer = -1;
  std::string reason;  // "limit: file-bytes", "malformed: ...", "unsupported: ..."
  auto operator<=>(const Skipped&) const = default;
};

struct Coverage {
  uint64_t claimed = 0;          // files of the merged tree that a cataloger wanted
  uint64_t read = 0;             // of those, read and understood
  std::vector<Skipped> skipped;  // sorted
};

struct Inventory {
  Image image;
  std::vector<Component> components;  // sorted by (type, name, version, ref)
  Coverage coverage;
  std::vector<Diagnostic> diagnostics;  // sorted
};

}  // namespace scantling::model
