#include "net/curl_library.h"

#include <curl/curl.h>

namespace scantling::net {
namespace {

base::Result<void*> Open() {
  void* library = nullptr;
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    library = library == nullptr ? ::dlopen(name, RTLD_NOW | RTLD_LOCAL) : library;
  }
  if (library == nullptr) {
    return base::Unsupported(
        "calls over the network need libcurl.so.4, which is not installed (Debian's package is "
        "libcurl4)");
  }
  decltype(&curl_global_init) init = nullptr;
  if (!Look(library, "curl_global_init", init) || init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return CurlIsTooOld();
  }
  return library;
}

}  // namespace

base::Error CurlIsTooOld() {
  return base::Unsupported("the installed libcurl is too old: 7.85 or newer is needed");
}

base::Result<void*> CurlLibrary() {
  static const base::Result<void*> kLibrary = Open();
  if (!kLibrary) {
    return kLibrary.error().Clone();
  }
  return *kLibrary;
}

}  // namespace scantling::net
