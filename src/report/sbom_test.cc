// Bills of materials: what is in them, that the same report gives the same bytes, that whatever a
// report holds gives a document that can be read. Whether they follow the official schemas is for
// tests/e2e/test_formats_sbom.py.
#include "base/file.h"
#include "base/strings.h"
#include "codec/json.h"
#include "report/cyclonedx.h"
#include "report/licenses.h"
#include "report/sample_report.h"
#include "report/spdx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace scantling::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Write = void (*)(const model::Report&, const FormatOptions&, base::Output&);

struct Form {
  std::string_view name;
  Write write;
  bool json;
};
constexpr Form kForms[] = {
    {"cyclonedx", WriteCycloneDxJson, true}, {"cyclonedx-xml", WriteCycloneDxXml, false},
    {"spdx-json", WriteSpdxJson, true},      {"spdx-tag-value", WriteSpdxTagValue, false},
    {"spdx3-json", WriteSpdx3Json, true},    {"intoto-cyclonedx", WriteInTotoCycloneDx, true},
    {"intoto-spdx", WriteInTotoSpdx, true},  {"intoto-vuln", WriteInTotoVuln, true},
};

std::string Render(Write write, const model::Report& report) {
  FormatOptions options;
  options.program_version = "0.1.0";
  return base::Rendered([&](base::Output& output) { write(report, options, output); });
}

// The sample, with something decided about each kind of finding, and a Go program in it.
model::Report Full() {
  model::Report report = SampleReport();
  auto& findings = report.findings;
  auto add = [&](model::TreatmentKind kind, std::string reason) {
    model::Finding finding = findings[0];
    finding.id = "CVE-2024-000" + std::to_string(findings.size());
    finding.treatment = {kind,
                         "EX-1",
                         "exceptions.yaml:3",
                         std::move(reason),
                         "nobody calls it <here> & \"there\"",
                         "shop",
                         "security",
                         "2026-01-01"};
    findings.push_back(std::move(finding));
  };
  add(model::TreatmentKind::kAccepted, "not_reachable");
  add(model::TreatmentKind::kNotAffected, "vulnerable_code_not_in_execute_path");
  add(model::TreatmentKind::kNotAffected, "");
  add(model::TreatmentKind::kFixed, "");
  add(model::TreatmentKind::kAffected, "");
  add(model::TreatmentKind::kUnderInvestigation, "");
  findings.back().severities = {
      {model::Level::kNegligible, 1e-7, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N", "nvd"},
      {model::Level::kUnknown, -1, "", ""}};
  model::Finding same = findings[0];  // log4j's, in another component too
  same.component = report.inventory.components[3].ref;
  findings.push_back(same);
  report.actions[0].resolves.push_back(model::FindingKey(same.id, same.component));
  auto main = SampleComponent("example.com/shop", "v1.0.0", version::Ecosystem::kGo, 1);
  auto module = SampleComponent("golang.org/x/net", "v0.1.0", version::Ecosystem::kGo, 1);
  for (model::Component* component : {&main, &module}) {
    component->container = "usr/bin/shop";
    component->main_module = "example.com/shop";
    component->evidence = model::Evidence::kGoBuildInfo;
  }
  auto owned = SampleComponent("urllib3", "1.26", version::Ecosystem::kPypi, 0);
  owned.owner = report.inventory.components[0].ref;
  owned.licenses = {"BSD", "MIT OR Apache-2.0"};
  report.inventory.components[0].vendor = "Debian <team@debian.example>";
  report.inventory.components.insert(report.inventory.components.end(), {main, module, owned});
  return report;
}

// For the validators of tests/e2e/test_formats_sbom.py, beside the documents of formats_test.cc.
TEST(Documents, BillsOfMaterials) {
  const char* folder = std::getenv("SCANTLING_DOCUMENTS");
  if (folder == nullptr) {
    GTEST_SKIP() << "SCANTLING_DOCUMENTS is not set";
  }
  for (const Form& form : kForms) {
    const std::string text = Render(form.write, Full());
    const FormatInfo* info = MaybeFormat(form.name);
    ASSERT_NE(info, nullptr) << form.name;
    std::string path(folder);
    path.append("/bom-").append(form.name).append(info->extension);
    ASSERT_TRUE(base::WriteFileByRename(path, base::AsBytes(text)).has_value()) << path;
  }
}

TEST(Sbom, SameReportSameBytesAndJsonIsJson) {
  for (const Form& form : kForms) {
    const std::string first = Render(form.write, Full());
    EXPECT_EQ(Render(form.write, Full()), first) << form.name;
    if (form.json) {
      codec::Json json;
      EXPECT_TRUE(json.Parse(first).has_value()) << form.name;
    }
    EXPECT_FALSE(Render(form.write, SampleReport()).empty()) << form.name;
  }
}

TEST(Sbom, TextsThatAreNone) {
  model::Report report = Full();
  for (model::Component& component : report.inventory.components) {
    component.name += "\xff\x01\n<text></text>";
    component.version += "\xed\xa0\x80&\"";
    component.licenses.push_back("\xfe</text>\n");
    component.locations[0].path = "]]>\x02";
  }
  report.inventory.image.reference = "a:b@c/d\xff";
  report.findings[0].id = "CVE-\xff \n";
  report.findings[1].summary = "\xc3\x28";
  for (const Form& form : kForms) {
    const std::string text = Render(form.write, report);
    EXPECT_EQ(base::ToUtf8(text), text) << form.name;
    if (form.json) {
      codec::Json json;
      EXPECT_TRUE(json.Parse(text).has_value()) << form.name;
    } else {
      EXPECT_EQ(text.find('\x02'), std::string::npos) << form.name;
    }
  }
}

TEST(CycloneDx, LicensesGraphAndDecisions) {
  const std::string text = Render(WriteCycloneDxJson, Full());
  codec::Json json;
  const auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  std::map<std::string, std::string> licenses;
  (*root)["components"].ForEach([&](codec::JsonValue component) {
    std::string& words = licenses[std::string(component["name"].Text())];
    component["licenses"].ForEach([&](codec::JsonValue license) {
      words += std::string(license["expression"].Text()) +
               std::string(license["license"]["id"].Text()) + "|" +
               std::string(license["license"]["name"].Text()) + ";";
      return true;
    });
    return true;
  });
  EXPECT_EQ(licenses["express"], "MIT|;");
  EXPECT_EQ(licenses["log4j-core"], "Apache-2.0|;");
  EXPECT_EQ(licenses["lodash"], "");
  EXPECT_EQ(licenses["urllib3"], "|BSD;|MIT OR Apache-2.0;");  // one expression, or no expression
  std::map<std::string, std::set<std::string>> needs;
  (*root)["dependencies"].ForEach([&](codec::JsonValue dependency) {
    auto& list = needs[std::string(dependency["ref"].Text())];
    dependency["dependsOn"].ForEach([&](codec::JsonValue need) {
      list.emplace(need.Text());
      return true;
    });
    return true;
  });
  EXPECT_EQ(needs["pkg:npm/express@4.17.1"], (std::set<std::string>{"pkg:npm/lodash@4.17.15"}));
  EXPECT_TRUE(
      needs["pkg:golang/example.com/shop@v1.0.0"].contains("pkg:golang/golang.org/x/net@v0.1.0"));
  EXPECT_TRUE(needs["pkg:deb/libc6@2.36-9+deb12u4"].contains("pkg:pypi/urllib3@1.26"));
  // All are reached from the image.
  std::set<std::string> reached;
  std::vector<std::string> stack = {"image:sha256:" + std::string(64, 'a')};
  while (!stack.empty()) {
    const std::string at = stack.back();
    stack.pop_back();
    if (reached.insert(at).second) {
      stack.insert(stack.end(), needs[at].begin(), needs[at].end());
    }
  }
  EXPECT_EQ(reached.size(), Full().inventory.components.size() + 2);
  std::map<std::string, std::string> states;
  (*root)["vulnerabilities"].ForEach([&](codec::JsonValue vulnerability) {
    states[std::string(vulnerability["id"].Text())] +=
        std::string(vulnerability["analysis"]["state"].Text()) + "/" +
        std::string(vulnerability["analysis"]["justification"].Text()) + "/" +
        std::to_string(vulnerability["affects"].Size());
    return true;
  });
  EXPECT_EQ(states["CVE-2021-44228"], "//2");  // two components, one vulnerability
  EXPECT_EQ(states["CVE-2024-0003"], "exploitable//1");
  EXPECT_EQ(states["CVE-2024-0004"], "not_affected/code_not_reachable/1");
  EXPECT_EQ(states["CVE-2024-0006"], "resolved//1");
  EXPECT_EQ(states["CVE-2024-0008"], "in_triage//1");
  EXPECT_THAT(text, HasSubstr("\"will_not_fix\""));
}

TEST(CycloneDx, AnInventoryIsTheSameDocumentWithoutFindings) {
  const std::string text = InventoryToCycloneDx(Full().inventory);
  codec::Json json;
  ASSERT_TRUE(json.Parse(text).has_value());
  EXPECT_THAT(text, HasSubstr("\"bom-ref\": \"pkg:npm/express@4.17.1\""));
  EXPECT_THAT(text, Not(HasSubstr("\"vulnerabilities\"")));
}

TEST(CycloneDx, CirclesOfDependenciesAreReached) {
  model::Inventory inventory;
  for (const char* name : {"a", "b"}) {
    model::Component& c =
        inventory.components.emplace_back(SampleComponent(name, "1", version::Ecosystem::kDeb, 0));
    c.depends = {name[0] == 'a' ? "b" : "a"};
  }
  const SbomGraph graph = GraphOf(inventory);
  EXPECT_EQ(graph.top, (std::vector<uint32_t>{0}));
}

TEST(Spdx, LicencesAreExpressionsAndNamesAreExtracted) {
  const std::string text = Render(WriteSpdxJson, Full());
  codec::Json json;
  const auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  std::set<std::string> extracted;
  (*root)["hasExtractedLicensingInfos"].ForEach([&](codec::JsonValue info) {
    extracted.emplace(info["licenseId"].Text());
    return true;
  });
  EXPECT_TRUE(extracted.contains("LicenseRef-scantling-BSD"));
  std::set<std::string> ids = {"SPDXRef-DOCUMENT"};
  (*root)["packages"].ForEach([&](codec::JsonValue package) {
    EXPECT_TRUE(ids.emplace(package["SPDXID"].Text()).second);
    const std::string declared(package["licenseDeclared"].Text());
    if (declared != "NOASSERTION") {
      EXPECT_EQ(LicenseExpression(declared), declared);
      for (const LicenseName& name : Declared({declared}).references) {
        EXPECT_TRUE(extracted.contains(name.ref)) << name.ref;
      }
    }
    return true;
  });
  (*root)["relationships"].ForEach([&](codec::JsonValue relation) {
    EXPECT_TRUE(ids.contains(std::string(relation["spdxElementId"].Text())));
    EXPECT_TRUE(ids.contains(std::string(relation["relatedSpdxElement"].Text())));
    return true;
  });
  EXPECT_THAT(text, HasSubstr("\"supplier\": \"Organization: Debian (team@debian.example)\""));
  EXPECT_THAT(text, HasSubstr("https://www.cve.org/CVERecord?id=CVE-2021-44228"));
}

TEST(Spdx, TheNamespaceFollowsTheInputs) {
  const FormatOptions options;
  const model::Report first = Full();
  model::Report second = Full();
  EXPECT_EQ(SpdxNamespace(SourceOf(first, options)), SpdxNamespace(SourceOf(second, options)));
  second.findings[0].treatment.emplace();
  EXPECT_NE(SpdxNamespace(SourceOf(first, options)), SpdxNamespace(SourceOf(second, options)));
}

TEST(InToto, TheSubjectIsTheImage) {
  codec::Json json;
  const std::string text = Render(WriteInTotoCycloneDx, Full());
  const auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ((*root)["predicateType"].Text(), "https://cyclonedx.org/bom");
  EXPECT_EQ((*root)["predicate"]["bomFormat"].Text(), "CycloneDX");
  (*root)["subject"].ForEach([&](codec::JsonValue subject) {
    EXPECT_EQ(subject["name"].Text(), "shop:1.4");
    EXPECT_EQ(subject["digest"]["sha256"].Text(), std::string(64, 'a'));
    return true;
  });
  model::Report archive = Full();
  archive.inventory.image.digest.clear();
  EXPECT_THAT(Render(WriteInTotoSpdx, archive), HasSubstr("of the image's configuration"));
}

TEST(InToto, WithoutADigestThereIsAnError) {
  model::Report rootfs = Full();
  rootfs.inventory.image.digest.clear();
  rootfs.inventory.image.config_digest.clear();
  for (const Write write : {WriteInTotoCycloneDx, WriteInTotoSpdx, WriteInTotoVuln}) {
    std::string text;
    base::Output output([&](std::string_view block) -> base::Result<void> {
      text += block;
      return {};
    });
    write(rootfs, {}, output);
    EXPECT_FALSE(output.Finish().has_value());
    EXPECT_EQ(text, "");
  }
}

TEST(Sbom, OciPurls) {
  model::Image image;
  image.reference = "registry.example:5000/team/shop:1.4";
  EXPECT_EQ(OciPurl(image), "");
  image.digest = "sha256:" + std::string(64, 'a');
  image.platform = "linux/arm64/v8";
  EXPECT_EQ(OciPurl(image), "pkg:oci/shop@sha256:" + std::string(64, 'a') +
                                "?arch=arm64&repository_url=registry.example:5000/team/shop"
                                "&tag=1.4");
}

}  // namespace
}  // namespace scantling::report
