#include "policy/vex/vex.h"

#include "policy/vex/product_match.h"
#include "policy/vex/test_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using model::TreatmentKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string OpenVex(const std::string& statements,
                    const std::string& time = "2026-01-01T00:00:00Z") {
  return R"({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex-1",
 "author": "Acme", "timestamp": ")" +
         time + R"(", "version": 1, "statements": [)" + statements + "]}";
}

std::string Statement(const std::string& id, const std::string& product, const std::string& rest) {
  return R"({"vulnerability": {"name": ")" + id + R"("}, "products": [{"@id": ")" + product +
         R"("}], )" + rest + "}";
}

constexpr std::string_view kNotPresent =
    R"("status": "not_affected", "justification": "vulnerable_code_not_present")";

struct Applied {
  model::Report report = TestReport();
  std::vector<VexDocument> documents;
  std::vector<VexOutcome> outcomes;

  std::string Of(std::string_view id) const {
    for (const model::Finding& finding : report.findings) {
      if (finding.id == id) {
        return finding.treatment ? std::string(model::ToString(finding.treatment->kind)) : "none";
      }
    }
    return "?";
  }
  std::string Explain(std::string_view id) const {
    std::string out;
    for (const model::Finding& finding : report.findings) {
      if (finding.id == id) {
        for (const std::string& line : ExplainVex(report, id, finding.component, documents)) {
          out += line + "\n";
        }
      }
    }
    return out;
  }
};

Applied Apply(const std::vector<std::string>& texts) {
  Applied out;
  for (const std::string& text : texts) {
    auto document = ParseVex(text, "doc" + std::to_string(out.documents.size()) + ".json");
    EXPECT_TRUE(document.has_value()) << document.error().Message();
    if (document) {
      out.documents.push_back(*std::move(document));
    }
  }
  out.outcomes = ApplyVex(out.report, out.documents);
  return out;
}

TEST(OpenVex, StatusesAndProducts) {
  const auto applied = Apply({OpenVex(
      Statement("CVE-2020-8203", "pkg:npm/lodash@4.17.15", std::string(kNotPresent)) + "," +
      Statement("GHSA-jfh8-c2jp-5v3q", "pkg:maven/org.apache.logging.log4j/log4j-core",
                R"("status": "affected", "action_statement": "wait")") +
      "," +
      Statement("CVE-2023-4911", "pkg:deb/debian/libc6@2.36-9?distro=bookworm",
                R"("status": "fixed")") +
      "," +
      Statement("CVE-2024-35195", "pkg:pypi/Requests@2.31",
                R"("status": "under_investigation")"))});
  EXPECT_EQ(applied.Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(applied.Of("CVE-2021-44228"), "affected");
  EXPECT_EQ(applied.Of("CVE-2023-4911"), "fixed");
  EXPECT_EQ(applied.Of("CVE-2024-35195"), "under_investigation");
  EXPECT_EQ(applied.Of("CVE-2021-23337"), "none");
  EXPECT_EQ(applied.outcomes.at(0).closed, 2U);
  EXPECT_EQ(applied.outcomes.at(0).open, 2U);
  EXPECT_EQ(applied.report.findings.size(), 5U);
  const auto& treatment = *applied.report.findings[1].treatment;
  EXPECT_EQ(treatment.reason, "vulnerable_code_not_present");
  EXPECT_EQ(treatment.id, "https://acme.example/vex-1");
  EXPECT_EQ(treatment.source, "doc0.json");
}

TEST(OpenVex, WhatDoesNotCountStaysOpenAndIsExplained) {
  struct Case {
    std::string statement;
    std::string why;
  };
  const std::string id = "CVE-2020-8203";
  const std::string none = std::string(kNotPresent);
  const std::vector<Case> cases = {
      {Statement(id, "pkg:npm/lodash", R"("status": "not_affected")"), "neither a justification"},
      {Statement(id, "pkg:npm/lodash@4.17.14", none), "version 4.17.14, this is 4.17.15"},
      {Statement(id, "pkg:npm/%40acme/lodash", none), "speaks of @acme/lodash"},
      {Statement(id, "pkg:pypi/lodash", none), "type pypi"},
      {Statement(id, "pkg:npm/lodash?vcs_url=x", none), "vcs_url"},
      {Statement(id, "pkg:npm/lodash#sub", none), "a part of the package"},
      {Statement(id, "pkg:npm/lodash", R"("status": "fixed")"), "in which version"},
      {Statement(id, "pkg:oci/shop@sha256%3A" + std::string(64, '0'), none), "this is another"},
      {Statement(id, "pkg:oci/shop?tag=1.3", none), "the tag 1.3, this is 1.4"},
      {Statement(id, "pkg:oci/shop?repository_url=ghcr.io/other/shop", none), "ghcr.io/other"},
      {Statement(id, "https://acme.example/products/shop", none), "neither a package URL nor"},
      {R"({"vulnerability": {"name": "CVE-2020-8203"}, )" + none + "}", "names no product"},
  };
  for (const Case& one : cases) {
    const auto applied = Apply({OpenVex(one.statement)});
    EXPECT_EQ(applied.Of(id), "none") << one.statement;
    EXPECT_THAT(applied.Explain(id), HasSubstr(one.why)) << one.statement;
  }
}

// What `vex check` lists: it depends on the document alone.
TEST(OpenVex, TargetsThatCanCloseNothingAreKnownWithoutAnImage) {
  const std::string id = "CVE-2020-8203";
  const std::string none(kNotPresent);
  const std::string fixed = R"("status": "fixed")";
  const auto why = [](const std::string& text) {
    const auto document = ParseVex(text, "v.json");
    EXPECT_TRUE(document.has_value()) << text;
    return document && !document->statements[0].targets.empty()
               ? document->statements[0].targets[0].void_because
               : "no target";
  };
  EXPECT_THAT(why(OpenVex(Statement(id, "minimist", none))), HasSubstr("neither a package URL"));
  EXPECT_THAT(why(OpenVex(Statement(id, "https://acme.example/shop", none))),
              HasSubstr("neither a package URL"));
  EXPECT_THAT(why(OpenVex(Statement(id, "pkg:npm/lodash", fixed))), HasSubstr("which version"));
  for (const std::string product : {"pkg:npm/lodash@1", "pkg:oci/shop?tag=1", "acme/shop:1.4"}) {
    EXPECT_EQ(why(OpenVex(Statement(id, product, fixed))), "") << product;
  }
  EXPECT_EQ(why(OpenVex(Statement(id, "pkg:npm/lodash", none))), "");
}

TEST(CycloneDx, ARefThatNoComponentHasIsAnError) {
  const std::string text =
      R"({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
"components": [{"bom-ref": "c1", "name": "lodash", "purl": "pkg:npm/lodash@1"}],
"vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "not_affected", "detail": "d"},
"affects": [{"ref": "REF"}]}]})";
  const auto with = [&](const std::string& ref) {
    return ParseVex(std::string(text).replace(text.find("REF"), 3, ref), "v.json");
  };
  const auto broken = with("zz");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().Message(), HasSubstr("v.json:4:21: /vulnerabilities/0/affects/0/ref: "
                                                  "no component has the bom-ref \"zz\""));
  EXPECT_EQ(with("c1")->statements[0].targets[0].void_because, "");
  EXPECT_EQ(with("pkg:npm/lodash@2")->statements[0].targets[0].void_because, "");
  EXPECT_EQ(with("urn:cdx:1/1#pkg:npm/lodash@2")->statements[0].targets[0].void_because, "");
  EXPECT_THAT(with("urn:cdx:1/1#c9")->statements[0].targets[0].void_because,
              HasSubstr("neither a package URL nor a digest"));
}

TEST(OpenVex, TheImageAndItsParts) {
  const std::string digest = "pkg:oci/shop@sha256%3A" + std::string(64, 'a');
  const auto with = [&](const std::string& product, const std::string& part) {
    return OpenVex(R"({"vulnerability": {"name": "CVE-2020-8203"}, "products": [{"@id": ")" +
                   product + R"(", "subcomponents": [{"@id": ")" + part + R"("}]}], )" +
                   std::string(kNotPresent) + "}");
  };
  EXPECT_EQ(Apply({with(digest, "pkg:npm/lodash@4.17.15")}).Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(Apply({with(digest, "pkg:npm/lodash")}).Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(Apply({with(digest, "pkg:npm/express")}).Of("CVE-2020-8203"), "none");
  EXPECT_EQ(Apply({with("pkg:oci/other", "pkg:npm/lodash")}).Of("CVE-2020-8203"), "none");
  for (const std::string url :
       {"ghcr.io/acme/shop", "ghcr.io/acme", "https://ghcr.io/acme/shop/"}) {
    EXPECT_EQ(
        Apply({with("pkg:oci/shop?repository_url=" + url, "pkg:npm/lodash")}).Of("CVE-2020-8203"),
        "not_affected")
        << url;
  }
  // The whole image: everything of that id.
  const auto whole = Apply({OpenVex(Statement("CVE-2020-8203", digest, std::string(kNotPresent)))});
  EXPECT_EQ(whole.Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(whole.Of("CVE-2021-23337"), "none");
  // A fixed part of a pinned image needs no version of its own.
  EXPECT_EQ(
      Apply({OpenVex(R"({"vulnerability": {"name": "CVE-2020-8203"}, "products": [{"@id": ")" +
                     digest +
                     R"(", "subcomponents": [{"@id": "pkg:npm/lodash"}]}], "status": "fixed"})")})
          .Of("CVE-2020-8203"),
      "fixed");
  // A package that holds the part.
  const auto inside = [](const std::string& part) {
    return OpenVex(
        R"({"vulnerability": {"name": "CVE-2021-44228"}, "products": [{"@id": "pkg:maven/com.acme/shop@1.4",
      "subcomponents": [{"@id": ")" +
        part + R"("}]}], "status": "not_affected", "impact_statement": "lookups are off"})");
  };
  EXPECT_EQ(Apply({inside("pkg:maven/org.apache.logging.log4j/log4j-core?type=jar")})
                .Of("CVE-2021-44228"),
            "not_affected");
}

TEST(Vex, ConflictsNewestThenMostSpecificThenOpen) {
  const std::string id = "CVE-2020-8203";
  const std::string affected = R"("status": "affected", "action_statement": "update")";
  const auto one = [&](const std::string& product, const std::string& rest,
                       const std::string& time) {
    return OpenVex(Statement(id, product, rest), time);
  };
  const std::string none(kNotPresent);
  const std::string lodash = "pkg:npm/lodash";
  EXPECT_EQ(Apply({one(lodash, none, "2026-01-01T00:00:00Z"),
                   one(lodash, affected, "2026-01-02T00:00:00Z")})
                .Of(id),
            "affected");
  EXPECT_EQ(Apply({one(lodash, none, "2026-01-03T00:00:00Z"),
                   one(lodash, affected, "2026-01-02T00:00:00Z")})
                .Of(id),
            "not_affected");
  EXPECT_EQ(Apply({one(lodash + "@4.17.15", none, "2026-01-01T00:00:00Z"),
                   one(lodash, affected, "2026-01-01T00:00:00Z")})
                .Of(id),
            "not_affected");
  EXPECT_EQ(Apply({one(lodash, none, "2026-01-01T00:00:00Z"),
                   one(lodash + "@4.17.15", affected, "2026-01-01T00:00:00Z")})
                .Of(id),
            "affected");
  const auto tie = Apply(
      {one(lodash, none, "2026-01-01T00:00:00Z"), one(lodash, affected, "2026-01-01T00:00:00Z")});
  EXPECT_EQ(tie.Of(id), "affected");
  EXPECT_THAT(tie.Explain(id), HasSubstr("the contrary"));
  EXPECT_THAT(tie.outcomes.at(0).notes, ::testing::Contains(HasSubstr("contradict")));
  const auto both =
      Apply({one(lodash + "@4.17.15", none, "2026-01-01T00:00:00Z"),
             one(lodash + "@4.17.15", R"("status": "fixed")", "2026-01-01T00:00:00Z")});
  EXPECT_EQ(both.Of(id), "none");
}

TEST(Vex, ExceptionsStayUnlessAStatementCloses) {
  auto report = TestReport();
  const model::Treatment accepted{
      TreatmentKind::kAccepted, "EX-1", "e.yaml:3", "accepted_risk", "w", "o", "a", "2026-12-31"};
  report.findings[1].treatment = accepted;
  report.findings[2].treatment = accepted;
  report.findings[3].treatment =
      model::Treatment{TreatmentKind::kFixed, "old", "old.json", "", "", "", "", ""};
  const std::vector<VexDocument> documents = {*ParseVex(
      OpenVex(Statement("CVE-2020-8203", "pkg:npm/lodash", std::string(kNotPresent)) + "," +
              Statement("CVE-2021-23337", "pkg:npm/lodash",
                        R"("status": "affected", "action_statement": "x")")),
      "v.json")};
  ApplyVex(report, documents);
  EXPECT_EQ(report.findings[1].treatment->kind, TreatmentKind::kNotAffected);
  EXPECT_EQ(report.findings[2].treatment, accepted);
  EXPECT_FALSE(report.findings[3].treatment.has_value());
}

std::string Csaf(const std::string& vulnerability, const std::string& category = "csaf_vex") {
  return R"({"document": {"category": ")" + category + R"(", "csaf_version": "2.0",
  "publisher": {"category": "vendor", "name": "Acme", "namespace": "https://acme.example"}, "title": "VEX",
  "tracking": {"current_release_date": "2026-02-01T00:00:00Z", "id": "ACME-1", "initial_release_date": "2026-02-01T00:00:00Z",
   "revision_history": [{"date": "2026-02-01T00:00:00Z", "number": "1", "summary": "first"}], "status": "final", "version": "1"}},
 "product_tree": {
  "branches": [{"category": "vendor", "name": "npm", "branches": [
    {"category": "product_name", "name": "lodash", "branches": [
      {"category": "product_version", "name": "4.17.15", "product": {"name": "lodash 4.17.15", "product_id": "L15",
        "product_identification_helper": {"purl": "pkg:npm/lodash@4.17.15"}}},
      {"category": "product_version_range", "name": "vers:npm/>=4.17.0|<4.17.19", "product": {"name": "lodash 4.17", "product_id": "LR",
        "product_identification_helper": {"purl": "pkg:npm/lodash"}}},
      {"category": "product_version_range", "name": "older than 5", "product": {"name": "lodash < 5", "product_id": "LW",
        "product_identification_helper": {"purl": "pkg:npm/lodash"}}}]}]}],
  "full_product_names": [
    {"name": "glibc", "product_id": "G", "product_identification_helper": {"purl": "pkg:deb/debian/glibc@2.36-9?arch=source"}},
    {"name": "Debian 12", "product_id": "D12", "product_identification_helper": {"cpe": "cpe:/o:debian:debian_linux:12"}},
    {"name": "Debian 11", "product_id": "D11", "product_identification_helper": {"cpe": "cpe:/o:debian:debian_linux:11"}},
    {"name": "no helper", "product_id": "N"}],
  "relationships": [
    {"category": "default_component_of", "full_product_name": {"name": "glibc in 12", "product_id": "D12:G"},
     "product_reference": "G", "relates_to_product_reference": "D12"},
    {"category": "default_component_of", "full_product_name": {"name": "glibc in 11", "product_id": "D11:G"},
     "product_reference": "G", "relates_to_product_reference": "D11"}],
  "product_groups": [{"group_id": "ALL", "product_ids": ["L15", "LR", "D12:G"]}]},
 "vulnerabilities": [)" +
         vulnerability + "]}";
}

TEST(Csaf, ProductsStatusesFlags) {
  const std::string flags =
      R"("flags": [{"label": "vulnerable_code_not_in_execute_path", "group_ids": ["ALL"]}])";
  const auto lodash = [&](const std::string& status, const std::string& rest) {
    return Apply({Csaf(R"({"cve": "CVE-2020-8203", "product_status": {)" + status + "}" +
                       (rest.empty() ? "" : ", " + rest) + "}")});
  };
  const auto exact = lodash(R"("known_not_affected": ["L15"])", flags);
  EXPECT_EQ(exact.Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(exact.report.findings[1].treatment->reason, "vulnerable_code_not_in_execute_path");
  EXPECT_EQ(exact.report.findings[1].treatment->id, "ACME-1");
  EXPECT_EQ(lodash(R"("known_not_affected": ["LR"])", flags).Of("CVE-2020-8203"), "not_affected");
  EXPECT_EQ(lodash(R"("known_not_affected": ["L15"])", "").Of("CVE-2020-8203"), "none");
  EXPECT_EQ(
      lodash(
          R"("known_not_affected": ["L15"])",
          R"("threats": [{"category": "impact", "details": "not reachable", "product_ids": ["L15"]}])")
          .Of("CVE-2020-8203"),
      "not_affected");
  EXPECT_EQ(lodash(R"("known_not_affected": ["N"])", flags).Of("CVE-2020-8203"), "none");
  const auto words = lodash(R"("fixed": ["LW"])", "");
  EXPECT_EQ(words.Of("CVE-2020-8203"), "none");
  EXPECT_THAT(words.Explain("CVE-2020-8203"), HasSubstr("cannot be compared"));
  EXPECT_EQ(lodash(R"("fixed": ["L15"])", "").Of("CVE-2020-8203"), "fixed");
  EXPECT_EQ(lodash(R"("first_fixed": ["L15"])", "").Of("CVE-2020-8203"), "fixed");
  EXPECT_EQ(lodash(R"("known_affected": ["L15"])", "").Of("CVE-2020-8203"), "affected");
  EXPECT_EQ(lodash(R"("under_investigation": ["L15"])", "").Of("CVE-2020-8203"),
            "under_investigation");
  // One product in two lists.
  EXPECT_EQ(lodash(R"("fixed": ["L15"], "known_affected": ["L15"])", "").Of("CVE-2020-8203"),
            "affected");
}

TEST(Csaf, RelationshipsWithADistribution) {
  const auto glibc = [](const std::string& product) {
    return Apply(
        {Csaf(R"({"cve": "CVE-2023-4911", "product_status": {"fixed": [")" + product + "\"]}}")});
  };
  EXPECT_EQ(glibc("D12:G").Of("CVE-2023-4911"), "fixed");
  const auto other = glibc("D11:G");
  EXPECT_EQ(other.Of("CVE-2023-4911"), "none");
  EXPECT_THAT(other.Explain("CVE-2023-4911"), HasSubstr("this is debian 12"));
}

TEST(Csaf, Errors) {
  EXPECT_THAT(ParseVex(Csaf("", "csaf_informational_advisory"), "a.json").error().Message(),
              HasSubstr("csaf_security_advisory"));
  EXPECT_THAT(ParseVex(Csaf(R"({"cve": "CVE-1", "product_status": {"fixed": ["GONE"]}})"), "a.json")
                  .error()
                  .Message(),
              HasSubstr("not in the product tree"));
  EXPECT_THAT(ParseVex(Csaf(R"({"product_status": {}})"), "a.json").error().Message(),
              HasSubstr("a.json:"));
  EXPECT_TRUE(ParseVex(Csaf("", "csaf_security_advisory"), "a.json").has_value());
}

std::string CycloneDx(const std::string& vulnerability, const std::string& subject = "") {
  return R"({"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
 "version": 1, "metadata": {"timestamp": "2026-03-01T00:00:00Z")" +
         subject + R"(},
 "components": [{"type": "library", "bom-ref": "c1", "name": "lodash", "version": "4.17.15", "purl": "pkg:npm/lodash@4.17.15"},
                {"type": "library", "bom-ref": "c2", "name": "lodash", "purl": "pkg:npm/lodash"}],
 "vulnerabilities": [)" +
         vulnerability + "]}";
}

TEST(CycloneDxVex, StatesAndReferences) {
  const auto lodash = [](const std::string& analysis, const std::string& affects) {
    return Apply({CycloneDx(R"({"id": "CVE-2020-8203", "analysis": {)" + analysis +
                            R"(}, "affects": [)" + affects + "]}")})
        .Of("CVE-2020-8203");
  };
  const std::string none = R"("state": "not_affected", "justification": "code_not_reachable")";
  EXPECT_EQ(lodash(none, R"({"ref": "c1"})"), "not_affected");
  EXPECT_EQ(lodash(none, R"({"ref": "c2"})"), "not_affected");
  EXPECT_EQ(lodash(none, R"({"ref": "pkg:npm/lodash@4.17.15"})"), "not_affected");
  EXPECT_EQ(
      lodash(none,
             R"({"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/lodash@4.17.15"})"),
      "not_affected");
  EXPECT_EQ(lodash(none, R"({"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#some-id"})"),
            "none");
  EXPECT_EQ(lodash(R"("state": "not_affected")", R"({"ref": "c1"})"), "none");
  EXPECT_EQ(lodash(R"("state": "false_positive", "detail": "another lodash")", R"({"ref": "c1"})"),
            "not_affected");
  EXPECT_EQ(lodash(R"("state": "resolved")", R"({"ref": "c1"})"), "fixed");
  EXPECT_EQ(lodash(R"("state": "exploitable")", R"({"ref": "c1"})"), "affected");
  EXPECT_EQ(lodash(R"("state": "in_triage")", R"({"ref": "c1"})"), "under_investigation");
  // Without a status it is "affected": the specification's default.
  EXPECT_EQ(lodash(none, R"({"ref": "c2", "versions": [{"version": "4.17.15"}]})"), "affected");
  EXPECT_EQ(
      lodash(none,
             R"({"ref": "c2", "versions": [{"version": "4.17.15", "status": "unaffected"}]})"),
      "not_affected");
  EXPECT_EQ(
      lodash(R"("state": "exploitable")", R"({"ref": "c2", "versions": [{"version": "4.17.15"}]})"),
      "affected");
  EXPECT_EQ(lodash(none, R"({"ref": "c2", "versions": [{"version": "4.17.14"}]})"), "none");
  EXPECT_EQ(
      lodash(
          none,
          R"({"ref": "c2", "versions": [{"range": "vers:npm/<4.17.16", "status": "unaffected"}]})"),
      "not_affected");
  EXPECT_EQ(
      lodash(
          none,
          R"({"ref": "c2", "versions": [{"range": "vers:npm/<4.17.16", "status": "affected"}]})"),
      "affected");
  EXPECT_EQ(
      lodash(none,
             R"({"ref": "c2", "versions": [{"range": "vers:pypi/<5", "status": "unaffected"}]})"),
      "none");
}

TEST(CycloneDxVex, PartsOfAnotherImageAreNotOurs) {
  const std::string text =
      R"({"id": "CVE-2020-8203", "analysis": {"state": "not_affected", "justification": "code_not_present"}, "affects": [{"ref": "c1"}]})";
  const auto subject = [](const std::string& rest) {
    return R"(, "component": {"type": "container", "bom-ref": "image", )" + rest + "}";
  };
  EXPECT_EQ(Apply({CycloneDx(text, subject(R"("name": "ghcr.io/acme/shop", "version": "1.4")"))})
                .Of("CVE-2020-8203"),
            "not_affected");
  EXPECT_EQ(Apply({CycloneDx(text, subject(R"("name": "ghcr.io/acme/shop", "version": "1.3")"))})
                .Of("CVE-2020-8203"),
            "none");
  EXPECT_EQ(Apply({CycloneDx(text, subject(R"("name": "shop", "version": "sha256:)" +
                                           std::string(64, '1') + "\""))})
                .Of("CVE-2020-8203"),
            "none");
}

TEST(Vex, ErrorsNameFilePlaceAndWhatToDo) {
  const auto message = [](const std::string& text) {
    const auto parsed = ParseVex(text, "v.json");
    return parsed ? std::string("no error") : parsed.error().Message();
  };
  EXPECT_THAT(message("{\n \"@context\": \"https://openvex.dev/ns\",\n \"x\"\n}"),
              HasSubstr("v.json:4:1: JSON"));
  EXPECT_THAT(message("[]"), HasSubstr("v.json:1:1"));
  EXPECT_THAT(message("{}"), HasSubstr("neither OpenVEX"));
  EXPECT_THAT(message("<bom/>"), HasSubstr("XML is not read"));
  EXPECT_THAT(message(OpenVex("\n" + Statement("CVE-1", "pkg:npm/a", R"("status": "wrong")"))),
              HasSubstr("v.json:3:"));
  EXPECT_THAT(message(OpenVex(Statement("CVE-1", "pkg:npm/a", R"("status": "wrong")"))),
              HasSubstr("/statements/0/status: the status is one of"));
  EXPECT_THAT(message(OpenVex(Statement("CVE-1", "pkg:npm", R"("status": "fixed")"))),
              HasSubstr("mend the package URL"));
  EXPECT_THAT(message(OpenVex(
                  Statement("CVE-1", "pkg:npm/a", R"("status": "affected", "status": "fixed")"))),
              HasSubstr("stands twice"));
}

TEST(Vex, EveryPrefixAndFlippedBytes) {
  const std::vector<std::string> texts = {
      OpenVex(Statement("CVE-2020-8203", "pkg:npm/lodash", std::string(kNotPresent))),
      Csaf(
          R"({"cve": "CVE-2020-8203", "flags": [{"label": "component_not_present", "product_ids": ["L15"]}], "product_status": {"known_not_affected": ["L15"]}})"),
      CycloneDx(
          R"({"id": "CVE-2020-8203", "analysis": {"state": "not_affected", "justification": "code_not_present"}, "affects": [{"ref": "c1"}]})")};
  std::mt19937 random(7);
  for (const std::string& text : texts) {
    for (size_t i = 0; i < text.size(); ++i) {
      EXPECT_FALSE(ParseVex(std::string_view(text).substr(0, i), "v.json").has_value()) << i;
    }
    for (int i = 0; i < 2000; ++i) {
      std::string damaged = text;
      damaged[random() % damaged.size()] = static_cast<char>(random());
      if (auto document = ParseVex(damaged, "v.json")) {
        auto report = TestReport();
        const std::vector<VexDocument> documents = {*std::move(document)};
        ApplyVex(report, documents);
        ExplainVex(report, "CVE-2020-8203", "pkg:npm/lodash@4.17.15", documents);
        EXPECT_EQ(report.findings.size(), 5U);
      }
    }
  }
}

TEST(Vers, Ranges) {
  const auto in = [](std::string_view vers, std::string_view version) {
    return MatchVers(vers, version::Ecosystem::kNpm, version);
  };
  EXPECT_EQ(in("vers:npm/*", "1.0.0"), InVers::kYes);
  EXPECT_EQ(in("vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.3"), InVers::kYes);
  EXPECT_EQ(in("vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.4"), InVers::kNo);
  EXPECT_EQ(in("vers:npm/1.2.3|>=2.0.0|<5.0.0", "2.0.0"), InVers::kYes);
  EXPECT_EQ(in("vers:npm/1.2.3|>=2.0.0|<5.0.0", "5.0.0"), InVers::kNo);
  EXPECT_EQ(in("vers:npm/<1.0.0|>=2.0.0|!=2.1.0", "2.1.0"), InVers::kNo);
  EXPECT_EQ(in("vers:npm/<1.0.0|>=2.0.0", "9.0.0"), InVers::kYes);
  EXPECT_EQ(in("vers:npm/<1.0.0|>=2.0.0", "1.5.0"), InVers::kNo);
  EXPECT_EQ(in("vers:npm/!=1.0.0", "1.5.0"), InVers::kYes);
  EXPECT_EQ(in("vers:pypi/<2", "1.0.0"), InVers::kUnknown);
  EXPECT_EQ(in("vers:npm/<what", "1.0.0"), InVers::kUnknown);
  EXPECT_EQ(in("<2", "1.0.0"), InVers::kUnknown);
  EXPECT_EQ(in("vers:npm/", "1.0.0"), InVers::kUnknown);
}

TEST(ProductMatch, Debian) {
  const auto report = TestReport();
  const model::Component& libc = report.inventory.components[0];
  const auto yes = [&](std::string_view purl) {
    return MatchComponent(*version::PackageUrl::Parse(purl), libc, report.inventory.image.distro)
        .yes;
  };
  EXPECT_TRUE(yes("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc"));
  EXPECT_TRUE(yes("pkg:deb/debian/glibc?arch=source"));
  EXPECT_TRUE(yes("pkg:deb/Debian/libc6?distro=bookworm"));
  EXPECT_FALSE(yes("pkg:deb/debian/glibc"));
  EXPECT_FALSE(yes("pkg:deb/ubuntu/libc6"));
  EXPECT_FALSE(yes("pkg:deb/debian/libc6?distro=bullseye"));
  EXPECT_FALSE(yes("pkg:deb/debian/libc6?arch=arm64"));
  EXPECT_FALSE(yes("pkg:deb/debian/libc6?upstream=musl"));
}

}  // namespace
}  // namespace scantling::policy
