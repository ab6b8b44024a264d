// The table of commands (command.h): names, arguments, examples. A new command is a row here, a
// Run... function in a cmd_*.cc, and its name in the settings that it takes.
#include "cli/command.h"

namespace scantling::cli {
namespace {

constexpr std::string_view kSource =
    "registry:NAME, HOST/NAME:TAG, podman:NAME, docker-daemon:NAME, docker-archive:FILE, "
    "oci-archive:FILE, oci:DIR[:TAG], rootfs:DIR, a path, - for standard input; or a report, a "
    "baseline or an SBOM in JSON";

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
        {"scantling scan localhost:5000/shop:1.4", "an image in a registry"},
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
        {"SOURCE", "an image, a report that \"--format json\" wrote, a baseline or an SBOM"}},
       "For each component that an advisory names: which advisory, which range, from which source "
       "as of "
       "when, by which rule.",
       {{"scantling explain CVE-2021-44228 shop.tar", "from the image"},
        {"scantling explain CVE-2021-44228 report.json",
         "from a report, with the present database"}},
       RunExplain},
      {"diff",
       "what changed between two images",
       {{"OLD", "an image, a report, a baseline or an SBOM"},
        {"NEW", "an image, a report, a baseline or an SBOM"}},
       "Judges both against the same database: which findings NEW brings, which it inherits from "
       "its "
       "base, which are gone, and which were only published since OLD was recorded.",
       {{"scantling diff shop-1.3.tar shop-1.4.tar", "two images"},
        {"scantling diff report.json shop.tar --format markdown",
         "what to write in a pull request"}},
       RunDiff},
      {"ci",
       "in a pipeline: what this change brings, judged by a policy",
       {{"SOURCE", kSource}},
       "Compares the image with a baseline, judges the difference by a policy whose rules observe, "
       "warn or enforce, and exits 1 when an enforced rule stops the change (or --fail-on is met). "
       "docs/ci.md walks "
       "through it.",
       {{"scantling ci shop.tar --save-baseline main", "on the main branch: keep what there is"},
        {"scantling ci shop.tar --against main --dockerfile Dockerfile",
         "on a change: say only what it brings"},
        {"scantling ci shop.tar --against main --policy policy.yaml -o sarif=shop.sarif",
         "with a policy, and a file for code scanning"}},
       RunCi},
      {"policy check",
       "read a policy and say what is wrong with it",
       {{"FILE", "a policy file, or the name of a ready one"}},
       "",
       {{"scantling policy check policy.yaml", ""}},
       RunPolicyCheck},
      {"policy test",
       "run a policy's cases",
       {{"FILE", "a policy file, or the name of a ready one"},
        {"CASES", "the file of cases; without it FILE's neighbour policy.cases.yaml", false}},
       "",
       {{"scantling policy test policy.yaml cases.yaml", "exit 1 when a case fails"}},
       RunPolicyTest},
      {"policy explain",
       "why a rule is, or is not, met by a finding",
       {{"FILE", "a policy file, or the name of a ready one"},
        {"RULE", "the id of a rule"},
        {"REPORT", "a report that \"--format json\" wrote"},
        {"ID", "the finding; left out for a rule about the image", false}},
       "",
       {{"scantling policy explain policy.yaml no-known-exploited report.json CVE-2021-44228", ""}},
       RunPolicyExplain},
      {"policy replay",
       "what a policy would have stopped",
       {{"FILE", "the new policy: a file, or the name of a ready one"}},
       "Judges the records that \"ci --history\" kept, and reports in the same folder, by the new "
       "policy: what it would have stopped and whom, how long until a fix existed, how many stops "
       "were false, and what changes against the present policy.",
       {{"scantling policy replay strict.yaml --history history/ --present policy.yaml --days 30",
         "before a rule is raised"}},
       RunPolicyReplay},
      {"policy list", "the ready policies", {}, "", {{"scantling policy list", ""}}, RunPolicyList},
      {"policy show",
       "the text of a ready policy, to begin one's own with",
       {{"NAME", "of scantling policy list"}},
       "",
       {{"scantling policy show warn-new > policy.yaml", ""}},
       RunPolicyShow},
      {"exceptions check",
       "read an exceptions file and say what is wrong, has ended or ends soon",
       {{"FILE", "scantling.exceptions/1"}},
       "",
       {{"scantling exceptions check exceptions.yaml", "exit 1 when an entry is invalid"}},
       RunExceptionsCheck},
      {"exceptions import",
       "turn another tool's ignore file into exceptions",
       {{"FILE", ".trivyignore, .trivyignore.yaml, .grype.yaml or osv-scanner.toml"}},
       "What the other file does not say (an owner, an approver, an end) is left for a person to "
       "fill "
       "in, and the result is no valid exceptions file before.",
       {{"scantling exceptions import .trivyignore -o exceptions.yaml", ""}},
       RunExceptionsImport},
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
      {"running",
       "tell a Scantling server what runs",
       {{"WHERE",
         "host (podman, Docker, containerd) or kubernetes",
         false,
         {"host", "kubernetes"}}},
       "A snapshot first, then every change within a second, until it is stopped. While the server "
       "is away changes are kept. docs/running.md walks through it.",
       {{"scantling running --server https://scantling.example.org --token-file token",
         "of this host: the socket is found"},
        {"scantling running kubernetes --cluster prod", "of a cluster: list and watch of its pods"},
        {"scantling running --once --socket /run/podman/podman.sock", "from cron or a pipeline"},
        {"kubectl get pods -A -o json | scantling running --from-file - --cluster prod",
         "without a process that stays"},
        {"scantling running --print", "what would be sent"}},
       RunRunning},
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
