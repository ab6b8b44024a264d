// libcurl (7.85 or newer), opened with dlopen at the first call: a program that calls nobody does
// not load it. Internal to this folder; only http_client.cc and smtp.cc use it.
#pragma once

#include "base/result.h"

// Its checks of argument types are macros around the functions that we look up ourselves.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace scantling::net {

struct Curl {
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_poll) multi_poll = nullptr;
  decltype(&curl_multi_wakeup) multi_wakeup = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

// Opened and made ready once, and never closed: its threads and tables live as long as the process.
// Thread-safe. kUnsupported where there is none, or one that is too old.
base::Result<const Curl*> TheCurl();

}  // namespace scantling::net
