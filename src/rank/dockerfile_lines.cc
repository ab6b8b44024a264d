// See dockerfile_lines.h. The alignment is the one of the most likeness (a table over entries x
// instructions, both limited); it is believed from the end down to the first gap that holds more
// layers than instructions which may have made them.
#include "rank/dockerfile_lines.h"

#include "base/strings.h"
#include "rank/history_entry.h"

#include <algorithm>
#include <utility>

namespace scantling::rank {
namespace {

constexpr size_t kMaxSteps = 600;  // entries, and instructions, that are aligned: the last ones

// The instructions of the chain of stages, in order, with what ONBUILD of an earlier stage adds.
std::vector<WantedStep> StepsOf(const codec::Dockerfile& file, const std::vector<size_t>& chain) {
  std::vector<WantedStep> out;
  std::string workdir;
  const auto add = [&](const codec::DockerfileInstruction& instruction) {
    out.push_back(MakeStep(instruction, workdir));
    if (instruction.keyword == "WORKDIR") {
      workdir = instruction.unresolved ? "" : FromWorkdir(workdir, instruction.expanded);
    }
  };
  std::vector<const codec::DockerfileInstruction*> triggers;
  for (const size_t stage : chain) {
    for (const auto* trigger : std::exchange(triggers, {})) {
      add(*trigger);
    }
    for (const codec::DockerfileInstruction& instruction : file.instructions) {
      if (instruction.stage != static_cast<int32_t>(stage) || instruction.keyword == "FROM") {
        continue;
      }
      add(instruction);
      for (const codec::DockerfileInstruction& trigger : instruction.trigger) {
        triggers.push_back(&trigger);
      }
    }
  }
  return out;
}

// What the base image left to run: "ONBUILD RUN make" in its history, as a Dockerfile of its own.
std::string TriggersOf(const std::vector<PastStep>& past) {
  std::string text = "FROM base\n";
  for (const PastStep& step : past) {
    if (step.keyword == "ONBUILD" && text.size() < (64 << 10) &&
        step.text.find("<<") == std::string::npos && !step.text.ends_with('\\')) {
      text += step.text + "\n";
    }
  }
  return text;
}

// For each entry the number of its step, -1 none.
std::vector<int32_t> Align(const std::vector<PastStep>& past,
                           const std::vector<WantedStep>& wanted) {
  const size_t rows = past.size() + 1;
  const size_t columns = wanted.size() + 1;
  std::vector<int32_t> best(rows * columns, 0);
  std::vector<uint8_t> like(rows * columns, 0);
  for (size_t i = 1; i < rows; ++i) {
    for (size_t j = 1; j < columns; ++j) {
      const int score = Likeness(past[i - 1], wanted[j - 1]);
      const size_t at = i * columns + j;
      like[at] = static_cast<uint8_t>(score);
      best[at] = std::max(best[at - columns], best[at - 1]);
      if (score > 0) {
        best[at] = std::max(best[at], best[at - columns - 1] + score);
      }
    }
  }
  std::vector<int32_t> out(past.size(), -1);
  size_t i = past.size();
  size_t j = wanted.size();
  while (i > 0 && j > 0) {
    const size_t at = i * columns + j;
    if (like[at] > 0 && best[at] == best[at - columns - 1] + like[at]) {
      out[i - 1] = static_cast<int32_t>(j - 1);
      --i;
      --j;
    } else if (best[at] == best[at - 1]) {
      --j;
    } else {
      --i;
    }
  }
  return out;
}

// Takes back what lies below the first gap with more layers than steps. Gives the first entry that
// is still believed.
size_t Believe(const std::vector<PastStep>& past, const std::vector<WantedStep>& wanted,
               std::vector<int32_t>& steps) {
  size_t first = past.size();
  auto next_step = static_cast<int32_t>(wanted.size());
  int32_t lost_layers = 0;
  for (size_t i = past.size(); i-- > 0;) {
    if (steps[i] < 0) {
      lost_layers += past[i].layer && !past[i].merge ? 1 : 0;
      continue;
    }
    int32_t free_steps = 0;
    for (int32_t j = steps[i] + 1; j < next_step; ++j) {
      const auto& step = wanted[static_cast<size_t>(j)];
      free_steps += step.MakesFiles() || step.instruction->keyword == "WORKDIR" ? 1 : 0;
    }
    if (lost_layers > free_steps) {
      std::fill(steps.begin(), steps.begin() + static_cast<ptrdiff_t>(i) + 1, -1);
      return first;
    }
    lost_layers = 0;
    next_step = steps[i];
    first = i;
  }
  return first;
}

bool MakesFiles(const PastStep& step) {
  return step.keyword == "RUN" || step.keyword == "COPY" || step.keyword == "ADD" ||
         step.keyword.empty();
}

std::string Lines(std::vector<int32_t> lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string out = lines.size() == 1 ? "line " : "lines ";
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i == 8) {
      return out + " and " + std::to_string(lines.size() - i) + " more";
    }
    out += (i == 0 ? "" : ", ") + std::to_string(lines[i]);
  }
  return out;
}

struct Mapping {
  std::vector<PastStep> past;
  std::vector<WantedStep> wanted;
  std::vector<int32_t> steps;  // per entry
  size_t first = 0;            // entry from which on the mapping is believed
};

// Layers from `mapping.first` on get the line of the one instruction that made them.
void SetLines(const Mapping& mapping, model::Image& image, DockerfileFacts& facts) {
  size_t layer = 0;
  std::vector<int32_t> lines;  // of what was done since the last layer
  bool unknown = false;
  int32_t workdir = 0;
  for (size_t i = 0; i < mapping.past.size(); ++i) {
    const PastStep& past = mapping.past[i];
    const int32_t at = mapping.steps[i];
    if (i >= mapping.first) {
      if (at < 0) {
        unknown = unknown || (MakesFiles(past) && !past.merge);
      } else if (const WantedStep& step = mapping.wanted[static_cast<size_t>(at)];
                 step.MakesFiles()) {
        lines.push_back(step.line);
      } else if (past.keyword == "WORKDIR") {
        workdir = step.line;
      }
    }
    if (past.buildkit && !past.layer) {
      lines.clear();  // BuildKit has one layer for each: without a layer, nothing was done
      unknown = false;
    }
    if (!past.layer) {
      continue;
    }
    model::Layer& out = image.layers[layer++];
    if (i >= mapping.first) {
      if (lines.empty() && !unknown && workdir != 0) {
        lines.push_back(workdir);
      }
      if (lines.size() == 1 && !unknown) {
        out.line = lines.front();
        ++facts.mapped_layers;
      } else if (lines.size() > 1) {
        facts.notes.push_back("layer " + std::to_string(layer) +
                              " holds what several instructions made (" + Lines(lines) +
                              "): it has no line of its own");
      } else {
        facts.notes.push_back("layer " + std::to_string(layer) +
                              " has no counterpart in the Dockerfile");
      }
    }
    lines.clear();
    unknown = false;
    workdir = 0;
  }
}

// The number of base layers, when every instruction that makes files was found and nothing else
// lies between them.
int32_t BaseLayers(const Mapping& mapping) {
  std::vector<bool> found(mapping.wanted.size(), false);
  size_t lowest = mapping.past.size();
  bool any = false;
  for (size_t i = mapping.past.size(); i-- > 0;) {
    const int32_t at = mapping.steps[i];
    if (at < 0) {
      continue;
    }
    found[static_cast<size_t>(at)] = true;
    // Below the lowest instruction that makes files only those that follow one another count: the
    // base image has its own ENV and CMD.
    if (mapping.wanted[static_cast<size_t>(at)].MakesFiles() || i + 1 == lowest) {
      lowest = i;
      any = true;
    }
  }
  bool wants_files = false;
  for (size_t j = 0; j < found.size(); ++j) {
    if (!mapping.wanted[j].MakesFiles() || mapping.wanted[j].from_base) {
      continue;
    }
    wants_files = true;
    if (!found[j]) {
      return -1;
    }
  }
  if (!wants_files) {
    // Without an instruction that makes files a likeness of configurations is not enough.
    for (size_t i = 0; i < mapping.past.size(); ++i) {
      if (const int32_t at = mapping.steps[i];
          at >= 0 && Likeness(mapping.past[i], mapping.wanted[static_cast<size_t>(at)]) < kSure) {
        return -1;
      }
    }
  }
  if (!any && (wants_files || !mapping.wanted.empty())) {
    return -1;
  }
  int32_t layers = 0;
  for (size_t i = 0; i < mapping.past.size(); ++i) {
    const PastStep& past = mapping.past[i];
    if (i < lowest) {
      layers += past.layer ? 1 : 0;
    } else if (past.layer && mapping.steps[i] < 0 && !past.merge) {
      return -1;
    }
  }
  return layers;
}

void SayWhatIsMissing(const Mapping& mapping, DockerfileFacts& facts) {
  std::vector<int32_t> missing;
  for (size_t j = 0; j < mapping.wanted.size(); ++j) {
    const WantedStep& step = mapping.wanted[j];
    if (step.MakesFiles() && !step.from_base &&
        std::find(mapping.steps.begin(), mapping.steps.end(), static_cast<int32_t>(j)) ==
            mapping.steps.end()) {
      missing.push_back(step.line);
    }
  }
  if (!missing.empty()) {
    facts.notes.push_back(
        Lines(missing) +
        ": not found in the image's history; the Dockerfile may have changed since the build, or "
        "another stage or file was built");
  }
}

}  // namespace

base::Result<DockerfileFacts> MapDockerfile(const codec::Dockerfile& dockerfile,
                                            std::string_view path, std::string_view target,
                                            model::Image& image) {
  SCANTLING_TRY(const size_t stage, dockerfile.Target(target).With(path));
  const std::vector<size_t> chain = dockerfile.Chain(stage);
  const codec::DockerfileStage& bottom = dockerfile.stages[chain.front()];
  DockerfileFacts facts;
  facts.path = std::string(path);
  facts.from_line = bottom.line;
  facts.scratch = bottom.base == "scratch";
  facts.from = bottom.base_unresolved || facts.scratch ? "" : bottom.base;
  image.dockerfile = facts.path;
  for (model::Layer& layer : image.layers) {
    layer.line = 0;
  }
  if (bottom.base_unresolved) {
    facts.notes.push_back("line " + std::to_string(bottom.line) + ": FROM " + bottom.base +
                          " has a variable whose value is not known; give it with --build-arg");
  }
  Mapping mapping;
  size_t made = 0;
  for (const model::HistoryEntry& entry : image.history) {
    made += entry.empty_layer ? 0 : 1;
  }
  if (made != image.layers.size() || made == 0) {
    facts.notes.push_back("the image's history does not tell which entry made which layer (" +
                          std::to_string(made) + " entries, " +
                          std::to_string(image.layers.size()) + " layers): no layer has a line");
    return facts;
  }
  for (const model::HistoryEntry& entry : image.history) {
    mapping.past.push_back(ReadEntry(entry));
  }
  mapping.wanted = StepsOf(dockerfile, chain);
  // The base's own triggers come first.
  const auto triggers = codec::ParseDockerfile(TriggersOf(mapping.past), "history");
  if (triggers && triggers->instructions.size() > 1) {
    std::vector<WantedStep> steps = StepsOf(*triggers, {0});
    for (WantedStep& step : steps) {
      step.line = bottom.line;
      step.from_base = true;
    }
    mapping.wanted.insert(mapping.wanted.begin(), steps.begin(), steps.end());
  }
  const size_t cut = mapping.past.size() > kMaxSteps ? mapping.past.size() - kMaxSteps : 0;
  if (cut > 0 || mapping.wanted.size() > kMaxSteps) {
    facts.notes.push_back("more than " + std::to_string(kMaxSteps) +
                          " entries or instructions: only the last ones were looked at");
    if (mapping.wanted.size() > kMaxSteps) {
      mapping.wanted.erase(mapping.wanted.begin(), mapping.wanted.end() - kMaxSteps);
    }
  }
  const std::vector<PastStep> last(mapping.past.begin() + static_cast<ptrdiff_t>(cut),
                                   mapping.past.end());
  mapping.steps = Align(last, mapping.wanted);
  const auto own = [&](size_t step) { return !mapping.wanted[step].from_base; };
  bool wants_files = false;
  for (size_t j = 0; j < mapping.wanted.size(); ++j) {
    wants_files = wants_files || (own(j) && mapping.wanted[j].MakesFiles());
  }
  facts.foreign =
      wants_files && std::none_of(mapping.steps.begin(), mapping.steps.end(), [&](int32_t step) {
        return step >= 0 && own(static_cast<size_t>(step));
      });
  mapping.first = Believe(last, mapping.wanted, mapping.steps) + cut;
  mapping.steps.insert(mapping.steps.begin(), cut, -1);
  SetLines(mapping, image, facts);
  if (facts.foreign) {
    facts.notes.push_back(
        "none of its instructions is in the image's history: it is taken for another image's, no "
        "layer has a line, and its FROM does not name the base");
    return facts;
  }
  SayWhatIsMissing(mapping, facts);
  int32_t layers = cut == 0 ? BaseLayers(mapping) : -1;
  if (facts.scratch && layers > 0) {
    facts.notes.push_back("FROM scratch, but " + std::to_string(layers) +
                          " layers lie below its first instruction: another Dockerfile made this");
    layers = -1;
  }
  facts.base_layers = layers;
  for (int32_t i = 0; i < layers; ++i) {
    image.layers[static_cast<size_t>(i)].line = bottom.line;
  }
  return facts;
}

}  // namespace scantling::rank
