// What users, sessions and tokens share.
#include "server/access/access.h"

#include "server/access/access_state.h"

namespace scantling::server::access {
namespace {

// An IPv6 client has a whole /64: its first four groups, when they are written out.
std::string_view RateKey(std::string_view key) {
  size_t groups = 0;
  for (size_t i = 0; i < key.size(); ++i) {
    if (key[i] == ':' && ++groups == 4) {
      return key.substr(0, i);
    }
    if (key.substr(i).starts_with("::")) {
      return key.substr(0, i + 2) == "::" ? key : key.substr(0, i + 2);
    }
  }
  return key;
}

}  // namespace

Access::Access(std::unique_ptr<State> state) : state_(std::move(state)) {}
Access::~Access() = default;

base::Result<std::unique_ptr<Access>> Access::Open(store::Store& store, AccessOptions options) {
  SCANTLING_ASSERT(options.now != nullptr && options.random != nullptr);
  return std::unique_ptr<Access>(new Access(std::make_unique<State>(store, std::move(options))));
}

store::Store& Access::store() { return state_->store; }
int64_t Access::now() const { return state_->options.now(); }

std::string Access::RandomText(size_t bytes) const {
  std::string raw(bytes, '\0');
  state_->options.random(std::as_writable_bytes(std::span(raw.data(), raw.size())));
  return Base64Url(raw);
}

int64_t Access::TakeRate(std::string_view key, bool known) {
  return known ? state_->known.Take(key, now()) : state_->anonymous.Take(RateKey(key), now());
}

base::Result<void> Access::Prune() {
  return state_->store.Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        const int64_t time = now();
        const Values sessions = {time, time - state_->options.session_idle_ms};
        SCANTLING_DO(
            connection.Execute("DELETE FROM sessions WHERE expires <= $1 OR seen <= $2", sessions));
        const Values links = {time};
        SCANTLING_DO(connection.Execute("DELETE FROM sign_in_links WHERE expires <= $1", links));
        const Values day = {time - kDay};
        SCANTLING_DO(connection.Execute("DELETE FROM idempotency_keys WHERE created <= $1", day));
        SCANTLING_DO(connection.Execute("DELETE FROM sign_in_failures WHERE until <= $1", day));
        return {};
      });
}

std::string_view SessionCookie(bool tls) { return tls ? "__Host-scantling" : "scantling"; }

}  // namespace scantling::server::access
