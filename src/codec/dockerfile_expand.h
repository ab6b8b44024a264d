// Variables and words in Dockerfiles.
// https://docs.docker.com/reference/dockerfile/#environment-replacement
//
// $X, ${X}, ${X:-d}, ${X-d}, ${X:+a}, ${X+a}, ${X:?e}, ${X?e}, ${X#p}, ${X##p}, ${X%p}, ${X%%p},
// ${X/p/r}, ${X//p/r} with * and ? in patterns. Nothing is replaced in single quotes.
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

using DockerfileVariables = std::map<std::string, std::string, std::less<>>;

struct ExpandedText {
  std::string text;         // quotes and escapes kept
  bool unresolved = false;  // a variable without a value stands in it as written
};

// An error when the result is longer than `limit`, a brace is open, or "${X:?}" asks for one.
base::Result<ExpandedText> ExpandDockerfileText(std::string_view text,
                                                const DockerfileVariables& variables, char escape,
                                                uint64_t limit);

// Split at blanks outside of quotes. kRemove takes quotes and escapes away.
enum class Quotes { kKeep, kRemove };
std::vector<std::string> DockerfileWords(std::string_view text, char escape, Quotes quotes);

}  // namespace scantling::codec
