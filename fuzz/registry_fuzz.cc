// What a registry says, and what names one: references, challenges, links, manifests, errors, files
// of logins. The first byte chooses the parser.
#include "base/base64.h"
#include "image/registry/api_error.h"
#include "image/registry/credentials.h"
#include "image/registry/headers.h"
#include "image/registry/manifest.h"
#include "image/registry/reference.h"
#include "net/url.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace registry = scantling::image::registry;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'r':
      if (const auto reference = registry::ParseReference(text)) {
        const auto again = registry::ParseReference(reference->ToString());
        if (!again || again->ToString() != reference->ToString()) {
          std::abort();
        }
      }
      static_cast<void>(registry::LooksLikeReference(text));
      static_cast<void>(registry::IsLoopback(text));
      break;
    case 'c':
      static_cast<void>(registry::ParseChallenges(text));
      break;
    case 'l':
      static_cast<void>(registry::NextLink(text));
      break;
    case 'm':
      static_cast<void>(registry::BlobsNamedBy(text));
      break;
    case 'e':
      static_cast<void>(registry::ApiError("x", 404, text));
      break;
    case 'f':
      static_cast<void>(registry::FindInFile(text, "a.b", "team/shop"));
      static_cast<void>(registry::ParseHelperAnswer(text));
      break;
    case 'b':
      if (const auto bytes = scantling::base::DecodeBase64(text)) {
        if (scantling::base::DecodeBase64(scantling::base::EncodeBase64(*bytes)) != bytes) {
          std::abort();
        }
      }
      break;
    default:
      if (const auto url = scantling::net::ParseUrl(text)) {
        const auto again = scantling::net::ParseUrl(url->ToString());
        if (!again || again->ToString() != url->ToString()) {
          std::abort();
        }
      }
  }
  return 0;
}
