// Shared by this room's tests: records in, a database out, and everything a database says as text.
#pragma once

#include "advisory/compile.h"
#include "advisory/database.h"
#include "advisory/feed_reader.h"
#include "advisory/writer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace scantling::advisory::test {

inline FeedRecords Read(FeedReader& reader,
                        const std::vector<std::pair<std::string, std::string>>& files) {
  FeedRecords out;
  for (const auto& [path, text] : files) {
    EXPECT_TRUE(reader.Wants(path)) << path;
    const auto result = reader.Read(path, text, out);
    EXPECT_TRUE(result.has_value())
        << path << ": " << (result.has_value() ? "" : result.error().Message());
  }
  reader.Finish(out);
  return out;
}

inline std::string BuildBytes(std::vector<FeedInput> feeds) {
  auto bytes = WriteDatabase(Compile(std::move(feeds)));
  EXPECT_TRUE(bytes.has_value());
  return bytes.has_value() ? *std::move(bytes) : std::string();
}

inline std::string Describe(const Statement& s) {
  std::string out(s.advisory);
  out += " " + std::string(s.source) + " state=" + std::to_string(static_cast<int>(s.state)) +
         " level=" + std::string(std::to_string(static_cast<int>(s.level))) +
         " note=" + std::string(s.note) + " module=" + std::string(s.module) +
         " date=" + (s.published == 0 ? "-" : base::FormatDate(s.published));
  for (const version::Interval& i : s.intervals) {
    out += " [" + std::string(i.introduced) + "," + std::string(i.fixed) + "," +
           std::string(i.last_affected) + "]";
  }
  for (const std::string_view import : s.imports) {
    out += " import=" + std::string(import);
  }
  return out;
}

// "CVE-...: statement" for each; "ERROR" when the database says so.
inline std::vector<std::string> LookupAll(const Database& db, std::string_view name_space,
                                          std::string_view package) {
  std::vector<std::string> out;
  std::vector<std::pair<uint32_t, std::string>> found;
  const auto result = db.Lookup(name_space, package, [&](const Statement& s) {
    found.emplace_back(s.vulnerability, Describe(s));
  });
  if (!result.has_value()) {
    return {"ERROR"};
  }
  for (const auto& [index, text] : found) {
    const auto v = db.GetVulnerability(index);
    out.push_back((v.has_value() ? std::string(v->id) : "ERROR") + ": " + text);
  }
  return out;
}

inline std::string Describe(const Vulnerability& v) {
  std::string out =
      std::string(v.id) + " \"" + std::string(v.summary) + "\" " + std::to_string(v.published);
  for (const std::string_view alias : v.aliases) {
    out += " alias=" + std::string(alias);
  }
  for (const model::SeverityOpinion& s : v.severities) {
    out += " " + s.source + "/" + std::to_string(static_cast<int>(s.level)) + "/" +
           std::to_string(s.score) + "/" + s.vector;
  }
  if (v.kev) {
    out += " kev=" + v.kev->date_added + "," + v.kev->due_date +
           (v.kev->ransomware ? ",ransomware" : "");
  }
  if (v.epss) {
    out += " epss=" + std::to_string(v.epss->probability) + "@" + v.epss->date;
  }
  if (v.exploit) {
    out += " exploit=" + std::to_string(static_cast<int>(v.exploit->kind));
    for (const std::string& source : v.exploit->sources) {
      out += "," + source;
    }
  }
  if (v.ssvc) {
    out += " ssvc=" + v.ssvc->exploitation + "/" + v.ssvc->automatable + "/" +
           v.ssvc->technical_impact;
  }
  return out;
}

}  // namespace scantling::advisory::test
