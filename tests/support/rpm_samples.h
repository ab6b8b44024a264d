// Small rpm headers, and databases around them in the three formats, made in memory: inputs for
// tests that damage them. Real databases are read in tests of their own. Tests only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::testing {

// One tag: texts (string array; a single one becomes a string) or numbers (INT32).
struct RpmTagValue {
  uint32_t tag = 0;
  std::vector<std::string> texts;
  std::vector<uint32_t> numbers;
  bool is_array = false;
};

std::string MakeRpmHeader(const std::vector<RpmTagValue>& tags);

// A usual package: name, version, release, arch, source rpm, vendor, provides itself, requires
// `needs`, owns `files` (pairs of folder with '/' at the end, and name).
struct RpmSample {
  std::string name;
  std::string version;
  std::string release;
  int64_t epoch = -1;  // -1 = none
  std::vector<std::string> provides = {};
  std::vector<std::string> needs = {};
  std::vector<std::pair<std::string, std::string>> files = {};
  std::string module = {};
  std::string source = {};  // "" = name-version-release.src.rpm
};
std::string MakeRpmHeader(const RpmSample& sample);

std::string MakeRpmSqlite(
    const std::vector<std::string>& headers);  // pages of 512 bytes: overflow pages are used
std::string MakeRpmNdb(const std::vector<std::string>& headers);
enum class ByteOrder : uint8_t { kLittle, kBig };
std::string MakeRpmBerkeleyDb(const std::vector<std::string>& headers,
                              ByteOrder order = ByteOrder::kLittle);

// Three packages in two layers of dependency, one of them a gpg-pubkey.
std::vector<std::string> SampleRpmHeaders();

}  // namespace scantling::testing
