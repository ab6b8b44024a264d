// Tests only: RapidCheck generators of versions that look like each ecosystem's own, with the rare
// forms made common: equal spellings, missing and zero parts, every suffix, long numbers. Not every
// text is valid; callers skip the others.
#pragma once

#include "version/ecosystem.h"

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace scantling::version {

inline rc::Gen<std::string> PlausibleNumber() {
  return rc::gen::weightedOneOf<std::string>(
      {{6, rc::gen::elementOf(std::vector<std::string>{"0", "1", "2", "3", "9", "10", "11"})},
       {1,
        rc::gen::elementOf(std::vector<std::string>{"00", "01", "02", "007", "010", "20230101",
                                                    "20230101120000", "99999999999999999999"})}});
}

// The separators, words and prefixes that an ecosystem's versions are put together from.
struct Alphabet {
  std::vector<std::string> prefixes;
  std::vector<std::string> joints;  // between numbers
  std::vector<std::string> tails;   // '#' stands for a number
};

// kUsual: for Maven, whose own order runs in circles on odd mixes of words and zeros ("3-sp-10" <
// "3-0-beta3" < "3.0-ga" < "3-sp-10"), only the forms that releases have.
enum class Forms { kAll, kUsual };

inline const Alphabet& AlphabetOf(Ecosystem ecosystem, Forms forms = Forms::kAll) {
  static const Alphabet kDeb{
      {"", "", "", "0:", "1:", "2:"},
      {".", ".", ".", ".", "+", "~"},
      {"", "", "-#", "-#.#", "~rc#", "~rc#-#", "+deb12u#", "-#+b#", "+dfsg-#", "~", "-#~deb11u#",
       "a", "-0ubuntu#.#", "-1~", "+git#", "-a-#"}};
  static const Alphabet kApk{
      {""},
      {"."},
      {"", "", "-r#", "_rc#", "_alpha", "_beta#-r#", "_p#", "_git#-r#", "a", "b-r#", "_pre#_p#",
       "a#", "_alpha_pre#", "_cvs", "_svn#", "_hg", "~ab12", "_p#~ab-r#"}};
  static const Alphabet kRpm{{"", "", "", "0:", "1:"},
                             {".", ".", "_", "+", "~", "^", ""},
                             {"", "-#", "-#.el9", "-#.fc40", "~rc#-#", "^git#", "^#-#.el9_#", "a",
                              "b#", "~", "^", "-#.module+el8.#.0+abc", "~~", ".~"}};
  static const Alphabet kPypi{
      {"", "", "", "v", "0!", "1!"},
      {"."},
      {"",         "",        "a#",         "b#",          "rc#",      "c#",      ".dev#",
       ".post#",   "-#",      "a#.dev#",    ".post#.dev#", "+local.#", "+ubuntu", "rc#.post#.dev#",
       "alpha",    "-beta.#", "_preview_#", ".rev#",       "+#",       "dev",     ".RC#",
       "+abc.#.x", "+ABC",    "-r#"}};
  static const Alphabet kSemver{
      {"", "", "", "v", "="},
      {"."},
      {"", "", "-alpha", "-alpha.#", "-#", "-rc.#", "-alpha.beta", "-beta.#", "+build", "-rc#+b.#",
       "-a.b.c.#", "-x-y-z.#", "-#.#", "-A", "beta#", "-0-#", "--"}};
  static const Alphabet kMaven{
      {"", "", "", "v", "r"},
      {".", ".", ".", "-", "_", ""},
      {"",       "",         "-SNAPSHOT", "-alpha-#", "-beta#",  "-rc#",  ".RELEASE", "-RELEASE",
       ".Final", "-ga",      "-sp-#",     "-jre#",    "-m#",     ".a#",   "-b#",      "-cr#",
       "-M#",    "-android", ".0.0",      "-0",       "-foo",    "alpha", ".Beta#",   "-SP#-foo",
       "-.#",    "..#",      "-#-#",      "-final-#", "-1.#.0-0"}};
  static const Alphabet kMavenUsual{
      {""}, {"."}, {"",         "",        "",     "-SNAPSHOT", "-alpha-#", "-alpha#",
                    "-beta#",   "-beta-#", "-rc#", ".RELEASE",  ".Final",   "-jre",
                    "-android", "-M#",     ".RC#", "-cr#",      "-b#",      "-sp-#",
                    "-#",       "-foo",    ".SP#", "-ga"}};
  static const Alphabet kGo{
      {"", "v", "v", "go"},
      {"."},
      {"", "", "", "-rc.#", "-0.20230101120000-abcdefabcdef", "-beta.#", "+incompatible", "rc#",
       "beta#", "-0", "-pre.0.20230101120000-0123456789ab", "-alpha", " X:boringcrypto",
       "-rc.#.#"}};
  static const Alphabet kGem{{""},
                             {".", ".", ".", ".a.", ".rc"},
                             {"", "", ".pre", ".rc#", ".beta.#", "-x86", "-#", ".a", ".pre.#",
                              ".b#c", "-java.#", ".0.0", ".A"}};
  static const Alphabet kComposer{
      {"", "", "v"},
      {"."},
      {"", "", "-dev", "-beta#", "-RC#", "-alpha", "-patch#", "-p#", "-pl#", ".x-dev", "@dev",
       "-beta.#", "-stable", "+abc", "-a#-dev", "rc#", "_b#", "-RC#.#"}};
  static const Alphabet kNuget{
      {"", ""},
      {"."},
      {"", "", "-beta", "-Beta", "-beta.#", "-rc#", "-#", "+sha", "-a.b", "-preview.#.#", "-X-#"}};
  switch (ecosystem) {
    case Ecosystem::kDeb:
      return kDeb;
    case Ecosystem::kApk:
      return kApk;
    case Ecosystem::kRpm:
      return kRpm;
    case Ecosystem::kPypi:
      return kPypi;
    case Ecosystem::kMaven:
      return forms == Forms::kAll ? kMaven : kMavenUsual;
    case Ecosystem::kGo:
      return kGo;
    case Ecosystem::kGem:
      return kGem;
    case Ecosystem::kComposer:
      return kComposer;
    case Ecosystem::kNuget:
      return kNuget;
    case Ecosystem::kNpm:
    case Ecosystem::kCargo:
      break;
  }
  return kSemver;
}

inline rc::Gen<std::string> PlausibleVersion(Ecosystem ecosystem, Forms forms = Forms::kAll) {
  const Alphabet& alphabet = AlphabetOf(ecosystem, forms);
  const bool three = ecosystem == Ecosystem::kNpm || ecosystem == Ecosystem::kCargo;
  const std::vector<int> counts = three ? std::vector<int>{3}
                                  : ecosystem == Ecosystem::kGo
                                      ? std::vector<int>{1, 2, 3, 3, 3, 3, 3, 3}
                                      : std::vector<int>{1, 2, 2, 3, 3, 3, 4};
  return rc::gen::exec([&alphabet, counts] {
    std::string out = *rc::gen::elementOf(alphabet.prefixes);
    const int numbers = *rc::gen::elementOf(counts);
    for (int i = 0; i < numbers; ++i) {
      if (i > 0) {
        out += *rc::gen::elementOf(alphabet.joints);
      }
      out += *PlausibleNumber();
    }
    for (const char c : *rc::gen::elementOf(alphabet.tails)) {
      out += c == '#' ? *PlausibleNumber() : std::string(1, c);
    }
    return out;
  });
}

}  // namespace scantling::version
