// What the three readers of VEX documents share. Not for use outside of this folder.
#pragma once

#include "codec/json.h"
#include "policy/vex/vex.h"

#include <string>
#include <string_view>

namespace scantling::policy {

// Fills a document whose `path` is set. Errors carry a JSON pointer, which ParseVex turns into a
// line: "\x01/statements/3/status\x01message".
base::Result<void> ReadOpenVex(codec::JsonValue root, VexDocument& out);
base::Result<void> ReadCsaf(codec::JsonValue root, VexDocument& out);
base::Result<void> ReadCycloneDx(codec::JsonValue root, VexDocument& out);

// An error at a place of the document.
base::Error At(std::string_view pointer, std::string message);

// One of OpenVEX's five words; CycloneDX's are translated, anything else is "".
std::string Justification(std::string_view word);

// An id as a key: trimmed, in capitals.
std::string UpperId(std::string_view id);

// Bounds of a document: more than these is an error.
inline constexpr size_t kMaxVexProducts = 2'000'000;
inline constexpr size_t kMaxVexTargets = 4'000'000;

// not_affected and false positives close only with a reason.
inline constexpr std::string_view kNoJustification =
    "it says not affected and gives neither a justification nor an impact statement";

}  // namespace scantling::policy
