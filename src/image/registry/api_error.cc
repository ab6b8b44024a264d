// See api_error.h.
#include "image/registry/api_error.h"

#include "base/strings.h"
#include "codec/json.h"

namespace scantling::image::registry {
namespace {

constexpr size_t kMaxWords = 300;

// "MANIFEST_UNKNOWN: manifest unknown" of the first error; "" when the body is something else.
std::string Words(std::string_view body) {
  codec::Json json;
  auto root = json.Parse(body, 1 << 20);
  std::string out;
  if (root) {
    (*root)["errors"].ForEach([&](codec::JsonValue error) {
      out = base::ToUtf8(error["code"].Text());
      const std::string message = base::ToUtf8(error["message"].Text());
      out += (out.empty() || message.empty() ? "" : ": ") + message;
      return false;
    });
  }
  if (out.size() > kMaxWords) {
    out = base::ToUtf8(std::string_view(out).substr(0, kMaxWords));
  }
  for (char& c : out) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return out;
}

}  // namespace

base::Error ApiError(std::string_view what, int status, std::string_view body) {
  const std::string words = Words(body);
  const std::string said = words.empty() ? "" : " (" + words + ")";
  const std::string name(what);
  switch (status) {
    case 401:
    case 403:
      return {base::ErrorCode::kUsage, name + ": the registry does not let us read it (HTTP " +
                                           std::to_string(status) + ")" + said};
    case 404:
      return base::NotFound(name + ": the registry does not have it" + said);
    case 429:
      return {base::ErrorCode::kIo,
              name + ": the registry has had too many requests from here (HTTP 429)" + said};
    default:
      return {status >= 500 ? base::ErrorCode::kIo : base::ErrorCode::kInvalid,
              name + ": the registry answers HTTP " + std::to_string(status) + said};
  }
}

}  // namespace scantling::image::registry
