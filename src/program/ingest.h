// Inventories in: content once by digest, component versions once, names as edges in time.
//
// Accepts what people have: our reports (scantling.report/1), CycloneDX and SPDX documents. New
// component versions are matched in the same transaction, so that an inventory is never shown
// without its findings. All functions are idempotent: the same document for the same image changes
// nothing but what its names point at.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/report.h"
#include "program/events.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct Submission {
  model::Report report;            // the inventory, its base when known
  std::vector<std::string> names;  // "registry/shop:1.4"; beside the image's own reference
  std::string digest;              // of the manifest, when the document does not say; "" else
  std::string document;            // digest of the bytes that came
  std::string via;                 // who told: "scan", "upload", "worker"
  Millis at = 0;                   // when it was scanned; 0 = now
};

// A document of any of those forms. Errors say what is wrong and with what; `name` is for messages.
base::Result<model::Report> ReadInventoryDocument(std::string_view text, const std::string& name);

struct Stored {
  int64_t content = 0;
  std::string digest;
  bool fresh = false;  // this document was not known
  uint64_t components = 0;
  uint64_t new_components = 0;
  uint64_t new_matches = 0;
};

// An inventory that was told of an image, under any of its digests. The latest is what is known of
// the image; of the others only that they were told.
struct ToldInventory {
  Millis at = 0;
  std::string digest;  // that it was told under
  std::string via;     // Submission::via; "server" = its own scan
  uint64_t components = 0;
  bool known = false;
};
// What a pipeline recorded of it.
struct ToldRecord {
  Millis at = 0;
  bool deployment = false;
  std::string source;  // the repository of its source
  std::string commit;
  std::string environment;
  std::string workload;
  std::string url;  // of the run
};
// Oldest first, the last 50 of each of those of until that moment.
struct ToldOfImage {
  std::vector<ToldInventory> inventories;
  std::vector<ToldRecord> records;
};
// `content` is its id in the store.
base::Result<ToldOfImage> ToldOf(store::Connection& connection, int64_t content, Millis as_of);

// kInvalid when nothing tells which image it is of (no digest in the document and none given);
// kUsage when change.teller may not tell of it (claims.h).
base::Result<Stored> StoreInventory(Change& change, const Submission& submission,
                                    const advisory::Database& database);

// The inventory as it was told, without findings; kNotFound when the content was never scanned.
base::Result<model::Report> ReadInventory(store::Connection& connection, int64_t content);

// A row for that digest, made when it is first told of; `at` is when it was seen. 0 for what is no
// digest. Of an image's digests the one that is known best is shown.
enum class DigestBy : uint8_t { kConfiguration = 0, kTold = 1, kManifest = 2 };
base::Result<int64_t> ContentOf(Change& change, std::string_view digest, Millis at,
                                DigestBy by = DigestBy::kTold);

// The key of states that the server's own scans tell; it goes after those of inventories.
inline constexpr std::string_view kOwnScan = "~";
struct ToldState {
  std::string_view state;  // kState...
  std::string_view detail;
  Millis at = 0;
  std::string_view key = kOwnScan;
};
// The image's scan came into that state. In any order; the greatest (at, key) is the state now.
base::Result<void> TellScanState(Change& change, int64_t content, const ToldState& told);

// Whose word an image's base is: the image's own goes before a build's, and of one kind the latest.
enum class BaseBy : uint8_t { kBuild = 1, kImage = 2 };
base::Result<void> SetBase(Change& change, int64_t content, std::string_view base_digest, BaseBy by,
                           Millis at);

// Both are digests of the same image (of its manifest, and of its configuration): what is known of
// one is known of both. `at` is when they were seen.
base::Result<void> JoinDigests(Change& change, std::string_view digest, std::string_view other,
                               Millis at);

// At `at` "registry/shop:1.4" named that content, which was told as `digest`: until the name is
// told to name another. In any order; of two digests at one moment the greater counts. False when
// the name is none.
base::Result<bool> NameContent(Change& change, std::string_view reference, int64_t content,
                               std::string_view digest, Millis at);
// At `at` it named nothing.
base::Result<bool> EndName(Change& change, std::string_view reference, Millis at);

// Whether what an image says of itself is its name: an OCI layout may say a tag alone.
bool NamesImage(std::string_view reference);

// "registry/shop:1.4@sha256:..." -> repository "registry/shop", tag "1.4". False for what is none.
bool SplitReference(std::string_view reference, std::string& repository, std::string& tag);

}  // namespace scantling::program
