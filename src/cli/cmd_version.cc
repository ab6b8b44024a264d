// scantling version compare: lines "A < B" on standard input against our comparator.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "report/text.h"
#include "version/compare_lines.h"

#include <unistd.h>

#include <cerrno>

namespace scantling::cli {
namespace {

base::Result<std::string> ReadStandardInput(uint64_t max_bytes) {
  std::string out;
  char buffer[1 << 16];
  while (true) {
    const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      return base::IoError("standard input");
    }
    if (size == 0) {
      return out;
    }
    out.append(buffer, static_cast<size_t>(size));
    if (out.size() > max_bytes) {
      return base::LimitMet("standard input: limit document-bytes");
    }
  }
}

}  // namespace

int RunVersionCompare(const Invocation& invocation) {
  const std::string& name = invocation.arguments[0];
  const auto ecosystem = version::EcosystemFromName(name);
  if (!ecosystem) {
    return Fail(kUsageError,
                "\"" + name +
                    "\" is no ecosystem that we order versions of; known are deb, apk, "
                    "rpm, pypi, npm, maven, golang, gem, composer, nuget, cargo");
  }
  const auto text = ReadStandardInput(invocation.settings.limits.document_bytes);
  if (!text) {
    return Fail(text.error());
  }
  const version::CompareLinesResult result = version::CompareLines(*ecosystem, *text);
  std::string out;
  for (const version::LineProblem& problem : result.problems) {
    const std::string_view kind = problem.kind == version::LineProblem::Kind::kWrong ? "wrong"
                                  : problem.kind == version::LineProblem::Kind::kInvalid
                                      ? "not a version"
                                      : "not a comparison";
    out += "line " + std::to_string(problem.line) + ": " + report::Clean(problem.text) + "  [" +
           std::string(kind) + ": " + report::Clean(problem.detail) + "]\n";
  }
  const int printed = Print(out);
  return printed == kDone && !result.ok() ? kThresholdMet : printed;
}

}  // namespace scantling::cli
