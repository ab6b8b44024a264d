// API tokens.
#include "server/access/access_state.h"
#include "server/access/json_of.h"

#include <algorithm>

namespace scantling::server::access {
namespace {

constexpr std::string_view kPrefix = "sct_";
constexpr int64_t kLongest = 366 * kDay;

std::string TokenSubject(int64_t id) { return "token:" + std::to_string(id); }

Token FromRow(const store::Row& row) {
  Token out;
  out.id = row.Int(0);
  out.name = row.Text(1);
  out.user_id = row.Int(2);
  out.user = row.Text(3);
  out.scopes = static_cast<uint8_t>(row.Int(4));
  out.owner = row.Text(5);
  out.created = row.Int(6);
  out.expires = row.Int(7);
  out.last_used = row.Int(8);
  out.last_address = row.Text(9);
  out.revoked = row.Int(10);
  return out;
}

base::Result<void> CheckToken(const Viewer& by, std::string_view name, uint8_t scopes,
                              std::string_view owner, int64_t expires, int64_t now) {
  constexpr uint8_t kAll = 7;
  if (name.empty() || name.size() > 200) {
    return base::Invalid("a token's name has 1 to 200 bytes");
  }
  if (scopes == 0 || scopes > kAll) {
    return base::Invalid("a token has at least one of the scopes read, submit, admin");
  }
  if ((scopes & static_cast<uint8_t>(Scope::kAdmin)) != 0 && by.role < Role::kSecurity) {
    return base::Invalid("only the roles security and admin make tokens with the scope admin");
  }
  if ((scopes & static_cast<uint8_t>(Scope::kSubmit)) != 0 && by.role == Role::kViewer) {
    return base::Invalid("viewers make tokens with the scope read only");
  }
  if (expires <= now || expires - now > kLongest) {
    return base::Invalid("a token expires in the future, within a year");
  }
  if (!owner.empty() && !by.sees_all && !std::ranges::binary_search(by.owners, owner)) {
    return base::Invalid("you do not belong to the owner " + std::string(owner));
  }
  return {};
}

}  // namespace

base::Result<NewToken> Access::CreateToken(const Viewer& by, std::string_view name, uint8_t scopes,
                                           std::string_view owner, int64_t expires) {
  const int64_t time = now();
  SCANTLING_DO(CheckToken(by, name, scopes, owner, expires, time));
  NewToken out;
  out.secret = std::string(kPrefix) + RandomText(32);
  const std::string hash = HashOf(out.secret);
  Token& token = out.token;
  token.name = name;
  token.user_id = by.user_id;
  token.user = by.name;
  token.scopes = scopes;
  token.owner = owner;
  token.created = time;
  token.expires = expires;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(token.id, connection.NextIds("token"));
    const Values values = {
        token.id, std::string_view(hash), name, by.user_id, int64_t{scopes}, owner, time, expires};
    SCANTLING_DO(connection.Execute(
        "INSERT INTO api_tokens (id, hash, name, user_id, scopes, owner, created, expires, "
        "last_used, last_address, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', 0)",
        values));
    return AppendAudit(connection, by, time,
                       {"token.create", TokenSubject(token.id), "", JsonOf(token)});
  };
  SCANTLING_DO(state_->store.Write(store::Order::kSerial, write));
  return out;
}

base::Result<std::vector<Token>> Access::Tokens(int64_t user_id) {
  std::vector<Token> out;
  SCANTLING_DO(state_->store.Read([&](store::Connection& connection) -> base::Result<void> {
    const Values values = {user_id};
    return connection.Query(
        "SELECT t.id, t.name, t.user_id, COALESCE(u.name, ''), t.scopes, t.owner, t.created, "
        "t.expires, t.last_used, t.last_address, t.revoked FROM api_tokens t "
        "LEFT JOIN users u ON u.id = t.user_id WHERE $1 = 0 OR t.user_id = $1 ORDER BY t.id DESC",
        values, [&](const store::Row& row) -> base::Result<void> {
          out.push_back(FromRow(row));
          return {};
        });
  }));
  return out;
}

base::Result<bool> Access::RevokeToken(const Viewer& by, int64_t id, int64_t user_id) {
  bool found = false;
  SCANTLING_DO(state_->store.Write(
      store::Order::kSerial, [&](store::Connection& connection) -> base::Result<void> {
        const Values values = {id, user_id, now()};
        SCANTLING_TRY(
            const uint64_t count,
            connection.Execute("UPDATE api_tokens SET revoked = $3 WHERE id = $1 AND revoked = 0 "
                               "AND ($2 = 0 OR user_id = $2)",
                               values));
        found = count != 0;
        if (!found) {
          return {};
        }
        return AppendAudit(connection, by, now(), {"token.revoke", TokenSubject(id), "", ""});
      }));
  return found;
}

base::Result<std::optional<Viewer>> Access::ViewerOfToken(std::string_view secret,
                                                          std::string_view address) {
  std::optional<Viewer> out;
  if (!secret.starts_with(kPrefix)) {
    return out;
  }
  bool touch = false;
  const int64_t time = now();
  const std::string hash = HashOf(secret);
  const auto read = [&](store::Connection& connection) -> base::Result<void> {
    std::string owner;
    const Values values = {std::string_view(hash), time};
    SCANTLING_DO(connection.Query(
        "SELECT t.id, t.scopes, t.owner, t.last_used, t.last_address, u.id, u.name, "
        "u.display_name, u.role FROM api_tokens t JOIN users u ON u.id = t.user_id "
        "WHERE t.hash = $1 AND t.expires > $2 AND t.revoked = 0 AND u.disabled = 0",
        values, [&](const store::Row& row) -> base::Result<void> {
          Viewer& viewer = out.emplace();
          viewer.token_id = row.Int(0);
          viewer.scopes = static_cast<uint8_t>(row.Int(1));
          owner = row.Text(2);
          touch = time - row.Int(3) >= kTouch || row.Text(4) != address;
          viewer.user_id = row.Int(5);
          viewer.name = row.Text(6);
          viewer.display_name = row.Text(7);
          viewer.role = ParseRole(row.Text(8)).value_or(Role::kViewer);
          viewer.address = address;
          viewer.sees_all = viewer.role >= Role::kSecurity;
          return {};
        }));
    if (!out) {
      return {};
    }
    SCANTLING_TRY(out->owners, OwnersOf(connection, out->user_id));
    if (!owner.empty()) {
      // Never more than its maker may see now.
      const bool belongs = out->sees_all || std::ranges::binary_search(out->owners, owner);
      out->owners.clear();
      if (belongs) {
        out->owners.push_back(owner);
      }
      out->sees_all = false;
      out->role = std::min(out->role, Role::kOwner);
    }
    return {};
  };
  SCANTLING_DO(state_->store.Read(read));
  if (touch) {
    const auto then_write = [&](store::Connection& connection) -> base::Result<void> {
      const Values values = {out->token_id, time, address};
      SCANTLING_DO(connection.Execute(
          "UPDATE api_tokens SET last_used = $2, last_address = $3 WHERE id = $1", values));
      return {};
    };
    SCANTLING_DO(state_->store.Write(store::Order::kFree, then_write));
  }
  return out;
}

}  // namespace scantling::server::access
