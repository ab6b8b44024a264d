// Baselines in: every member is checked, what is wrong is an error with its line, because a
// baseline that is half read would call old findings new. Members that are not known are passed
// over. Hostile sizes are limited.
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_place.h"
#include "policy/change/baseline.h"
#include "policy/change/component_from_purl.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::policy {
namespace {

using codec::JsonValue;

constexpr uint64_t kMaxBytes = uint64_t{256} << 20;
constexpr size_t kMaxComponents = 1'000'000;
constexpr size_t kMaxFindings = 4'000'000;
constexpr size_t kMaxLayers = 10'000;

std::optional<version::Ecosystem> TypeOf(std::string_view name) {
  for (const version::Ecosystem type : version::kAllEcosystems) {
    if (version::PurlType(type) == name) {
      return type;
    }
  }
  return std::nullopt;
}

// Keeps the first thing that is wrong, with a JSON pointer.
class Reader {
 public:
  bool ok() const { return message_.empty(); }
  const std::string& pointer() const { return pointer_; }
  const std::string& message() const { return message_; }

  std::string Text(JsonValue object, std::string_view key, bool required = true) {
    const JsonValue value = object[key];
    if (const auto text = value.MaybeText()) {
      return std::string(*text);
    }
    if (required || !value.IsMissing()) {
      Wrong(key, value.IsMissing() ? "is missing" : "is not a text");
    }
    return {};
  }

  std::string Date(JsonValue object, std::string_view key) {
    std::string out = Text(object, key);
    if (ok() && !out.empty() && (out.size() != 10 || !base::ParseTime(out))) {
      Wrong(key, "is not a date (2026-11-24)");
    }
    return out;
  }

  // Replaces `out` when the member is there.
  void Override(JsonValue object, std::string_view key, std::string& out) {
    if (!object[key].IsMissing()) {
      out = Text(object, key);
    }
  }

  int32_t Layer(JsonValue object, std::string_view key, bool required) {
    const JsonValue value = object[key];
    if (value.IsMissing() && !required) {
      return -1;
    }
    const auto number = value.Int();
    if (!number || *number < -1 || *number > 1'000'000) {
      Wrong(key, "is not a layer's number");
      return -1;
    }
    return static_cast<int32_t>(*number);
  }

  template <typename Visit>
  void Inside(JsonValue object, std::string_view key, Visit visit) {
    const JsonValue inner = object[key];
    if (!inner.IsObject()) {
      Wrong(key, inner.IsMissing() ? "is missing" : "is not an object");
      return;
    }
    const size_t mark = place_.size();
    place_.append("/").append(key);
    visit(inner);
    place_.resize(mark);
  }

  template <typename Visit>
  void Each(JsonValue object, std::string_view key, size_t most, Visit visit) {
    const JsonValue array = object[key];
    if (!array.IsArray()) {
      Wrong(key, array.IsMissing() ? "is missing" : "is not a list");
      return;
    }
    const size_t mark = place_.size();
    size_t at = 0;
    array.ForEach([&](JsonValue value) {
      if (!ok()) {
        return false;
      }
      if (at >= most) {
        Wrong(key, "has more than " + std::to_string(most) + " elements");
        return false;
      }
      place_.append("/").append(key).append("/").append(std::to_string(at++));
      visit(value);
      place_.resize(mark);
      return true;
    });
  }

  void Wrong(std::string_view key, std::string_view what) {
    if (ok()) {
      pointer_ = place_;
      if (!key.empty()) {
        pointer_.append("/").append(key);
      }
      message_ = pointer_.substr(pointer_.empty() ? 0 : 1) + " " + std::string(what);
    }
  }

 private:
  std::string place_;
  std::string pointer_;
  std::string message_;
};

void ReadImage(Reader& in, JsonValue json, model::Image& out) {
  out.source = in.Text(json, "source");
  out.reference = in.Text(json, "reference");
  out.digest = in.Text(json, "digest");
  out.config_digest = in.Text(json, "config_digest");
  out.platform = in.Text(json, "platform");
  out.created = in.Text(json, "created");
  in.Inside(json, "distro", [&](JsonValue distro) {
    out.distro.id = in.Text(distro, "id");
    out.distro.version_id = in.Text(distro, "version_id");
    out.distro.codename = in.Text(distro, "codename");
  });
  in.Each(json, "diff_ids", kMaxLayers, [&](JsonValue value) {
    if (!value.MaybeText()) {
      in.Wrong("", "is not a text");
    }
    model::Layer& layer = out.layers.emplace_back();
    layer.index = static_cast<int32_t>(out.layers.size() - 1);
    layer.diff_id = value.Text();
  });
}

model::Component ReadComponent(Reader& in, JsonValue json) {
  const std::string purl = in.Text(json, "purl");
  std::string why;
  model::Component out;
  if (auto facts = ComponentFromPurl(purl, why)) {
    out = std::move(facts->component);
  } else {
    out.purl = purl;
    out.ref = purl;
    if (json["type"].IsMissing()) {
      in.Wrong("purl", "says no type of package: " + why);
    }
  }
  if (!json["type"].IsMissing()) {
    const auto type = TypeOf(json["type"].Text());
    if (!type) {
      in.Wrong("type", "is not a type of package");
    }
    out.type = type.value_or(out.type);
  }
  in.Override(json, "ref", out.ref);
  in.Override(json, "name", out.name);
  in.Override(json, "version", out.version);
  in.Override(json, "source_name", out.source_name);
  in.Override(json, "source_version", out.source_version);
  in.Override(json, "architecture", out.architecture);
  in.Override(json, "distro", out.distro);
  in.Override(json, "module", out.module);
  in.Override(json, "vendor", out.vendor);
  in.Override(json, "owner", out.owner);
  out.layer = in.Layer(json, "layer", false);
  out.last_layer = out.layer;
  out.locations = {{"", out.layer}};
  return out;
}

void ReadFindings(Reader& in, JsonValue root, Baseline& out) {
  in.Each(root, "findings", kMaxFindings, [&](JsonValue group) {
    const std::string package = in.Text(group, "package");
    in.Each(group, "ids", kMaxFindings, [&](JsonValue item) {
      RecordedFinding& finding = out.findings.emplace_back();
      finding.package = package;
      finding.id = in.Text(item, "id");
      finding.first_seen = in.Date(item, "first_seen");
      if (!item["aliases"].IsMissing()) {
        in.Each(item, "aliases", 1000, [&](JsonValue value) {
          if (!value.MaybeText()) {
            in.Wrong("", "is not a text");
          }
          finding.aliases.emplace_back(value.Text());
        });
      }
    });
  });
  std::sort(out.findings.begin(), out.findings.end(),
            [](const RecordedFinding& a, const RecordedFinding& b) {
              return std::tie(a.package, a.id) < std::tie(b.package, b.id);
            });
}

void ReadAll(Reader& in, JsonValue root, Baseline& out) {
  out.recorded = in.Date(root, "recorded");
  in.Inside(root, "image", [&](JsonValue json) { ReadImage(in, json, out.inventory.image); });
  in.Inside(root, "base", [&](JsonValue json) {
    out.base_layers = in.Layer(json, "layers", true);
    out.base_name = in.Text(json, "name");
  });
  in.Inside(root, "database", [&](JsonValue json) {
    out.database.digest = in.Text(json, "digest");
    const auto embedded = json["embedded"].Bool();
    if (!embedded) {
      in.Wrong("embedded", "is not true or false");
    }
    out.database.embedded = embedded.value_or(false);
    in.Each(json, "sources", 10'000, [&](JsonValue item) {
      model::SourceInfo& source = out.database.sources.emplace_back();
      source.name = in.Text(item, "name");
      source.as_of = in.Text(item, "as_of");
    });
  });
  in.Each(root, "gaps", kMaxComponents, [&](JsonValue item) {
    model::Skipped& skipped = out.inventory.coverage.skipped.emplace_back();
    skipped.path = in.Text(item, "path");
    skipped.reason = in.Text(item, "reason");
  });
  std::set<std::string> refs;
  in.Each(root, "components", kMaxComponents, [&](JsonValue item) {
    model::Component component = ReadComponent(in, item);
    if (in.ok() && !refs.insert(component.ref).second) {
      in.Wrong("", "has the ref of an earlier component, " + component.ref);
    }
    out.inventory.components.push_back(std::move(component));
  });
  ReadFindings(in, root, out);
}

}  // namespace

bool LooksLikeBaseline(std::string_view text) {
  return text.substr(0, 400).find(kBaselineSchema) != std::string_view::npos;
}

base::Result<Baseline> ParseBaseline(std::string_view text, const std::string& path) {
  codec::Json json;
  auto root = json.Parse(text, kMaxBytes);
  if (!root) {
    std::string place = codec::ToString(codec::PlaceOfJsonError(text));
    return base::Error(root.error().code(),
                       (place.empty() ? "" : place + ": ") + root.error().Message() +
                           "; write a new baseline with: scantling ci IMAGE --save-baseline FILE")
        .With(path);
  }
  if ((*root)["schema"].Text() != kBaselineSchema) {
    return base::Invalid("no \"schema\": \"" + std::string(kBaselineSchema) +
                         "\": this is not a baseline of scantling")
        .With(path);
  }
  Reader in;
  Baseline out;
  out.path = path;
  ReadAll(in, *root, out);
  if (!in.ok()) {
    const auto place = codec::PlaceOfJsonValue(text, in.pointer());
    std::string where = codec::ToString(place);
    if (where.empty()) {
      // What is missing has no place: the object that lacks it has.
      where = codec::ToString(codec::PlaceOfJsonValue(
          text, std::string_view(in.pointer()).substr(0, in.pointer().rfind('/'))));
    }
    return base::Invalid((where.empty() ? "" : where + ": ") + in.message()).With(path);
  }
  return out;
}

}  // namespace scantling::policy
