// Requests, responses and problem details as values.
#include "server/http/message.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "server/http/uri.h"

#include <algorithm>
#include <array>

namespace scantling::server::http {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};

// A line break inside a value would start a field of its own.
std::string Clean(std::string_view value) {
  std::string out(value);
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

}  // namespace

std::string_view ToString(Method method) { return kMethods.at(static_cast<size_t>(method)); }

std::optional<Method> ParseMethod(std::string_view text) {
  for (size_t i = 0; i < kMethods.size(); ++i) {
    if (kMethods.at(i) == text) {
      return static_cast<Method>(i);
    }
  }
  return std::nullopt;
}

std::string_view Find(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (base::EqualsIgnoreCase(key, name)) {
      return value;
    }
  }
  return {};
}

bool Request::HasQuery(std::string_view name) const {
  return std::ranges::any_of(query, [&](const auto& field) { return field.first == name; });
}

std::vector<std::string_view> Request::QueryAll(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : query) {
    if (key == name) {
      out.emplace_back(value);
    }
  }
  return out;
}

std::string_view Request::Parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::string_view Request::Cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (base::EqualsIgnoreCase(key, "cookie")) {
      if (const std::string_view found = FindCookie(value, name); !found.empty()) {
        return found;
      }
    }
  }
  return {};
}

Response& Response::Set(std::string_view name, std::string_view value) {
  std::erase_if(headers,
                [&](const auto& field) { return base::EqualsIgnoreCase(field.first, name); });
  return Add(name, value);
}

Response& Response::Add(std::string_view name, std::string_view value) {
  headers.emplace_back(Clean(name), Clean(value));
  return *this;
}

Response Response::Json(std::string body, int status) {
  return Text(std::move(body), "application/json", status);
}

Response Response::Text(std::string body, std::string_view type, int status) {
  Response out;
  out.status = status;
  out.body = std::move(body);
  out.Add("Content-Type", type);
  return out;
}

Response Response::Packed(std::string_view type, std::string gzip) {
  Response out;
  out.packed = std::move(gzip);
  out.Add("Content-Type", type);
  return out;
}

Response Response::Stream(std::string_view type, BodyProducer producer) {
  Response out;
  out.stream = std::move(producer);
  out.Add("Content-Type", type);
  return out;
}

Response Response::NoContent() {
  Response out;
  out.status = 204;
  return out;
}

Response Response::Redirect(std::string_view location) {
  Response out;
  out.status = 303;
  out.Add("Location", location);
  return out;
}

Response Problem(int status, std::string_view detail, std::string_view code) {
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("type", code.empty() ? "about:blank" : "urn:scantling:problem:" + std::string(code));
  json.Text("title", ReasonPhrase(status));
  json.Int("status", status);
  json.Text("detail", base::ToUtf8(detail));
  json.EndObject();
  return Response::Text(std::move(body), "application/problem+json", status);
}

Response Problem(const base::Error& error) {
  switch (error.code()) {
    case base::ErrorCode::kNotFound:
      return Problem(404, error.Message());
    case base::ErrorCode::kUsage:
      return Problem(409, error.Message());
    case base::ErrorCode::kLimit:
      return Problem(413, error.Message());
    case base::ErrorCode::kUnsupported:
      return Problem(415, error.Message());
    case base::ErrorCode::kIo: {
      Response out = Problem(503, "the store does not answer; try again", "unavailable");
      out.Add("Retry-After", "5");
      out.log = error.Message();
      return out;
    }
    default:
      return Problem(400, error.Message());
  }
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 207:
      return "Multi-Status";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

}  // namespace scantling::server::http
