// CSAF 2.0: https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html. Categories csaf_vex
// and csaf_security_advisory.
//
// Products come from the branches of the product tree, from its full product names and its
// relationships; their package URLs from the product identification helpers. A branch
// "product_version_range" with a "vers:" range narrows the products below it. Statuses other than
// the four of VEX: first_affected and last_affected are affected, first_fixed is fixed, recommended
// says nothing. Not handled: products that only a name or a CPE identifies, unless the CPE is an
// operating system that holds another product.
#include "base/strings.h"
#include "policy/vex/vex_read.h"

#include <array>
#include <map>
#include <set>

namespace scantling::policy {
namespace {

using codec::JsonValue;
using model::TreatmentKind;

constexpr size_t kMaxChain = 8;

class CsafReader {
 public:
  explicit CsafReader(VexDocument& out) : out_(out) {}

  base::Result<void> Read(JsonValue root) {
    const JsonValue document = root["document"];
    const std::string category = base::Lower(document["category"].Text());
    if (category != "csaf_vex" && category != "csaf_security_advisory") {
      return At("/document/category",
                "only the categories csaf_vex and csaf_security_advisory say what is affected");
    }
    if (document["csaf_version"].Text() != "2.0") {
      return At("/document/csaf_version", "only CSAF 2.0 is read");
    }
    const JsonValue tracking = document["tracking"];
    out_.id = tracking["id"].Text();
    out_.author = document["publisher"]["name"].Text();
    const auto time = base::ParseTime(tracking["current_release_date"].Text());
    if (!time) {
      return At("/document/tracking/current_release_date",
                "CSAF demands a time like 2026-01-31T12:00:00Z here");
    }
    time_ = *time;
    if (tracking["status"].Text() == "draft") {
      draft_ = "the document is a draft";
      out_.notes.push_back("it is a draft: it closes nothing");
    }
    if (category == "csaf_security_advisory") {
      out_.notes.push_back(
          "it is a security advisory: what it calls fixed and not affected counts");
    }
    const JsonValue tree = root["product_tree"];
    SCANTLING_DO(ReadBranches(tree["branches"]));
    SCANTLING_DO(ReadNames(tree["full_product_names"]));
    SCANTLING_DO(ReadRelationships(tree["relationships"]));
    ReadGroups(tree["product_groups"]);
    if (!root["vulnerabilities"].IsArray()) {
      return At("/vulnerabilities", "CSAF demands \"vulnerabilities\", a list");
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
  // A branch that is still to be walked.
  struct Branch {
    JsonValue value;
    std::string place;
    std::string range;
  };
  struct Relationship {
    std::string part;
    std::string whole;
    std::string place;
  };

  base::Result<void> AddProduct(JsonValue product, const std::string& place,
                                const std::string& range) {
    const std::string id(product["product_id"].Text());
    if (id.empty()) {
      return At(place, "a product without \"product_id\"");
    }
    if (out_.products.size() == kMaxVexProducts) {
      return At(place, "more than " + std::to_string(kMaxVexProducts) + " products");
    }
    VexProduct entry;
    entry.name = product["name"].Text().empty() ? id : std::string(product["name"].Text());
    entry.range = range;
    const JsonValue helper = product["product_identification_helper"];
    if (const std::string_view purl = helper["purl"].Text(); !purl.empty()) {
      auto parsed = version::PackageUrl::Parse(purl);
      if (!parsed) {
        return At(place + "/product_identification_helper/purl",
                  parsed.error().Message() + "; mend the package URL");
      }
      entry.purl = *std::move(parsed);
    }
    entry.platform = helper["cpe"].Text();
    helper["hashes"].ForEach([&](JsonValue file) {
      file["file_hashes"].ForEach([&](JsonValue hash) {
        if (base::EqualsIgnoreCase(hash["algorithm"].Text(), "sha256")) {
          entry.digest = "sha256:" + base::Lower(hash["value"].Text());
        }
        return true;
      });
      return true;
    });
    out_.products.push_back(std::move(entry));
    if (!chains_.emplace(id, std::vector{static_cast<uint32_t>(out_.products.size() - 1)}).second) {
      return At(place, "the product id \"" + id + "\" is defined twice");
    }
    return {};
  }

  base::Result<void> ReadBranches(JsonValue branches) {
    std::vector<Branch> open;
    const auto push = [&open](JsonValue list, const std::string& place, const std::string& range) {
      size_t index = 0;
      list.ForEach([&](JsonValue branch) {
        open.push_back({branch, place + "/" + std::to_string(index++), range});
        return true;
      });
    };
    push(branches, "/product_tree/branches", "");
    while (!open.empty()) {
      const Branch branch = std::move(open.back());
      open.pop_back();
      std::string range = branch.range;
      if (branch.value["category"].Text() == "product_version_range") {
        range = branch.value["name"].Text();
        if (!range.starts_with("vers:")) {
          range = "unread: " + range;  // words; matches nothing
        }
      }
      if (const JsonValue product = branch.value["product"]; product.IsObject()) {
        SCANTLING_DO(AddProduct(product, branch.place + "/product", range));
      }
      push(branch.value["branches"], branch.place + "/branches", range);
    }
    return {};
  }

  base::Result<void> ReadNames(JsonValue names) {
    std::optional<base::Error> error;
    size_t index = 0;
    names.ForEach([&](JsonValue product) {
      const std::string place = "/product_tree/full_product_names/" + std::to_string(index++);
      if (auto added = AddProduct(product, place, ""); !added) {
        error = std::move(added).error();
      }
      return !error.has_value();
    });
    if (error) {
      return *std::move(error);
    }
    return {};
  }

  // Relationships may rest on others, in any order: pass after pass, until nothing is left.
  base::Result<void> ReadRelationships(JsonValue list) {
    std::map<std::string, Relationship> open;
    std::optional<base::Error> error;
    size_t index = 0;
    list.ForEach([&](JsonValue one) {
      const std::string place = "/product_tree/relationships/" + std::to_string(index++);
      const std::string id(one["full_product_name"]["product_id"].Text());
      if (id.empty() || chains_.contains(id) || open.contains(id)) {
        error = At(place, "a relationship whose \"product_id\" is missing or defined twice");
        return false;
      }
      open[id] = {std::string(one["product_reference"].Text()),
                  std::string(one["relates_to_product_reference"].Text()), place};
      return true;
    });
    if (error) {
      return *std::move(error);
    }
    for (size_t pass = 0; pass < kMaxChain && !open.empty(); ++pass) {
      for (auto it = open.begin(); it != open.end();) {
        const auto part = chains_.find(it->second.part);
        const auto whole = chains_.find(it->second.whole);
        if (part == chains_.end() || whole == chains_.end()) {
          ++it;
          continue;
        }
        std::vector<uint32_t> chain = part->second;
        chain.insert(chain.end(), whole->second.begin(), whole->second.end());
        if (chain.size() > kMaxChain) {
          return At(it->second.place, "relationships are nested too deeply");
        }
        chains_.emplace(it->first, std::move(chain));
        it = open.erase(it);
      }
    }
    if (!open.empty()) {
      return At(open.begin()->second.place,
                "a relationship of products that are not defined, or that rests on itself");
    }
    return {};
  }

  void ReadGroups(JsonValue groups) {
    groups.ForEach([&](JsonValue group) {
      auto& ids = groups_[std::string(group["group_id"].Text())];
      group["product_ids"].ForEach([&](JsonValue id) {
        ids.emplace_back(id.Text());
        return true;
      });
      return true;
    });
  }

  // The products that a flag, threat or remediation is about; without any it is about all.
  std::set<std::string> ProductsOf(JsonValue value) const {
    std::set<std::string> out;
    value["product_ids"].ForEach([&](JsonValue id) {
      out.emplace(id.Text());
      return true;
    });
    value["group_ids"].ForEach([&](JsonValue id) {
      if (const auto found = groups_.find(std::string(id.Text())); found != groups_.end()) {
        out.insert(found->second.begin(), found->second.end());
      }
      return true;
    });
    return out;
  }

  struct Remark {
    std::string word;  // a justification, or the words
    std::set<std::string> products;
    bool all = false;
    base::Seconds time = 0;
  };
  static const Remark* Find(const std::vector<Remark>& remarks, const std::string& product) {
    for (const Remark& remark : remarks) {
      if (remark.all || remark.products.contains(product)) {
        return &remark;
      }
    }
    return nullptr;
  }

  base::Result<void> ReadVulnerability(JsonValue value, const std::string& place) {
    VexStatement base_statement;
    base_statement.vulnerability = value["cve"].Text();
    value["ids"].ForEach([&](JsonValue id) {
      base_statement.aliases.emplace_back(id["text"].Text());
      return true;
    });
    if (base_statement.vulnerability.empty()) {
      if (base_statement.aliases.empty()) {
        return At(place, "a vulnerability without \"cve\" and without \"ids\"");
      }
      base_statement.vulnerability = base_statement.aliases.front();
    }
    std::vector<Remark> flags;
    value["flags"].ForEach([&](JsonValue flag) {
      flags.push_back({Justification(flag["label"].Text()), ProductsOf(flag), false,
                       base::ParseTime(flag["date"].Text()).value_or(time_)});
      return true;
    });
    std::vector<Remark> impacts;
    value["threats"].ForEach([&](JsonValue threat) {
      if (threat["category"].Text() == "impact" && !threat["details"].Text().empty()) {
        auto products = ProductsOf(threat);
        const bool all = products.empty();
        impacts.push_back({std::string(threat["details"].Text()), std::move(products), all, time_});
      }
      return true;
    });
    std::vector<Remark> remedies;
    value["remediations"].ForEach([&](JsonValue remedy) {
      auto products = ProductsOf(remedy);
      const bool all = products.empty();
      remedies.push_back({std::string(remedy["details"].Text()), std::move(products), all, time_});
      return true;
    });
    const JsonValue status = value["product_status"];
    constexpr std::array<std::pair<std::string_view, TreatmentKind>, 7> kLists = {
        {{"known_not_affected", TreatmentKind::kNotAffected},
         {"known_affected", TreatmentKind::kAffected},
         {"first_affected", TreatmentKind::kAffected},
         {"last_affected", TreatmentKind::kAffected},
         {"fixed", TreatmentKind::kFixed},
         {"first_fixed", TreatmentKind::kFixed},
         {"under_investigation", TreatmentKind::kUnderInvestigation}}};
    for (const auto& [list, kind] : kLists) {
      const std::string at = place + "/product_status/" + std::string(list);
      std::optional<base::Error> error;
      // Products with the same justification and words share one statement.
      std::map<std::pair<std::string, std::string>, VexStatement> grouped;
      size_t index = 0;
      status[list].ForEach([&](JsonValue id) {
        const std::string product(id.Text());
        const auto chain = chains_.find(product);
        if (chain == chains_.end()) {
          error = At(at + "/" + std::to_string(index),
                     "the product \"" + product + "\" is not in the product tree");
          return false;
        }
        ++index;
        if (++targets_ > kMaxVexTargets) {
          error = At(at, "more than " + std::to_string(kMaxVexTargets) + " products with a status");
          return false;
        }
        const Remark* flag = kind == TreatmentKind::kNotAffected ? Find(flags, product) : nullptr;
        const Remark* words =
            Find(kind == TreatmentKind::kNotAffected ? impacts : remedies, product);
        const std::string reason = flag != nullptr ? flag->word : "";
        const std::string text = words != nullptr ? words->word : "";
        VexStatement& statement = grouped[{reason, text}];
        statement.justification = reason;
        statement.words = text;
        statement.targets.push_back({chain->second, {}, {}});
        return true;
      });
      if (error) {
        return *std::move(error);
      }
      for (auto& [key, statement] : grouped) {
        statement.vulnerability = base_statement.vulnerability;
        statement.aliases = base_statement.aliases;
        statement.status = kind;
        statement.time = time_;
        statement.place = at;
        statement.void_because = draft_;
        if (kind == TreatmentKind::kNotAffected && key.first.empty() && key.second.empty()) {
          statement.void_because = kNoJustification;
        }
        out_.statements.push_back(std::move(statement));
      }
    }
    return {};
  }

  VexDocument& out_;
  base::Seconds time_ = 0;
  std::string draft_;
  size_t targets_ = 0;
  std::map<std::string, std::vector<uint32_t>> chains_;  // product id -> from the inside out
  std::map<std::string, std::vector<std::string>> groups_;
};

}  // namespace

base::Result<void> ReadCsaf(JsonValue root, VexDocument& out) {
  out.format = VexFormat::kCsaf;
  return CsafReader(out).Read(root);
}

}  // namespace scantling::policy
