// Every setting of the program, from one table: configuration file, environment (SCANTLING_*),
// flags, in this order, the later one wins. The table also makes --help, the man page, shell
// completion, docs/configuration.md and api/config.schema.json.
#pragma once

#include "base/limits.h"
#include "base/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace scantling::cli {

struct Settings {
  std::string format = "text";
  std::vector<std::string> output;  // "FILE" or "FORMAT=FILE"
  bool all = false;
  bool quiet = false;
  std::string color = "auto";
  uint64_t jobs = 0;  // 0 = as many as the machine has cores
  std::string cache_dir;
  bool no_cache = false;
  uint64_t cache_bytes = uint64_t{2} << 30;
  std::string platform;
  std::string registry_ca;
  std::vector<std::string> insecure_registry;
  std::string db;
  std::vector<std::string> fail_on;
  bool fail_on_gaps = false;
  std::string exposed = "unknown";
  std::string base;
  std::string now;
  base::Limits limits;
  std::string feeds;
  std::string against;        // ci: a baseline's file or name, a report, an SBOM, an image
  std::string save_baseline;  // ci: file or name
  std::string baselines;      // folder of baselines that are called by name
  std::string policy;         // file, or the name of a ready one
  std::string agreements;
  std::string environment;
  std::string team;
  std::string dockerfile;
  std::string target;  // stage of the Dockerfile
  std::vector<std::string> exceptions;
  std::vector<std::string> vex;
  std::string history;  // folder of records of earlier runs
  uint64_t days = 30;   // replay: how far back
  std::string present;  // replay: the policy in force
  std::string link;     // to the full report
  std::string template_file;
  std::string server;  // URL of a Scantling server
  std::string token;   // for it
  std::string token_file;
  std::string ca_file;  // of its certificate
  std::string name;     // running: of the reporter
  std::string cluster;
  uint64_t interval = 60;  // running: seconds
  bool once = false;
  bool print = false;
  std::string from_file;  // running: a list of pods
  std::string socket;     // running: of the container runtime
  std::string kubeconfig;
  std::string kube_context;
  std::vector<std::string> annotations = {"*/owner", "*/team", "owner", "team"};
  std::string data;      // server: folder of the embedded store
  std::string database;  // server: postgres://...; "" = the embedded store
  std::string listen;    // server: ADDRESS:PORT
  std::string tls_certificate;
  std::string tls_key;
  std::string public_url;                    // server: how people reach it
  std::vector<std::string> trusted_proxies;  // server: addresses that may say who asks
  std::vector<std::string> allow_address;    // server: private ranges that webhooks may go to
  uint64_t scans = 1;                        // server: images scanned at once
  std::string registry_credentials;          // server: folder of logins by name
  std::string smtp_server;
  std::string smtp_user;
  std::string smtp_password;
  std::string smtp_password_file;
  std::string smtp_from;
  std::string oidc_issuer;
  std::string oidc_client_id;
  std::string oidc_client_secret;
  std::string oidc_client_secret_file;
  std::string oidc_label = "single sign-on";
  std::string oidc_scopes = "openid profile email";
  std::string oidc_role_claim;
  std::vector<std::string> oidc_role;  // "VALUE=ROLE"
  std::string oidc_default_role;
  std::string oidc_owner_claim;
  uint64_t oidc_session_hours = 12;
  std::vector<std::string> image_name;  // scan --submit, record: names of the image
  std::string codeowners;               // record: the repository's file
  std::string source_url;               // record: the repository
  std::string commit;
  std::string commit_time;
  std::string base_digest;
  std::string workload;
  std::string submit;  // scan: the server that gets the inventory
  std::string config;
  // Where a setting was given, for messages and `config show`: "--jobs", "SCANTLING_JOBS",
  // "scantling.yaml:3".
  std::map<std::string, std::string, std::less<>> origins;
};

// Where a setting may be given.
enum Where : unsigned { kFlag = 1, kEnvironment = 2, kFile = 4, kEverywhere = 7 };

struct SettingInfo {
  std::string_view name;  // "fail-on": --fail-on, SCANTLING_FAIL_ON, "fail-on:" in the file
  char letter = 0;        // 'o' for -o
  std::variant<bool Settings::*, uint64_t Settings::*, std::string Settings::*,
               std::vector<std::string> Settings::*, base::Limits Settings::*>
      member;
  unsigned where = kEverywhere;
  std::string_view value;                 // "FILE", "N"; "" for a switch
  std::vector<std::string_view> choices;  // empty = free
  std::string_view commands;              // names with blanks between: "scan,inventory,db build"
  std::string_view fallback;              // what holds without it, in words
  std::string_view help;
  bool whole = false;  // a list whose values may hold commas
};

const std::vector<SettingInfo>& SettingTable();
const SettingInfo* MaybeSetting(std::string_view name);
bool AppliesTo(const SettingInfo& setting, std::string_view command);
std::string EnvironmentName(const SettingInfo& setting);

// Sets one setting from texts; `origin` is where they were given. Lists and limits may hold commas.
base::Result<void> Apply(Settings& settings, const SettingInfo& setting,
                         const std::vector<std::string>& values, const std::string& origin);

// "512M" and the like: a whole number, then K, M, G or T for powers of 1024.
base::Result<uint64_t> ParseCount(std::string_view text);

// A configuration file's text; `path` is for messages.
base::Result<void> ApplyFile(Settings& settings, std::string_view text, const std::string& path);
// Variables "NAME=value". What is wrong is an error, a name that is no setting a warning.
base::Result<void> ApplyEnvironment(Settings& settings, std::span<const char* const> variables,
                                    std::vector<std::string>& warnings);

}  // namespace scantling::cli
