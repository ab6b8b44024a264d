// libpq (https://www.postgresql.org/docs/15/libpq.html), opened when it is first needed: linked, it
// would bring some twenty shared libraries into every start of the program. Inside the room only.
#pragma once

#include "base/result.h"

#include <postgresql/libpq-fe.h>

namespace scantling::store {

// Functions of the library under their own names, without "PQ". Thread-safe.
struct PostgresLibrary {
  decltype(&PQconnectdbParams) connectdbParams = nullptr;
  decltype(&PQfinish) finish = nullptr;
  decltype(&PQstatus) status = nullptr;
  decltype(&PQerrorMessage) errorMessage = nullptr;
  decltype(&PQsocket) socket = nullptr;
  decltype(&PQsetNoticeProcessor) setNoticeProcessor = nullptr;
  decltype(&PQexec) exec = nullptr;
  decltype(&PQprepare) prepare = nullptr;
  decltype(&PQsendQueryPrepared) sendQueryPrepared = nullptr;
  decltype(&PQsetSingleRowMode) setSingleRowMode = nullptr;
  decltype(&PQgetResult) getResult = nullptr;
  decltype(&PQconsumeInput) consumeInput = nullptr;
  decltype(&PQnotifies) notifies = nullptr;
  decltype(&PQfreemem) freemem = nullptr;
  decltype(&PQclear) clear = nullptr;
  decltype(&PQresultStatus) resultStatus = nullptr;
  decltype(&PQresultErrorField) resultErrorField = nullptr;
  decltype(&PQntuples) ntuples = nullptr;
  decltype(&PQnfields) nfields = nullptr;
  decltype(&PQftype) ftype = nullptr;
  decltype(&PQgetisnull) getisnull = nullptr;
  decltype(&PQgetvalue) getvalue = nullptr;
  decltype(&PQgetlength) getlength = nullptr;
  decltype(&PQcmdTuples) cmdTuples = nullptr;
  decltype(&PQenterPipelineMode) enterPipelineMode = nullptr;
  decltype(&PQexitPipelineMode) exitPipelineMode = nullptr;
  decltype(&PQpipelineSync) pipelineSync = nullptr;
  decltype(&PQconninfoParse) conninfoParse = nullptr;
  decltype(&PQconninfoFree) conninfoFree = nullptr;
};

// An error names the Debian package that is missing.
base::Result<const PostgresLibrary*> LoadPostgresLibrary();

}  // namespace scantling::store
