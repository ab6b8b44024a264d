#include "server/registry_look.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <thread>

namespace scantling::server {
namespace {

using image::registry::Reference;
using program::Millis;

constexpr size_t kMaxProblems = 5;
constexpr size_t kMaxCuts = 5;           // that are named
constexpr uint64_t kMaxUnreachable = 3;  // one after the other
constexpr size_t kResolvers = 8;         // threads

struct Resolved {
  base::Result<base::Digest> digest;
  Millis at = 0;
};

// In a few threads, as a registry may be far away. A repository whose tags fail one after the other
// is not asked for a thousand more: those have no answer.
std::vector<std::optional<Resolved>> ResolveAll(const Look& look, const Reference& repository,
                                                const std::vector<std::string>& tags) {
  std::vector<std::optional<Resolved>> out(tags.size());
  std::atomic<size_t> next = 0;
  std::atomic<uint64_t> failed = 0;
  const auto work = [&] {
    Reference reference = repository;
    for (size_t i = next++;
         i < tags.size() && failed < kMaxUnreachable && !look.stop.stop_requested(); i = next++) {
      reference.tag = tags[i];
      const Millis at = look.now();
      auto digest = look.client.Resolve(reference);
      if (digest) {
        failed = 0;
      } else if (IsNetwork(digest.error())) {
        ++failed;
      }
      out[i] = Resolved{std::move(digest), at};
    }
  };
  {
    std::vector<std::jthread> threads;
    for (size_t i = 1; i < std::min(kResolvers, tags.size()); ++i) {
      threads.emplace_back(work);
    }
    work();
  }
  return out;
}

// Those that are to be looked at still, in order.
base::Result<std::vector<std::string>> Names(const Look& look, LookProgress& progress) {
  std::set<std::string> all;
  bool patterns = false;
  for (const std::string& pattern : look.watch.repositories) {
    patterns = patterns || program::IsPattern(pattern);
    if (!program::IsPattern(pattern)) {
      all.insert(pattern);
    }
  }
  const bool first = progress.after.empty();
  if (patterns) {
    auto listed = look.client.Repositories(look.watch.registry);
    if (!listed) {
      if (IsNetwork(listed.error()) || all.empty()) {
        return std::move(listed).error().With(
            "the list of repositories, which patterns want (name the repositories where a "
            "registry gives none)");
      }
      if (first) {
        progress.Problem("the list of repositories: " + listed.error().Message());
      }
    } else {
      for (std::string& name : *listed) {
        if (program::WatchesRepository(look.watch, name)) {
          all.insert(std::move(name));
        }
      }
    }
  }
  std::vector<std::string> out(all.begin(), all.end());
  if (out.size() > kMaxLookRepositories) {
    if (first) {
      progress.Problem(std::to_string(out.size()) + " repositories fit; the first " +
                       std::to_string(kMaxLookRepositories) +
                       " are looked at: narrow the patterns, or watch the others beside these");
    }
    out.resize(kMaxLookRepositories);
  }
  out.erase(out.begin(), std::upper_bound(out.begin(), out.end(), progress.after));
  return out;
}

// False: it was interrupted. What was found until then is kept.
base::Result<bool> Repository(const Look& look, const std::string& name, LookProgress& progress,
                              const Look::Record& record) {
  Reference reference;
  reference.registry = look.watch.registry;
  reference.repository = name;
  const Millis asked = look.now();
  auto all = look.client.Tags(reference);
  if (look.stop.stop_requested()) {
    return false;
  }
  if (!all) {
    if (IsNetwork(all.error()) && ++progress.unreachable >= kMaxUnreachable) {
      return std::move(all).error();
    }
    progress.Problem(all.error().Message());
    return true;
  }
  const program::SelectedTags selected = program::SelectTags(look.watch, *all, kMaxRepositoryTags);
  auto resolved = ResolveAll(look, reference, selected.tags);
  const bool interrupted = look.stop.stop_requested();
  std::vector<program::TagDigest> found;
  std::optional<base::Error> unreachable;
  for (size_t i = 0; i < resolved.size(); ++i) {
    if (!resolved[i]) {  // left out after others
      continue;
    }
    auto& [digest, at] = *resolved[i];
    if (digest) {
      found.push_back({selected.tags[i], digest->ToString(), at});
      continue;
    }
    if (interrupted) {
      continue;
    }
    progress.Problem(digest.error().Message());
    if (IsNetwork(digest.error())) {
      unreachable = std::move(digest).error();
    }
  }
  SCANTLING_DO(record(name, found, {*std::move(all), asked}));
  if (interrupted) {
    return false;
  }
  ++progress.repositories;
  progress.tags += found.size();
  if (selected.wanted > selected.tags.size() && ++progress.cut_count <= kMaxCuts) {
    progress.cuts.push_back(name + " (" + std::to_string(selected.wanted) + ")");
  }
  if (!unreachable || !found.empty()) {
    progress.unreachable = 0;
  } else if (++progress.unreachable >= kMaxUnreachable) {
    return *std::move(unreachable);
  }
  return true;
}

}  // namespace

bool IsNetwork(const base::Error& error) {
  return error.code() == base::ErrorCode::kIo || error.code() == base::ErrorCode::kTruncated;
}

void LookProgress::Problem(std::string_view text) {
  if (++problem_count <= kMaxProblems) {
    problems.push_back(base::ToUtf8(text.substr(0, 1000)));
  }
}

std::string LookProgress::Problems() const {
  std::vector<std::string> all;
  if (cut_count > 0) {
    all.push_back("more than " + std::to_string(kMaxRepositoryTags) + " tags fit in " +
                  base::Join(cuts, ", ") +
                  (cut_count > cuts.size()
                       ? " and " + std::to_string(cut_count - cuts.size()) + " more"
                       : "") +
                  ": the " + std::to_string(kMaxRepositoryTags) +
                  " most recent of each are looked at; narrow the pattern of tags, or want the "
                  "newest only");
  }
  all.insert(all.end(), problems.begin(), problems.end());
  if (problem_count > problems.size()) {
    all.push_back("and " + std::to_string(problem_count - problems.size()) + " more");
  }
  return base::Join(all, "; ");
}

std::string LookProgressJson(const LookProgress& progress) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("after", progress.after);
  json.Uint("repositories", progress.repositories);
  json.Uint("tags", progress.tags);
  json.Uint("unreachable", progress.unreachable);
  json.Texts("cuts", progress.cuts);
  json.Uint("cut_count", progress.cut_count);
  json.Texts("problems", progress.problems);
  json.Uint("problem_count", progress.problem_count);
  json.EndObject();
  return out;
}

base::Result<LookProgress> ParseLookProgress(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  const auto number = [&](std::string_view name) {
    return static_cast<uint64_t>(std::max<int64_t>(0, root[name].Int().value_or(0)));
  };
  const auto texts = [&](std::string_view name, std::vector<std::string>& into) {
    root[name].ForEach([&](codec::JsonValue value) {
      into.emplace_back(value.Text());
      return true;
    });
  };
  LookProgress out;
  out.after = root["after"].Text();
  out.repositories = number("repositories");
  out.tags = number("tags");
  out.unreachable = number("unreachable");
  texts("cuts", out.cuts);
  out.cut_count = number("cut_count");
  texts("problems", out.problems);
  out.problem_count = number("problem_count");
  return out;
}

base::Result<Look::Outcome> Look::GoOn(LookProgress& progress, const Record& record) const {
  auto names = Names(*this, progress);
  if (stop.stop_requested()) {
    return Outcome{Part::kInterrupted, ""};
  }
  if (!names) {
    return std::move(names).error();
  }
  for (size_t i = 0; i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    if (progress.tags >= kMaxLookTags) {
      progress.Problem("the look ended after " + std::to_string(progress.tags) + " tags: " +
                       std::to_string(names->size() - i) + " repositories from " + name +
                       " on were left out; want fewer tags of each, or watch them on their own");
      break;
    }
    if (i > 0 && now() >= ends) {
      return Outcome{Part::kOver, ""};
    }
    SCANTLING_TRY(const bool done, Repository(*this, name, progress, record));
    if (!done) {
      return Outcome{Part::kInterrupted, name};
    }
    progress.after = name;
  }
  return Outcome{};
}

}  // namespace scantling::server
