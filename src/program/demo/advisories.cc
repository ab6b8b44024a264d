// See advisories.h.
#include "program/demo/advisories.h"

#include "advisory/starter/starter.h"
#include "base/strings.h"
#include "base/time.h"

#include <algorithm>
#include <array>
#include <set>

namespace scantling::program::demo {
namespace {

// When the company hears of it, and since when there is a fix: days before the end.
struct Late {
  std::string_view id;
  int heard = 0;
  int fixed = 0;
};
constexpr std::array<Late, 16> kLate = {{{"CVE-2024-2961", 84, 80},
                                         {"CVE-2024-35195", 77, 77},
                                         {"CVE-2024-24790", 71, 71},
                                         {"CVE-2024-37890", 66, 66},
                                         {"CVE-2024-5535", 61, 47},
                                         {"CVE-2024-37370", 58, 58},
                                         {"CVE-2024-37371", 58, 58},
                                         {"CVE-2024-6387", 52, 51},
                                         {"CVE-2024-6345", 44, 44},
                                         {"CVE-2024-41110", 37, 37},
                                         {"CVE-2024-7264", 31, 24},
                                         {"CVE-2024-42005", 24, 24},
                                         {"CVE-2024-45490", 16, 12},
                                         {"CVE-2024-45492", 16, 12},
                                         {"CVE-2024-21538", 9, 9},
                                         {"CVE-2024-45337", 3, 3}}};

constexpr std::string_view kOldNamespace = "alpine:v3.16";
constexpr int kOldSince = 40;

// "<2.36-9+deb12u6 advisory=... date=..." was "open" before there was a fix.
std::string WithoutFix(std::string_view statement) {
  const auto words = base::Split(base::Trim(statement), ' ');
  std::string out = " " + std::string(words[0]) + " " + std::string(words[1]) + " ";
  std::string ranges;
  for (const std::string_view part : base::Split(words[2], ';')) {
    const size_t below = part.find('<');
    std::string open(below == std::string_view::npos ? part : part.substr(0, below));
    if (open.empty()) {
      open = "open";
    }
    ranges.append(ranges.empty() ? "" : ";").append(open);
  }
  out += ranges;
  for (size_t i = 3; i < words.size(); ++i) {
    if (words[i].starts_with("level=") || words[i].starts_with("module=")) {
      out.append(" ").append(words[i]);
    }
  }
  return out;
}

// The set as it was that day; of the old namespace only, or without it.
std::string TextOf(int day, bool old) {
  std::string out;
  std::string head;  // of the vulnerability, kept until it has a statement
  bool unheard = false;
  bool unfixed = false;
  for (const std::string_view line : base::Split(advisory::starter::SetText(), '\n')) {
    if (line.empty()) {
      continue;
    }
    if (line.starts_with("eol ")) {
      if (!old) {
        out.append(line).append("\n");
      }
      continue;
    }
    if (line.starts_with("vuln ")) {
      std::string_view id = line.substr(5);
      id = id.substr(0, id.find_first_of(", "));
      const auto late =
          std::find_if(kLate.begin(), kLate.end(), [&](const Late& one) { return one.id == id; });
      unheard = late != kLate.end() && day > late->heard;
      unfixed = late != kLate.end() && day > late->fixed;
      head = std::string(line) + "\n";
      continue;
    }
    if (unheard) {
      continue;
    }
    if (!line.starts_with(' ')) {
      head.append(line).append("\n");
      continue;
    }
    const bool of_old = base::Trim(line).starts_with(std::string(kOldNamespace) + " ");
    if (of_old != old) {
      continue;
    }
    out.append(head).append(unfixed ? WithoutFix(line) : std::string(line)).append("\n");
    head.clear();
  }
  return out;
}

std::string DateOf(Millis end, int days_before) {
  return base::FormatDate((end - days_before * kMillisPerDay) / 1000);
}

}  // namespace

std::vector<int> AdvisoryDays() {
  std::set<int, std::greater<>> days = {90, 0};
  for (const Late& one : kLate) {
    days.insert({one.heard, one.fixed});
  }
  return {days.begin(), days.end()};
}

base::Result<std::string> MakeAdvisories(Millis end, int day) {
  const std::string name(advisory::starter::kSourceName);
  return advisory::starter::BuildSets(
      {{name, DateOf(end, day + 1), TextOf(day, false)},
       {name + "-" + std::string(kOldNamespace), DateOf(end, std::max(day + 1, kOldSince)),
        TextOf(day, true)}});
}

}  // namespace scantling::program::demo
