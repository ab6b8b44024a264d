// The policies that the program carries, from "look-first", which only observes, to "strict". Their
// files are in ready/, with cases beside them; what each does to three images: docs/policy.md.
#pragma once

#include <span>
#include <string_view>

namespace scantling::policy {

struct ReadyPolicy {
  std::string_view name;     // "look-first"
  std::string_view summary;  // the file's description
  std::string_view text;     // scantling.policy/1
};

// From mild to strict.
std::span<const ReadyPolicy> ReadyPolicies();
const ReadyPolicy* MaybeReadyPolicy(std::string_view name);

}  // namespace scantling::policy
