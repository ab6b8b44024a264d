// Sign-in: passwords with their back-off, links, sessions.
#include "base/strings.h"
#include "server/access/access_state.h"

#include <algorithm>

namespace scantling::server::access {
namespace {

constexpr int64_t kFreeAttempts = 3;
constexpr int64_t kLongestWait = int64_t{15} * 60 * 1000;
constexpr int kMaxHashers = 3;
constexpr int64_t kFreshSession = int64_t{15} * 60 * 1000;

int64_t WaitAfter(int64_t failures) {
  if (failures <= kFreeAttempts) {
    return 0;
  }
  const int64_t doublings = std::min<int64_t>(failures - kFreeAttempts - 1, 20);
  return std::min(kLongestWait, int64_t{1000} << doublings);
}

// Counts the attempt before it is tried, so that many at once are not many for free. Returns how
// long to wait instead.
base::Result<int64_t> CountAttempt(store::Store& store, std::string_view subject, int64_t now) {
  int64_t wait = 0;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    int64_t failures = 0;
    int64_t until = 0;
    const Values key = {subject};
    SCANTLING_DO(connection.Query("SELECT failures, until FROM sign_in_failures WHERE subject = $1",
                                  key, [&](const store::Row& row) -> base::Result<void> {
                                    failures = row.Int(0);
                                    until = row.Int(1);
                                    return {};
                                  }));
    // A clock that was set back must not lock anybody out for longer than we ever do.
    if (until > now && until - now <= kLongestWait) {
      wait = until - now;
      return {};
    }
    const Values values = {subject, failures + 1, now + WaitAfter(failures + 1)};
    SCANTLING_DO(connection.Execute(
        "INSERT INTO sign_in_failures (subject, failures, until) VALUES ($1, $2, $3) "
        "ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, "
        "until = excluded.until",
        values));
    return {};
  };
  SCANTLING_DO(store.Write(store::Order::kFree, write));
  return wait;
}

constexpr std::string_view kByProvider = "sso-";

// When a session is over: a shorter life that is set later counts for those that have begun.
int64_t EndOf(const AccessOptions& options, std::string_view id, int64_t created, int64_t expires) {
  return SignedInByProvider(id) ? std::min(expires, created + options.provider_session_ms)
                                : expires;
}

Session FromRow(const AccessOptions& options, const store::Row& row) {
  return {std::string(row.Text(0)),
          row.Int(1),
          row.Int(2),
          row.Int(3),
          EndOf(options, row.Text(0), row.Int(2), row.Int(4)),
          std::string(row.Text(5)),
          std::string(row.Text(6))};
}

}  // namespace

bool SignedInByProvider(std::string_view session_id) { return session_id.starts_with(kByProvider); }

std::string Access::CsrfOf(std::string_view session_secret) {
  return HashOf("csrf:" + std::string(session_secret));
}

base::Result<Access::Attempt> Access::TryPassword(std::string_view name, std::string_view password,
                                                  std::string_view address) {
  Attempt out;
  if (password.empty()) {
    return out;  // nobody has it, whoever exists
  }
  struct Place {
    std::atomic<int>& count;
    const bool taken;
    explicit Place(std::atomic<int>& counter)
        : count(counter), taken(counter.fetch_add(1) < kMaxHashers) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { count.fetch_sub(1); }
  };
  const Place place(state_->hashers);
  if (!place.taken) {
    out.wait_ms = 2000;
    return out;
  }
  const std::string subject = HashOf(std::string(name) + '\n' + std::string(address));
  SCANTLING_TRY(out.wait_ms, CountAttempt(state_->store, subject, now()));
  if (out.wait_ms > 0) {
    return out;
  }
  int64_t user_id = 0;
  std::string hash;
  SCANTLING_DO(state_->store.Read([&](store::Connection& connection) -> base::Result<void> {
    const Values values = {name};
    return connection.Query("SELECT id, password FROM users WHERE name = $1 AND disabled = 0",
                            values, [&](const store::Row& row) -> base::Result<void> {
                              user_id = row.Int(0);
                              hash = row.Text(1);
                              return {};
                            });
  }));
  {
    const std::lock_guard lock(state_->hashing);
    if (hash.empty()) {
      // Takes as long as a wrong password, so that the time does not tell who exists.
      SCANTLING_DO(HashPassword(password.substr(0, 1024), state_->options.cost));
      return out;
    }
    if (!VerifyPassword(hash, password)) {
      return out;
    }
  }
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    const Values key = {std::string_view(subject)};
    SCANTLING_DO(connection.Execute("DELETE FROM sign_in_failures WHERE subject = $1", key));
    return {};
  };
  SCANTLING_DO(state_->store.Write(store::Order::kFree, write));
  out.user_id = user_id;
  return out;
}

base::Result<Access::SignIn> Access::SignInWithPassword(std::string_view name,
                                                        std::string_view password,
                                                        std::string_view address,
                                                        std::string_view agent) {
  SCANTLING_TRY(const Attempt attempt, TryPassword(name, password, address));
  SignIn out;
  out.wait_ms = attempt.wait_ms;
  if (attempt.user_id != 0) {
    SCANTLING_TRY(out.session, StartSession(attempt.user_id, address, agent));
  }
  return out;
}

base::Result<int64_t> Access::ChangeOwnPassword(const Viewer& by, std::string_view present,
                                                std::string_view password) {
  SCANTLING_TRY(const auto user, FindUser(by.name));
  if (!user || user->id != by.user_id) {
    return base::NotFound("there is no such user");
  }
  if (user->has_password) {
    SCANTLING_TRY(const Attempt attempt, TryPassword(user->name, present, by.address));
    if (attempt.wait_ms > 0) {
      return attempt.wait_ms;
    }
    if (attempt.user_id != user->id) {
      return base::Error(base::ErrorCode::kMismatch, "the present password is not that");
    }
  } else if (!user->subject.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "you sign in by single sign-on, and have no password here");
  } else {
    SCANTLING_TRY(const auto sessions, Sessions(user->id));
    const bool fresh = std::any_of(sessions.begin(), sessions.end(), [&](const Session& one) {
      return one.id == by.session_id && now() - one.created <= kFreshSession;
    });
    if (!fresh) {
      return base::Error(
          base::ErrorCode::kMismatch,
          "a first password is set within 15 minutes of the sign-in: sign in anew by a "
          "link");
    }
  }
  UserChange change;
  change.password = password;
  SCANTLING_DO(ChangeUser(by, user->id, change));
  return 0;
}

base::Result<std::string> Access::CreateLink(const Viewer& by, int64_t user_id) {
  const std::string secret = RandomText(32);
  const std::string hash = HashOf(secret);
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto user, ReadUser(connection, user_id));
    if (!user || user->disabled) {
      return base::NotFound("there is no such user");
    }
    const Values values = {std::string_view(hash), user_id, now(), now() + state_->options.link_ms};
    SCANTLING_DO(connection.Execute(
        "INSERT INTO sign_in_links (hash, user_id, created, expires) VALUES ($1, $2, $3, $4)",
        values));
    return AppendAudit(connection, by, now(), {"link.create", SubjectOf(*user), "", ""});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return secret;
}

base::Result<std::optional<NewSession>> Access::SignInWithLink(std::string_view secret,
                                                               std::string_view address,
                                                               std::string_view agent) {
  const std::string hash = HashOf(secret);
  int64_t user_id = 0;
  SCANTLING_DO(state_->store.Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        const Values values = {std::string_view(hash), now()};
        // Deleting it is using it: of two at once, one gets the row.
        return connection.Query(
            "DELETE FROM sign_in_links WHERE hash = $1 AND expires > $2 RETURNING user_id", values,
            [&](const store::Row& row) -> base::Result<void> {
              user_id = row.Int(0);
              return {};
            });
      }));
  if (user_id == 0) {
    return std::optional<NewSession>();
  }
  SCANTLING_TRY(NewSession session, StartSession(user_id, address, agent));
  return std::optional<NewSession>(std::move(session));
}

base::Result<NewSession> Access::StartSession(int64_t user_id, std::string_view address,
                                              std::string_view agent, SignedInBy by) {
  NewSession out;
  out.secret = RandomText(32);
  out.csrf = CsrfOf(out.secret);
  const std::string hash = HashOf(out.secret);
  const std::string id =
      std::string(by == SignedInBy::kProvider ? kByProvider : "") + RandomText(12);
  out.session = {id,
                 user_id,
                 now(),
                 now(),
                 EndOf(state_->options, id, now(), now() + state_->options.session_ms),
                 std::string(address),
                 base::ToUtf8(agent.substr(0, 200))};
  const Session& session = out.session;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(const auto user, ReadUser(connection, user_id));
    if (!user || user->disabled) {
      return base::NotFound("there is no such user");
    }
    const Values values = {std::string_view(session.id),
                           std::string_view(hash),
                           user_id,
                           session.created,
                           session.seen,
                           session.expires,
                           std::string_view(session.address),
                           std::string_view(session.agent)};
    SCANTLING_DO(connection.Execute(
        "INSERT INTO sessions (id, hash, user_id, created, seen, expires, address, agent) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values));
    Viewer self;
    self.user_id = user_id;
    self.name = user->name;
    self.address = session.address;
    return AppendAudit(connection, self, now(), {"session.start", SubjectOf(*user), "", ""});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return out;
}

base::Result<std::vector<Session>> Access::Sessions(int64_t user_id) {
  std::vector<Session> out;
  SCANTLING_DO(state_->store.Read([&](store::Connection& connection) -> base::Result<void> {
    const Values values = {user_id, now(), now() - state_->options.session_idle_ms};
    return connection.Query(
        "SELECT id, user_id, created, seen, expires, address, agent FROM sessions "
        "WHERE user_id = $1 AND expires > $2 AND seen > $3 ORDER BY created DESC, id",
        values, [&](const store::Row& row) -> base::Result<void> {
          Session session = FromRow(state_->options, row);
          if (session.expires > now()) {
            out.push_back(std::move(session));
          }
          return {};
        });
  }));
  return out;
}

base::Result<bool> Access::EndSession(const Viewer& by, std::string_view id, int64_t user_id) {
  bool found = false;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    int64_t whose = 0;
    const Values values = {id, user_id};
    SCANTLING_DO(connection.Query(
        "DELETE FROM sessions WHERE id = $1 AND ($2 = 0 OR user_id = $2) RETURNING user_id", values,
        [&](const store::Row& row) -> base::Result<void> {
          whose = row.Int(0);
          return {};
        }));
    found = whose != 0;
    if (!found) {
      return {};
    }
    SCANTLING_TRY(const auto user, ReadUser(connection, whose));
    return AppendAudit(connection, by, now(),
                       {"session.end", user ? SubjectOf(*user) : std::string(), "", ""});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return found;
}

base::Result<std::optional<Viewer>> Access::ViewerOfSession(std::string_view secret,
                                                            std::string_view address) {
  std::optional<Viewer> out;
  bool touch = false;
  const int64_t time = now();
  const std::string hash = HashOf(secret);
  const auto read = [&](store::Connection& connection) -> base::Result<void> {
    const Values values = {std::string_view(hash)};
    SCANTLING_DO(connection.Query(
        "SELECT s.id, s.seen, s.expires, u.id, u.name, u.display_name, u.role, s.created "
        "FROM sessions s "
        "JOIN users u ON u.id = s.user_id WHERE s.hash = $1 AND u.disabled = 0",
        values, [&](const store::Row& row) -> base::Result<void> {
          const int64_t end = EndOf(state_->options, row.Text(0), row.Int(7), row.Int(2));
          if (time >= end || time - row.Int(1) >= state_->options.session_idle_ms) {
            return {};
          }
          Viewer& viewer = out.emplace();
          viewer.session_id = row.Text(0);
          viewer.session_ends = end;
          viewer.user_id = row.Int(3);
          viewer.name = row.Text(4);
          viewer.display_name = row.Text(5);
          viewer.role = ParseRole(row.Text(6)).value_or(Role::kViewer);
          viewer.scopes = static_cast<uint8_t>(Scope::kRead) |
                          static_cast<uint8_t>(Scope::kSubmit) |
                          static_cast<uint8_t>(Scope::kAdmin);
          viewer.address = address;
          viewer.sees_all = viewer.role >= Role::kSecurity;
          touch = time - row.Int(1) >= kTouch;
          return {};
        }));
    if (out) {
      SCANTLING_TRY(out->owners, OwnersOf(connection, out->user_id));
    }
    return {};
  };
  SCANTLING_DO(state_->store.Read(read));
  if (touch) {
    const auto then_write = [&](store::Connection& connection) -> base::Result<void> {
      const Values values = {std::string_view(out->session_id), time};
      SCANTLING_DO(connection.Execute("UPDATE sessions SET seen = $2 WHERE id = $1", values));
      return {};
    };
    SCANTLING_DO(state_->store.Write(store::Order::kFree, then_write));
  }
  return out;
}

}  // namespace scantling::server::access
