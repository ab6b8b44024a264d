// Who is told what: what has newly opened, grouped by owner and by the rebuild that ends it; one
// message per channel and batch, never one per finding.
//
// Channels are the document "channels": {"channels": [{"name", "kind": "webhook"|"slack"|"teams",
// "url", "secret", "owners": [..], "at_least": "high"}]}; no owners = everybody's. The transaction
// that marks a batch as told puts the deliveries into the queue (store/jobs.h, kind "notify"), so
// that none is lost and none is made twice; a receiver may still get one twice when it answered and
// we did not hear (X-Scantling-Delivery is the same then).
#pragma once

#include "base/result.h"
#include "program/service.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

enum class ChannelKind : uint8_t { kWebhook, kSlack, kTeams };

struct Channel {
  std::string name;
  ChannelKind kind = ChannelKind::kWebhook;
  std::string url;
  std::string secret;                           // of the HMAC; "" = not signed
  std::vector<std::string> owners;              // empty = all
  model::Level at_least = model::Level::kHigh;  // exploited ones always count
};

// Errors name the channel and the member.
base::Result<std::vector<Channel>> ParseChannels(std::string_view json);
// Those in force; none when none were ever given.
base::Result<std::vector<Channel>> ReadChannels(store::Connection& connection);

// The document; without secrets it has "signed" in their place.
enum class Secrets : uint8_t { kKept, kHidden };
std::string ChannelsJson(const std::vector<Channel>& channels, Secrets secrets);

// Puts deliveries for what has opened since the last call into the queue. How many. `page` is the
// server's address, for links.
base::Result<uint64_t> PlanNotifications(Service& service, std::string_view page);

// What a job of kind "notify" carries.
struct Delivery {
  std::string channel;
  std::string body;  // JSON, in the channel's form
};
base::Result<Delivery> ParseDelivery(std::string_view payload);

// "sha256=" and the hex HMAC-SHA-256 (RFC 2104) of the body, as GitHub's webhooks have it.
std::string Sign(std::string_view secret, std::string_view body);

}  // namespace scantling::program
