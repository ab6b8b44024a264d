# The page (web/) as a part of the server's library: web/build.mjs makes a C++ table of it. Without Node.js, or with SCANTLING_WEB=OFF,
# the program has one small page that says how to get the real one. Needs Node.js 18 and npm, as Debian 12 has them.
option(SCANTLING_WEB "Build the page into the program (needs node and npm)" ON)
find_program(SCANTLING_NODE NAMES node nodejs)
find_program(SCANTLING_NPM npm)

set(page ${CMAKE_BINARY_DIR}/web/page_files.cc)
if(SCANTLING_WEB AND SCANTLING_NODE AND SCANTLING_NPM)
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*.ts ${CMAKE_SOURCE_DIR}/web/src/*.tsx
       ${CMAKE_SOURCE_DIR}/web/src/*.css ${CMAKE_SOURCE_DIR}/web/public/*)
  list(FILTER web_sources EXCLUDE REGEX "(/schema\\.d\\.ts|\\.test\\.ts)$")
  add_custom_command(
    OUTPUT ${page}
    COMMAND ${SCANTLING_NODE} ${CMAKE_SOURCE_DIR}/web/build.mjs ${page} ${CMAKE_BINARY_DIR}/web
    DEPENDS ${web_sources} ${CMAKE_SOURCE_DIR}/web/index.html ${CMAKE_SOURCE_DIR}/web/vite.config.ts
            ${CMAKE_SOURCE_DIR}/web/package-lock.json ${CMAKE_SOURCE_DIR}/web/build.mjs ${CMAKE_SOURCE_DIR}/web/embed.mjs
    COMMENT "Building the page"
    VERBATIM)
else()
  if(SCANTLING_WEB)
    message(STATUS "Scantling: no node or npm, so the server has no page (apt-get install nodejs npm)")
  endif()
  configure_file(${CMAKE_SOURCE_DIR}/web/no_page.cc ${page} COPYONLY)
endif()
target_sources(scantling_server PRIVATE ${page})
