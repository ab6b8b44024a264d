// OpenVEX 0.2.0: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md. Documents of the first
// drafts (a vulnerability and products as plain texts) are read as well.
#include "base/strings.h"
#include "policy/vex/vex_read.h"

namespace scantling::policy {
namespace {

using codec::JsonValue;

std::string Path(std::string_view base, size_t index) {
  return std::string(base) + "/" + std::to_string(index);
}

base::Result<uint32_t> AddProduct(JsonValue value, const std::string& place, VexDocument& out) {
  if (out.products.size() == kMaxVexProducts) {
    return At(place, "more than " + std::to_string(kMaxVexProducts) + " products");
  }
  VexProduct product;
  std::string_view purl;
  if (value.MaybeText()) {
    product.name = value.Text();
    purl = product.name;
  } else if (value.IsObject()) {
    product.name = value["@id"].Text();
    purl = value["identifiers"]["purl"].Text();
    if (product.name.empty()) {
      product.name = purl;
    }
    if (purl.empty()) {
      purl = product.name;
    }
    if (const std::string_view hash = value["hashes"]["sha-256"].Text(); !hash.empty()) {
      product.digest = "sha256:" + base::Lower(hash);
      if (product.name.empty()) {
        product.name = product.digest;
      }
    }
  }
  if (product.name.empty()) {
    return At(place, "a product without \"@id\", package URL or hash: give it one of them");
  }
  if (purl.starts_with("pkg:")) {
    if (auto parsed = version::PackageUrl::Parse(purl)) {
      product.purl = *std::move(parsed);
    } else {
      return At(place, std::string(parsed.error().Message()) + ": \"" +
                           std::string(purl.substr(0, 200)) + "\"; mend the package URL");
    }
  } else if (product.name.starts_with("sha256:")) {
    product.digest = product.name;
  }
  out.products.push_back(std::move(product));
  return static_cast<uint32_t>(out.products.size() - 1);
}

std::optional<model::TreatmentKind> Status(std::string_view word) {
  using model::TreatmentKind;
  for (const TreatmentKind kind : {TreatmentKind::kNotAffected, TreatmentKind::kAffected,
                                   TreatmentKind::kFixed, TreatmentKind::kUnderInvestigation}) {
    if (model::ToString(kind) == word) {
      return kind;
    }
  }
  return std::nullopt;
}

// The newer of when it was said and when it was last updated.
base::Result<base::Seconds> Time(JsonValue value, const std::string& place,
                                 base::Seconds fallback) {
  std::optional<base::Seconds> newest;
  for (const std::string_view key : {"timestamp", "last_updated"}) {
    const JsonValue text = value[key];
    if (text.IsMissing()) {
      continue;
    }
    const auto time = base::ParseTime(text.Text());
    if (!time) {
      return At(place + "/" + std::string(key), "not a time like 2026-01-31T12:00:00Z");
    }
    newest = std::max(newest.value_or(*time), *time);
  }
  return newest.value_or(fallback);
}

base::Result<void> ReadTargets(JsonValue value, const std::string& place, VexDocument& out,
                               VexStatement& statement) {
  const JsonValue shared = value["subcomponents"];  // of the first drafts
  const JsonValue products = value["products"];
  if (!products.IsArray() || products.Size() == 0) {
    statement.void_because = "it names no product";
    return {};
  }
  std::optional<base::Error> error;
  size_t index = 0;
  products.ForEach([&](JsonValue product) {
    const std::string at = Path(place + "/products", index++);
    auto whole = AddProduct(product, at, out);
    if (!whole) {
      error = std::move(whole).error();
      return false;
    }
    JsonValue parts = product["subcomponents"];
    std::string parts_at = at + "/subcomponents";
    if (parts.IsMissing()) {
      parts = shared;
      parts_at = place + "/subcomponents";
    }
    if (!parts.IsMissing() && !parts.IsArray()) {
      error = At(parts_at, "not a list");
      return false;
    }
    if (parts.Size() == 0) {
      statement.targets.push_back({{*whole}, {}, {}});
    }
    size_t part_index = 0;
    parts.ForEach([&](JsonValue part) {
      auto added = AddProduct(part, Path(parts_at, part_index++), out);
      if (!added) {
        error = std::move(added).error();
        return false;
      }
      statement.targets.push_back({{*added, *whole}, {}, {}});
      return true;
    });
    return !error.has_value();
  });
  if (error) {
    return *std::move(error);
  }
  return {};
}

base::Result<void> ReadStatement(JsonValue value, const std::string& place, base::Seconds time,
                                 VexDocument& out) {
  if (!value.IsObject()) {
    return At(place, "a statement is an object");
  }
  VexStatement statement;
  statement.place = place;
  const JsonValue vulnerability = value["vulnerability"];
  statement.vulnerability =
      vulnerability.MaybeText() ? vulnerability.Text() : vulnerability["name"].Text();
  if (statement.vulnerability.empty()) {
    statement.vulnerability = base::BaseName(vulnerability["@id"].Text());
  }
  if (statement.vulnerability.empty()) {
    return At(place + "/vulnerability", "no vulnerability is named: give \"name\"");
  }
  vulnerability["aliases"].ForEach([&](JsonValue alias) {
    statement.aliases.emplace_back(alias.Text());
    return true;
  });
  const auto status = Status(value["status"].Text());
  if (!status) {
    return At(place + "/status",
              "the status is one of not_affected, affected, fixed, under_investigation");
  }
  statement.status = *status;
  if (const JsonValue word = value["justification"]; !word.IsMissing()) {
    statement.justification = Justification(word.Text());
    if (statement.justification.empty()) {
      return At(place + "/justification",
                "the justification is one of component_not_present, vulnerable_code_not_present, "
                "vulnerable_code_not_in_execute_path, "
                "vulnerable_code_cannot_be_controlled_by_adversary, "
                "inline_mitigations_already_exist");
    }
  }
  std::string_view impact = base::Trim(value["impact_statement"].Text());
  for (const std::string_view key : {"impact_statement", "action_statement", "status_notes"}) {
    if (statement.words.empty()) {
      statement.words = base::Trim(value[key].Text());
    }
  }
  if (statement.status == model::TreatmentKind::kNotAffected && statement.justification.empty() &&
      impact.empty()) {
    statement.void_because = kNoJustification;
  }
  SCANTLING_TRY(statement.time, Time(value, place, time));
  SCANTLING_DO(ReadTargets(value, place, out, statement));
  out.statements.push_back(std::move(statement));
  return {};
}

}  // namespace

base::Result<void> ReadOpenVex(JsonValue root, VexDocument& out) {
  out.format = VexFormat::kOpenVex;
  out.id = root["@id"].Text();
  out.author = root["author"].Text();
  if (const std::string_view context = root["@context"].Text(); !context.ends_with("/v0.2.0")) {
    out.notes.push_back("its context is \"" + std::string(context.substr(0, 100)) +
                        "\", it is read as OpenVEX 0.2.0");
  }
  if (root["timestamp"].IsMissing()) {
    return At("", "OpenVEX demands \"timestamp\", the time at which the document was issued");
  }
  SCANTLING_TRY(const base::Seconds time, Time(root, "", 0));
  if (!root["statements"].IsArray()) {
    return At("/statements", "OpenVEX demands \"statements\", a list");
  }
  std::optional<base::Error> error;
  size_t index = 0;
  root["statements"].ForEach([&](JsonValue statement) {
    if (auto read = ReadStatement(statement, Path("/statements", index++), time, out); !read) {
      error = std::move(read).error();
    }
    return !error.has_value();
  });
  if (error) {
    return *std::move(error);
  }
  return {};
}

}  // namespace scantling::policy
