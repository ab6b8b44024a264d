#include "version/compare_lines.h"

#include "base/strings.h"
#include "version/compare.h"

#include <optional>
#include <utility>

namespace scantling::version {
namespace {

std::vector<std::string_view> Fields(std::string_view line) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> out;
  while (true) {
    const size_t start = line.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) {
      return out;
    }
    line.remove_prefix(start);
    const size_t end = line.find_first_of(kBlanks);
    out.push_back(line.substr(0, end));
    if (end == std::string_view::npos) {
      return out;
    }
    line.remove_prefix(end);
  }
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::optional<int> OperatorOf(std::string_view text) {
  if (text == "<") {
    return -1;
  }
  if (text == ">") {
    return 1;
  }
  if (text == "=" || text == "==") {
    return 0;
  }
  return std::nullopt;
}

std::string_view OperatorText(int order) { return order < 0 ? "<" : (order > 0 ? ">" : "="); }

// nullopt: the line is right.
std::optional<LineProblem> CheckLine(Ecosystem ecosystem, std::string_view line,
                                     CompareLinesResult& result) {
  using Kind = LineProblem::Kind;
  const auto problem = [&](Kind kind, std::string detail) {
    return LineProblem{
        .line = 0, .kind = kind, .text = std::string(line), .detail = std::move(detail)};
  };
  std::vector<std::string_view> fields = Fields(line);
  if (fields.size() > 3 && fields[3].front() == '#') {
    fields.resize(3);  // a remark after the comparison
  }
  if (fields.size() != 3) {
    return problem(Kind::kMalformed, "expected \"A < B\", \"A = B\" or \"A > B\", found " +
                                         std::to_string(fields.size()) +
                                         (fields.size() == 1 ? " field" : " fields"));
  }
  const std::optional<int> want = OperatorOf(fields[1]);
  if (!want.has_value()) {
    return problem(Kind::kMalformed,
                   "expected <, = or > between the versions, found " + Quoted(fields[1]));
  }
  const std::optional<int> got = Compare(ecosystem, fields[0], fields[2]);
  if (!got.has_value()) {
    const std::string_view culprit = IsValid(ecosystem, fields[0]) ? fields[2] : fields[0];
    return problem(Kind::kInvalid,
                   Quoted(culprit) + " is not a version of " + std::string(PurlType(ecosystem)));
  }
  ++result.compared;
  if (*got == *want) {
    return std::nullopt;
  }
  std::string detail(fields[0]);
  detail.append(" ").append(OperatorText(*got)).append(" ").append(fields[2]);
  return problem(Kind::kWrong, std::move(detail));
}

}  // namespace

CompareLinesResult CompareLines(Ecosystem ecosystem, std::string_view text) {
  CompareLinesResult result;
  uint64_t number = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = base::Trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (std::optional<LineProblem> problem = CheckLine(ecosystem, line, result)) {
      problem->line = number;
      result.problems.push_back(*std::move(problem));
    }
  }
  return result;
}

}  // namespace scantling::version
