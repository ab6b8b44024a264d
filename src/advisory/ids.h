// Names: vulnerability ids, namespaces, package names and one-line summaries, as the database has
// them.
#pragma once

#include "model/finding.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::advisory {

// "cve-2021-44228" -> "CVE-2021-44228", "CVE_2019_2426" -> "CVE-2019-2426", "ghsa-AAAA-.." ->
// "GHSA-aaaa-..".
std::string CleanId(std::string_view id);
bool IsCve(std::string_view id);  // "CVE-2021-44228"
// Prefixes whose ids name one vulnerability and may be aliases: CVE, GHSA, GO, PYSEC, RUSTSEC.
bool IsAliasId(std::string_view id);
// The ids in one free-form entry: "CVE-2017-2616 (+ regression fix)", "CVE-2017-8904 XSA-214" (the
// CVEs where there are any, else the first word).
std::vector<std::string> IdsIn(std::string_view entry);

// OSV ecosystem -> namespace ("Debian:12" -> "debian:12", "PyPI" -> "pypi"); nullopt = not one of
// ours.
std::optional<std::string> NamespaceOf(std::string_view osv_ecosystem);
// A package's name as it is looked up: PEP 503 for pypi, lower case for composer and nuget, else as
// it is.
std::string PackageName(std::string_view name_space, std::string_view name);
std::string NormalizePypi(std::string_view name);

// The first sentence or line, at most 200 bytes, one line, valid UTF-8.
std::string SummaryLine(std::string_view text);

// "HIGH", "moderate", "Important", ...
model::Level LevelOf(std::string_view word);

}  // namespace scantling::advisory
