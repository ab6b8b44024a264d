// The whole server, put together: store, program, access, endpoints, HTTP, and the work that goes
// on beside requests (the advisory database's file is watched, notifications are planned and sent,
// registries are looked at and their images scanned, what is over is deleted). Any number of these
// may run on one PostgreSQL.
#pragma once

#include "base/result.h"
#include "net/smtp.h"
#include "program/service.h"
#include "server/access/access.h"
#include "server/access/oidc.h"
#include "server/http/server.h"
#include "server/http/static_files.h"
#include "server/registry_work.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace scantling::server {

struct ProgramOptions {
  store::StoreOptions store;
  std::string advisories;  // path of the compiled database; "" = the starter set
  // Somebody named that database. Else it must not be older than what the store was judged by.
  bool advisories_chosen = false;
  http::ServerOptions http;
  std::string public_url;  // for links in messages; "" = where it listens
  unsigned jobs = 2;
  bool serve = true;  // false: a worker, without HTTP
  bool demo = false;
  // Addresses that webhooks may be sent to, and registries be at, beside public ones: "10.0.0.0/8"
  std::vector<std::string> allowed_ranges;
  // What is known of registries and how an image is scanned; worker, log and the policy of
  // addresses are filled in.
  RegistryWorkOptions registries;
  net::SmtpServer smtp;  // url "" = no mail
  std::string mail_from;
  std::string ca_file;                     // beside the system's, for receivers of webhooks
  access::OidcOptions oidc;                // sign-in by a provider of identities
  std::span<const http::StaticFile> page;  // borrowed
  std::function<program::Millis()> now;
  std::function<void(std::span<std::byte>)> random;
  std::function<void(std::string_view)> log;  // a line of JSON; may be empty
  std::chrono::milliseconds every{2'000};     // how often the work beside requests is looked for
};

// How people reached the server that began last on this store; "" when none did.
base::Result<std::string> LastAddress(store::Store& store);

// A link under `url` that signs `user` in, once. kNotFound when there is no such user.
base::Result<std::string> SignInLink(access::Access& access, std::string_view user,
                                     std::string_view url);

class ProgramServer {
 public:
  static base::Result<std::unique_ptr<ProgramServer>> Start(ProgramOptions options);
  ~ProgramServer();
  ProgramServer(const ProgramServer&) = delete;
  ProgramServer& operator=(const ProgramServer&) = delete;

  std::string url() const;  // "" for a worker
  program::Service& service();
  access::Access& access();
  base::Result<void> ReloadTls();
  void Stop(std::chrono::milliseconds patience);

 private:
  struct State;
  explicit ProgramServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace scantling::server
