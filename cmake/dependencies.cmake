# Third-party libraries, all from Debian 12. Static where Debian ships an archive, so that the program needs few shared
# libraries beside libc; simdjson and isa-l exist as shared libraries only.
find_package(Threads REQUIRED)

# scantling_library(NAME HEADER STATIC-NAME): an imported target scantling::NAME that prefers libX.a.
function(scantling_library name header)
  unset(lib CACHE)
  find_library(lib NAMES ${ARGN} REQUIRED)
  find_path(inc NAMES ${header} REQUIRED)
  add_library(scantling_dep_${name} INTERFACE)
  target_link_libraries(scantling_dep_${name} INTERFACE ${lib})
  unset(lib CACHE)
  unset(inc CACHE)
endfunction()

scantling_library(isal isa-l/igzip_lib.h isal)
scantling_library(simdjson simdjson.h simdjson)
scantling_library(deflate libdeflate.h libdeflate.a deflate)
scantling_library(zstd zstd.h libzstd.a zstd)
scantling_library(lzma lzma.h liblzma.a lzma)
scantling_library(bz2 bzlib.h libbz2.a bz2)
scantling_library(crypto openssl/evp.h libcrypto.a crypto)
scantling_library(yaml yaml.h libyaml.a yaml)
scantling_library(re2 re2/re2.h libre2.a re2)
scantling_library(ssl openssl/ssl.h libssl.a ssl)
scantling_library(sqlite3 sqlite3.h libsqlite3.a sqlite3)
scantling_library(sodium sodium.h libsodium.a sodium)
scantling_library(cjose cjose/cjose.h libcjose.a cjose)
scantling_library(jansson jansson.h libjansson.a jansson)
target_link_libraries(scantling_dep_crypto INTERFACE ${CMAKE_DL_LIBS})
# libcurl and libpq are opened when they are first needed (net/, store/): linked, they would bring some thirty shared libraries
# into every start of the program. Their headers are needed to build.
# libxxhash is used header-only (XXH_INLINE_ALL) and CLI11 is a header.

set(SCANTLING_LIBS_base scantling_dep_crypto Threads::Threads)
set(SCANTLING_LIBS_codec scantling_dep_isal scantling_dep_deflate scantling_dep_zstd scantling_dep_lzma scantling_dep_bz2
    scantling_dep_simdjson scantling_dep_yaml)
set(SCANTLING_LIBS_policy scantling_dep_re2 Threads::Threads)
set(SCANTLING_LIBS_store scantling_dep_sqlite3)
set(SCANTLING_LIBS_server scantling_dep_cjose scantling_dep_jansson scantling_dep_ssl scantling_dep_crypto scantling_dep_sodium)
