// Users.
#include "server/access/access_state.h"
#include "server/access/json_of.h"

#include <algorithm>

namespace scantling::server::access {
namespace {

constexpr std::string_view kSelectUser =
    "SELECT id, name, display_name, role, disabled, CASE WHEN password = '' THEN 0 ELSE 1 END, "
    "subject, created FROM users WHERE id = $1";
constexpr std::string_view kSelectUsers =
    "SELECT id, name, display_name, role, disabled, CASE WHEN password = '' THEN 0 ELSE 1 END, "
    "subject, created FROM users ORDER BY name";
constexpr std::string_view kSelectByName =
    "SELECT id, name, display_name, role, disabled, CASE WHEN password = '' THEN 0 ELSE 1 END, "
    "subject, created FROM users WHERE name = $1";

User FromRow(const store::Row& row) {
  User out;
  out.id = row.Int(0);
  out.name = row.Text(1);
  out.display_name = row.Text(2);
  out.role = ParseRole(row.Text(3)).value_or(Role::kViewer);
  out.disabled = row.Int(4) != 0;
  out.has_password = row.Int(5) != 0;
  out.subject = row.Text(6);
  out.created = row.Int(7);
  return out;
}

base::Result<std::vector<User>> Select(store::Connection& connection, std::string_view sql,
                                       std::span<const store::Value> values) {
  std::vector<User> out;
  SCANTLING_DO(connection.Query(sql, values, [&](const store::Row& row) -> base::Result<void> {
    out.push_back(FromRow(row));
    return {};
  }));
  for (User& user : out) {
    SCANTLING_TRY(user.owners, OwnersOf(connection, user.id));
  }
  return out;
}

base::Result<std::optional<User>> SelectByName(store::Connection& connection,
                                               std::string_view name) {
  const Values values = {name};
  SCANTLING_TRY(auto users, Select(connection, kSelectByName, values));
  return users.empty() ? std::nullopt : std::optional<User>(std::move(users.front()));
}

base::Result<void> CheckName(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._@+-";
  if (name.empty() || name.size() > 100 ||
      name.find_first_not_of(kAllowed) != std::string_view::npos) {
    return base::Invalid(
        "a user's name has 1 to 100 of the characters a-z, 0-9, '.', '_', '@', '+', '-'");
  }
  return {};
}

base::Result<void> CheckChange(const UserChange& change) {
  if (change.password && (change.password->size() < 12 || change.password->size() > 1024)) {
    return base::Invalid("a password has 12 to 1024 bytes");
  }
  if (change.display_name && change.display_name->size() > 200) {
    return base::Invalid("a display name has at most 200 bytes");
  }
  if (change.subject && change.subject->size() > 1024) {
    return base::Invalid("a subject has at most 1024 bytes");
  }
  for (const std::string& owner : change.owners.value_or(std::vector<std::string>())) {
    if (owner.empty() || owner.size() > 200) {
      return base::Invalid("an owner's name has 1 to 200 bytes");
    }
  }
  return {};
}

base::Result<void> WriteOwners(store::Connection& connection, int64_t user_id,
                               std::vector<std::string> owners) {
  const Values id = {user_id};
  SCANTLING_DO(connection.Execute("DELETE FROM user_owners WHERE user_id = $1", id));
  std::ranges::sort(owners);
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  for (const std::string& owner : owners) {
    const Values values = {user_id, std::string_view(owner)};
    SCANTLING_DO(
        connection.Execute("INSERT INTO user_owners (user_id, owner) VALUES ($1, $2)", values));
  }
  return {};
}

base::Result<void> WriteSubject(store::Connection& connection, int64_t user_id,
                                std::string_view subject) {
  const Values values = {user_id, subject};
  if (!subject.empty()) {
    bool taken = false;
    SCANTLING_DO(connection.Query("SELECT id FROM users WHERE subject = $2 AND id <> $1", values,
                                  [&](const store::Row&) -> base::Result<void> {
                                    taken = true;
                                    return {};
                                  }));
    if (taken) {
      return base::Error(base::ErrorCode::kUsage, "another user has this subject");
    }
  }
  SCANTLING_DO(connection.Execute(
      "UPDATE users SET subject = CASE WHEN $2 = '' THEN NULL ELSE $2 END WHERE id = $1", values));
  return {};
}

// Somebody has to be able to let others in.
base::Result<void> CheckAdministrator(store::Connection& connection) {
  int64_t count = 0;
  SCANTLING_DO(connection.Query("SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0",
                                {}, [&](const store::Row& row) -> base::Result<void> {
                                  count = row.Int(0);
                                  return {};
                                }));
  if (count == 0) {
    return base::Error(base::ErrorCode::kUsage, "the last administrator stays one");
  }
  return {};
}

base::Result<void> EndAll(store::Connection& connection, int64_t user_id) {
  const Values id = {user_id};
  SCANTLING_DO(connection.Execute("DELETE FROM sessions WHERE user_id = $1", id));
  SCANTLING_DO(connection.Execute("DELETE FROM sign_in_links WHERE user_id = $1", id));
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> OwnersOf(store::Connection& connection, int64_t user_id) {
  std::vector<std::string> out;
  const Values values = {user_id};
  SCANTLING_DO(connection.Query("SELECT owner FROM user_owners WHERE user_id = $1", values,
                                [&](const store::Row& row) -> base::Result<void> {
                                  out.emplace_back(row.Text(0));
                                  return {};
                                }));
  std::ranges::sort(out);
  return out;
}

base::Result<std::optional<User>> ReadUser(store::Connection& connection, int64_t id) {
  const Values values = {id};
  SCANTLING_TRY(auto users, Select(connection, kSelectUser, values));
  return users.empty() ? std::nullopt : std::optional<User>(std::move(users.front()));
}

std::string SubjectOf(const User& user) { return "user:" + user.name; }

base::Result<std::vector<User>> Access::Users() {
  std::vector<User> out;
  SCANTLING_DO(state_->store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(out, Select(connection, kSelectUsers, {}));
    return {};
  }));
  return out;
}

base::Result<std::optional<User>> Access::FindUser(std::string_view name) {
  std::optional<User> out;
  SCANTLING_DO(state_->store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(out, SelectByName(connection, name));
    return {};
  }));
  return out;
}

base::Result<User> Access::CreateUser(const Viewer& by, std::string_view name,
                                      const UserChange& user) {
  SCANTLING_DO(CheckName(name));
  SCANTLING_DO(CheckChange(user));
  std::string password;
  if (user.password) {
    const std::lock_guard lock(state_->hashing);
    SCANTLING_TRY(password, HashPassword(*user.password, state_->options.cost));
  }
  User out;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto there, SelectByName(connection, name));
    if (there) {
      return base::Error(base::ErrorCode::kUsage,
                         "there is a user " + std::string(name) + " already");
    }
    SCANTLING_TRY(const int64_t id, connection.NextIds("user"));
    const Values values = {id,
                           name,
                           user.display_name ? std::string_view(*user.display_name) : name,
                           ToString(user.role.value_or(Role::kViewer)),
                           std::string_view(password),
                           int64_t{user.disabled.value_or(false)},
                           now()};
    SCANTLING_DO(connection.Execute(
        "INSERT INTO users (id, name, display_name, role, password, disabled, created) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values));
    SCANTLING_DO(WriteOwners(connection, id, user.owners.value_or(std::vector<std::string>())));
    if (user.subject) {
      SCANTLING_DO(WriteSubject(connection, id, *user.subject));
    }
    SCANTLING_TRY(auto written, ReadUser(connection, id));
    SCANTLING_ASSERT(written.has_value());
    out = *std::move(written);
    return AppendAudit(connection, by, now(), {"user.create", SubjectOf(out), "", JsonOf(out)});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return out;
}

base::Result<User> Access::ChangeUser(const Viewer& by, int64_t id, const UserChange& change) {
  SCANTLING_DO(CheckChange(change));
  std::string password;
  if (change.password) {
    const std::lock_guard lock(state_->hashing);
    SCANTLING_TRY(password, HashPassword(*change.password, state_->options.cost));
  }
  User out;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto before, ReadUser(connection, id));
    if (!before) {
      return base::NotFound("there is no such user");
    }
    const bool disabled = change.disabled.value_or(before->disabled);
    const Values values = {
        id, std::string_view(change.display_name ? *change.display_name : before->display_name),
        ToString(change.role.value_or(before->role)), int64_t{disabled}};
    SCANTLING_DO(connection.Execute(
        "UPDATE users SET display_name = $2, role = $3, disabled = $4 WHERE id = $1", values));
    if (change.owners) {
      SCANTLING_DO(WriteOwners(connection, id, *change.owners));
    }
    if (change.subject) {
      SCANTLING_DO(WriteSubject(connection, id, *change.subject));
    }
    if (change.password) {
      const Values secret = {id, std::string_view(password)};
      SCANTLING_DO(connection.Execute("UPDATE users SET password = $2 WHERE id = $1", secret));
    }
    // Who had the old password has nothing any more; the one who changed it goes on.
    if (disabled || (change.password && by.user_id != id)) {
      SCANTLING_DO(EndAll(connection, id));
    } else if (change.password) {
      const Values own = {id, std::string_view(by.session_id)};
      SCANTLING_DO(connection.Execute("DELETE FROM sessions WHERE user_id = $1 AND id <> $2", own));
    }
    SCANTLING_DO(CheckAdministrator(connection));
    SCANTLING_TRY(auto written, ReadUser(connection, id));
    out = *std::move(written);
    if (change.password) {
      SCANTLING_DO(AppendAudit(connection, by, now(), {"user.password", SubjectOf(out), "", ""}));
    }
    const std::string old_json = JsonOf(*before);
    const std::string new_json = JsonOf(out);
    if (old_json == new_json) {
      return {};
    }
    return AppendAudit(connection, by, now(), {"user.change", SubjectOf(out), old_json, new_json});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return out;
}

base::Result<void> Access::DeleteUser(const Viewer& by, int64_t id) {
  return state_->store.Write(
      store::Order::kSerial, [&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_TRY(const auto before, ReadUser(connection, id));
        if (!before) {
          return base::NotFound("there is no such user");
        }
        const Values values = {id};
        SCANTLING_DO(EndAll(connection, id));
        SCANTLING_DO(connection.Execute("DELETE FROM user_owners WHERE user_id = $1", values));
        SCANTLING_DO(connection.Execute("DELETE FROM users WHERE id = $1", values));
        SCANTLING_DO(CheckAdministrator(connection));
        const Values ended = {id, now()};
        SCANTLING_DO(connection.Execute(
            "UPDATE api_tokens SET revoked = $2 WHERE user_id = $1 AND revoked = 0", ended));
        return AppendAudit(connection, by, now(),
                           {"user.delete", SubjectOf(*before), JsonOf(*before), ""});
      });
}

base::Result<std::optional<User>> Access::EnsureFirstUser(std::string_view name) {
  SCANTLING_TRY(const auto users, Users());
  if (!users.empty()) {
    return std::optional<User>();
  }
  Viewer nobody;
  nobody.name = "scantling";
  UserChange administrator;
  administrator.role = Role::kAdmin;
  SCANTLING_TRY(User user, CreateUser(nobody, name, administrator));
  return std::optional<User>(std::move(user));
}

}  // namespace scantling::server::access
