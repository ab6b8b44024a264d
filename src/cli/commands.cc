// The table of commands (command.h): names, arguments, examples. A new command is a row here, a
// Run... function in a cmd_*.cc, and its name in the settings that it takes.
#include "cli/command.h"

namespace scantling::cli {
namespace {

constexpr std::string_view kSource =
    "docker-archive:FILE, oci-archive:FILE, oci:DIR[:TAG], rootfs:DIR, a path, or - for standard "
    "input";

std::vector<CommandInfo> MakeTable() {
  return {
      {"scan",
       "what is wrong with an image, and what to do about it",
       {{"SOURCE", kSource}},
       "Reads the image once, finds what is installed, looks it up in the advisory database, and "
       "says "
       "which few steps end the most risk.",
       {{"scantling scan docker-archive:shop.tar",
         "the image that \"docker save -o shop.tar shop:1.4\" wrote"},
        {"scantling scan oci:build/image --all", "every finding, below the step that ends it"},
        {"scantling scan shop.tar --format json -o report.json", "the whole report for a program"},
        {"scantling scan shop.tar --fail-on kev,critical", "exit 1 in a pipeline"},
        {"docker save shop:1.4 | scantling scan -", "without a file between"}},
       RunScan},
      {"inventory",
       "what is installed in an image",
       {{"SOURCE", kSource}},
       "",
       {{"scantling inventory oci:build/image", "a table"},
        {"scantling inventory shop.tar --format cyclonedx -o shop.cdx.json",
         "a CycloneDX 1.6 document"}},
       RunInventory},
      {"explain",
       "why a vulnerability is, or is not, a finding",
       {{"ID", "CVE-..., GHSA-..., DSA-..., any name that the database knows"},
        {"SOURCE", "an image, or a report that \"scan --format json\" wrote"}},
       "For each component that an advisory names: which advisory, which range, from which source "
       "as of "
       "when, by which rule.",
       {{"scantling explain CVE-2021-44228 shop.tar", "from the image"},
        {"scantling explain CVE-2021-44228 report.json",
         "from a report, with the present database"}},
       RunExplain},
      {"db build",
       "compile an advisory database from feeds",
       {},
       "Writes to the place where scan looks for it, unless -o names another.",
       {{"scantling db build --feeds feeds/", "build and install"},
        {"scantling db build --feeds feeds/ -o advisories.db",
         "to a file of its own; use it with --db"}},
       RunDbBuild},
      {"db info",
       "what the database holds, and how old it is",
       {},
       "",
       {{"scantling db info", "the database that scan would use"}},
       RunDbInfo},
      {"db lookup",
       "what the database says about a package",
       {{"PURL", "a package URL, with or without a version"}},
       "With a version, says for each statement whether that version is affected. OS packages are "
       "named by "
       "their source package; without a distro=debian-12 qualifier every release is listed.",
       {{"scantling db lookup pkg:npm/lodash@4.17.15", "an npm package"},
        {"scantling db lookup 'pkg:deb/debian/glibc?distro=debian-12'", "a Debian source package"}},
       RunDbLookup},
      {"db verify",
       "read the whole database and check every checksum",
       {},
       "",
       {{"scantling db verify --db advisories.db", "before it is handed on"}},
       RunDbVerify},
      {"version compare",
       "check lines \"A < B\", \"A = B\", \"A > B\" against the version order of an ecosystem",
       {{"ECOSYSTEM",
         "deb, apk, rpm, pypi, npm, maven, golang, gem, composer, nuget, cargo",
         true,
         {"deb", "apk", "rpm", "pypi", "npm", "maven", "golang", "gem", "composer", "nuget",
          "cargo"}}},
       "Reads standard input, prints the lines that are wrong, and exits 1 when there are any.",
       {{"echo '1.0~rc1 < 1.0' | scantling version compare deb", "prints nothing: it is so"}},
       RunVersionCompare},
      {"cache info",
       "where the layer cache is and how large",
       {},
       "",
       {{"scantling cache info", ""}},
       RunCacheInfo},
      {"cache prune",
       "shrink the layer cache",
       {},
       "",
       {{"scantling cache prune --cache-bytes 500M", "what was used least goes first"},
        {"scantling cache prune --all", "remove everything"}},
       RunCachePrune},
      {"config show",
       "the settings in force, and where each was given",
       {},
       "",
       {{"scantling config show", ""}},
       RunConfigShow},
      {"completion",
       "a completion script for a shell",
       {{"SHELL", "bash, zsh or fish", true, {"bash", "zsh", "fish"}}},
       "",
       {{"source <(scantling completion bash)", "in ~/.bashrc"},
        {"scantling completion fish > ~/.config/fish/completions/scantling.fish", ""}},
       RunCompletion},
      {"man",
       "the manual page, in roff",
       {},
       "",
       {{"scantling man | man -l -", "read it"}},
       RunMan},
      {"docs",
       "a page of the documentation, made from the program's own tables",
       {{"PAGE",
         "cli, configuration or config-schema",
         true,
         {"cli", "configuration", "config-schema"}}},
       "",
       {{"scantling docs configuration", "every setting"}},
       RunDocs},
  };
}

}  // namespace

const std::vector<CommandInfo>& CommandTable() {
  static const std::vector<CommandInfo> kTable = MakeTable();
  return kTable;
}

const CommandInfo* MaybeCommand(std::string_view name) {
  for (const CommandInfo& command : CommandTable()) {
    if (command.name == name) {
      return &command;
    }
  }
  return nullptr;
}

}  // namespace scantling::cli
