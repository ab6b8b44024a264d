// Inside of the room: entries of an image's history as instructions, and whether an instruction of
// a Dockerfile could have made one.
//
// docker's old builder: "/bin/sh -c #(nop) COPY file:HASH in /x ", "|1 A=b /bin/sh -c make";
// BuildKit: "RUN |1 A=b /bin/sh -c make # buildkit", "COPY a /x # buildkit"; buildah: as the old
// builder, with the flags of RUN, and "/bin/sh -c ["a", "b"]".
#pragma once

#include "codec/dockerfile.h"
#include "model/inventory.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::rank {

// Blanks of any kind, each run as one space, none at the ends.
std::string OneSpaced(std::string_view text);

struct PastStep {
  std::string keyword;  // "" when it is no instruction ("# mmdebstrap")
  std::string text;     // what follows, OneSpaced
  bool layer = false;
  bool buildkit = false;
  bool merge = false;  // docker's --squash: all that came before in one layer
};
PastStep ReadEntry(const model::HistoryEntry& entry);

// An instruction that leaves an entry.
struct WantedStep {
  const codec::DockerfileInstruction* instruction = nullptr;
  int32_t line = 0;
  bool from_base = false;             // an ONBUILD of the base image
  std::string workdir;                // before it; "" unknown
  std::vector<std::string> commands;  // RUN: the texts that an entry may have, OneSpaced

  bool MakesFiles() const;  // RUN, COPY, ADD
};
WantedStep MakeStep(const codec::DockerfileInstruction& instruction, std::string_view workdir);

// 0 = another one; higher is surer. From kSure the texts agree.
inline constexpr int kSure = 3;
int Likeness(const PastStep& past, const WantedStep& wanted);

// `path` from `workdir`, without "." and doubled slashes; "" when it hangs on an unknown workdir.
std::string FromWorkdir(std::string_view workdir, std::string_view path);

}  // namespace scantling::rank
