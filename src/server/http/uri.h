// The text forms that come with a request: percent-encoding (RFC 3986), queries of
// application/x-www-form-urlencoded, cookies (RFC 6265 4.2). Any bytes are an answer; what cannot
// be decoded is nullopt, and the request is refused.
#pragma once

#include "server/http/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace scantling::server::http {

// %XX only. nullopt: a bad escape, or an escaped NUL.
std::optional<std::string> DecodePercent(std::string_view text);
// "a=1&a=2&b": '+' is a space. nullopt: a bad escape, or more than 256 fields.
std::optional<Fields> ParseQuery(std::string_view text);
// The value of the first cookie of that name in a Cookie header, without quotes; "" = none.
std::string_view FindCookie(std::string_view header, std::string_view name);
// Whether an Accept-Encoding value allows `coding` ("gzip;q=0" does not; "*" does).
bool AcceptsCoding(std::string_view header, std::string_view coding);

}  // namespace scantling::server::http
