// Opening libpq.so.5 and finding its functions.
#include "store/postgres_library.h"

#include <dlfcn.h>

#include <optional>
#include <string>

namespace scantling::store {
namespace {

struct Loaded {
  PostgresLibrary functions;
  std::optional<base::Error> error;
};

Loaded Load() {
  Loaded out;
  void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);  // stays for the whole process
  if (library == nullptr) {
    const char* why = ::dlerror();
    out.error = base::Error(base::ErrorCode::kIo,
                            std::string("PostgreSQL needs libpq: install the Debian package "
                                        "libpq5 (") +
                                (why == nullptr ? "" : why) + ")");
    return out;
  }
  const auto find = [&](auto& function, const char* name) {
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr && !out.error.has_value()) {
      out.error = base::Error(base::ErrorCode::kIo, std::string("libpq.so.5 has no ") + name +
                                                        ": install libpq5 of version 14 or newer");
    }
  };
  PostgresLibrary& f = out.functions;
  find(f.connectdbParams, "PQconnectdbParams");
  find(f.finish, "PQfinish");
  find(f.status, "PQstatus");
  find(f.errorMessage, "PQerrorMessage");
  find(f.socket, "PQsocket");
  find(f.setNoticeProcessor, "PQsetNoticeProcessor");
  find(f.exec, "PQexec");
  find(f.prepare, "PQprepare");
  find(f.sendQueryPrepared, "PQsendQueryPrepared");
  find(f.setSingleRowMode, "PQsetSingleRowMode");
  find(f.getResult, "PQgetResult");
  find(f.consumeInput, "PQconsumeInput");
  find(f.notifies, "PQnotifies");
  find(f.freemem, "PQfreemem");
  find(f.clear, "PQclear");
  find(f.resultStatus, "PQresultStatus");
  find(f.resultErrorField, "PQresultErrorField");
  find(f.ntuples, "PQntuples");
  find(f.nfields, "PQnfields");
  find(f.ftype, "PQftype");
  find(f.getisnull, "PQgetisnull");
  find(f.getvalue, "PQgetvalue");
  find(f.getlength, "PQgetlength");
  find(f.cmdTuples, "PQcmdTuples");
  find(f.enterPipelineMode, "PQenterPipelineMode");
  find(f.exitPipelineMode, "PQexitPipelineMode");
  find(f.pipelineSync, "PQpipelineSync");
  find(f.conninfoParse, "PQconninfoParse");
  find(f.conninfoFree, "PQconninfoFree");
  return out;
}

}  // namespace

base::Result<const PostgresLibrary*> LoadPostgresLibrary() {
  static const Loaded kLoaded = Load();
  if (kLoaded.error.has_value()) {
    return kLoaded.error->Clone();
  }
  return &kLoaded.functions;
}

}  // namespace scantling::store
