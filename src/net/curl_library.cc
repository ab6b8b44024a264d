#include "net/curl_library.h"

#include <dlfcn.h>

namespace scantling::net {
namespace {

base::Result<Curl> Open() {
  void* library = nullptr;
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    library = library == nullptr ? ::dlopen(name, RTLD_NOW | RTLD_LOCAL) : library;
  }
  if (library == nullptr) {
    return base::Unsupported(
        "calls over the network need libcurl.so.4, which is not installed (Debian's package is "
        "libcurl4)");
  }
  bool complete = true;
  const auto look = [&]<typename T>(const char* name, T& function) {
    function = reinterpret_cast<T>(::dlsym(library, name));
    complete = complete && function != nullptr;
  };
  Curl out;
  decltype(&curl_global_init) global_init = nullptr;
  look("curl_global_init", global_init);
  look("curl_easy_init", out.easy_init);
  look("curl_easy_cleanup", out.easy_cleanup);
  look("curl_easy_reset", out.easy_reset);
  look("curl_easy_setopt", out.easy_setopt);
  look("curl_easy_perform", out.easy_perform);
  look("curl_easy_getinfo", out.easy_getinfo);
  look("curl_easy_strerror", out.easy_strerror);
  look("curl_multi_init", out.multi_init);
  look("curl_multi_cleanup", out.multi_cleanup);
  look("curl_multi_add_handle", out.multi_add_handle);
  look("curl_multi_remove_handle", out.multi_remove_handle);
  look("curl_multi_perform", out.multi_perform);
  look("curl_multi_poll", out.multi_poll);
  look("curl_multi_wakeup", out.multi_wakeup);
  look("curl_multi_info_read", out.multi_info_read);
  look("curl_slist_append", out.slist_append);
  look("curl_slist_free_all", out.slist_free_all);
  if (!complete || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return base::Unsupported("the installed libcurl is too old: 7.85 or newer is needed");
  }
  return out;
}

}  // namespace

base::Result<const Curl*> TheCurl() {
  static const base::Result<Curl> kCurl = Open();
  if (!kCurl) {
    return kCurl.error().Clone();
  }
  return &*kCurl;
}

}  // namespace scantling::net
