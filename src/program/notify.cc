#include "program/notify.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "net/smtp.h"
#include "program/answers.h"
#include "program/events.h"
#include "program/lists.h"
#include "program/text.h"
#include "store/jobs.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace scantling::program {
namespace {

constexpr int64_t kBatch = 5000;  // events at once
constexpr size_t kMaxChannels = 100;
constexpr size_t kMaxReceivers = 50;
constexpr std::string_view kTest = "test-";  // of the key of a message without news
constexpr size_t kShown = 10;                // vulnerabilities of one owner by name

// Of one owner, as of now.
struct Item {
  std::string vulnerability;
  model::Level level = model::Level::kUnknown;
  bool kev = false;
  std::string summary;
  std::string cause;
  uint64_t images = 0;
  uint64_t copies = 0;
  std::set<std::string> rebuilds;  // "debian:12", "registry/shop"
};

using ByOwner = std::map<std::string, std::vector<Item>>;

// What is newly open, by owner.
ByOwner Collect(const View& view, const std::map<std::string, std::string>& causes) {
  const Fleet& fleet = view.fleet();
  HoleCounter counter(view, {});
  ByOwner out;
  for (const auto& [name, cause] : causes) {
    const uint32_t index = fleet.FindVulnerability(name);
    if (index == kNone) {
      continue;
    }
    const Vulnerability& one = fleet.vulnerabilities()[index];
    std::vector<uint32_t> contents;
    counter.Count(index, &contents);
    // What ends it in each image.
    std::map<uint32_t, std::set<std::string>> rebuilds;
    for (const uint32_t m : one.matches) {
      const Match& match = fleet.matches()[m];
      if (!match.OpenAt(view.as_of())) {
        continue;
      }
      for (const uint32_t content : fleet.components()[match.component].contents) {
        if (std::binary_search(contents.begin(), contents.end(), content)) {
          rebuilds[content].insert(RebuildOf(view, content, match.component).target);
        }
      }
    }
    std::map<std::string, Item> owners;
    for (const uint32_t content : contents) {
      const auto add = [&](uint32_t owner, uint64_t copies) {
        Item& item =
            owners[owner == 0 ? std::string("(nobody)") : std::string(fleet.texts()[owner])];
        ++item.images;
        item.copies += copies;
        item.rebuilds.insert(rebuilds[content].begin(), rebuilds[content].end());
        item.rebuilds.erase("");
      };
      std::map<uint32_t, uint64_t> copies;
      for (const uint32_t copy : view.copies_of(content)) {
        ++copies[fleet.copies()[copy].owner];
      }
      if (copies.empty()) {
        add(fleet.contents()[content].owner, 0);
      }
      for (const auto& [owner, count] : copies) {
        add(owner, count);
      }
    }
    for (auto& [owner, item] : owners) {
      item.vulnerability = one.name;
      item.summary = one.summary;
      item.kev = one.kev_added != 0;
      item.cause = cause;
      for (const uint32_t m : one.matches) {
        if (fleet.matches()[m].OpenAt(view.as_of())) {
          item.level = std::max(item.level, fleet.matches()[m].level);
        }
      }
      out[owner].push_back(std::move(item));
    }
  }
  for (auto& [owner, items] : out) {
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
      const auto rank = [](const Item& item) {
        return std::tuple(item.kev, item.level, item.copies, item.images);
      };
      return rank(a) != rank(b) ? rank(a) > rank(b) : a.vulnerability < b.vulnerability;
    });
  }
  return out;
}

enum class Rebuild : uint8_t { kNamed, kLeftOut };

std::string Words(const Item& item, Rebuild rebuild = Rebuild::kNamed) {
  std::string out = item.vulnerability + " (" + std::string(model::ToString(item.level)) +
                    (item.kev ? ", exploited" : "") + "): " + std::to_string(item.copies) +
                    (item.copies == 1 ? " running copy, " : " running copies, ") +
                    std::to_string(item.images) + (item.images == 1 ? " image" : " images");
  if (!item.rebuilds.empty() && rebuild == Rebuild::kNamed) {
    out += "; rebuild ";
    size_t count = 0;
    for (const std::string& target : item.rebuilds) {
      if (++count > 3) {
        out += " and " + std::to_string(item.rebuilds.size() - 3) + " more";
        break;
      }
      out += (count == 1 ? "" : ", ") + target;
    }
  }
  return out;
}

void WriteItem(codec::JsonWriter& json, const Item& item, std::string_view page) {
  json.BeginObject();
  json.Text("vulnerability", item.vulnerability);
  json.Text("severity", model::ToString(item.level));
  json.Bool("exploited", item.kev);
  json.Text("summary", item.summary);
  json.Text("cause", item.cause);
  json.Uint("images", item.images);
  json.Uint("copies", item.copies);
  json.Texts("rebuild", {item.rebuilds.begin(), item.rebuilds.end()});
  json.Text("link", std::string(page) + "/vulnerabilities/" + item.vulnerability);
  json.EndObject();
}

size_t CountOf(const ByOwner& owners) {
  size_t out = 0;
  for (const auto& [owner, items] : owners) {
    out += items.size();
  }
  return out;
}

std::string SubjectOf(const ByOwner& owners) {
  const size_t count = CountOf(owners);
  return std::to_string(count) + (count == 1 ? " new vulnerability for " : " new for ") +
         (owners.size() == 1 ? owners.begin()->first : std::to_string(owners.size()) + " owners");
}

// By owner, and there by what is to be rebuilt: what to do goes before what is wrong.
std::string MailBody(const ByOwner& owners, std::string_view page) {
  std::string out;
  for (const auto& [owner, items] : owners) {
    std::map<std::string, std::vector<const Item*>> actions;
    for (const Item& item : items) {
      actions[item.rebuilds.empty()
                  ? "No rebuild ends these yet"
                  : "Rebuild " + base::Join({item.rebuilds.begin(), item.rebuilds.end()}, ", ")]
          .push_back(&item);
    }
    out += owner + ": " + std::to_string(items.size()) + " new\n";
    size_t shown = 0;
    for (const auto& [action, ended] : actions) {
      if (shown >= kShown) {
        break;
      }
      out += "\n" + action.substr(0, 300) + "\n";
      for (size_t i = 0; i < ended.size() && shown < kShown; ++i, ++shown) {
        out += "- " + Words(*ended[i], Rebuild::kLeftOut) + "\n";
      }
    }
    if (items.size() > shown) {
      out += "- and " + std::to_string(items.size() - shown) + " more\n";
    }
    out += "\n";
  }
  if (!page.empty()) {
    out += std::string(page) + "/vulnerabilities\n";
  }
  return out;
}

std::string BodyOf(const Channel& channel, const ByOwner& owners, std::string_view page) {
  if (channel.kind == ChannelKind::kEmail) {
    return MailBody(owners, page);
  }
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  if (channel.kind == ChannelKind::kWebhook) {
    json.BeginObject();
    json.Text("schema", "scantling.notification/1");
    json.Key("owners");
    json.BeginArray();
    for (const auto& [owner, items] : owners) {
      json.BeginObject();
      json.Text("owner", owner);
      json.Uint("total", items.size());
      json.Key("opened");
      json.BeginArray();
      for (size_t i = 0; i < items.size() && i < 100; ++i) {
        WriteItem(json, items[i], page);
      }
      json.EndArray();
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return out;
  }
  // Slack's and Teams' incoming webhooks both take {"text": ...}; Slack marks bold with one star.
  const std::string_view bold = channel.kind == ChannelKind::kSlack ? "*" : "**";
  std::string text;
  for (const auto& [owner, items] : owners) {
    text.append(text.empty() ? "" : "\n").append(bold).append(owner).append(bold);
    text += ": " + std::to_string(items.size()) + " new\n";
    for (size_t i = 0; i < items.size() && i < kShown; ++i) {
      text += "- " + Words(items[i]) + "\n";
    }
    if (items.size() > kShown) {
      text += "- and " + std::to_string(items.size() - kShown) + " more: " + std::string(page) +
              "/vulnerabilities\n";
    }
  }
  json.BeginObject();
  json.Text("text", text);
  json.EndObject();
  return out;
}

base::Result<bool> Queue(Change& change, const Channel& channel, const std::string& about,
                         std::string_view subject, std::string_view body) {
  store::Job job;
  job.kind = "notify";
  job.key = channel.name + ":" + about;
  codec::JsonWriter json(&job.payload, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("channel", channel.name);
  json.Text("subject", subject);
  json.Text("body", body);
  json.EndObject();
  return store::Enqueue(change.connection, job, change.now);
}

// The receivers of a mail, or what is wrong with them.
std::string ReadReceivers(codec::JsonValue value, std::vector<std::string>& to) {
  std::string wrong;
  value.ForEach([&](codec::JsonValue one) {
    if (!net::IsMailAddress(one.Text())) {
      wrong = "\"" + base::ToUtf8(one.Text().substr(0, 100)) + "\" is no mail address";
    } else if (to.size() >= kMaxReceivers) {
      wrong = "has more than " + std::to_string(kMaxReceivers) + " addresses";
    }
    to.emplace_back(one.Text());
    return wrong.empty();
  });
  return to.empty() ? "must be a list of mail addresses" : wrong;
}

}  // namespace

std::string_view ToString(ChannelKind kind) {
  switch (kind) {
    case ChannelKind::kSlack:
      return "slack";
    case ChannelKind::kTeams:
      return "teams";
    case ChannelKind::kEmail:
      return "email";
    case ChannelKind::kWebhook:
      break;
  }
  return "webhook";
}

base::Result<std::vector<Channel>> ParseChannels(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 20));
  if (!root["channels"].IsArray()) {
    return base::Invalid("\"channels\" must be a list");
  }
  std::vector<Channel> out;
  std::string wrong;
  std::set<std::string> names;
  root["channels"].ForEach([&](codec::JsonValue value) {
    const std::string place = "channels[" + std::to_string(out.size()) + "]";
    Channel channel;
    channel.name = value["name"].Text();
    channel.url = value["url"].Text();
    channel.secret = value["secret"].Text();
    const std::string_view kind = value["kind"].Text();
    if (kind == "slack") {
      channel.kind = ChannelKind::kSlack;
    } else if (kind == "teams") {
      channel.kind = ChannelKind::kTeams;
    } else if (kind == "email") {
      channel.kind = ChannelKind::kEmail;
      if (const std::string why = ReadReceivers(value["to"], channel.to); !why.empty()) {
        wrong = place + ".to " + why;
      }
    } else if (kind != "webhook") {
      wrong = place + ".kind must be webhook, slack, teams or email";
    }
    if (const std::string_view level = value["at_least"].Text(); !level.empty()) {
      const auto parsed = model::LevelFromName(level);
      if (!parsed) {
        wrong = place + ".at_least must be a severity: low, medium, high, critical";
      }
      channel.at_least = parsed.value_or(model::Level::kHigh);
    }
    value["owners"].ForEach([&](codec::JsonValue owner) {
      channel.owners.emplace_back(owner.Text());
      return channel.owners.size() < 1000;
    });
    if (channel.name.empty() || channel.name.size() > 100 || !names.insert(channel.name).second) {
      wrong = place + ".name is missing, too long, or stands twice";
    } else if (channel.kind != ChannelKind::kEmail && !channel.url.starts_with("https://") &&
               !channel.url.starts_with("http://")) {
      wrong = place + ".url must be an https:// or http:// address";
    } else if (out.size() >= kMaxChannels) {
      wrong = "more than " + std::to_string(kMaxChannels) + " channels";
    }
    out.push_back(std::move(channel));
    return wrong.empty();
  });
  if (!wrong.empty()) {
    return base::Invalid(std::move(wrong));
  }
  return out;
}

std::string ChannelsJson(const std::vector<Channel>& channels, Secrets secrets,
                         const ChannelStates* maybe_states) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Key("channels");
  json.BeginArray();
  for (const Channel& channel : channels) {
    json.BeginObject();
    json.Text("name", channel.name);
    json.Text("kind", ToString(channel.kind));
    if (channel.kind == ChannelKind::kEmail) {
      json.Texts("to", channel.to);
    } else {
      json.Text("url", channel.url);
    }
    if (secrets == Secrets::kHidden) {
      json.Bool("signed", !channel.secret.empty());
    } else if (!channel.secret.empty()) {
      json.Text("secret", channel.secret);
    }
    json.Texts("owners", channel.owners);
    json.Text("at_least", model::ToString(channel.at_least));
    const auto state = maybe_states == nullptr ? ChannelStates::const_iterator()
                                               : maybe_states->find(channel.name);
    if (maybe_states != nullptr && state != maybe_states->end()) {
      const store::Job& job = state->second.last;
      json.Key("last");
      json.BeginObject();
      json.Text("state", store::ToString(job.state));
      json.Text("error", job.error);
      json.Int("attempts", job.attempts);
      json.Text("at", FormatMillis(job.changed));
      if (job.state == store::JobState::kQueued) {
        json.Text("next", FormatMillis(std::max(job.not_before, job.created)));
      }
      json.EndObject();
      if (const store::Job& failure = state->second.failure; failure.id != 0) {
        json.Key("failure");
        json.BeginObject();
        json.Text("at", FormatMillis(failure.changed));
        json.Text("error", failure.error);
        json.Int("attempts", failure.attempts);
        json.Uint("given_up", state->second.given_up);
        json.EndObject();
      }
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return out;
}

base::Result<std::vector<Channel>> ReadChannels(store::Connection& connection) {
  SCANTLING_TRY(const std::string document, ReadDocumentOrNothing(connection, "channels"));
  return document.empty() ? std::vector<Channel>() : ParseChannels(document);
}

base::Result<uint64_t> PlanNotifications(Service& service, std::string_view page) {
  std::vector<Channel> channels;
  int64_t told = 0;
  std::map<std::string, std::string> causes;  // vulnerability -> why it opened
  int64_t newest = 0;
  auto read = service.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(channels, ReadChannels(connection));
    SCANTLING_TRY(const std::string mark, ReadDocumentOrNothing(connection, "notified"));
    told = base::ParseNumber<int64_t>(mark).value_or(0);
    const store::Value values[] = {told, kBatch};
    codec::Json parser;
    return connection.Query(
        "SELECT seq, subject, body FROM events WHERE seq > $1 "
        "AND kind = 'match_opened' ORDER BY seq LIMIT $2",
        values, [&](const store::Row& row) -> base::Result<void> {
          newest = row.Int(0);
          SCANTLING_TRY(const codec::JsonValue body, parser.Parse(row.Text(2)));
          causes.emplace(row.Text(1), body["cause"].Text());
          return {};
        });
  });
  SCANTLING_DO(std::move(read));
  if (newest == 0) {
    return 0;
  }
  ByOwner owners;
  SCANTLING_DO(service.Read(0, [&](const View& view) -> base::Result<void> {
    owners = Collect(view, causes);
    return {};
  }));
  uint64_t planned = 0;
  auto written = service.Write([&](Change& change) -> base::Result<void> {
    // Another process may have told of these meanwhile.
    SCANTLING_TRY(const std::string mark, ReadDocumentOrNothing(change.connection, "notified"));
    if (base::ParseNumber<int64_t>(mark).value_or(0) != told) {
      return {};
    }
    for (const Channel& channel : channels) {
      ByOwner theirs;
      for (const auto& [owner, items] : owners) {
        if (!channel.owners.empty() && std::find(channel.owners.begin(), channel.owners.end(),
                                                 owner) == channel.owners.end()) {
          continue;
        }
        for (const Item& item : items) {
          if (item.kev || item.level >= channel.at_least) {
            theirs[owner].push_back(item);
          }
        }
      }
      if (theirs.empty()) {
        continue;
      }
      SCANTLING_TRY(const bool added, Queue(change, channel, std::to_string(newest),
                                            SubjectOf(theirs), BodyOf(channel, theirs, page)));
      planned += added ? 1 : 0;
    }
    return WriteDocument(change, "notified", std::to_string(newest));
  });
  SCANTLING_DO(std::move(written));
  return planned;
}

base::Result<Delivery> ParseDelivery(std::string_view payload) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(payload));
  return Delivery{std::string(root["channel"].Text()), std::string(root["subject"].Text()),
                  std::string(root["body"].Text())};
}

base::Result<void> PlanTest(Change& change, std::string_view name, std::string_view page) {
  SCANTLING_TRY(const std::vector<Channel> channels, ReadChannels(change.connection));
  const auto channel = std::find_if(channels.begin(), channels.end(),
                                    [&](const Channel& one) { return one.name == name; });
  if (channel == channels.end()) {
    return base::NotFound("there is no channel \"" + base::ToUtf8(name) + "\"");
  }
  const std::string text =
      "A test of the channel " + channel->name + ": notifications arrive here.";
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  if (channel->kind == ChannelKind::kEmail) {
    body = text + "\n" + std::string(page) + "\n";
  } else {
    json.BeginObject();
    if (channel->kind == ChannelKind::kWebhook) {
      json.Text("schema", "scantling.notification/1");
      json.Text("test", text);
      json.Key("owners");
      json.BeginArray();
      json.EndArray();
    } else {
      json.Text("text", text);
    }
    json.EndObject();
  }
  SCANTLING_DO(Queue(change, *channel, std::string(kTest) + std::to_string(change.now),
                     "Test of " + channel->name, body));
  return {};
}

base::Result<ChannelStates> ReadChannelStates(store::Connection& connection) {
  ChannelStates out;
  std::map<std::string, Millis, std::less<>> arrived;  // the last that did
  std::vector<store::Job> failed;
  SCANTLING_DO(store::VisitJobs(connection, "notify", [&](const store::Job& job) {
    const std::string channel = job.key.substr(0, job.key.rfind(':'));
    out.emplace(channel, ChannelState{job, {}, 0});
    if (job.state == store::JobState::kDone) {
      Millis& last = arrived[channel];
      last = std::max(last, job.changed);
    } else if (job.state == store::JobState::kFailed) {
      failed.push_back(job);
    }
  }));
  for (store::Job& job : failed) {
    const size_t colon = job.key.rfind(':');
    const std::string channel = job.key.substr(0, colon);
    const auto last = arrived.find(channel);
    if (last != arrived.end() && last->second >= job.changed) {
      continue;
    }
    ChannelState& state = out[channel];
    state.given_up += job.key.compare(colon + 1, kTest.size(), kTest) == 0 ? 0 : 1;
    if (job.changed > state.failure.changed) {
      state.failure = std::move(job);
    }
  }
  return out;
}

std::string Sign(std::string_view secret, std::string_view body) {
  return "sha256=" + base::HmacSha256(secret, base::AsBytes(body)).Hex();
}

}  // namespace scantling::program
