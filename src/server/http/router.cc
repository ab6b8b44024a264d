// A tree of path segments; each node has its literal children, one parameter and one rest.
#include "server/http/router.h"

#include "server/http/uri.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace scantling::server::http {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::array<const Route*, 7> routes{};  // by method

  bool Ends() const {
    return std::ranges::any_of(routes, [](const Route* route) { return route != nullptr; });
  }
};

namespace {

// The parameters' names of a pattern, in order.
std::vector<std::string_view> Names(std::string_view pattern) {
  std::vector<std::string_view> out;
  for (size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    std::string_view name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
    if (name.ends_with("...")) {
      name.remove_suffix(3);
    }
    out.push_back(name);
  }
  return out;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::Add(Method method, std::string_view pattern, Handler handler, RouteOptions options) {
  SCANTLING_ASSERT(pattern.starts_with('/') && handler != nullptr);
  Node* node = root_.get();
  std::string_view left = pattern.substr(1);
  bool more = true;
  while (more) {
    const size_t slash = left.find('/');
    const std::string_view segment = left.substr(0, slash);
    more = slash != std::string_view::npos;
    left = more ? left.substr(slash + 1) : std::string_view();
    std::unique_ptr<Node>* next = nullptr;
    if (segment.starts_with('{')) {
      SCANTLING_ASSERT(segment.ends_with('}') && segment.size() > 2);
      const bool rest = segment.ends_with("...}");
      SCANTLING_ASSERT(!rest || !more);
      next = rest ? &node->rest : &node->parameter;
    } else {
      SCANTLING_ASSERT(segment.find_first_of("{}%?#") == std::string_view::npos);
      next = &node->literals[std::string(segment)];
    }
    if (*next == nullptr) {
      *next = std::make_unique<Node>();
    }
    node = next->get();
  }
  const Route*& place = node->routes.at(static_cast<size_t>(method));
  SCANTLING_ASSERT(place == nullptr);
  routes_.push_back(
      std::make_unique<Route>(Route{method, std::string(pattern), std::move(handler), options}));
  place = routes_.back().get();
}

void Router::SetFallback(Handler handler, RouteOptions options) {
  fallback_ =
      std::make_unique<Route>(Route{Method::kGet, std::string(), std::move(handler), options});
}

Router::Match Router::Find(Method method, std::string_view path) const {
  Match match;
  // Where the walk can still turn: at most one literal and one parameter a segment, so the stack is
  // bounded by twice the depth of the tree.
  struct Turn {
    const Node* node;
    std::optional<std::string_view> left;  // nullopt: the path is used up
    std::vector<std::string_view> values;
  };
  std::vector<Turn> turns;
  if (path.starts_with('/')) {
    turns.push_back({root_.get(), path.substr(1), {}});
  }
  while (!turns.empty()) {
    Turn turn = std::move(turns.back());
    turns.pop_back();
    if (!turn.left) {
      if (!turn.node->Ends()) {
        continue;
      }
      const Route* route = turn.node->routes.at(static_cast<size_t>(method));
      if (route == nullptr && method == Method::kHead) {
        route = turn.node->routes.at(static_cast<size_t>(Method::kGet));
      }
      if (route == nullptr) {
        for (const Route* other : turn.node->routes) {
          if (other != nullptr &&
              std::ranges::find(match.allowed, other->method) == match.allowed.end()) {
            match.allowed.push_back(other->method);
          }
        }
        continue;
      }
      match.allowed.clear();
      match.route = route;
      const std::vector<std::string_view> names = Names(route->pattern);
      for (size_t i = 0; i < names.size(); ++i) {
        // A value that cannot be decoded is kept as sent: no handler will find such a thing.
        match.parameters.emplace_back(
            names[i], DecodePercent(turn.values[i]).value_or(std::string(turn.values[i])));
      }
      return match;
    }
    const std::string_view left = *turn.left;
    const size_t slash = left.find('/');
    const std::string_view segment = left.substr(0, slash);
    std::optional<std::string_view> after;
    if (slash != std::string_view::npos) {
      after = left.substr(slash + 1);
    }
    // The last one pushed is tried first.
    if (turn.node->rest != nullptr && !left.empty()) {
      Turn next{turn.node->rest.get(), std::nullopt, turn.values};
      next.values.push_back(left);
      turns.push_back(std::move(next));
    }
    if (turn.node->parameter != nullptr && !segment.empty()) {
      Turn next{turn.node->parameter.get(), after, turn.values};
      next.values.push_back(segment);
      turns.push_back(std::move(next));
    }
    if (const auto found = turn.node->literals.find(segment); found != turn.node->literals.end()) {
      turns.push_back({found->second.get(), after, std::move(turn.values)});
    }
  }
  if (match.allowed.empty() && fallback_ != nullptr) {
    if (method == Method::kGet || method == Method::kHead) {
      match.route = fallback_.get();
    } else {
      match.allowed = {Method::kGet};
    }
  }
  if (std::ranges::find(match.allowed, Method::kGet) != match.allowed.end() &&
      std::ranges::find(match.allowed, Method::kHead) == match.allowed.end()) {
    match.allowed.push_back(Method::kHead);
  }
  return match;
}

std::vector<const Route*> Router::Routes() const {
  std::vector<const Route*> out;
  for (const auto& route : routes_) {
    out.push_back(route.get());
  }
  std::ranges::sort(out, [](const Route* a, const Route* b) {
    return std::tie(a->pattern, a->method) < std::tie(b->pattern, b->method);
  });
  return out;
}

}  // namespace scantling::server::http
