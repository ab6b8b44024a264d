// Which handler answers a path. A pattern is literal segments and parameters:
// "/api/v1/images/{digest}"; the last one may be "{name...}", which takes the rest with its
// slashes. A literal goes before a parameter. HEAD is answered by GET's handler. Single thread
// while routes are added, then thread-safe; handlers are called from many threads.
#pragma once

#include "server/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server::http {

using Handler = std::function<Response(const Request&)>;

struct RouteOptions {
  uint64_t body_bytes = uint64_t{1} << 20;  // packed and unpacked alike
  uint32_t seconds = 0;                     // for header and body; 0 = the server's
  // A handler that never waits (no store, no file) may run on the I/O thread.
  enum class Where : uint8_t { kWorker, kInline } where = Where::kWorker;
  bool secret_path = false;  // the log gets the pattern and not the path
};

struct Route {
  Method method = Method::kGet;
  std::string pattern;
  Handler handler;
  RouteOptions options;
};

class Router {
 public:
  Router();
  ~Router();
  // Asserts that the pattern is well formed and that method and pattern are new.
  void Add(Method method, std::string_view pattern, Handler handler, RouteOptions options = {});
  // For paths without a route (the page's files); 404 without one. GET and HEAD only.
  void SetFallback(Handler handler, RouteOptions options = {});

  struct Match {
    const Route* route = nullptr;
    Fields parameters;
    std::vector<Method> allowed;  // when the path is known and the method is not
  };
  Match Find(Method method, std::string_view path) const;

  std::vector<const Route*> Routes() const;  // in the order of pattern and method

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Route> fallback_;
};

}  // namespace scantling::server::http
