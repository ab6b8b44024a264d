// See ready.h. The texts: ready/texts.cc.
#include "policy/rules/ready.h"

namespace scantling::policy {

const ReadyPolicy* MaybeReadyPolicy(std::string_view name) {
  for (const ReadyPolicy& policy : ReadyPolicies()) {
    if (policy.name == name) {
      return &policy;
    }
  }
  return nullptr;
}

}  // namespace scantling::policy
