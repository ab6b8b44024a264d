// Who is told what: what has newly opened, grouped by owner and by the rebuild that ends it; one
// message per channel and batch, never one per finding.
//
// Channels are the document "channels": {"channels": [{"name", "kind": "webhook"|"slack"|"teams",
// "url", "secret", "owners": [..], "at_least": "high"}]}, or kind "email" with "to": [..] in place
// of "url"; no owners = everybody's. The transaction that marks a batch as told puts the deliveries
// into the queue (store/jobs.h, kind "notify"), so that none is lost and none is made twice; a
// receiver may still get one twice when it answered and we did not hear (X-Scantling-Delivery is
// the same then).
#pragma once

#include "base/result.h"
#include "program/service.h"
#include "store/jobs.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

enum class ChannelKind : uint8_t { kWebhook, kSlack, kTeams, kEmail };
std::string_view ToString(ChannelKind kind);  // "webhook"

struct Channel {
  std::string name;
  ChannelKind kind = ChannelKind::kWebhook;
  std::string url;                              // "" for mail
  std::vector<std::string> to;                  // mail addresses
  std::string secret;                           // of the HMAC; "" = not signed
  std::vector<std::string> owners;              // empty = all
  model::Level at_least = model::Level::kHigh;  // exploited ones always count
};

// Errors name the channel and the member.
base::Result<std::vector<Channel>> ParseChannels(std::string_view json);
// Those in force; none when none were ever given.
base::Result<std::vector<Channel>> ReadChannels(store::Connection& connection);

// How a channel's deliveries went, as long as jobs are kept.
struct ChannelState {
  store::Job last;        // the newest, without its payload
  store::Job failure;     // the last that was given up since one arrived; id 0 = none
  uint64_t given_up = 0;  // digests that were since then; tests are none
};
using ChannelStates = std::map<std::string, ChannelState, std::less<>>;  // by the channel's name
base::Result<ChannelStates> ReadChannelStates(store::Connection& connection);

// The document; without secrets it has "signed" in their place. With states it says how each
// channel's deliveries went.
enum class Secrets : uint8_t { kKept, kHidden };
std::string ChannelsJson(const std::vector<Channel>& channels, Secrets secrets,
                         const ChannelStates* maybe_states = nullptr);

// Puts deliveries for what has opened since the last call into the queue. How many. `page` is the
// server's address, for links.
base::Result<uint64_t> PlanNotifications(Service& service, std::string_view page);

// Puts a message without news into the queue, so that somebody can see whether the channel works.
// kNotFound when there is no such channel.
base::Result<void> PlanTest(Change& change, std::string_view channel, std::string_view page);

// What a job of kind "notify" carries. Its key is the channel's name, ":", and what it tells of.
struct Delivery {
  std::string channel;
  std::string subject;  // of a mail
  std::string body;     // in the channel's form: JSON, or the mail's text
};
base::Result<Delivery> ParseDelivery(std::string_view payload);

// "sha256=" and the hex HMAC-SHA-256 (RFC 2104) of the body, as GitHub's webhooks have it.
std::string Sign(std::string_view secret, std::string_view body);

}  // namespace scantling::program
