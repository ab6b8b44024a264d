// A small report with every member filled in, for tests and for the fuzz target's seed. Not part of
// the library.
#pragma once

#include "model/report.h"

namespace scantling::report {

inline model::Component SampleComponent(std::string name, std::string version,
                                        version::Ecosystem type, int32_t layer) {
  model::Component out;
  const size_t colon = name.find(':');
  std::string path_name = name;
  if (colon != std::string::npos) {
    path_name[colon] = '/';
  }
  out.purl = "pkg:" + std::string(version::PurlType(type)) + "/" + path_name + "@" + version;
  out.ref = out.purl;
  out.name = std::move(name);
  out.version = std::move(version);
  out.type = type;
  out.layer = layer;
  out.last_layer = layer;
  out.locations = {{"srv/" + out.name, layer}};
  return out;
}

inline model::Finding SampleFinding(std::string id, const model::Component& component,
                                    model::Level level, uint32_t rank) {
  model::Finding out;
  out.id = std::move(id);
  out.component = component.ref;
  out.layer = component.layer;
  out.severity = {level, 7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "ghsa"};
  out.severities = {out.severity};
  out.priority.rank = rank;
  out.priority.level = "planned";
  out.priority.risk = 0.125;
  out.published = "2023-04-11";
  return out;
}

inline model::Report SampleReport() {
  model::Report out;
  model::Image& image = out.inventory.image;
  image.source = "oci:shop:1.4";
  image.reference = "shop:1.4";
  image.digest = "sha256:" + std::string(64, 'a');
  image.config_digest = "sha256:" + std::string(64, 'b');
  image.platform = "linux/amd64";
  image.created = "2025-02-01T10:00:00Z";
  image.layers = {{0, "sha256:" + std::string(64, 'c'), "sha256:" + std::string(64, 'd'),
                   29'000'000, "ADD rootfs.tar", "2023-12-01T00:00:00Z"},
                  {1, "sha256:" + std::string(64, 'e'), "sha256:" + std::string(64, 'f'), 4'000,
                   "COPY srv /srv", "2025-02-01T10:00:00Z"}};
  image.history = {{"2023-12-01T00:00:00Z", "ADD rootfs.tar", "", false},
                   {"2025-02-01T10:00:00Z", "ENV A=b", "note", true}};
  image.annotations = {{"org.opencontainers.image.base.name", "docker.io/library/debian:12"}};
  image.config = model::ImageConfig{.user = "app:app",
                                    .environment = {"NODE_ENV", "PATH"},
                                    .ports = {"8080/tcp"},
                                    .entrypoint = {"java"},
                                    .command = {"-jar", "app.jar"},
                                    .working_folder = "/srv",
                                    .volumes = {"/data"},
                                    .labels = {{"team", "shop"}},
                                    .stop_signal = "SIGTERM",
                                    .healthcheck = {"CMD", "true"}};
  image.distro = {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)", ""};
  auto log4j = SampleComponent("org.apache.logging.log4j:log4j-core", "2.14.1",
                               version::Ecosystem::kMaven, 1);
  log4j.evidence = model::Evidence::kJavaPomProperties;
  log4j.container = "srv/app.jar";
  log4j.main_module = "app";
  log4j.licenses = {"https://www.apache.org/licenses/LICENSE-2.0.txt"};
  auto lodash = SampleComponent("lodash", "4.17.15", version::Ecosystem::kNpm, 1);
  lodash.evidence = model::Evidence::kNodePackageJson;
  lodash.via = {"express@4.17.1"};
  auto express = SampleComponent("express", "4.17.1", version::Ecosystem::kNpm, 1);
  express.evidence = model::Evidence::kNodePackageJson;
  express.licenses = {"MIT"};
  auto libc = SampleComponent("libc6", "2.36-9+deb12u4", version::Ecosystem::kDeb, 0);
  libc.source_name = "glibc";
  libc.source_version = "2.36-9+deb12u4";
  libc.architecture = "amd64";
  libc.distro = "debian:12";
  libc.vendor = "Debian";
  libc.essential = true;
  libc.depends = {"libgcc-s1"};
  libc.role = model::Role::kRuntime;
  libc.licenses = {"GPL-2.0-or-later AND BSD-3-Clause", "LGPLv2+ and Public Domain"};
  out.inventory.components = {libc, log4j, express, lodash};
  out.inventory.coverage = {5, 4, {{"srv/b.jar", 1, "malformed: zip: no directory"}}};
  out.inventory.diagnostics = {
      {"zip.malformed", model::Severity::kWarning, "srv/b.jar", 1, "the archive is not whole"}};
  out.database = {"sha256:" + std::string(64, '1'),
                  false,
                  {{"debian-osv", "2025-02-12", 40'000}, {"npm-ghsa", "2025-02-18", 5'000}}};
  out.ecosystems = {{"debian:12", 1, "2025-02-12", model::DataState::kCovered},
                    {"maven", 1, "2025-02-18", model::DataState::kCovered},
                    {"npm", 2, "", model::DataState::kNoData}};
  out.distro_end_of_life = "2028-06-30";
  out.base_layers = 1;
  out.base_name = "docker.io/library/debian:12";
  out.base_known_by = "annotation";
  auto shell = SampleFinding("CVE-2021-44228", log4j, model::Level::kCritical, 1);
  shell.aliases = {"GHSA-jfh8-c2jp-5v3q"};
  shell.summary = "Remote code injection in Log4j";
  shell.fix_state = model::FixState::kFixed;
  shell.fixed_versions = {"2.15.0"};
  shell.fix_available = "2021-12-10";
  shell.kev = {"2021-12-10", "2021-12-24", true};
  shell.epss = {0.97, 0.999, "2025-02-01"};
  shell.exploit = {model::ExploitKind::kWeaponised, {"exploit-db", "metasploit"}};
  shell.ssvc = {"active", "yes", "total", "vulnrichment"};
  shell.priority = {1, "immediate", "2021-12-24", 0.97, {"exploited (KEV)", "exposure unknown"}};
  shell.origin = model::Origin::kApplication;
  shell.advisory = "GHSA-jfh8-c2jp-5v3q";
  shell.source = "maven-ghsa";
  shell.range = ">= 2.13.0, < 2.15.0";
  shell.rule = "maven: org.apache.logging.log4j:log4j-core";
  auto proto = SampleFinding("CVE-2020-8203", lodash, model::Level::kHigh, 2);
  proto.fix_state = model::FixState::kFixed;
  proto.fixed_versions = {"4.17.19"};
  proto.epss = {0.0123, -1, "2025-02-01"};
  auto waiting = SampleFinding("CVE-2023-4911", libc, model::Level::kHigh, 3);
  waiting.fix_state = model::FixState::kDeferred;
  waiting.fix_note = "postponed";
  waiting.severity.score = -1;
  waiting.origin = model::Origin::kBase;
  out.findings = {shell, proto, waiting};
  auto key = [](const model::Finding& finding) {
    return model::FindingKey(finding.id, finding.component);
  };
  out.actions = {{"bump:maven:log4j-core",
                  model::ActionKind::kBump,
                  "bump log4j-core 2.14.1 -> 2.17.1 in app.jar",
                  {"raise the version in pom.xml"},
                  {key(shell)},
                  0,
                  model::Owner::kApplication,
                  1,
                  "COPY srv /srv",
                  "exploited (KEV)",
                  0.8,
                  "2021-12-24"},
                 {"bump:npm:lodash",
                  model::ActionKind::kBump,
                  "bump lodash 4.17.15 -> 4.17.21 (via express)",
                  {},
                  {key(proto)},
                  1,
                  model::Owner::kApplication,
                  1,
                  "",
                  "",
                  0.15,
                  ""},
                 {"nothing_yet",
                  model::ActionKind::kNothingYet,
                  "nothing to do yet",
                  {},
                  {key(waiting)},
                  0,
                  model::Owner::kImage,
                  -1,
                  "",
                  "no fix",
                  0.05,
                  ""}};
  return out;
}

// What `scantling ci` makes: the sample with a Dockerfile, a baseline, a policy, exceptions and
// VEX.
inline model::Report SampleCiReport() {
  model::Report out = SampleReport();
  out.inventory.image.dockerfile = "Dockerfile";
  out.inventory.image.layers[0].line = 1;
  out.inventory.image.layers[1].line = 12;
  auto key = [](const model::Finding& finding) {
    return model::FindingKey(finding.id, finding.component);
  };
  out.findings[0].change = model::Change::kIntroduced;
  out.findings[1].change = model::Change::kNewInWorld;
  out.findings[2].change = model::Change::kInherited;
  model::Finding accepted = out.findings[1];
  accepted.id = "CVE-2021-23337";
  accepted.priority.rank = 4;
  accepted.treatment = model::Treatment{model::TreatmentKind::kAccepted,
                                        "EX-12",
                                        "exceptions.yaml:14",
                                        "no_exposure",
                                        "templates are ours",
                                        "alice",
                                        "bob",
                                        "2025-03-01"};
  model::Finding closed = out.findings[2];
  closed.id = "CVE-2023-5156";
  closed.priority.rank = 5;
  closed.treatment = model::Treatment{model::TreatmentKind::kNotAffected,
                                      "urn:vex:1",
                                      "vendor.vex.json",
                                      "vulnerable_code_not_present",
                                      "",
                                      "",
                                      "",
                                      ""};
  out.findings.push_back(accepted);
  out.findings.push_back(closed);
  out.findings[1].treatment = model::Treatment{
      model::TreatmentKind::kUnderInvestigation, "urn:vex:2", "ours.vex.json", "", "", "", "", ""};
  model::Comparison& comparison = out.comparison.emplace();
  comparison.against = "shop:1.3";
  comparison.against_digest = "sha256:" + std::string(64, '9');
  comparison.recorded = "2025-02-10";
  comparison.introduced = 1;
  comparison.inherited = 1;
  comparison.new_in_world = 1;
  comparison.resolved = {
      SampleFinding("CVE-2019-10744", out.inventory.components[3], model::Level::kCritical, 1)};
  comparison.notes = {"the baseline has no layers"};
  model::Verdict& verdict = out.verdict.emplace();
  verdict.policy = "balanced";
  verdict.policy_digest = "sha256:" + std::string(64, '8');
  verdict.environment = "production";
  verdict.team = "shop";
  verdict.stopped = true;
  verdict.warned = true;
  auto rule = [&verdict](std::string id, std::string text, std::string who, model::Stage stage,
                         model::Stage asked) -> model::RuleOutcome& {
    model::RuleOutcome& out_rule = verdict.rules.emplace_back();
    out_rule.rule = std::move(id);
    out_rule.text = std::move(text);
    out_rule.who = std::move(who);
    out_rule.stage = stage;
    out_rule.asked = asked;
    return out_rule;
  };
  using model::Stage;
  auto& exploited = rule("exploited", "Nothing that is exploited in the wild", "application",
                         Stage::kEnforce, Stage::kEnforce);
  exploited.findings = {key(out.findings[0])};
  exploited.deadline = "2021-12-24";
  auto& fixable = rule("fixable-high", "No high finding with a fix for more than 30 days",
                       "application", Stage::kWarn, Stage::kEnforce);
  fixable.held_back = "no agreement for team shop";
  fixable.findings = {key(out.findings[0])};
  fixable.in_grace = {key(out.findings[2])};
  fixable.routed = {key(out.findings[1])};
  fixable.deadline = "2025-03-05";
  rule("base-age", "The base is younger than 90 days", "image owner", Stage::kWarn, Stage::kWarn)
      .matched = "the base is 431 days old";
  rule("root", "Does not run as root", "platform", Stage::kObserve, Stage::kObserve);
  auto& likely = rule("likely", "Nothing that is likely to be exploited", "application",
                      Stage::kWarn, Stage::kWarn);
  likely.excepted = {key(out.findings[0])};
  likely.unknown = {key(out.findings[2])};
  likely.unknown_why = "finding.epss is not known";
  verdict.notes = {"npm has no advisory data: warn"};
  out.exceptions = {
      {"EX-9", "exceptions.yaml:3", "carol", "2025-01-01", "expired", 1, "ended on 2025-01-01"},
      {"EX-12", "exceptions.yaml:14", "alice", "2025-03-01", "expiring", 1, ""},
      {"EX-13", "exceptions.yaml:25", "alice", "2025-12-01", "unused", 0, ""}};
  return out;
}

}  // namespace scantling::report
