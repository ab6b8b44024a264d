#include "base/time.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace scantling::base {
namespace {

std::optional<int> Digits(std::string_view text, size_t at, size_t count) {
  if (text.size() < at + count) {
    return std::nullopt;
  }
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::optional<Seconds> ParseTime(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  const Seconds midnight = std::chrono::sys_days{date}.time_since_epoch().count() * kSecondsPerDay;
  if (text.size() == 10) {
    return midnight;
  }
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') {
    return std::nullopt;
  }
  const auto hour = Digits(text, 11, 2);
  const auto minute = Digits(text, 14, 2);
  const auto second = Digits(text, 17, 2);
  if (!hour || !minute || !second || text[13] != ':' || text[16] != ':' || *hour > 23 ||
      *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    ++at;
    const size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      ++at;
    }
    if (at == first) {
      return std::nullopt;
    }
  }
  Seconds offset = 0;
  std::string_view zone = text.substr(at);
  if (zone.empty() || zone == "Z" || zone == "z") {
    offset = 0;  // A time without a zone is read as UTC: the feeds that leave it out mean that.
  } else if (zone[0] == '+' || zone[0] == '-') {
    const bool colon = zone.size() == 6 && zone[3] == ':';
    const auto zone_hour = Digits(zone, 1, 2);
    const auto zone_minute = Digits(zone, colon ? 4 : 3, 2);
    if ((!colon && zone.size() != 5) || !zone_hour || !zone_minute || *zone_hour > 23 ||
        *zone_minute > 59) {
      return std::nullopt;
    }
    offset = (*zone_hour * 60 + *zone_minute) * 60 * (zone[0] == '-' ? -1 : 1);
  } else {
    return std::nullopt;
  }
  return midnight + *hour * 3600 + *minute * 60 + *second - offset;
}

namespace {

struct Civil {
  int year;
  unsigned month;
  unsigned day;
  Seconds rest;
};

Civil ToCivil(Seconds time) {
  Seconds days = time / kSecondsPerDay;
  Seconds rest = time % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), rest};
}

}  // namespace

std::string FormatDate(Seconds time) {
  const Civil c = ToCivil(time);
  if (c.year >= 0 && c.year <= 9999) {
    std::string out = "0000-00-00";
    const auto put = [&out](size_t last, unsigned value) {
      for (size_t at = last; value != 0; --at, value /= 10) {
        out[at] = static_cast<char>('0' + value % 10);
      }
    };
    put(3, static_cast<unsigned>(c.year));
    put(6, c.month);
    put(9, c.day);
    return out;
  }
  char out[40];
  const int n = std::snprintf(out, sizeof(out), "%04d-%02u-%02u", c.year, c.month, c.day);
  return {out, static_cast<size_t>(n)};
}

std::string FormatTime(Seconds time) {
  const Civil c = ToCivil(time);
  char out[64];
  const int n = std::snprintf(out, sizeof(out), "%04d-%02u-%02uT%02d:%02d:%02dZ", c.year, c.month,
                              c.day, static_cast<int>(c.rest / 3600),
                              static_cast<int>(c.rest / 60 % 60), static_cast<int>(c.rest % 60));
  return {out, static_cast<size_t>(n)};
}

std::string FormatHeaderTime(Seconds time, std::string_view zone) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = ToCivil(time);
  const Seconds days = (time - c.rest) / kSecondsPerDay;
  const auto weekday = static_cast<size_t>(((days + 4) % 7 + 7) % 7);  // 1970 began on a Thursday
  char out[64];
  const int n =
      std::snprintf(out, sizeof(out), "%s, %02u %s %04d %02d:%02d:%02d ", kDays.at(weekday), c.day,
                    kMonths.at(c.month - 1), c.year, static_cast<int>(c.rest / 3600),
                    static_cast<int>(c.rest / 60 % 60), static_cast<int>(c.rest % 60));
  return std::string(out, static_cast<size_t>(n)).append(zone);
}

}  // namespace scantling::base
