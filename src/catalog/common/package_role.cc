// The table is written by hand from the package names of Debian 12, Alpine 3.20, Fedora 40 and
// Enterprise Linux 9. Interpreters (python, perl, node) and JDKs run programs and are not in it.
#include "catalog/common/package_role.h"

#include <algorithm>
#include <array>

namespace scantling::catalog {
namespace {

// Sorted: looked up by binary search.
constexpr auto kBuildTools = std::to_array<std::string_view>({
    "abuild",
    "alpine-sdk",
    "ant",
    "autoconf",
    "automake",
    "autopoint",
    "bazel",
    "binutils",
    "bison",
    "build-base",
    "build-essential",
    "byacc",
    "cargo",
    "ccache",
    "clang",
    "clang++",
    "cmake",
    "cmake-data",
    "cpp",
    "debhelper",
    "dh-autoreconf",
    "dh-strip-nondeterminism",
    "distcc",
    "dpkg-dev",
    "elfutils",
    "fakeroot",
    "flex",
    "g++",
    "gcc",
    "gcc-c++",
    "gfortran",
    "go",
    "golang",
    "golang-bin",
    "golang-go",
    "golang-src",
    "gradle",
    "intltool",
    "libtool",
    "libtool-bin",
    "lld",
    "llvm",
    "make",
    "maven",
    "meson",
    "mold",
    "nasm",
    "ninja",
    "ninja-build",
    "patch",
    "patchutils",
    "pkg-config",
    "pkgconf",
    "pkgconf-bin",
    "pkgconf-m4",
    "pkgconf-pkg-config",
    "po-debconf",
    "quilt",
    "redhat-rpm-config",
    "rpm-build",
    "rpmdevtools",
    "rust",
    "rustc",
    "samurai",
    "scons",
    "swig",
    "yasm",
});
static_assert(std::ranges::is_sorted(kBuildTools));

// Followed by "-" or a digit: "gcc-12", "llvm15".
constexpr auto kVersioned =
    std::to_array<std::string_view>({"automake", "binutils", "clang", "cpp", "g++", "gcc",
                                     "gfortran", "golang", "lld", "llvm", "rustc"});
constexpr auto kRunsAfterAll =
    std::to_array<std::string_view>({"-base", "-common", "-lib", "-libs", "-runtime"});

bool EndsInOneOf(std::string_view name, auto&& suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view s) { return name.ends_with(s); });
}

bool IsBuildTool(std::string_view name) {
  if (std::ranges::binary_search(kBuildTools, name)) {
    return true;
  }
  if (EndsInOneOf(name, kRunsAfterAll)) {
    return false;
  }
  return std::ranges::any_of(kVersioned, [&](std::string_view tool) {
    return name.size() > tool.size() && name.starts_with(tool) &&
           (name[tool.size()] == '-' || (name[tool.size()] >= '0' && name[tool.size()] <= '9'));
  });
}

}  // namespace

model::Role RoleFromName(std::string_view name) {
  using std::string_view_literals::operator""sv;
  if (EndsInOneOf(name, std::array{"-doc"sv, "-docs"sv})) {
    return model::Role::kDocumentation;
  }
  if (name != "dpkg-dev" &&
      (EndsInOneOf(name, std::array{"-dev"sv, "-devel"sv, "-headers"sv}) ||
       name.starts_with("linux-headers") || name.starts_with("kernel-headers"))) {
    return model::Role::kHeaders;
  }
  return IsBuildTool(name) ? model::Role::kBuildOnly : model::Role::kRuntime;
}

}  // namespace scantling::catalog
