// CycloneDX JSON 1.4 to 1.6, as a VEX document of its own or with its components:
// https://cyclonedx.org/docs/1.6/json/#vulnerabilities
//
// "affects" names a component of the document (nested ones too), a BOM-Link
// ("urn:cdx:serial/version#bom-ref", whose bom-ref must be a package URL, as the other document is
// not at hand), or a package URL itself. The subject of the document (metadata.component) of type
// "container" is the image. "versions" narrow: "unaffected" says what the analysis says, "affected"
// beside a closing analysis leaves these versions open, "unknown" is under investigation; an entry
// without a status is "affected", by the specification's default.
// Vulnerabilities without an analysis say nothing.
#include "base/strings.h"
#include "policy/vex/vex_read.h"

#include <map>
#include <set>

namespace scantling::policy {
namespace {

using codec::JsonValue;
using model::TreatmentKind;

std::optional<TreatmentKind> State(std::string_view word) {
  if (word == "resolved" || word == "resolved_with_pedigree") {
    return TreatmentKind::kFixed;
  }
  if (word == "exploitable") {
    return TreatmentKind::kAffected;
  }
  if (word == "in_triage") {
    return TreatmentKind::kUnderInvestigation;
  }
  if (word == "false_positive" || word == "not_affected") {
    return TreatmentKind::kNotAffected;
  }
  return std::nullopt;
}

std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size()
                          ? base::ParseNumber<unsigned>(text.substr(i + 1, 2), 16)
                          : std::nullopt;
    if (byte) {
      out.push_back(static_cast<char>(*byte));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// An image that has a name only: "ghcr.io/acme/shop" and its tag.
version::PackageUrl ImageByName(std::string_view name, std::string_view tag) {
  version::PackageUrl out;
  out.type = "oci";
  out.name = base::Lower(base::BaseName(name));
  if (out.name.empty()) {
    out.name = "?";  // no image's name
  }
  if (name.contains('/')) {
    out.SetQualifier("repository_url", name);
  }
  out.SetQualifier("tag", tag);
  return out;
}

class CycloneDxReader {
 public:
  explicit CycloneDxReader(VexDocument& out) : out_(out) {}

  base::Result<void> Read(JsonValue root) {
    const std::string_view version = root["specVersion"].Text();
    if (version != "1.4" && version != "1.5" && version != "1.6") {
      return At("/specVersion", "CycloneDX 1.4, 1.5 and 1.6 are read");
    }
    out_.id = root["serialNumber"].Text();
    const JsonValue metadata = root["metadata"];
    out_.author = metadata["supplier"]["name"].Text();
    if (const JsonValue time = metadata["timestamp"]; !time.IsMissing()) {
      const auto parsed = base::ParseTime(time.Text());
      if (!parsed) {
        return At("/metadata/timestamp", "not a time like 2026-01-31T12:00:00Z");
      }
      time_ = *parsed;
    } else {
      out_.notes.push_back("it has no time: any other document overrules it");
    }
    SCANTLING_DO(ReadComponents(metadata["component"], root["components"]));
    if (!root["vulnerabilities"].IsArray()) {
      return At("/vulnerabilities", "a VEX document has \"vulnerabilities\", a list");
    }
    std::optional<base::Error> error;
    size_t index = 0;
    root["vulnerabilities"].ForEach([&](JsonValue one) {
      if (auto read = ReadVulnerability(one, "/vulnerabilities/" + std::to_string(index++));
          !read) {
        error = std::move(read).error();
      }
      return !error.has_value();
    });
    if (error) {
      return *std::move(error);
    }
    return {};
  }

 private:
  struct Open {
    JsonValue value;
    std::string place;
    bool subject;
  };

  base::Result<void> ReadComponents(JsonValue subject, JsonValue components) {
    std::vector<Open> open;
    const auto push = [&open](JsonValue list, const std::string& place) {
      size_t index = 0;
      list.ForEach([&](JsonValue one) {
        open.push_back({one, place + "/" + std::to_string(index++), false});
        return true;
      });
    };
    push(components, "/components");
    open.push_back({subject, "/metadata/component", true});
    while (!open.empty()) {
      const Open next = std::move(open.back());
      open.pop_back();
      push(next.value["components"], next.place + "/components");
      const std::string ref(next.value["bom-ref"].Text());
      if (ref.empty()) {
        continue;
      }
      if (out_.products.size() == kMaxVexProducts) {
        return At(next.place, "more than " + std::to_string(kMaxVexProducts) + " components");
      }
      VexProduct product;
      product.name =
          next.value["name"].Text().empty() ? ref : std::string(next.value["name"].Text());
      if (const std::string_view purl = next.value["purl"].Text(); !purl.empty()) {
        auto parsed = version::PackageUrl::Parse(purl);
        if (!parsed) {
          return At(next.place + "/purl", parsed.error().Message() + "; mend the package URL");
        }
        product.purl = *std::move(parsed);
      }
      const bool container = next.value["type"].Text() == "container";
      next.value["hashes"].ForEach([&](JsonValue hash) {
        if (container && hash["alg"].Text() == "SHA-256") {
          product.digest = "sha256:" + base::Lower(hash["content"].Text());
        }
        return true;
      });
      if (const std::string_view digest = next.value["version"].Text();
          container && digest.starts_with("sha256:")) {
        product.digest = digest;
      }
      if (container && !product.purl && product.digest.empty()) {
        product.purl = ImageByName(product.name, next.value["version"].Text());
      }
      out_.products.push_back(std::move(product));
      const auto at = static_cast<uint32_t>(out_.products.size() - 1);
      if (next.subject && container) {
        subject_ = at;
      }
      if (!refs_.emplace(ref, at).second) {
        return At(next.place + "/bom-ref", "the bom-ref \"" + ref + "\" is used twice");
      }
    }
    return {};
  }

  // The product of an affects.ref; made anew where it is a package URL of another document.
  base::Result<uint32_t> Product(std::string_view ref, const std::string& place) {
    if (const auto found = refs_.find(ref); found != refs_.end()) {
      return found->second;
    }
    if (out_.products.size() == kMaxVexProducts) {
      return At(place, "more than " + std::to_string(kMaxVexProducts) + " components");
    }
    VexProduct product;
    product.name = ref;
    std::string text(ref);
    if (const size_t hash = text.find('#');
        text.starts_with("urn:cdx:") && hash != std::string::npos) {
      text = text.substr(hash + 1);
      if (!text.starts_with("pkg:")) {
        text = Unescape(text);
      }
    }
    if (text.starts_with("pkg:")) {
      if (auto parsed = version::PackageUrl::Parse(text)) {
        product.purl = *std::move(parsed);
      }
    }
    if (!product.purl && !ref.starts_with("urn:cdx:")) {
      return At(place + "/ref", "no component has the bom-ref \"" +
                                    base::ToUtf8(ref.substr(0, 200)) +
                                    "\": it is a bom-ref of this document, a BOM-Link or a package "
                                    "URL");
    }
    out_.products.push_back(std::move(product));
    const auto at = static_cast<uint32_t>(out_.products.size() - 1);
    refs_.emplace(std::string(ref), at);
    foreign_.emplace(ref);
    return at;
  }

  base::Result<void> ReadTarget(JsonValue affected, const std::string& place,
                                VexStatement& statement) {
    const std::string_view ref = affected["ref"].Text();
    if (ref.empty()) {
      return At(place, "\"affects\" without \"ref\"");
    }
    // Components of an image's own document are parts of that image alone.
    const bool own = refs_.contains(ref) && !foreign_.contains(ref);
    SCANTLING_TRY(const uint32_t product, Product(ref, place));
    std::vector<uint32_t> chain = {product};
    if (own && subject_ && *subject_ != product) {
      chain.push_back(*subject_);
    }
    const JsonValue versions = affected["versions"];
    if (versions.Size() == 0) {
      statement.targets.push_back({std::move(chain), {}, {}});
      return {};
    }
    std::optional<base::Error> error;
    versions.ForEach([&](JsonValue entry) {
      if (++targets_ > kMaxVexTargets || out_.products.size() == kMaxVexProducts) {
        error = At(place, "more versions than are read");
        return false;
      }
      VexProduct narrowed = out_.products[product];
      const std::string_view version = entry["version"].Text();
      const std::string_view range = entry["range"].Text();
      VexTarget target;
      if (!version.empty() && narrowed.purl) {
        if (narrowed.purl->version.empty()) {
          narrowed.purl->version = version;
        } else {
          narrowed.range = "vers:generic/" + std::string(version);
        }
      } else if (!range.empty()) {
        narrowed.range = range;
      } else if (version.empty()) {
        target.void_because = "it lists an entry with neither a version nor a range";
      }
      const std::string_view status =
          entry["status"].IsMissing() ? std::string_view("affected") : entry["status"].Text();
      const bool closing = statement.status == TreatmentKind::kNotAffected ||
                           statement.status == TreatmentKind::kFixed;
      if (status == "affected" && closing) {
        target.status = TreatmentKind::kAffected;
      } else if (status == "unknown") {
        target.status = TreatmentKind::kUnderInvestigation;
      } else if (status == "unaffected" && !closing) {
        target.status = TreatmentKind::kNotAffected;
        if (statement.justification.empty()) {
          target.void_because = kNoJustification;
        }
      }
      out_.products.push_back(std::move(narrowed));
      target.chain = chain;
      target.chain.front() = static_cast<uint32_t>(out_.products.size() - 1);
      statement.targets.push_back(std::move(target));
      return true;
    });
    if (error) {
      return *std::move(error);
    }
    return {};
  }

  base::Result<void> ReadVulnerability(JsonValue value, const std::string& place) {
    VexStatement statement;
    statement.place = place;
    statement.vulnerability = value["id"].Text();
    if (statement.vulnerability.empty()) {
      return At(place, "a vulnerability without \"id\"");
    }
    value["references"].ForEach([&](JsonValue reference) {
      statement.aliases.emplace_back(reference["id"].Text());
      return true;
    });
    const JsonValue analysis = value["analysis"];
    if (!analysis.IsObject()) {
      return {};
    }
    const auto state = State(analysis["state"].Text());
    if (!state) {
      return At(place + "/analysis/state",
                "the state is one of resolved, resolved_with_pedigree, exploitable, in_triage, "
                "false_positive, not_affected");
    }
    statement.status = *state;
    if (const JsonValue word = analysis["justification"]; !word.IsMissing()) {
      statement.justification = Justification(word.Text());
      if (statement.justification.empty()) {
        return At(place + "/analysis/justification", "not a justification of CycloneDX");
      }
    }
    value["properties"].ForEach([&](JsonValue property) {
      if (property["name"].Text() == "scantling:justification") {
        const std::string exact = Justification(property["value"].Text());
        statement.justification = exact.empty() ? statement.justification : exact;
      }
      return true;
    });
    statement.words = base::Trim(analysis["detail"].Text());
    statement.time = time_;
    for (const std::string_view key : {"firstIssued", "lastUpdated"}) {
      if (const auto time = base::ParseTime(analysis[key].Text())) {
        statement.time = std::max(statement.time, *time);
      }
    }
    if (statement.status == TreatmentKind::kNotAffected && statement.justification.empty() &&
        statement.words.empty()) {
      statement.void_because = kNoJustification;
    }
    std::optional<base::Error> error;
    size_t index = 0;
    value["affects"].ForEach([&](JsonValue affected) {
      const std::string at = place + "/affects/" + std::to_string(index++);
      if (auto read = ReadTarget(affected, at, statement); !read) {
        error = std::move(read).error();
      }
      return !error.has_value();
    });
    if (error) {
      return *std::move(error);
    }
    if (statement.targets.empty()) {
      // Without "affects" it is about the subject of the document.
      if (subject_) {
        statement.targets.push_back({{*subject_}, {}, {}});
      } else {
        statement.void_because = "it names no component";
      }
    }
    out_.statements.push_back(std::move(statement));
    return {};
  }

  VexDocument& out_;
  base::Seconds time_ = 0;
  size_t targets_ = 0;
  std::map<std::string, uint32_t, std::less<>> refs_;
  std::set<std::string, std::less<>> foreign_;  // of them, those of other documents
  std::optional<uint32_t> subject_;
};

}  // namespace

base::Result<void> ReadCycloneDx(JsonValue root, VexDocument& out) {
  out.format = VexFormat::kCycloneDx;
  return CycloneDxReader(out).Read(root);
}

}  // namespace scantling::policy
