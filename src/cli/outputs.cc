#include "cli/outputs.h"

#include "base/file.h"
#include "base/nearest.h"
#include "base/strings.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "report/template.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace scantling::cli {
namespace {

base::Error Wrong(std::string text) { return {base::ErrorCode::kUsage, std::move(text)}; }

bool IsFormatWord(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// The format that the file's name asks for by its ending: "shop.sarif", "shop.cdx.json". Of
// several with one ending it is the first of the table, where that is what the ending usually
// means. null: the ending says nothing.
base::Result<const report::FormatInfo*> ByEnding(const std::string& path,
                                                 const Settings& settings) {
  std::string name = base::Lower(base::BaseName(path));
  if (name.ends_with(".sarif.json")) {
    name.resize(name.size() - 5);
  }
  std::vector<const report::FormatInfo*> found;
  for (const report::FormatInfo& info : report::FormatTable()) {
    if (info.extension == ".txt" || name.size() <= info.extension.size() ||
        !name.ends_with(info.extension)) {
      continue;
    }
    if (!found.empty() && info.extension.size() > found[0]->extension.size()) {
      found.clear();
    }
    if (found.empty() || info.extension.size() == found[0]->extension.size()) {
      found.push_back(&info);
    }
  }
  if (found.empty()) {
    return nullptr;
  }
  // What is configured, where it may be called so, too: cyclonedx and "bom.json".
  const std::string_view ending = found[0]->extension;
  const report::FormatInfo* configured = report::MaybeFormat(settings.format);
  if (settings.origins.contains("format") && configured != nullptr &&
      configured->extension.ends_with(ending)) {
    return configured;
  }
  if (found.size() > 1 && ending != ".json" && ending != ".md") {
    std::vector<std::string> names;
    for (const report::FormatInfo* info : found) {
      names.emplace_back(info->name);
    }
    return Wrong("--output: " + path + " could be any of " + base::Join(names, ", ") +
                 "; say which one: -o " + names[0] + "=" + path);
  }
  return found[0];
}

base::Result<Destination> DestinationOf(const std::string& value, const Settings& settings) {
  const size_t equals = value.find('=');
  if (equals != std::string::npos) {
    const std::string_view word = std::string_view(value).substr(0, equals);
    if (const report::FormatInfo* info = report::MaybeFormat(word)) {
      const std::string path = value.substr(equals + 1);
      if (path.empty()) {
        return Wrong("--output: \"" + value + "\" names no file");
      }
      return Destination{info, path == "-" ? "" : path};
    }
    std::vector<std::string> names;
    for (const report::FormatInfo& info : report::FormatTable()) {
      names.emplace_back(info.name);
    }
    if (const std::string near = IsFormatWord(word) ? base::Nearest(word, names) : "";
        !near.empty()) {
      return Wrong("--output: there is no format \"" + std::string(word) + "\"; did you mean \"" +
                   near + "\"? (for a file of that name: ./" + value + ")");
    }
  }
  if (value.empty()) {
    return Wrong("--output names no file");
  }
  const report::FormatInfo* format = report::MaybeFormat(settings.format);
  const auto origin = settings.origins.find("format");
  if (value != "-" && (origin == settings.origins.end() || origin->second != "--format")) {
    SCANTLING_TRY(const report::FormatInfo* by_ending, ByEnding(value, settings));
    format = by_ending == nullptr ? format : by_ending;
  }
  return Destination{format, value == "-" ? "" : value};
}

// Every file that a run may read, as paths that may exist: of "docker-archive:shop.tar:shop:1" the
// part between the colons, too.
std::vector<std::string> InputFiles(const Settings& settings,
                                    const std::vector<std::string>& sources) {
  std::vector<std::string> out = {settings.policy, settings.agreements,    settings.dockerfile,
                                  settings.db,     settings.template_file, settings.against,
                                  settings.config};
  out.insert(out.end(), settings.exceptions.begin(), settings.exceptions.end());
  out.insert(out.end(), settings.vex.begin(), settings.vex.end());
  for (const std::string& source : sources) {
    out.push_back(source);
    const auto parts = base::Split(source, ':');
    if (parts.size() > 1) {
      out.emplace_back(parts[1]);
    }
  }
  std::erase_if(out, [](const std::string& path) { return path.empty(); });
  return out;
}

using Writer = void (*)(const model::Report&, const report::FormatOptions&, base::Output&);

base::Result<void> WriteAll(const Settings& settings, const std::vector<Destination>& destinations,
                            const model::Report& report, Writer report::FormatInfo::* writer) {
  report::FormatOptions options;
  SCANTLING_TRY(options.screen, Screen(settings));
  options.program_version = SCANTLING_VERSION;
  options.link = settings.link;
  options.jobs = Jobs(settings);
  if (!settings.template_file.empty()) {
    SCANTLING_TRY(options.template_text,
                  base::ReadFile(settings.template_file, report::TemplateLimits().template_bytes));
  }
  report::FormatOptions timeless = options;
  if (settings.now.empty()) {
    timeless.screen.now = std::nullopt;
  }
  for (const Destination& destination : destinations) {
    SCANTLING_DO(WriteTo(
        destination.path,
        [&](base::Output& output) {
          (destination.format->*writer)(report, destination.format->for_people ? options : timeless,
                                        output);
        },
        base::Durability::kDisposable));
  }
  return {};
}

}  // namespace

base::Result<std::vector<Destination>> Destinations(const Settings& settings,
                                                    const std::vector<std::string>& sources) {
  std::vector<Destination> out;
  bool screen = true;
  for (const std::string& value : settings.output) {
    SCANTLING_TRY(Destination destination, DestinationOf(value, settings));
    const size_t equals = value.find('=');
    const bool beside = equals != std::string::npos &&
                        report::MaybeFormat(std::string_view(value).substr(0, equals)) != nullptr;
    screen = screen && beside && !destination.path.empty();
    out.push_back(std::move(destination));
  }
  if (screen) {
    out.insert(out.begin(), Destination{report::MaybeFormat(settings.format), ""});
  }
  std::set<std::string> places;
  for (const Destination& destination : out) {
    if (!places.insert(destination.path).second) {
      return Wrong("two results would go to " +
                   (destination.path.empty() ? "standard output" : destination.path));
    }
  }
  for (const Destination& destination : out) {
    for (const std::string& input : InputFiles(settings, sources)) {
      std::error_code error;
      if (!destination.path.empty() &&
          std::filesystem::equivalent(destination.path, input, error)) {
        return Wrong("--output: " + destination.path + " is what this command reads");
      }
    }
  }
  return out;
}

base::Result<void> CheckTemplate(const Settings& settings,
                                 const std::vector<Destination>& destinations) {
  const bool wanted = std::any_of(
      destinations.begin(), destinations.end(),
      [](const Destination& destination) { return destination.format->name == "template"; });
  if (!wanted) {
    const auto origin = settings.origins.find("template");
    return origin != settings.origins.end() && origin->second == "--template"
               ? base::Result<void>(
                     Wrong("--template is for the format \"template\", and no output has it: add "
                           "--format template, or -o template=FILE"))
               : base::Result<void>();
  }
  if (settings.template_file.empty()) {
    return Wrong("the format \"template\" needs --template FILE");
  }
  SCANTLING_TRY(const std::string text,
                base::ReadFile(settings.template_file, report::TemplateLimits().template_bytes));
  SCANTLING_DO(report::Template::Compile(text).With(settings.template_file));
  return {};
}

base::Result<void> WriteReport(const Settings& settings,
                               const std::vector<Destination>& destinations,
                               const model::Report& report) {
  return WriteAll(settings, destinations, report, &report::FormatInfo::write);
}

base::Result<void> WriteFailed(const Settings& settings,
                               const std::vector<Destination>& destinations,
                               const model::Report& report) {
  std::vector<Destination> told;
  for (const Destination& destination : destinations) {
    if (destination.format->write_failed != nullptr) {
      told.push_back(destination);
      continue;
    }
    std::error_code error;
    const std::string& path = destination.path;
    Warn(settings, std::string(destination.format->name) + (path.empty() ? "" : "=" + path) +
                       " is not written: without a scan there are no findings to tell" +
                       (!path.empty() && std::filesystem::exists(path, error)
                            ? "; the file that is there is of before"
                            : ""));
  }
  return WriteAll(settings, told, report, &report::FormatInfo::write_failed);
}

base::Result<std::string> OnlyOutput(const Settings& settings) {
  if (settings.output.size() > 1) {
    return Wrong("--output: this command writes one file");
  }
  return settings.output.empty() || settings.output[0] == "-" ? std::string() : settings.output[0];
}

}  // namespace scantling::cli
