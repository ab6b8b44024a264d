#include "program/lists.h"

#include "version/compare.h"
#include "version/purl.h"

#include <algorithm>
#include <memory>
#include <set>

namespace scantling::program {
namespace {

Cell Text(std::string_view text) { return std::string(text); }
Cell Number(uint64_t value) { return static_cast<int64_t>(value); }
Cell Time(Millis at) { return at == 0 ? Cell() : Cell(at); }
Cell Flag(bool value) { return int64_t{value ? 1 : 0}; }
Cell Real(double value) { return value < 0 ? Cell() : Cell(value); }

template <typename Texts>
Cell Joined(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) {
    out.append(out.empty() ? "" : "\n").append(text);
  }
  return out;
}

// Field names as constants of the table, getters over one index.
Field F(std::string_view name, FieldType type, std::function<Cell(uint32_t)> get,
        bool searched = false) {
  return Field{name, type, std::move(get), searched};
}

std::string ShortReason(const View& view, const Scope& scope, uint32_t index) {
  const Fleet& fleet = view.fleet();
  const Copy& copy = fleet.copies()[index];
  const Gap gap = GapSeen(view, scope, index);
  if (gap == Gap::kNoGap) {
    return {};
  }
  if (gap == Gap::kUnresolvable) {
    return copy.reference == 0 ? "no digest tells what it runs"
                               : "the runtime names " + std::string(fleet.texts()[copy.reference]) +
                                     " and gives no digest";
  }
  if (gap == Gap::kNoOwner) {
    return "no rule gives it an owner";
  }
  return SeesContent(view, scope, copy.content) ? view.GapDetail(copy.content) : "never scanned";
}

// The same list of the same viewer has the same rows as long as there is the view.
void KeepOrders(const View& view, const Scope& scope, std::string_view name, Table& table) {
  std::string key(name);
  if (!scope.everything) {
    for (const std::string& owner : scope.owners) {
      key += '\0' + owner;
    }
    key += '\0';
  }
  table.KeepOrders(view.kept_orders(), std::move(key));
}

}  // namespace

List ImageList(const View& view, const Scope& scope, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  const auto content = [&fleet](uint32_t row) -> const Content& { return fleet.contents()[row]; };
  const auto text = [&fleet](uint32_t index) { return Text(fleet.texts()[index]); };
  const auto level = [&view](model::Level wanted) {
    return [&view, wanted](uint32_t row) {
      return Number(view.counts(row).levels[static_cast<size_t>(wanted)]);
    };
  };
  // A value of the copies that the viewer sees, each once.
  const auto of_copies = [&view, &fleet, &scope](uint32_t Copy::* member) {
    return [&view, &fleet, scope, member](uint32_t row) {
      std::set<std::string_view> values;
      for (const uint32_t copy : view.copies_of(row)) {
        if (SeesCopy(view, scope, copy)) {
          values.insert(fleet.texts()[fleet.copies()[copy].*member]);
        }
      }
      values.erase("");
      return Joined(values);
    };
  };
  std::vector<Field> fields;
  fields.push_back(
      F("digest", FieldType::kText, [=](uint32_t row) { return Text(content(row).digest); }, true));
  fields.push_back(
      F("name", FieldType::kText, [&view](uint32_t row) { return Text(view.NameOf(row)); }, true));
  fields.push_back(F(
      "names", FieldType::kTexts, [&view](uint32_t row) { return Joined(view.NamesOf(row)); },
      true));
  fields.push_back(F("repositories", FieldType::kTexts,
                     [&view](uint32_t row) { return Joined(view.RepositoriesOf(row)); }));
  fields.push_back(
      F("owner", FieldType::kText, [=](uint32_t row) { return text(content(row).owner); }, true));
  fields.push_back(F("image_owner", FieldType::kText,
                     [=](uint32_t row) { return text(content(row).image_owner); }));
  fields.push_back(
      F("state", FieldType::kText, [&view](uint32_t row) { return Text(view.State(row)); }));
  fields.push_back(F("state_detail", FieldType::kText,
                     [&view](uint32_t row) { return Text(view.StateDetail(row)); }));
  fields.push_back(F("state_since", FieldType::kTime,
                     [&view](uint32_t row) { return Time(view.StateSince(row)); }));
  fields.push_back(F("gap", FieldType::kText,
                     [&view](uint32_t row) { return Text(ToString(view.ContentGap(row))); }));
  fields.push_back(F("gap_detail", FieldType::kText,
                     [&view](uint32_t row) { return Text(view.GapDetail(row)); }));
  fields.push_back(F("running", FieldType::kNumber, [&view, scope](uint32_t row) {
    return Number(CopiesSeen(view, scope, row).running);
  }));
  fields.push_back(F("unknown", FieldType::kNumber, [&view, scope](uint32_t row) {
    return Number(CopiesSeen(view, scope, row).unknown);
  }));
  fields.push_back(F("runs", FieldType::kFlag, [&view, scope](uint32_t row) {
    const CopyCounts seen = CopiesSeen(view, scope, row);
    return Flag(seen.running + seen.unknown != 0);
  }));
  fields.push_back(F("findings", FieldType::kNumber,
                     [&view](uint32_t row) { return Number(view.counts(row).findings()); }));
  fields.push_back(F("critical", FieldType::kNumber, level(model::Level::kCritical)));
  fields.push_back(F("high", FieldType::kNumber, level(model::Level::kHigh)));
  fields.push_back(F("medium", FieldType::kNumber, level(model::Level::kMedium)));
  fields.push_back(F("low", FieldType::kNumber, level(model::Level::kLow)));
  fields.push_back(F("negligible", FieldType::kNumber, level(model::Level::kNegligible)));
  fields.push_back(F("unrated", FieldType::kNumber, level(model::Level::kUnknown)));
  fields.push_back(
      F("kev", FieldType::kNumber, [&view](uint32_t row) { return Number(view.counts(row).kev); }));
  fields.push_back(F("kev_due", FieldType::kTime,
                     [&view](uint32_t row) { return Time(view.counts(row).kev_due); }));
  fields.push_back(F("fixable", FieldType::kNumber,
                     [&view](uint32_t row) { return Number(view.counts(row).fixable); }));
  fields.push_back(F("from_base", FieldType::kNumber,
                     [&view](uint32_t row) { return Number(view.counts(row).base); }));
  fields.push_back(F("accepted", FieldType::kNumber,
                     [&view](uint32_t row) { return Number(view.counts(row).accepted); }));
  fields.push_back(
      F("risk", FieldType::kReal, [&view](uint32_t row) { return Real(view.counts(row).risk); }));
  fields.push_back(F("components", FieldType::kNumber, [&view, content](uint32_t row) {
    return Number(view.HasInventory(row) ? content(row).components.size() : 0);
  }));
  fields.push_back(
      F("distro", FieldType::kText, [=](uint32_t row) { return text(content(row).distro); }, true));
  fields.push_back(
      F("platform", FieldType::kText, [=](uint32_t row) { return text(content(row).platform); }));
  fields.push_back(F(
      "base", FieldType::kText, [=](uint32_t row) { return text(content(row).base_name); }, true));
  fields.push_back(F("layers", FieldType::kNumber,
                     [=](uint32_t row) { return Cell(int64_t{content(row).layers}); }));
  fields.push_back(F("size_bytes", FieldType::kNumber,
                     [=](uint32_t row) { return Cell(content(row).size_bytes); }));
  fields.push_back(F("unread_files", FieldType::kNumber,
                     [=](uint32_t row) { return Number(content(row).skipped); }));
  fields.push_back(F("environments", FieldType::kTexts, of_copies(&Copy::environment)));
  fields.push_back(F("clusters", FieldType::kTexts, of_copies(&Copy::cluster)));
  fields.push_back(F("namespaces", FieldType::kTexts, of_copies(&Copy::name_space)));
  fields.push_back(
      F("created", FieldType::kTime, [=](uint32_t row) { return Time(content(row).created); }));
  fields.push_back(F("first_seen", FieldType::kTime,
                     [=](uint32_t row) { return Time(content(row).first_seen); }));
  fields.push_back(
      F("scanned", FieldType::kTime, [&view](uint32_t row) { return Time(view.Scanned(row)); }));
  List out{Table(std::move(fields), "digest", "-runs,-kev,-risk,-critical,name"), {}};
  if (vulnerability != kNone) {
    out.rows = SpreadOf(view, scope, vulnerability).contents;
    return out;
  }
  KeepOrders(view, scope, "images", out.table);
  for (const uint32_t row : view.contents()) {
    if (SeesContent(view, scope, row)) {
      out.rows.push_back(row);
    }
  }
  return out;
}

List RunningList(const View& view, const Scope& scope, Millis ended, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  const auto copy = [&fleet](uint32_t row) -> const Copy& { return fleet.copies()[row]; };
  const auto field = [&fleet](std::string_view name, uint32_t Copy::* member,
                              bool searched = false) {
    return F(
        name, FieldType::kText,
        [&fleet, member](uint32_t row) { return Text(fleet.texts()[fleet.copies()[row].*member]); },
        searched);
  };
  // The content of a copy, when there is an inventory of it that the viewer sees. Without there is
  // no number, and no zero.
  const auto visible = std::make_shared<std::vector<bool>>(fleet.contents().size());
  for (uint32_t content = 0; content < visible->size(); ++content) {
    (*visible)[content] = SeesContent(view, scope, content);
  }
  const auto seen = [&view, &fleet, visible](uint32_t row) {
    const uint32_t content = fleet.copies()[row].content;
    return content == kNone || !view.HasInventory(content) || !(*visible)[content] ? kNone
                                                                                   : content;
  };
  const auto counts = [&view, seen](std::string_view name,
                                    std::function<uint64_t(const ContentCounts&)> get) {
    return F(name, FieldType::kNumber, [&view, seen, get = std::move(get)](uint32_t row) {
      const uint32_t content = seen(row);
      return content == kNone ? Cell() : Number(get(view.counts(content)));
    });
  };
  const auto gap_is = [&view, scope](std::vector<Gap> gaps) {
    return [&view, scope, gaps = std::move(gaps)](uint32_t row) {
      return Flag(std::find(gaps.begin(), gaps.end(), GapSeen(view, scope, row)) == gaps.end());
    };
  };
  std::vector<Field> fields;
  fields.push_back(
      F("uid", FieldType::kText, [=](uint32_t row) { return Text(copy(row).uid); }, true));
  fields.push_back(F("state", FieldType::kText, [&view, copy](uint32_t row) {
    return Text(!copy(row).AliveAt(view.as_of()) ? "gone"
                : view.Known(row)                ? "running"
                                                 : "unknown");
  }));
  fields.push_back(field("workload", &Copy::workload, true));
  fields.push_back(field("workload_kind", &Copy::workload_kind));
  fields.push_back(field("namespace", &Copy::name_space, true));
  fields.push_back(field("cluster", &Copy::cluster, true));
  fields.push_back(field("environment", &Copy::environment));
  fields.push_back(
      F("pod", FieldType::kText, [=](uint32_t row) { return Text(copy(row).pod); }, true));
  fields.push_back(field("container", &Copy::container, true));
  fields.push_back(field("kind", &Copy::kind));
  fields.push_back(field("node", &Copy::node, true));
  fields.push_back(field("owner", &Copy::owner, true));
  fields.push_back(field("digest", &Copy::digest, true));
  fields.push_back(field("reference", &Copy::reference, true));
  fields.push_back(F("image", FieldType::kText, [&view, visible, copy](uint32_t row) {
    const uint32_t content = copy(row).content;
    return content == kNone || !(*visible)[content] ? Cell() : Text(view.NameOf(content));
  }));
  fields.push_back(F("reporter", FieldType::kText, [&fleet, copy](uint32_t row) {
    return copy(row).reporter == kNone ? Cell() : Text(fleet.reporters()[copy(row).reporter].name);
  }));
  fields.push_back(F("last_heard", FieldType::kTime, [&view, &fleet, copy](uint32_t row) {
    return copy(row).reporter == kNone
               ? Cell()
               : Time(fleet.reporters()[copy(row).reporter].LastHeard(view.as_of()));
  }));
  fields.push_back(F("gap", FieldType::kText, [&view, scope](uint32_t row) {
    return Text(ToString(GapSeen(view, scope, row)));
  }));
  fields.push_back(F("gap_detail", FieldType::kText,
                     [&view, scope](uint32_t row) { return Text(ShortReason(view, scope, row)); }));
  fields.push_back(F("has_digest", FieldType::kFlag,
                     [copy](uint32_t row) { return Flag(copy(row).content != kNone); }));
  fields.push_back(
      F("has_inventory", FieldType::kFlag,
        gap_is({Gap::kUnresolvable, Gap::kNeverScanned, Gap::kScanWaiting, Gap::kScanFailed})));
  fields.push_back(F("has_fresh_data", FieldType::kFlag,
                     gap_is({Gap::kUnresolvable, Gap::kNeverScanned, Gap::kScanWaiting,
                             Gap::kScanFailed, Gap::kUnsupported, Gap::kStale})));
  fields.push_back(F("has_owner", FieldType::kFlag,
                     [copy](uint32_t row) { return Flag(copy(row).owner != 0); }));
  fields.push_back(counts("findings", [](const ContentCounts& c) { return c.findings(); }));
  fields.push_back(counts("critical", [](const ContentCounts& c) { return c.levels[5]; }));
  fields.push_back(counts("high", [](const ContentCounts& c) { return c.levels[4]; }));
  fields.push_back(counts("kev", [](const ContentCounts& c) { return c.kev; }));
  fields.push_back(F("risk", FieldType::kReal, [&view, seen](uint32_t row) {
    const uint32_t content = seen(row);
    return content == kNone ? Cell() : Real(view.counts(content).risk);
  }));
  fields.push_back(
      F("started", FieldType::kTime, [=](uint32_t row) { return Time(copy(row).started); }));
  fields.push_back(F("ended", FieldType::kTime, [&view, copy](uint32_t row) {
    return Time(copy(row).ended <= view.as_of() ? copy(row).ended : 0);
  }));
  List out{Table(std::move(fields), "uid", "-risk,namespace,workload"), {}};
  std::vector<bool> wanted;  // by content; empty = all
  if (vulnerability != kNone) {
    wanted.resize(fleet.contents().size());
    for (const uint32_t content : SpreadOf(view, scope, vulnerability).contents) {
      wanted[content] = true;
    }
  } else {
    KeepOrders(view, scope, "running " + std::to_string(ended), out.table);
  }
  const auto add = [&](uint32_t row) {
    const uint32_t content = fleet.copies()[row].content;
    if ((wanted.empty() || (content != kNone && wanted[content])) && SeesCopy(view, scope, row)) {
      out.rows.push_back(row);
    }
  };
  for (const uint32_t row : view.copies()) {
    add(row);
  }
  if (ended > 0) {
    for (uint32_t row = 0; row < fleet.copies().size(); ++row) {
      const Copy& one = fleet.copies()[row];
      if (one.ended != 0 && one.ended <= view.as_of() && view.as_of() - one.ended <= ended) {
        add(row);
      }
    }
  }
  return out;
}

List VulnerabilityList(const View& view, const Scope& scope) {
  const Fleet& fleet = view.fleet();
  const auto numbers = HolesOf(view, scope);
  List out{Table({}, "id", ""), {}};
  for (uint32_t row = 0; row < numbers->size(); ++row) {
    if ((*numbers)[row].images + (*numbers)[row].accepted > 0) {
      out.rows.push_back(row);
    }
  }
  const auto one = [&fleet](uint32_t row) -> const Vulnerability& {
    return fleet.vulnerabilities()[row];
  };
  const auto number = [numbers](std::string_view name, uint32_t HoleCounts::* member) {
    return F(name, FieldType::kNumber,
             [numbers, member](uint32_t row) { return Number((*numbers)[row].*member); });
  };
  // Of a vulnerability, what the viewer's images have.
  const auto seen = std::make_shared<std::vector<bool>>(fleet.contents().size(), true);
  for (uint32_t content = 0; content < seen->size(); ++content) {
    (*seen)[content] = SeesContent(view, scope, content);
  }
  const auto theirs = [&fleet, seen, all = scope.everything](const Match& match) {
    const auto& contents = fleet.components()[match.component].contents;
    return all || std::any_of(contents.begin(), contents.end(),
                              [&](uint32_t content) { return (*seen)[content]; });
  };
  const Millis now = view.as_of();
  std::vector<Field> fields;
  fields.push_back(
      F("id", FieldType::kText, [=](uint32_t row) { return Text(one(row).name); }, true));
  fields.push_back(
      F("aliases", FieldType::kText, [=](uint32_t row) { return Text(one(row).aliases); }, true));
  fields.push_back(
      F("summary", FieldType::kText, [=](uint32_t row) { return Text(one(row).summary); }, true));
  fields.push_back(F("severity", FieldType::kText,
                     [=](uint32_t row) { return Text(model::ToString(one(row).level)); }));
  fields.push_back(F("severity_order", FieldType::kNumber,
                     [=](uint32_t row) { return Number(static_cast<uint64_t>(one(row).level)); }));
  fields.push_back(
      F("score", FieldType::kReal, [=](uint32_t row) { return Real(one(row).score); }));
  fields.push_back(F("epss", FieldType::kReal, [=](uint32_t row) { return Real(one(row).epss); }));
  fields.push_back(F("epss_percentile", FieldType::kReal,
                     [=](uint32_t row) { return Real(one(row).epss_percentile); }));
  fields.push_back(F("kev", FieldType::kFlag, [=](uint32_t row) {
    return Flag(one(row).kev_added != 0 && one(row).kev_added <= now);
  }));
  fields.push_back(
      F("kev_due", FieldType::kTime, [=](uint32_t row) { return Time(one(row).kev_due); }));
  fields.push_back(F("exploit", FieldType::kText,
                     [=](uint32_t row) { return Text(ToString(one(row).exploit)); }));
  fields.push_back(F("risk", FieldType::kReal, [&view, &fleet, one, theirs](uint32_t row) {
    double risk = 0;
    for (const uint32_t match : one(row).matches) {
      if (theirs(fleet.matches()[match])) {
        risk = std::max(risk, view.RiskOf(fleet.matches()[match]));
      }
    }
    return Real(risk);
  }));
  fields.push_back(number("images", &HoleCounts::images));
  fields.push_back(number("copies", &HoleCounts::copies));
  fields.push_back(F("runs", FieldType::kFlag,
                     [numbers](uint32_t row) { return Flag((*numbers)[row].copies > 0); }));
  fields.push_back(number("accepted", &HoleCounts::accepted));
  fields.push_back(F("fix", FieldType::kText, [numbers](uint32_t row) {
    const HoleCounts& n = (*numbers)[row];
    return n.images == 0 ? Cell()  // accepted wherever it is
                         : Text(n.fixable == 0          ? "none"
                                : n.fixable == n.images ? "all"
                                                        : "some");
  }));
  fields.push_back(F("owners", FieldType::kTexts, [&fleet, numbers](uint32_t row) {
    std::vector<std::string_view> names;
    for (const uint32_t owner : (*numbers)[row].owners) {
      names.push_back(owner == 0 ? "(nobody)" : fleet.texts()[owner]);
    }
    return Joined(names);
  }));
  fields.push_back(F(
      "components", FieldType::kTexts,
      [&view, &fleet, one, theirs](uint32_t row) {
        std::set<std::string_view> names;
        for (const uint32_t match : one(row).matches) {
          if (fleet.matches()[match].OpenAt(view.as_of()) && theirs(fleet.matches()[match])) {
            names.insert(fleet.components()[fleet.matches()[match].component].name);
          }
          if (names.size() > 20) {  // the first of them, by name
            names.erase(std::prev(names.end()));
          }
        }
        return Joined(names);
      },
      true));
  fields.push_back(
      F("published", FieldType::kTime, [=](uint32_t row) { return Time(one(row).published); }));
  fields.push_back(F("since", FieldType::kTime,
                     [numbers](uint32_t row) { return Time((*numbers)[row].since); }));
  out.table = Table(std::move(fields), "id", "-runs,-kev,-risk,-copies");
  KeepOrders(view, scope, "vulnerabilities", out.table);
  return out;
}

base::Result<List> ComponentList(const View& view, const Scope& scope, std::string_view name,
                                 std::string_view below) {
  const Fleet& fleet = view.fleet();
  const auto numbers = ComponentCountsOf(view, scope);
  List out{Table({}, "id", ""), {}};
  bool asked = false;
  bool compared = false;
  for (uint32_t row = 0; row < fleet.components().size(); ++row) {
    const ComponentVersion& component = fleet.components()[row];
    const auto ecosystem = version::EcosystemFromName(fleet.texts()[component.type]);
    // A name as its ecosystem takes it: PyPI's are one whatever their case.
    if (!name.empty() && component.name != name &&
        (!ecosystem || version::NormalizeName(*ecosystem, component.name) !=
                           version::NormalizeName(*ecosystem, name))) {
      continue;
    }
    if (!below.empty() && (*numbers)[row].images > 0) {
      const auto order =
          ecosystem ? version::Compare(*ecosystem, component.version, below) : std::nullopt;
      asked = true;
      compared = compared || order.has_value();
      if (!order || *order >= 0) {
        continue;
      }
    }
    if ((*numbers)[row].images > 0) {
      out.rows.push_back(row);
    }
  }
  if (asked && !compared) {
    return base::Invalid("below: \"" + base::ToUtf8(below) + "\" is no version that those of " +
                         (name.empty() ? "any component" : base::ToUtf8(name)) +
                         " can be compared with");
  }
  const auto one = [&fleet](uint32_t row) -> const ComponentVersion& {
    return fleet.components()[row];
  };
  std::vector<Field> fields;
  fields.push_back(F("id", FieldType::kText, [=](uint32_t row) { return Text(one(row).key); }));
  fields.push_back(
      F("name", FieldType::kText, [=](uint32_t row) { return Text(one(row).name); }, true));
  fields.push_back(
      F("version", FieldType::kText, [=](uint32_t row) { return Text(one(row).version); }, true));
  fields.push_back(F("type", FieldType::kText,
                     [&fleet, one](uint32_t row) { return Text(fleet.texts()[one(row).type]); }));
  fields.push_back(
      F("purl", FieldType::kText, [=](uint32_t row) { return Text(one(row).purl); }, true));
  fields.push_back(F("images", FieldType::kNumber,
                     [numbers](uint32_t row) { return Number((*numbers)[row].images); }));
  fields.push_back(F("copies", FieldType::kNumber,
                     [numbers](uint32_t row) { return Number((*numbers)[row].copies); }));
  fields.push_back(F("findings", FieldType::kNumber, [&view, &fleet, one](uint32_t row) {
    uint64_t count = 0;
    for (const uint32_t match : one(row).matches) {
      count += fleet.matches()[match].OpenAt(view.as_of()) ? 1 : 0;
    }
    return Number(count);
  }));
  out.table = Table(std::move(fields), "id", "-copies,-images,name,version");
  if (name.empty() && below.empty()) {
    KeepOrders(view, scope, "components", out.table);
  }
  return out;
}

List FindingList(const View& view, const Scope& scope, uint32_t content, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  struct Row {
    uint32_t content;
    uint32_t match;
    int16_t layer;
    bool base;
    uint32_t running;
    bool runs;
  };
  auto rows = std::make_shared<std::vector<Row>>();
  const auto add = [&](uint32_t index) {
    if (SeesContent(view, scope, index)) {
      const CopyCounts copies = CopiesSeen(view, scope, index);
      view.ForEachFinding(
          index,
          [&](const Uses& use, uint32_t match) {
            if (vulnerability == kNone || fleet.matches()[match].vulnerability == vulnerability) {
              rows->push_back({index, match, use.layer, use.base, copies.running,
                               copies.running + copies.unknown != 0});
            }
          },
          vulnerability != kNone);
    }
  };
  if (content != kNone) {
    add(content);
  } else if (vulnerability != kNone) {
    for (const uint32_t index : SpreadOf(view, scope, vulnerability).contents) {
      add(index);
    }
  } else {
    for (const uint32_t index : view.contents()) {
      add(index);
    }
  }
  const auto match = [&fleet, rows](uint32_t row) -> const Match& {
    return fleet.matches()[(*rows)[row].match];
  };
  const auto hole = [&fleet, match](uint32_t row) -> const Vulnerability& {
    return fleet.vulnerabilities()[match(row).vulnerability];
  };
  const auto component = [&fleet, match](uint32_t row) -> const ComponentVersion& {
    return fleet.components()[match(row).component];
  };
  const auto image = [&fleet, rows](uint32_t row) -> const Content& {
    return fleet.contents()[(*rows)[row].content];
  };
  const Millis now = view.as_of();
  std::vector<Field> fields;
  fields.push_back(F("key", FieldType::kText, [=](uint32_t row) {
    return Text(hole(row).name + "@" + component(row).key + "@" + image(row).digest);
  }));
  fields.push_back(F(
      "vulnerability", FieldType::kText, [=](uint32_t row) { return Text(hole(row).name); }, true));
  fields.push_back(F("severity", FieldType::kText,
                     [=](uint32_t row) { return Text(model::ToString(match(row).level)); }));
  fields.push_back(F("severity_order", FieldType::kNumber, [=](uint32_t row) {
    return Number(static_cast<uint64_t>(match(row).level));
  }));
  fields.push_back(F("score", FieldType::kReal,
                     [=](uint32_t row) { return Real(static_cast<double>(match(row).score)); }));
  fields.push_back(F("epss", FieldType::kReal, [=](uint32_t row) { return Real(hole(row).epss); }));
  fields.push_back(F("kev", FieldType::kFlag, [=](uint32_t row) {
    return Flag(hole(row).kev_added != 0 && hole(row).kev_added <= now);
  }));
  fields.push_back(F("risk", FieldType::kReal,
                     [&view, match](uint32_t row) { return Real(view.RiskOf(match(row))); }));
  fields.push_back(F(
      "component", FieldType::kText, [=](uint32_t row) { return Text(component(row).name); },
      true));
  fields.push_back(
      F("version", FieldType::kText, [=](uint32_t row) { return Text(component(row).version); }));
  fields.push_back(F("type", FieldType::kText, [&fleet, component](uint32_t row) {
    return Text(fleet.texts()[component(row).type]);
  }));
  fields.push_back(
      F("purl", FieldType::kText, [=](uint32_t row) { return Text(component(row).purl); }, true));
  fields.push_back(F("fix_state", FieldType::kText,
                     [=](uint32_t row) { return Text(model::ToString(match(row).fix_state)); }));
  fields.push_back(F("fixed_versions", FieldType::kText, [&fleet, match](uint32_t row) {
    return Text(fleet.texts()[match(row).fixed_versions]);
  }));
  fields.push_back(
      F("fix_since", FieldType::kTime, [=](uint32_t row) { return Time(match(row).fix_since); }));
  fields.push_back(F("layer", FieldType::kNumber, [rows](uint32_t row) {
    return (*rows)[row].layer < 0 ? Cell() : Cell(int64_t{(*rows)[row].layer});
  }));
  fields.push_back(F("origin", FieldType::kText, [rows](uint32_t row) {
    return Text((*rows)[row].layer < 0 ? "unknown" : (*rows)[row].base ? "base" : "application");
  }));
  fields.push_back(F(
      "image", FieldType::kText,
      [&view, rows](uint32_t row) { return Text(view.NameOf((*rows)[row].content)); }, true));
  fields.push_back(
      F("digest", FieldType::kText, [=](uint32_t row) { return Text(image(row).digest); }));
  fields.push_back(F("owner", FieldType::kText, [&fleet, image](uint32_t row) {
    return Text(fleet.texts()[image(row).owner]);
  }));
  fields.push_back(F("running", FieldType::kNumber,
                     [rows](uint32_t row) { return Number((*rows)[row].running); }));
  fields.push_back(
      F("runs", FieldType::kFlag, [rows](uint32_t row) { return Flag((*rows)[row].runs); }));
  fields.push_back(F("accepted", FieldType::kFlag, [&view, rows, match](uint32_t row) {
    return Flag(view.Accepted((*rows)[row].content, match(row)));
  }));
  fields.push_back(
      F("opened", FieldType::kTime, [=](uint32_t row) { return Time(match(row).opened); }));
  fields.push_back(F("cause", FieldType::kText, [&fleet, match](uint32_t row) {
    return Text(fleet.texts()[match(row).open_cause]);
  }));
  List out{Table(std::move(fields), "key", "-runs,-kev,-risk,-severity_order"), {}};
  out.rows.resize(rows->size());
  for (uint32_t i = 0; i < out.rows.size(); ++i) {
    out.rows[i] = i;
  }
  return out;
}

}  // namespace scantling::program
