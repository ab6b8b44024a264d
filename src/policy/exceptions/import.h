// Ignore files of other scanners, turned into our exceptions (scantling.exceptions/1, as text).
//
// What they lack - owner, approver, reason, often the words and the end - is written empty and
// marked, so that every imported entry is invalid until a person has filled it in: nothing is
// imported as valid, let alone for ever. A rule that our form cannot say is not imported; a note
// says which and what to do, as leaving a condition out would widen it.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

enum class IgnoreKind : uint8_t { kTrivyIgnore, kTrivyIgnoreYaml, kGrype, kOsvScanner };
std::string_view ToString(IgnoreKind kind);  // ".trivyignore", ".grype.yaml", ...
// By the file's name, else by its content.
std::optional<IgnoreKind> SniffIgnoreFile(std::string_view text, std::string_view path);

struct Imported {
  std::string yaml;
  uint64_t entries = 0;
  std::vector<std::string> notes;  // "file:line: what was not imported, and what to do"
};

// Errors name file, line and column.
base::Result<Imported> ImportIgnoreFile(IgnoreKind kind, std::string_view text,
                                        std::string_view path);
base::Result<Imported> ImportIgnoreFile(std::string_view text, std::string_view path);

}  // namespace scantling::policy
