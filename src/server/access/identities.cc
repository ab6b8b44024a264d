// Users of single sign-on.
#include "base/strings.h"
#include "server/access/access_state.h"

#include <algorithm>

namespace scantling::server::access {
namespace {

constexpr int64_t kElsewhere = int64_t{10} * 60 * 1000;

// The same table as that of the links: another prefix, and nobody's, so that neither is the other.
std::string HashElsewhere(std::string_view secret) {
  return HashOf("elsewhere:" + std::string(secret));
}

}  // namespace

std::string UserNameOf(std::string_view wished) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._@+-";
  std::string out;
  for (const char c : base::Lower(wished)) {
    if (kAllowed.find(c) != std::string_view::npos && out.size() < 100) {
      out += c;
    }
  }
  return out;
}

base::Result<void> Access::BeginElsewhere(std::string_view secret) {
  const std::string hash = HashElsewhere(secret);
  return state_->store.Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        const Values values = {std::string_view(hash), int64_t{0}, now(), now() + kElsewhere};
        SCANTLING_DO(connection.Execute(
            "INSERT INTO sign_in_links (hash, user_id, created, expires) VALUES ($1, $2, $3, $4)",
            values));
        return {};
      });
}

base::Result<bool> Access::ComeBack(std::string_view secret) {
  const std::string hash = HashElsewhere(secret);
  bool found = false;
  SCANTLING_DO(state_->store.Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        const Values values = {std::string_view(hash), now()};
        return connection.Query(
            "DELETE FROM sign_in_links WHERE hash = $1 AND expires > $2 RETURNING user_id", values,
            [&](const store::Row&) -> base::Result<void> {
              found = true;
              return {};
            });
      }));
  return found;
}

base::Result<User> Access::UserOfIdentity(const Identity& identity) {
  SCANTLING_ASSERT(!identity.subject.empty());
  SCANTLING_TRY(const auto users, Users());
  const auto known = std::find_if(users.begin(), users.end(),
                                  [&](const User& one) { return one.subject == identity.subject; });
  Viewer by;
  by.name = "single sign-on";
  UserChange change;
  change.role = identity.role;
  change.owners = identity.owners;
  if (known != users.end()) {
    if (known->disabled) {
      return base::Error(base::ErrorCode::kUsage, "the user " + known->name +
                                                      " is disabled; an administrator can enable "
                                                      "it under Settings, Users");
    }
    return ChangeUser(by, known->id, change);
  }
  if (!change.role) {
    change.role = identity.new_role;
  }
  if (!change.role) {
    return base::Error(base::ErrorCode::kUsage,
                       "nobody here has the subject \"" + identity.subject +
                           "\", and no role is set for new people (--oidc-default-role)");
  }
  const std::string name = UserNameOf(identity.name);
  const auto same_name =
      std::find_if(users.begin(), users.end(), [&](const User& one) { return one.name == name; });
  if (same_name != users.end()) {
    // Never joined by the name alone: who may choose a name at the provider would become that user.
    return base::Error(base::ErrorCode::kUsage,
                       "there is a user " + name +
                           " who signs in otherwise; when both are one, an "
                           "administrator says so: PATCH /api/v1/users/" +
                           std::to_string(same_name->id) + " {\"subject\": \"" + identity.subject +
                           "\"}");
  }
  change.display_name = identity.display_name.empty() ? name : identity.display_name.substr(0, 200);
  change.subject = identity.subject;
  return CreateUser(by, name, change);
}

}  // namespace scantling::server::access
