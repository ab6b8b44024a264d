#!/usr/bin/env python3
"""Makes texts.cc from the ready policies beside it: python3 embed.py > texts.cc. A test compares them."""
import pathlib
import re

ORDER = ["look-first", "warn-new", "stop-exploited", "stop-new-critical", "bod-26-04", "strict"]

folder = pathlib.Path(__file__).parent
print("""// The ready policies' texts. Made by embed.py from the files beside it; a test compares them.
#include "policy/rules/ready.h"

#include <array>

namespace scantling::policy {
namespace {

// clang-format off
constexpr std::array<ReadyPolicy, %d> kPolicies = {{""" % len(ORDER))
for name in ORDER:
    text = (folder / (name + ".yaml")).read_text()
    summary = re.search(r"^description: (.*)$", text, re.M).group(1)
    print('{"%s",\n "%s",\nR"YAML(%s)YAML"},' % (name, summary.replace('"', '\\"'), text))
print("""}};
// clang-format on

}  // namespace

std::span<const ReadyPolicy> ReadyPolicies() { return kPolicies; }

}  // namespace scantling::policy""")
