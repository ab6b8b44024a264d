// Tables of who may do what: users, their sessions, sign-in links and API tokens, and the audit
// log.
//
// Secrets are kept as hex SHA-256, passwords as argon2id text, '' = none. Times are milliseconds;
// 0 = not yet. `audit` is append-only.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaAccess = R"sql(
CREATE TABLE users (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  subject TEXT UNIQUE,
  disabled BIGINT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE user_owners (
  user_id BIGINT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (user_id, owner)
);
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE sign_in_links (
  hash TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
-- Wrong passwords by user and address; `until` is when the next attempt is heard.
CREATE TABLE sign_in_failures (
  subject TEXT NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  until BIGINT NOT NULL
);
CREATE TABLE api_tokens (
  id BIGINT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  scopes BIGINT NOT NULL,
  owner TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  last_used BIGINT NOT NULL,
  last_address TEXT NOT NULL,
  revoked BIGINT NOT NULL
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);
-- Answers to requests with an Idempotency-Key; status 0 = the first one still runs.
CREATE TABLE idempotency_keys (
  subject TEXT NOT NULL PRIMARY KEY,
  request TEXT NOT NULL,
  status BIGINT NOT NULL,
  headers TEXT NOT NULL,
  body TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE audit (
  id BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  token_id BIGINT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  before_json TEXT NOT NULL,
  after_json TEXT NOT NULL
);
)sql";

}  // namespace scantling::store
