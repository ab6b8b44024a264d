// libcurl (7.85 or newer), opened with dlopen at the first call: a program that calls nobody does
// not load it. Internal to this folder; beside it only http_client.cc and smtp.cc know libcurl.
#pragma once

#include "base/result.h"

#include <dlfcn.h>

namespace scantling::net {

// Opened and made ready once, and never closed: its threads and tables live as long as the process.
// Thread-safe. kUnsupported where there is none.
base::Result<void*> CurlLibrary();
base::Error CurlIsTooOld();

template <typename T>
bool Look(void* library, const char* name, T& function) {
  function = reinterpret_cast<T>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace scantling::net
