// Reading a line. Every member is checked for its type and its words; the first thing that is wrong
// is the error. Unknown members are passed over. Sizes follow from the line's, which is limited.
#include "policy/rules/evaluate.h"
#include "policy/rules/history.h"

#include <algorithm>
#include <limits>

namespace scantling::policy {
namespace {

using codec::JsonValue;

template <typename Enum>
std::optional<Enum> FromName(std::string_view name, int count, std::string_view (*names)(Enum)) {
  for (int i = 0; i < count; ++i) {
    if (names(static_cast<Enum>(i)) == name) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

class Source {
 public:
  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  void Wrong(std::string_view key, std::string_view what) {
    if (ok()) {
      problem_ = std::string(key) + " " + std::string(what);
    }
  }

  // What the line names by its place is copied: a short line must not become a large entry.
  void Spend(uint64_t bytes) {
    constexpr uint64_t kMostCopied = uint64_t{256} << 20;
    copied_ += bytes;
    if (copied_ > kMostCopied) {
      Wrong("findings", "name their components and rules at too great a length");
    }
  }

  void Take(std::string_view key, JsonValue value, std::string& out) {
    const auto text = value.MaybeText();
    text ? void(out = *text) : Wrong(key, "is not a text");
  }
  void Take(std::string_view key, JsonValue value, bool& out) {
    const auto truth = value.Bool();
    truth ? void(out = *truth) : Wrong(key, "is not true or false");
  }
  void Take(std::string_view key, JsonValue value, double& out) {
    const auto number = value.Double();
    number && *number >= 0 ? void(out = *number) : Wrong(key, "is not a number from 0 up");
  }
  void Take(std::string_view key, JsonValue value, std::vector<std::string>& out) {
    if (!value.IsArray()) {
      Wrong(key, "is not a list");
    }
    value.ForEach([&](JsonValue item) {
      Take(key, item, out.emplace_back());
      return ok();
    });
  }
  template <typename Integer>
  void TakeInt(std::string_view key, JsonValue value, Integer& out) {
    const auto number = value.Int();
    if (!number || *number < 0 ||
        (sizeof(Integer) < 8 &&
         *number > static_cast<int64_t>(std::numeric_limits<Integer>::max()))) {
      Wrong(key, "is not a whole number in range");
      return;
    }
    out = static_cast<Integer>(*number);
  }
  template <typename Enum>
  void TakeWord(std::string_view key, JsonValue value, int count, std::string_view (*names)(Enum),
                Enum& out) {
    const auto word = FromName(value.Text(), count, names);
    word ? void(out = *word) : Wrong(key, "is not a word of its list");
  }
  // Members of an object, in the document's order.
  template <typename Visit>
  void Members(std::string_view key, JsonValue value, Visit visit) {
    if (!value.IsObject()) {
      Wrong(key, "is not an object");
    }
    value.ForEachMember([&](std::string_view name, JsonValue member) {
      visit(name, member);
      return ok();
    });
  }
  template <typename Visit>
  void Items(std::string_view key, JsonValue value, Visit visit) {
    if (!value.IsArray()) {
      Wrong(key, "is not a list");
    }
    value.ForEach([&](JsonValue item) {
      visit(item);
      return ok();
    });
  }

 private:
  std::string problem_;
  uint64_t copied_ = 0;
};

void ReadLayer(Source& in, JsonValue value, model::Layer& out) {
  in.Members("layers", value, [&](std::string_view key, JsonValue member) {
    if (key == "digest") {
      in.Take(key, member, out.digest);
    } else if (key == "created_by") {
      in.Take(key, member, out.created_by);
    } else if (key == "bytes") {
      in.TakeInt(key, member, out.size_bytes);
    } else if (key == "line") {
      in.TakeInt(key, member, out.line);
    }
  });
}

void ReadConfig(Source& in, JsonValue value, model::ImageConfig& out) {
  in.Members("config", value, [&](std::string_view key, JsonValue member) {
    if (key == "user") {
      in.Take(key, member, out.user);
    } else if (key == "env") {
      in.Take(key, member, out.environment);
    } else if (key == "ports") {
      in.Take(key, member, out.ports);
    } else if (key == "entrypoint") {
      in.Take(key, member, out.entrypoint);
    } else if (key == "cmd") {
      in.Take(key, member, out.command);
    } else if (key == "working_dir") {
      in.Take(key, member, out.working_folder);
    } else if (key == "volumes") {
      in.Take(key, member, out.volumes);
    } else if (key == "labels") {
      std::vector<std::string> labels;
      in.Take(key, member, labels);
      for (const std::string& label : labels) {
        const size_t equals = std::min(label.find('='), label.size());
        out.labels[label.substr(0, equals)] = label.substr(std::min(equals + 1, label.size()));
      }
    } else if (key == "stop_signal") {
      in.Take(key, member, out.stop_signal);
    } else if (key == "healthcheck") {
      in.Take(key, member, out.healthcheck);
    }
  });
}

void ReadImage(Source& in, JsonValue value, HistoryEntry& entry) {
  model::Image& out = entry.report.inventory.image;
  in.Members("image", value, [&](std::string_view key, JsonValue member) {
    if (key == "source") {
      in.Take(key, member, out.source);
    } else if (key == "reference") {
      in.Take(key, member, out.reference);
    } else if (key == "digest") {
      in.Take(key, member, out.digest);
    } else if (key == "config_digest") {
      in.Take(key, member, out.config_digest);
    } else if (key == "platform") {
      in.Take(key, member, out.platform);
    } else if (key == "created") {
      in.Take(key, member, out.created);
    } else if (key == "distro") {
      in.Take(key, member, out.distro.id);
    } else if (key == "distro_version") {
      in.Take(key, member, out.distro.version_id);
    } else if (key == "end_of_life") {
      in.Take(key, member, entry.report.distro_end_of_life);
    } else if (key == "components") {
      in.TakeInt(key, member, entry.facts.components);
    } else if (key == "skipped") {
      in.TakeInt(key, member, entry.facts.skipped);
    } else if (key == "config") {
      ReadConfig(in, member, out.config.emplace());
    } else if (key == "layers") {
      in.Items(key, member, [&](JsonValue layer) {
        model::Layer& made = out.layers.emplace_back();
        made.index = static_cast<int32_t>(out.layers.size() - 1);
        ReadLayer(in, layer, made);
      });
    }
  });
}

void ReadBase(Source& in, JsonValue value, model::Report& out) {
  in.Members("base", value, [&](std::string_view key, JsonValue member) {
    if (key == "layers") {
      in.TakeInt(key, member, out.base_layers);
    } else if (key == "name") {
      in.Take(key, member, out.base_name);
    } else if (key == "known_by") {
      in.Take(key, member, out.base_known_by);
    }
  });
}

void ReadEcosystem(Source& in, JsonValue value, model::EcosystemCoverage& out) {
  in.Members("ecosystems", value, [&](std::string_view key, JsonValue member) {
    if (key == "name") {
      in.Take(key, member, out.name);
    } else if (key == "components") {
      in.TakeInt(key, member, out.components);
    } else if (key == "as_of") {
      in.Take(key, member, out.data_as_of);
    } else if (key == "state") {
      in.TakeWord(key, member, 4, model::ToString, out.state);
    } else if (key == "skipped") {
      in.TakeInt(key, member, out.skipped);
    }
  });
}

void ReadData(Source& in, JsonValue value, model::Report& out) {
  in.Members("data", value, [&](std::string_view key, JsonValue member) {
    if (key == "digest") {
      in.Take(key, member, out.database.digest);
    } else if (key == "starter_set") {
      in.Take(key, member, out.database.embedded);
    } else if (key == "ecosystems") {
      in.Items(key, member,
               [&](JsonValue row) { ReadEcosystem(in, row, out.ecosystems.emplace_back()); });
    }
  });
}

std::optional<version::Ecosystem> TypeOf(std::string_view name) {
  for (const version::Ecosystem type : version::kAllEcosystems) {
    if (version::PurlType(type) == name) {
      return type;
    }
  }
  return std::nullopt;
}

void ReadComponent(Source& in, JsonValue value, model::Component& out) {
  bool owned = false;
  bool indirect = false;
  in.Members("components", value, [&](std::string_view key, JsonValue member) {
    if (key == "purl") {
      in.Take(key, member, out.purl);
    } else if (key == "ref") {
      in.Take(key, member, out.ref);
    } else if (key == "name") {
      in.Take(key, member, out.name);
    } else if (key == "version") {
      in.Take(key, member, out.version);
    } else if (key == "type") {
      const auto type = TypeOf(member.Text());
      type ? void(out.type = *type) : in.Wrong(key, "is not a package type");
    } else if (key == "source_name") {
      in.Take(key, member, out.source_name);
    } else if (key == "architecture") {
      in.Take(key, member, out.architecture);
    } else if (key == "owned") {
      in.Take(key, member, owned);
    } else if (key == "indirect") {
      in.Take(key, member, indirect);
    } else if (key == "role") {
      in.TakeWord(key, member, 4, model::ToString, out.role);
    } else if (key == "essential") {
      in.Take(key, member, out.essential);
    } else if (key == "licenses") {
      in.Take(key, member, out.licenses);
    } else if (key == "paths") {
      in.Items(key, member,
               [&](JsonValue path) { in.Take(key, path, out.locations.emplace_back().path); });
    } else if (key == "layer") {
      in.TakeInt(key, member, out.layer);
    }
  });
  if (out.ref.empty()) {
    out.ref = out.purl;
  }
  if (owned) {
    out.owner = "a package";  // which one is not kept
  }
  if (indirect) {
    out.via = {"a package"};
  }
}

void ReadKev(Source& in, JsonValue value, model::Kev& out) {
  in.Members("kev", value, [&](std::string_view key, JsonValue member) {
    if (key == "due") {
      in.Take(key, member, out.due_date);
    } else if (key == "ransomware") {
      in.Take(key, member, out.ransomware);
    }
  });
}

void ReadTreatment(Source& in, JsonValue value, model::Treatment& out) {
  bool known = false;
  in.Members("treatment", value, [&](std::string_view key, JsonValue member) {
    if (key == "kind") {
      in.TakeWord(key, member, 5, model::ToString, out.kind);
      known = true;
    } else if (key == "id") {
      in.Take(key, member, out.id);
    } else if (key == "until") {
      in.Take(key, member, out.until);
    }
  });
  if (!known) {
    in.Wrong("treatment", "has no kind");
  }
}

// True when it was one of these.
bool ReadEvidence(Source& in, std::string_view key, JsonValue member, model::Finding& out) {
  if (key == "kev") {
    ReadKev(in, member, out.kev.emplace());
  } else if (key == "epss") {
    in.Take(key, member, (out.epss ? *out.epss : out.epss.emplace()).probability);
  } else if (key == "epss_percentile") {
    in.Take(key, member, (out.epss ? *out.epss : out.epss.emplace()).percentile);
  } else if (key == "exploit") {
    const std::string_view word = member.Text();
    if (word != "weaponised" && word != "poc") {
      in.Wrong(key, "is not a word of its list");
    }
    out.exploit.emplace().kind = word == "weaponised" ? model::ExploitKind::kWeaponised
                                                      : model::ExploitKind::kProofOfConcept;
  } else if (key == "treatment") {
    ReadTreatment(in, member, out.treatment.emplace());
  } else if (key == "published") {
    in.Take(key, member, out.published);
  } else if (key == "fix_available") {
    in.Take(key, member, out.fix_available);
  } else if (key == "priority") {
    in.Take(key, member, out.priority.level);
  } else if (key == "due") {
    in.Take(key, member, out.priority.due);
  } else if (key == "risk") {
    in.Take(key, member, out.priority.risk);
  } else {
    return false;
  }
  return true;
}

void ReadFinding(Source& in, JsonValue value, const std::vector<model::Component>& components,
                 model::Finding& out, std::string& first_seen) {
  in.Members("findings", value, [&](std::string_view key, JsonValue member) {
    if (ReadEvidence(in, key, member, out)) {
      return;
    }
    if (key == "id") {
      in.Take(key, member, out.id);
    } else if (key == "component") {
      uint64_t place = 0;
      in.TakeInt(key, member, place);
      if (place >= components.size()) {
        in.Wrong(key, "is not the place of a component");
        return;
      }
      in.Spend(components[place].ref.size());
      if (in.ok()) {
        out.component = components[place].ref;
      }
    } else if (key == "aliases") {
      in.Take(key, member, out.aliases);
    } else if (key == "summary") {
      in.Take(key, member, out.summary);
    } else if (key == "severity") {
      in.TakeWord(key, member, 6, model::ToString, out.severity.level);
    } else if (key == "score") {
      in.Take(key, member, out.severity.score);
    } else if (key == "fix_state") {
      in.TakeWord(key, member, 5, model::ToString, out.fix_state);
    } else if (key == "fixed_versions") {
      in.Take(key, member, out.fixed_versions);
    } else if (key == "first_seen") {
      in.Take(key, member, first_seen);
    } else if (key == "origin") {
      in.TakeWord(key, member, 3, model::ToString, out.origin);
    } else if (key == "change") {
      in.TakeWord(key, member, 5, model::ToString, out.change);
    } else if (key == "layer") {
      in.TakeInt(key, member, out.layer);
    } else if (key == "source") {
      in.Take(key, member, out.source);
    } else if (key == "advisory") {
      in.Take(key, member, out.advisory);
    }
  });
  if (out.id.empty()) {
    in.Wrong("findings", "has one without an id");
  }
}

void ReadPlaces(Source& in, std::string_view key, JsonValue value, const model::Report& report,
                std::vector<std::string>& out) {
  in.Items(key, value, [&](JsonValue item) {
    uint64_t place = 0;
    in.TakeInt(key, item, place);
    if (place >= report.findings.size()) {
      in.Wrong(key, "is not the place of a finding");
      return;
    }
    const model::Finding& finding = report.findings[in.ok() ? place : 0];
    in.Spend(finding.id.size() + finding.component.size() + sizeof(std::string));
    if (in.ok()) {
      out.push_back(model::FindingKey(finding.id, finding.component));
    }
  });
}

void ReadRule(Source& in, JsonValue value, const model::Report& report, model::RuleOutcome& out) {
  bool asked = false;
  bool image_excepted = false;
  in.Members("rules", value, [&](std::string_view key, JsonValue member) {
    if (key == "rule") {
      in.Take(key, member, out.rule);
    } else if (key == "stage") {
      in.TakeWord(key, member, 3, model::ToString, out.stage);
    } else if (key == "asked") {
      asked = true;
      in.TakeWord(key, member, 3, model::ToString, out.asked);
    } else if (key == "findings") {
      ReadPlaces(in, key, member, report, out.findings);
    } else if (key == "in_grace") {
      ReadPlaces(in, key, member, report, out.in_grace);
    } else if (key == "routed") {
      ReadPlaces(in, key, member, report, out.routed);
    } else if (key == "excepted") {
      ReadPlaces(in, key, member, report, out.excepted);
    } else if (key == "image_excepted") {
      in.Take(key, member, image_excepted);
    } else if (key == "unknown") {
      ReadPlaces(in, key, member, report, out.unknown);
    } else if (key == "matched") {
      in.Take(key, member, out.matched);
    }
  });
  if (image_excepted) {
    out.excepted.emplace_back(kImageExcepted);
  }
  std::sort(out.excepted.begin(), out.excepted.end());
  if (!asked) {
    out.asked = out.stage;
  }
}

void ReadVerdict(Source& in, JsonValue value, const model::Report& report, model::Verdict& out) {
  constexpr size_t kMostRules = 1000;
  in.Members("verdict", value, [&](std::string_view key, JsonValue member) {
    if (key == "policy") {
      in.Take(key, member, out.policy);
    } else if (key == "digest") {
      in.Take(key, member, out.policy_digest);
    } else if (key == "stopped") {
      in.Take(key, member, out.stopped);
    } else if (key == "warned") {
      in.Take(key, member, out.warned);
    } else if (key == "notes") {
      in.Take(key, member, out.notes);
    } else if (key == "rules") {
      in.Items(key, member, [&](JsonValue rule) {
        out.rules.size() < kMostRules ? ReadRule(in, rule, report, out.rules.emplace_back())
                                      : in.Wrong("verdict", "has too many rules");
      });
    }
  });
}

}  // namespace

base::Result<HistoryEntry> HistoryReader::Read(std::string_view line, std::string where) {
  SCANTLING_TRY(const JsonValue root, json_.Parse(line, kMaxHistoryLine));
  if (root["schema"].Text() != kHistorySchema) {
    return base::Invalid("is no line of " + std::string(kHistorySchema));
  }
  HistoryEntry out;
  out.where = std::move(where);
  Source in;
  const auto date = base::ParseTime(root["date"].Text());
  if (!date) {
    in.Wrong("date", "is not a date");
  }
  out.facts.now = date.value_or(0);
  // The order of these is that of what they refer to, whatever the line's is.
  const auto part = [&](std::string_view key, auto read) {
    if (const JsonValue value = root[key]; in.ok() && !value.IsMissing()) {
      read(key, value);
    }
  };
  model::Report& report = out.report;
  const auto text = [&](std::string& to) {
    return [&in, &to](std::string_view key, JsonValue value) { in.Take(key, value, to); };
  };
  part("repository", text(out.repository));
  part("environment", text(out.facts.environment));
  part("team", text(out.facts.team));
  part("exposed", text(out.facts.exposed));
  part("image", [&](std::string_view, JsonValue value) { ReadImage(in, value, out); });
  part("base", [&](std::string_view, JsonValue value) { ReadBase(in, value, report); });
  part("data", [&](std::string_view, JsonValue value) { ReadData(in, value, report); });
  part("against", [&](std::string_view key, JsonValue value) {
    in.Take(key, value, report.comparison.emplace().against);
  });
  part("components", [&](std::string_view key, JsonValue value) {
    in.Items(key, value, [&](JsonValue item) {
      ReadComponent(in, item, report.inventory.components.emplace_back());
    });
  });
  part("findings", [&](std::string_view key, JsonValue value) {
    in.Items(key, value, [&](JsonValue item) {
      model::Finding& finding = report.findings.emplace_back();
      ReadFinding(in, item, report.inventory.components, finding, out.first_seen.emplace_back());
    });
  });
  part("verdict", [&](std::string_view, JsonValue value) {
    ReadVerdict(in, value, report, report.verdict.emplace());
  });
  if (!in.ok()) {
    return base::Invalid(in.problem());
  }
  if (report.verdict) {
    report.verdict->environment = out.facts.environment;
    report.verdict->team = out.facts.team;
  }
  return out;
}

}  // namespace scantling::policy
