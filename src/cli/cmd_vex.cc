// scantling vex: what VEX documents say, before they are used.
#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "policy/vex/vex.h"
#include "report/text.h"

namespace scantling::cli {

int RunVexCheck(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string& path = invocation.arguments[0];
  const auto text = base::ReadFile(path, settings.limits.document_bytes);
  if (!text) {
    return Fail(text.error());
  }
  const auto document = policy::ParseVex(*text, path);
  if (!document) {
    return Fail(document.error());
  }
  std::string out;
  size_t problems = 0;
  const auto say = [&](const policy::VexStatement& statement, const std::string& why) {
    ++problems;
    out +=
        report::Clean(path + statement.place + ": " + statement.vulnerability + " " +
                      std::string(model::ToString(statement.status)) + ": closes nothing: " + why) +
        "\n";
  };
  for (const policy::VexStatement& statement : document->statements) {
    if (!statement.void_because.empty()) {
      say(statement, statement.void_because);
      continue;
    }
    for (const policy::VexTarget& target : statement.targets) {
      if (!target.void_because.empty()) {
        say(statement, target.void_because);
        break;
      }
    }
  }
  for (const std::string& note : document->notes) {
    out += report::Clean(path + ": " + note) + "\n";
  }
  out += report::Clean(std::string(policy::ToString(document->format)) +
                       (document->id.empty() ? "" : " " + document->id)) +
         ": " + report::Count(document->statements.size(), "statement") + ", " +
         std::to_string(problems) + " without effect\n";
  const int printed = Print(out);
  return printed == kDone && problems != 0 ? kThresholdMet : printed;
}

}  // namespace scantling::cli
