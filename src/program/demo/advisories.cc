// See advisories.h.
#include "program/demo/advisories.h"

#include "advisory/starter/starter.h"
#include "base/digest.h"
#include "base/strings.h"
#include "base/time.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace scantling::program::demo {
namespace {

// When the company hears of it, and since when there is a fix: days before the end.
struct Late {
  std::string_view id;
  int heard = 0;
  int fixed = 0;
};
constexpr std::array<Late, 20> kLate = {
    {{"CVE-2024-2961", 84, 80},  {"CVE-2024-35195", 77, 77}, {"CVE-2024-24790", 71, 71},
     {"CVE-2024-37890", 66, 66}, {"CVE-2024-5535", 61, 47},  {"CVE-2024-37370", 58, 58},
     {"CVE-2024-37371", 58, 58}, {"CVE-2024-6387", 52, 51},  {"CVE-2024-6345", 44, 44},
     {"CVE-2024-41110", 37, 37}, {"CVE-2024-7264", 31, 24},  {"CVE-2024-42005", 24, 24},
     {"CVE-2024-45490", 16, 12}, {"CVE-2024-45492", 16, 12}, {"CVE-2024-21538", 9, 9},
     {"CVE-2024-22195", 6, 6},   {"CVE-2024-4068", 5, 5},    {"CVE-2024-34069", 4, 4},
     {"CVE-2024-45337", 3, 3},   {"CVE-2024-28849", 2, 1}}};

// A day, before the end, on which something became of an old one.
struct Turn {
  std::string_view id;
  int day = 0;
};
// Listed as exploited within the 90 days; the others in the catalog were before.
constexpr std::array<Turn, 6> kListed = {{{"CVE-2021-44228", 84},
                                          {"CVE-2021-45046", 76},
                                          {"CVE-2022-22965", 30},
                                          {"CVE-2023-4863", 24},
                                          {"CVE-2023-44487", 17},
                                          {"CVE-2023-4911", 12}}};
// Taken back by their source: not in what is shipped (zlib), and no vulnerability at all (sqlite).
constexpr std::array<Turn, 2> kWithdrawn = {{{"CVE-2021-45346", 4}, {"CVE-2023-45853", 2}}};

// How likely exploitation is: made up, of the magnitude that EPSS had for them. The others are
// among the many with next to none.
struct Score {
  std::string_view id;
  double probability = 0;
};
constexpr std::array<Score, 44> kScores = {
    {{"CVE-2021-44228", 0.944}, {"CVE-2022-22965", 0.944},   {"CVE-2021-45046", 0.943},
     {"CVE-2023-44487", 0.944}, {"CVE-2023-4863", 0.932},    {"CVE-2022-42889", 0.942},
     {"CVE-2023-4911", 0.671},  {"CVE-2024-2961", 0.883},    {"CVE-2022-1471", 0.937},
     {"CVE-2015-7501", 0.714},  {"CVE-2024-6387", 0.481},    {"CVE-2023-38545", 0.263},
     {"CVE-2023-38408", 0.654}, {"CVE-2016-1000027", 0.512}, {"CVE-2021-45105", 0.662},
     {"CVE-2021-44832", 0.497}, {"CVE-2022-34265", 0.921},   {"CVE-2022-28346", 0.074},
     {"CVE-2024-32002", 0.761}, {"CVE-2023-45288", 0.702},   {"CVE-2023-48795", 0.521},
     {"CVE-2022-37434", 0.927}, {"CVE-2023-24998", 0.436},   {"CVE-2024-23334", 0.936},
     {"CVE-2020-14343", 0.138}, {"CVE-2021-32804", 0.027},   {"CVE-2023-26136", 0.061},
     {"CVE-2022-46175", 0.318}, {"CVE-2021-3749", 0.084},    {"CVE-2022-24999", 0.021},
     {"CVE-2024-5535", 0.043},  {"CVE-2024-45337", 0.387},   {"CVE-2024-45492", 0.012},
     {"CVE-2024-45490", 0.009}, {"CVE-2024-34069", 0.031},   {"CVE-2024-7264", 0.026},
     {"CVE-2023-0286", 0.882},  {"CVE-2021-23337", 0.007},   {"CVE-2021-44906", 0.013},
     {"CVE-2023-24329", 0.016}, {"CVE-2020-36518", 0.006},   {"CVE-2024-28085", 0.102},
     {"CVE-2022-37601", 0.047}, {"CVE-2022-0155", 0.005}}};
// Probability and how many of 100 are below it, as EPSS is spread.
constexpr std::array<std::pair<double, double>, 8> kPercentiles = {{{0.9, 0.997},
                                                                    {0.5, 0.978},
                                                                    {0.1, 0.929},
                                                                    {0.02, 0.832},
                                                                    {0.005, 0.649},
                                                                    {0.001, 0.283},
                                                                    {0.0005, 0.152},
                                                                    {0, 0.021}}};

constexpr std::string_view kOldNamespace = "alpine:v3.16";
constexpr int kOldSince = 40;
constexpr int kStoryDays = 90;

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

std::string DateOf(Millis end, int days_before) {
  return base::FormatDate((end - days_before * kMillisPerDay) / 1000);
}

template <typename Rows>
const typename Rows::value_type* Of(const Rows& rows, std::string_view id) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

int DaysBetween(std::string_view from, std::string_view to) {
  return static_cast<int>((base::ParseTime(to).value_or(0) - base::ParseTime(from).value_or(0)) *
                          1000 / kMillisPerDay);
}

// The set as it was on a day, of the old namespace only or without it. Its years are months here:
// what is old in the set came shortly before the 90 days.
class SetOfDay {
 public:
  SetOfDay(Millis end, int day) : end_(end), day_(day) {
    for (const std::string_view line : base::Split(advisory::starter::SetText(), '\n')) {
      if (line.starts_with("vuln ")) {
        newest_ = std::max(newest_, base::Split(line, ' ')[2]);
      }
    }
  }

  std::string Text(bool old) {
    std::string out;
    std::string head;  // of the vulnerability, kept until it has a statement
    bool left_out = false;
    const Late* late = nullptr;
    std::string_view id;
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
        const auto words = base::Split(line, ' ');
        id = words[1].substr(0, words[1].find(','));
        late = Of(kLate, id);
        const Turn* withdrawn = Of(kWithdrawn, id);
        left_out = (late != nullptr && day_ > late->heard) ||
                   (withdrawn != nullptr && day_ <= withdrawn->day);
        head =
            Replaced(line, words[2], late == nullptr ? Aged(words[2]) : DateOf(end_, late->heard)) +
            "\n" + ScoreOf(id);
        continue;
      }
      if (left_out) {
        continue;
      }
      if (line.starts_with("kev ")) {
        head += Listing(id, line);
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
      out += head;
      out += late != nullptr && day_ > late->fixed ? WithoutFix(line) : Dated(line, late);
      out += "\n";
      head.clear();
    }
    return out;
  }

 private:
  static std::string Replaced(std::string_view line, std::string_view part, std::string_view by) {
    const auto at = static_cast<size_t>(part.data() - line.data());
    return std::string(line.substr(0, at)) + std::string(by) +
           std::string(line.substr(at + part.size()));
  }

  std::string Aged(std::string_view date) const {
    return DateOf(end_, kStoryDays + 1 + DaysBetween(date, newest_) / 40);
  }

  std::string ScoreOf(std::string_view id) const {
    const Score* known = Of(kScores, id);
    const double probability =
        known != nullptr
            ? known->probability
            : 0.0003 + static_cast<double>(base::Sha256Of(base::AsBytes(id)).bytes[0]) / 100'000;
    const auto percentile = std::find_if(kPercentiles.begin(), kPercentiles.end(),
                                         [&](const auto& one) { return probability >= one.first; });
    return "epss " + DateOf(end_, day_ + 1) + " " + std::to_string(probability) + " " +
           std::to_string(percentile->second) + "\n";
  }

  // "kev ADDED DUE [ransomware]"; nothing before it was listed.
  std::string Listing(std::string_view id, std::string_view line) const {
    const auto words = base::Split(line, ' ');
    const Turn* listed = Of(kListed, id);
    const int day =
        listed != nullptr ? listed->day : kStoryDays + 1 + DaysBetween(words[1], newest_) / 40;
    if (day_ > day) {
      return {};
    }
    const std::string due = DateOf(end_, day - DaysBetween(words[1], words[2]));
    return "kev " + DateOf(end_, day) + " " + due + (words.size() > 3 ? " ransomware\n" : "\n");
  }

  std::string Dated(std::string_view statement, const Late* late) const {
    for (const std::string_view word : base::Split(statement, ' ')) {
      if (word.starts_with("date=")) {
        return Replaced(statement, word.substr(5),
                        late == nullptr ? Aged(word.substr(5)) : DateOf(end_, late->fixed));
      }
    }
    return std::string(statement);
  }

  Millis end_;
  int day_;
  std::string_view newest_;
};

}  // namespace

std::vector<int> AdvisoryDays() {
  std::set<int, std::greater<>> days = {kStoryDays, 0};
  for (const Late& one : kLate) {
    days.insert({one.heard, one.fixed});
  }
  for (const Turn& one : kListed) {
    days.insert(one.day);
  }
  for (const Turn& one : kWithdrawn) {
    days.insert(one.day);
  }
  return {days.begin(), days.end()};
}

base::Result<std::string> MakeAdvisories(Millis end, int day) {
  const std::string name(advisory::starter::kSourceName);
  SetOfDay set(end, day);
  return advisory::starter::BuildSets(
      {{name, DateOf(end, day + 1), set.Text(false)},
       {name + "-" + std::string(kOldNamespace), DateOf(end, std::max(day + 1, kOldSince)),
        set.Text(true)}});
}

}  // namespace scantling::program::demo
