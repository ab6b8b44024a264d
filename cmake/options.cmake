# Compiler and linker settings shared by every target.
add_library(scantling_options INTERFACE)
target_include_directories(scantling_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(scantling_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  -ffp-contract=off  # the same scores on every processor: no fused multiply-add
  -fstack-protector-strong -fno-omit-frame-pointer -ffunction-sections -fdata-sections)
target_compile_definitions(scantling_options INTERFACE
  SCANTLING_VERSION="${PROJECT_VERSION}" _GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # libstdc++ 12's std::stable_sort uses std::get_temporary_buffer, which it has itself marked as deprecated.
  target_compile_options(scantling_options INTERFACE -Wno-deprecated-declarations)
endif()
if(SCANTLING_WERROR)
  target_compile_options(scantling_options INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(scantling_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(SCANTLING_SANITIZE)
  target_compile_options(scantling_options INTERFACE -fsanitize=${SCANTLING_SANITIZE} -fno-sanitize-recover=undefined)
  target_link_options(scantling_options INTERFACE -fsanitize=${SCANTLING_SANITIZE})
  target_compile_definitions(scantling_options INTERFACE SCANTLING_SANITIZED=1)
endif()
if(SCANTLING_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(scantling_options INTERFACE -fpch-preprocess)  # so that ccache sees through it
endif()
find_program(SCANTLING_MOLD mold)
if(SCANTLING_MOLD AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  target_link_options(scantling_options INTERFACE -fuse-ld=mold)
endif()
target_link_options(scantling_options INTERFACE -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)
find_program(SCANTLING_CCACHE ccache)
if(SCANTLING_CCACHE)
  # The sloppiness is what lets it keep what was compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${SCANTLING_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SCANTLING_CCACHE})
endif()
