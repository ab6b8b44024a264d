// What a request and its answer are to everybody but the connection: plain values, without a socket
// and without Boost (RFC 9110). Header names are compared without case; a field that occurs several
// times is several entries. Thread-compatible.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::server::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view ToString(Method method);  // "GET"
std::optional<Method> ParseMethod(std::string_view text);
// GET, HEAD and OPTIONS change nothing.
inline bool IsSafe(Method method) {
  return method == Method::kGet || method == Method::kHead || method == Method::kOptions;
}

using Fields = std::vector<std::pair<std::string, std::string>>;
std::string_view Find(const Fields& fields, std::string_view name);  // first; "" = none

struct Request {
  Method method = Method::kGet;
  std::string path;   // as sent, without the query
  std::string route;  // the router's pattern, "" when none was found
  Fields query;       // decoded, in the order sent
  Fields headers;
  Fields parameters;         // of the path, decoded
  std::string body;          // unpacked when the client sent it packed
  std::string peer;          // the client's address, without the port
  bool tls = false;          // to the client: by us or by a trusted proxy
  bool secret_path = false;  // the path is not for the log
  std::string id;            // of this request: in the log and in problem details

  std::string_view Header(std::string_view name) const { return Find(headers, name); }
  std::string_view Query(std::string_view name) const { return Find(query, name); }
  bool HasQuery(std::string_view name) const;
  std::vector<std::string_view> QueryAll(std::string_view name) const;
  std::string_view Parameter(std::string_view name) const;  // name without braces
  std::string_view Cookie(std::string_view name) const;     // first; "" = none
};

// Appends the next part of a long answer; false when this was the last. Called from worker threads,
// one call at a time, only while the client keeps up. An error ends the connection, so that the
// client sees a broken download and not a short one.
using BodyProducer = std::function<base::Result<bool>(std::string& part)>;

struct Response {
  int status = 200;
  Fields headers;  // without Content-Length, Date and what else the server adds
  std::string body;
  BodyProducer stream;  // instead of `body`; packed on the way for who takes that
  std::string packed;   // instead of `body`: its gzip; unpacked on the way for who does not take it
  std::string user;     // who asked, for the request log
  std::string log;      // what went wrong, for the request log only

  Response& Set(std::string_view name, std::string_view value);  // replaces
  Response& Add(std::string_view name, std::string_view value);
  std::string_view Header(std::string_view name) const { return Find(headers, name); }

  static Response Json(std::string body, int status = 200);
  static Response Text(std::string body, std::string_view type = "text/plain; charset=utf-8",
                       int status = 200);
  static Response Stream(std::string_view type, BodyProducer producer);
  static Response Packed(std::string_view type, std::string gzip);
  static Response NoContent();
  static Response Redirect(std::string_view location);  // 303
};

// Problem details (RFC 9457). The server adds "instance" (the request's id). `type` is
// "about:blank" unless `code` is given: then "urn:scantling:problem:" and the code.
Response Problem(int status, std::string_view detail, std::string_view code = "");
// kInvalid, kTruncated, kMismatch 400, kNotFound 404, kUsage 409, kLimit 413, kUnsupported 415;
// kIo is 503, whose text goes to the log and not to the client.
Response Problem(const base::Error& error);
std::string_view ReasonPhrase(int status);

}  // namespace scantling::server::http
