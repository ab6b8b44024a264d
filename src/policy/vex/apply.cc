// Which statements are about a finding, and which of them counts.
#include "base/strings.h"
#include "policy/vex/product_match.h"
#include "policy/vex/vex_read.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <unordered_map>

namespace scantling::policy {
namespace {

using model::TreatmentKind;
using version::PackageUrl;

bool Closes(TreatmentKind kind) {
  return kind == TreatmentKind::kNotAffected || kind == TreatmentKind::kFixed;
}

// "cpe:/o:redhat:enterprise_linux:8::baseos" and "cpe:2.3:o:redhat:enterprise_linux:8:*:..."
// against the distribution of the image.
ProductMatch MatchPlatform(std::string_view cpe, const model::Distro& distro) {
  struct Row {
    std::string_view vendor, product, id;
  };
  constexpr std::array<Row, 10> kRows = {{{"redhat", "enterprise_linux", "rhel"},
                                          {"debian", "debian_linux", "debian"},
                                          {"canonical", "ubuntu_linux", "ubuntu"},
                                          {"alpinelinux", "alpine_linux", "alpine"},
                                          {"almalinux", "almalinux", "almalinux"},
                                          {"rocky", "rocky", "rocky"},
                                          {"oracle", "linux", "ol"},
                                          {"amazon", "linux", "amzn"},
                                          {"suse", "sles", "sles"},
                                          {"fedoraproject", "fedora", "fedora"}}};
  std::string_view rest = cpe;
  for (const std::string_view prefix : {"cpe:/", "cpe:2.3:"}) {
    rest = rest.starts_with(prefix) ? rest.substr(prefix.size()) : rest;
  }
  const auto parts = base::Split(rest, ':');
  if (parts.size() < 4) {
    return {false, 0, false, "it speaks of a product that only a CPE names: " + std::string(cpe)};
  }
  for (const Row& row : kRows) {
    if (row.vendor == parts[1] && row.product == parts[2] && row.id == distro.id) {
      const std::string_view wanted = parts[3];
      const bool same =
          distro.version_id == wanted || distro.version_id.starts_with(std::string(wanted) + ".");
      if (same && !wanted.empty()) {
        return {true, 0, false, "the distribution is this image's"};
      }
    }
  }
  return {
      false, 0, false,
      "it speaks of " + std::string(cpe) + ", this is " +
          (distro.id.empty() ? "an unknown distribution" : distro.id + " " + distro.version_id)};
}

// Package URLs of the report's components, parsed once.
class Products {
 public:
  explicit Products(const model::Report& report) : report_(report) {
    for (const model::Component& component : report.inventory.components) {
      by_ref_.emplace(component.ref, &component);
    }
  }

  const model::Component* MaybeComponent(std::string_view ref) const {
    const auto found = by_ref_.find(ref);
    return found == by_ref_.end() ? nullptr : found->second;
  }
  const PackageUrl& Own(const model::Component& component) {
    auto [at, fresh] = purls_.try_emplace(&component);
    if (fresh) {
      if (auto parsed = PackageUrl::Parse(component.purl)) {
        at->second = *std::move(parsed);
      }
    }
    return at->second;
  }
  const model::Report& report() const { return report_; }

 private:
  const model::Report& report_;
  std::unordered_map<std::string_view, const model::Component*> by_ref_;
  std::unordered_map<const model::Component*, PackageUrl> purls_;
};

// Whether `inner` lies in `outer`: in the same archive or binary, or brought by it.
bool Holds(const model::Component& outer, const model::Component& inner) {
  if (&outer == &inner) {
    return true;
  }
  // A member of an archive or a binary lies where all other members lie: it holds none of them.
  for (const model::Location& location : outer.locations) {
    if (outer.container.empty() && !inner.container.empty() && location.path == inner.container) {
      return true;
    }
  }
  // Copies of one version are one component: all of them must lie in the outer one.
  const bool inside = std::ranges::all_of(inner.locations, [&](const model::Location& in) {
    return std::ranges::any_of(outer.locations, [&](const model::Location& out) {
      const size_t slash = out.path.rfind('/');
      return slash != std::string::npos &&
             in.path.starts_with(out.path.substr(0, slash) + "/node_modules/");
    });
  });
  const std::string named = outer.name + "@" + outer.version;
  return (inside && std::ranges::find(inner.via, named) != inner.via.end()) ||
         (!inner.main_module.empty() && inner.main_module == outer.name &&
          inner.container == outer.container);
}

struct Candidate {
  const VexDocument* document = nullptr;
  const VexStatement* statement = nullptr;
  TreatmentKind status = TreatmentKind::kAffected;
  bool applies = false;
  int specificity = 0;
  std::string void_because;
  std::string why;
};

class Judge {
 public:
  Judge(const model::Report& report, std::span<const VexDocument> documents)
      : products_(report), documents_(documents) {}

  const model::Component* MaybeComponent(std::string_view ref) const {
    return products_.MaybeComponent(ref);
  }

  // Everything that is said of a vulnerability, in the order of documents and statements. With
  // `words`, also one for each statement that does not apply.
  std::vector<Candidate> Candidates(const std::set<std::string>& ids,
                                    const model::Component& component, bool words) {
    std::vector<Candidate> out;
    for (const VexDocument& document : documents_) {
      std::set<uint32_t> statements;
      for (const std::string& id : ids) {
        if (const auto found = document.by_vulnerability.find(id);
            found != document.by_vulnerability.end()) {
          statements.insert(found->second.begin(), found->second.end());
        }
      }
      for (const uint32_t index : statements) {
        Weigh(document, document.statements[index], component, words, out);
      }
    }
    return out;
  }

 private:
  ProductMatch MatchWhole(const VexProduct& product, const model::Component& component) {
    const model::Image& image = products_.report().inventory.image;
    if (!product.range.empty() &&
        (!product.purl || IsImagePurl(*product.purl) || product.purl->type == "rpmmod")) {
      return {false, 0, false, "its range of versions is not one of a package: " + product.range};
    }
    if (product.purl && IsImagePurl(*product.purl)) {
      return MatchImage(*product.purl, image);
    }
    if (!product.purl && !product.digest.empty()) {
      return product.digest == image.digest || product.digest == image.config_digest
                 ? ProductMatch{true, 30, true, "the digest is this image's"}
                 : ProductMatch{false, 0, false, "it speaks of another image, by digest"};
    }
    if (!product.purl && !product.platform.empty()) {
      return MatchPlatform(product.platform, image.distro);
    }
    if (product.purl && product.purl->type == "rpmmod") {
      const std::string wanted = product.purl->name + ":" + product.purl->version;
      return !component.module.empty() &&
                     (component.module == wanted || component.module.starts_with(wanted + ":"))
                 ? ProductMatch{true, 0, false, "the module is this component's"}
                 : ProductMatch{false, 0, false, "it speaks of the module " + wanted};
    }
    if (!product.purl) {
      if (!image.reference.empty() && product.name == image.reference) {
        return {true, 20, true, "the product is this image's reference"};
      }
      return {false, 0, false,
              "the product \"" + product.name + "\" has neither a package URL nor a digest"};
    }
    // A package that holds the component.
    std::string why = "this image holds no " + product.name;
    for (const model::Component& outer : products_.report().inventory.components) {
      ProductMatch match = MatchComponent(*product.purl, outer, products_.Own(outer), image.distro);
      if (match.yes && !product.range.empty() &&
          MatchVers(product.range, outer.type, outer.version) != InVers::kYes) {
        why = "it speaks of versions " + product.range + " of " + product.name;
        continue;
      }
      if (match.yes && Holds(outer, component)) {
        return match;
      }
      if (match.yes) {
        why = "nothing says that this component is a part of " + product.name;
      }
    }
    return {false, 0, false, why};
  }

  ProductMatch MatchPart(const VexProduct& product, const model::Component& component, bool only) {
    const model::Image& image = products_.report().inventory.image;
    ProductMatch out;
    if (product.purl && !IsImagePurl(*product.purl)) {
      out = MatchComponent(*product.purl, component, products_.Own(component), image.distro);
    } else if (only) {
      out = MatchWhole(product, component);  // an image: all that is in it
      return out.yes && out.specificity == 0
                 ? ProductMatch{false, 0, false, "it speaks of a whole distribution"}
                 : out;
    } else {
      out.why = "the part \"" + product.name + "\" has no package URL";
    }
    if (out.yes && !product.range.empty()) {
      switch (MatchVers(product.range, component.type, component.version)) {
        case InVers::kYes:
          out.specificity += 2;
          out.pinned = true;
          break;
        case InVers::kNo:
          return {false, 0, false,
                  "it speaks of versions " + product.range + ", this is " + component.version};
        case InVers::kUnknown:
          return {false, 0, false,
                  "its range of versions cannot be compared with " + component.version + ": " +
                      product.range};
      }
    }
    return out;
  }

  // A quick no without words.
  bool CannotMatch(const VexProduct& product, const model::Component& component) {
    if (!product.purl || IsImagePurl(*product.purl)) {
      return false;
    }
    const PackageUrl& own = products_.Own(component);
    return product.purl->type != own.type ||
           (product.purl->name != own.name && product.purl->name != component.source_name);
  }

  void Weigh(const VexDocument& document, const VexStatement& statement,
             const model::Component& component, bool words, std::vector<Candidate>& out) {
    std::string why_not = statement.void_because;
    size_t told = 0;
    const auto begin = static_cast<std::ptrdiff_t>(out.size());  // this statement's own follow
    for (const VexTarget& target : statement.targets) {
      const VexProduct& part = document.products[target.chain.front()];
      if (CannotMatch(part, component) && (!words || told > 0)) {
        continue;
      }
      ProductMatch match = MatchPart(part, component, target.chain.size() == 1);
      for (size_t i = 1; match.yes && i < target.chain.size(); ++i) {
        const ProductMatch whole = MatchWhole(document.products[target.chain[i]], component);
        match.yes = whole.yes;
        match.specificity += whole.specificity;
        match.pinned = match.pinned || whole.pinned;
        match.why = whole.yes ? match.why + "; " + whole.why : whole.why;
      }
      if (!match.yes) {
        // The most telling reason: of a product with this component's name, where there is one.
        if (words && (told == 0 || !CannotMatch(part, component))) {
          why_not = match.why;
        }
        ++told;
        continue;
      }
      Candidate candidate{&document, &statement,        target.status.value_or(statement.status),
                          true,      match.specificity, statement.void_because,
                          match.why};
      if (!target.void_because.empty()) {
        candidate.void_because = target.void_because;
      } else if (target.status && !Closes(*target.status)) {
        candidate.void_because.clear();  // what it lacks was for closing
      } else if (candidate.status == TreatmentKind::kFixed && !match.pinned) {
        candidate.void_because = "it says fixed and does not say in which version";
      }
      const bool known = std::any_of(out.begin() + begin, out.end(), [&](const Candidate& other) {
        return other.status == candidate.status && other.specificity == candidate.specificity &&
               other.void_because == candidate.void_because;
      });
      if (!known) {
        out.push_back(std::move(candidate));
      }
    }
    if (static_cast<std::ptrdiff_t>(out.size()) == begin) {
      out.push_back({&document, &statement, statement.status, false, 0, {}, why_not});
    }
  }

  Products products_;
  std::span<const VexDocument> documents_;
};

struct Choice {
  const Candidate* counts = nullptr;  // null: none, or equals that contradict each other
  bool contradiction = false;
};

bool Stands(const Candidate& candidate) {
  return candidate.applies && candidate.void_because.empty();
}

// The newest, then the most specific. Equals that disagree: the one that leaves the finding open,
// if there is one, else none.
Choice Choose(const std::vector<Candidate>& candidates) {
  const auto rank = [](const Candidate& one) {
    return std::tuple(one.statement->time, one.specificity);
  };
  const Candidate* best = nullptr;
  for (const Candidate& one : candidates) {
    if (Stands(one) && (best == nullptr || rank(one) > rank(*best))) {
      best = &one;
    }
  }
  Choice out{best, false};
  for (const Candidate& one : candidates) {
    if (Stands(one) && rank(one) == rank(*best) && one.status != best->status) {
      out.contradiction = true;
    }
  }
  if (out.contradiction) {
    out.counts = nullptr;
    for (const TreatmentKind open :
         {TreatmentKind::kUnderInvestigation, TreatmentKind::kAffected}) {
      for (const Candidate& one : candidates) {
        if (Stands(one) && rank(one) == rank(*best) && one.status == open) {
          out.counts = &one;
        }
      }
    }
  }
  return out;
}

std::set<std::string> IdsOf(const model::Finding& finding) {
  std::set<std::string> out = {UpperId(finding.id)};
  for (const std::string& alias : finding.aliases) {
    out.insert(UpperId(alias));
  }
  return out;
}

constexpr size_t kMaxNotes = 20;

void Note(VexOutcome& outcome, size_t& count, std::string text) {
  if (count++ < kMaxNotes) {
    outcome.notes.push_back(std::move(text));
  }
}

}  // namespace

std::vector<VexOutcome> ApplyVex(model::Report& report, std::span<const VexDocument> documents) {
  std::vector<VexOutcome> out;
  std::vector<size_t> notes(documents.size());
  std::vector<std::set<const VexStatement*>> strangers(documents.size());
  std::vector<std::set<const VexStatement*>> used(documents.size());
  for (const VexDocument& document : documents) {
    out.push_back({document.path, std::string(ToString(document.format)), document.id,
                   document.statements.size(), 0, 0, 0, document.notes});
  }
  Judge judge(report, documents);
  for (model::Finding& finding : report.findings) {
    const bool excepted = finding.treatment && !finding.treatment->owner.empty();
    if (finding.treatment && !excepted) {
      finding.treatment.reset();  // of an earlier run
    }
    const model::Component* component = judge.MaybeComponent(finding.component);
    if (component == nullptr) {
      continue;
    }
    const auto candidates = judge.Candidates(IdsOf(finding), *component, false);
    const Choice choice = Choose(candidates);
    const std::string key = model::FindingKey(finding.id, finding.component);
    std::set<size_t> overruled;
    for (const Candidate& one : candidates) {
      const auto index = static_cast<size_t>(one.document - documents.data());
      if (!one.applies) {
        strangers[index].insert(one.statement);
        continue;
      }
      used[index].insert(one.statement);
      if (!one.void_because.empty()) {
        Note(out[index], notes[index],
             one.statement->place + " does not count for " + key + ": " + one.void_because);
      } else if (&one != choice.counts &&
                 (choice.counts == nullptr || one.status != choice.counts->status)) {
        overruled.insert(index);
      }
    }
    for (const size_t index : overruled) {
      ++out[index].overruled;
      if (choice.contradiction) {
        Note(out[index], notes[index],
             "statements contradict each other on " + key +
                 ": it stays open; take back one of them");
      }
    }
    if (choice.counts == nullptr) {
      continue;
    }
    const Candidate& counts = *choice.counts;
    VexOutcome& outcome = out[static_cast<size_t>(counts.document - documents.data())];
    ++(Closes(counts.status) ? outcome.closed : outcome.open);
    if (!excepted || Closes(counts.status)) {
      finding.treatment = model::Treatment{
          counts.status,
          counts.document->id,
          counts.document->path,
          counts.status == TreatmentKind::kNotAffected ? counts.statement->justification : "",
          counts.statement->words,
          "",
          "",
          ""};
    }
  }
  for (size_t i = 0; i < out.size(); ++i) {
    const auto alone = std::ranges::count_if(
        strangers[i], [&](const VexStatement* one) { return !used[i].contains(one); });
    if (notes[i] > kMaxNotes) {
      out[i].notes.push_back(std::to_string(notes[i] - kMaxNotes) + " more of this kind");
    }
    if (alone > 0) {
      out[i].notes.push_back(std::to_string(alone) +
                             " of its statements name a vulnerability of this image, but no "
                             "product in it: explain says why");
    }
  }
  return out;
}

std::vector<std::string> ExplainVex(const model::Report& report, std::string_view id,
                                    std::string_view component,
                                    std::span<const VexDocument> documents) {
  Judge judge(report, documents);
  const model::Component* found = judge.MaybeComponent(component);
  if (found == nullptr) {
    return {"the image has no component " + std::string(component)};
  }
  std::set<std::string> ids = {UpperId(id)};
  for (const model::Finding& finding : report.findings) {
    if (finding.component == component) {
      const auto own = IdsOf(finding);
      if (own.contains(UpperId(id))) {
        ids.insert(own.begin(), own.end());
      }
    }
  }
  const auto candidates = judge.Candidates(ids, *found, true);
  const Choice choice = Choose(candidates);
  std::vector<std::string> out;
  for (const Candidate& one : candidates) {
    std::string line =
        one.document->path + " " + one.statement->place + " says " +
        std::string(model::ToString(one.status)) + " (" +
        (one.statement->time == 0 ? "no time" : base::FormatTime(one.statement->time)) + "): ";
    if (!one.applies) {
      line += "does not apply: " + one.why;
    } else if (!one.void_because.empty()) {
      line += "does not count: " + one.void_because;
    } else if (&one == choice.counts) {
      line += "counts: " + one.why;
      if (choice.contradiction) {
        line +=
            "; another statement, as new and as specific, says the contrary, so the finding "
            "stays open";
      }
    } else if (choice.contradiction) {
      line += "does not count: another statement, as new and as specific, says the contrary";
    } else if (one.status == choice.counts->status) {
      line += "agrees with the one that counts";
    } else {
      line += one.statement->time < choice.counts->statement->time
                  ? "does not count: a newer statement applies"
                  : "does not count: a more specific statement applies";
    }
    out.push_back(std::move(line));
  }
  if (out.empty()) {
    out.emplace_back(documents.empty() ? "no VEX documents were given"
                                       : "no statement names this vulnerability");
  }
  return out;
}

}  // namespace scantling::policy
