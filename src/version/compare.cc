#include "version/compare.h"

#include "version/scheme.h"

namespace scantling::version {
namespace {

struct Scheme {
  std::optional<int> (*compare)(std::string_view, std::string_view);
  bool (*valid)(std::string_view);
};

Scheme SchemeOf(Ecosystem ecosystem) {
  switch (ecosystem) {
    case Ecosystem::kDeb:
      return {scheme::CompareDpkg, scheme::ValidDpkg};
    case Ecosystem::kApk:
      return {scheme::CompareApk, scheme::ValidApk};
    case Ecosystem::kRpm:
      return {scheme::CompareRpm, scheme::ValidRpm};
    case Ecosystem::kPypi:
      return {scheme::ComparePep440, scheme::ValidPep440};
    case Ecosystem::kNpm:
      return {scheme::CompareNpm, scheme::ValidNpm};
    case Ecosystem::kMaven:
      return {scheme::CompareMaven, scheme::ValidMaven};
    case Ecosystem::kGo:
      return {scheme::CompareGo, scheme::ValidGo};
    case Ecosystem::kGem:
      return {scheme::CompareGem, scheme::ValidGem};
    case Ecosystem::kComposer:
      return {scheme::CompareComposer, scheme::ValidComposer};
    case Ecosystem::kNuget:
      return {scheme::CompareNuget, scheme::ValidNuget};
    case Ecosystem::kCargo:
      return {scheme::CompareCargo, scheme::ValidCargo};
  }
  // A value out of a damaged database: nothing is a version of it.
  return {[](std::string_view, std::string_view) -> std::optional<int> { return std::nullopt; },
          [](std::string_view) { return false; }};
}

}  // namespace

std::optional<int> Compare(Ecosystem ecosystem, std::string_view a, std::string_view b) {
  return SchemeOf(ecosystem).compare(a, b);
}

bool IsValid(Ecosystem ecosystem, std::string_view version) {
  return SchemeOf(ecosystem).valid(version);
}

}  // namespace scantling::version
