// Who asks. Every handler gets a Viewer, and puts `owners` into its queries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server::access {

// kViewer and kOwner see what belongs to their owners; kSecurity and kAdmin see everything. kOwner
// may also acknowledge and assign what is theirs; kSecurity decides policy and exceptions; kAdmin
// also manages users, tokens and settings.
enum class Role : uint8_t { kViewer, kOwner, kSecurity, kAdmin };
std::string_view ToString(Role role);  // "viewer", "owner", "security", "admin"
std::optional<Role> ParseRole(std::string_view text);

// What an API token may do: read; tell of scans, copies and builds; decide and change settings as
// far as its maker's role goes. A person's session may do what the role allows.
enum class Scope : uint8_t { kRead = 1, kSubmit = 2, kAdmin = 4 };
std::string_view ToString(Scope scope);  // "read", "submit", "admin"
std::optional<Scope> ParseScope(std::string_view text);

struct Viewer {
  int64_t user_id = 0;  // of the token's maker, when a token asks
  std::string name;
  std::string display_name;
  Role role = Role::kViewer;
  std::vector<std::string> owners;  // sorted
  uint8_t scopes = 0;               // of Scope; sessions have all
  int64_t token_id = 0;             // 0 = a session
  std::string session_id;           // "" = a token
  int64_t session_ends = 0;         // of a session, milliseconds since 1970
  std::string address;              // where the request came from

  // Not limited to `owners`. A token with an owner is limited, whoever made it.
  bool sees_all = false;
  // `admin` holds the others.
  bool Has(Scope scope) const {
    return (scopes & (static_cast<uint8_t>(scope) | static_cast<uint8_t>(Scope::kAdmin))) != 0;
  }
};

}  // namespace scantling::server::access
