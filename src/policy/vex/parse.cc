// ParseVex: which format it is, what every format shares, and places in messages.
#include "base/strings.h"
#include "codec/json_place.h"
#include "policy/vex/product_match.h"
#include "policy/vex/vex_read.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace scantling::policy {
namespace {

using codec::JsonValue;

constexpr char kMark = '\x01';
constexpr uint64_t kMaxBytes = uint64_t{256} << 20;

// "file:line:column: message", or with the pointer where the value itself is missing.
base::Error Placed(base::Error error, std::string_view text, std::string_view path) {
  std::string message = error.Message();
  if (message.empty() || message.front() != kMark) {
    return std::move(error).With(path);
  }
  const size_t end = message.find(kMark, 1);
  std::string pointer = message.substr(1, end - 1);
  message.erase(0, end + 1);
  const std::string shown = pointer.empty() ? "" : pointer + ": ";
  // A value that is missing is said at what should hold it.
  codec::JsonPlace place = codec::PlaceOfJsonValue(text, pointer);
  while (place.line == 0 && !pointer.empty()) {
    pointer.erase(pointer.rfind('/'));
    place = codec::PlaceOfJsonValue(text, pointer);
  }
  return {error.code(), std::string(path) + ":" + std::to_string(place.line) + ":" +
                            std::to_string(place.column) + ": " + shown + message};
}

// A key that stands twice in one object: readers differ in which they take.
std::optional<std::string> RepeatedKey(JsonValue root) {
  struct Open {
    JsonValue value;
    std::string pointer;
  };
  std::vector<Open> open = {{root, ""}};
  while (!open.empty()) {
    const Open next = std::move(open.back());
    open.pop_back();
    if (next.value.IsArray()) {
      size_t index = 0;
      next.value.ForEach([&](JsonValue child) {
        if (child.IsArray() || child.IsObject()) {
          open.push_back({child, next.pointer + "/" + std::to_string(index)});
        }
        ++index;
        return true;
      });
      continue;
    }
    std::optional<std::string> repeated;
    std::vector<std::string_view> few;
    std::unordered_set<std::string_view> many;
    next.value.ForEachMember([&](std::string_view key, JsonValue child) {
      bool fresh = true;
      if (few.size() < 24) {
        fresh = std::ranges::find(few, key) == few.end();
        few.push_back(key);
      } else {
        if (many.empty()) {
          many.insert(few.begin(), few.end());
        }
        fresh = many.insert(key).second;
      }
      if (!fresh) {
        repeated = next.pointer + "/" + std::string(key);
        return false;
      }
      if (child.IsArray() || child.IsObject()) {
        open.push_back({child, next.pointer + "/" + std::string(key)});
      }
      return true;
    });
    if (repeated) {
      return repeated;
    }
  }
  return std::nullopt;
}

void MakeIndex(VexDocument& document) {
  for (uint32_t i = 0; i < document.statements.size(); ++i) {
    VexStatement& statement = document.statements[i];
    std::erase(statement.aliases, "");
    std::erase(statement.aliases, statement.vulnerability);
    std::vector<std::string> names = statement.aliases;
    names.push_back(statement.vulnerability);
    for (const std::string& name : names) {
      auto& list = document.by_vulnerability[UpperId(name)];
      if (list.empty() || list.back() != i) {
        list.push_back(i);
      }
    }
  }
}

// Whether it can be an image's reference, "ghcr.io/acme/shop:1.4".
bool MayBeReference(std::string_view name) {
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:@";
  return name.find_first_of(":/@") != std::string_view::npos && !name.contains("://") &&
         !name.starts_with("urn:") && name.find_first_not_of(kCharacters) == std::string_view::npos;
}

// Whether it says which version, or which image, it means.
bool IsPinned(const VexProduct& product) {
  return !product.digest.empty() || !product.range.empty() ||
         (product.purl ? !product.purl->version.empty() || !product.purl->Qualifier("tag").empty()
                       : MayBeReference(product.name));
}

// Why the target can close nothing, whatever the image is; "" it can.
std::string VoidBecause(const VexDocument& document, const VexStatement& statement,
                        const VexTarget& target) {
  bool pinned = false;
  for (size_t i = 0; i < target.chain.size(); ++i) {
    const VexProduct& product = document.products[target.chain[i]];
    const bool part = i == 0 && target.chain.size() > 1;
    pinned = pinned || IsPinned(product);
    if (part && (!product.purl || IsImagePurl(*product.purl))) {
      return "the part \"" + product.name + "\" has no package URL";
    }
    if (!part && !product.purl && product.digest.empty() && product.platform.empty() &&
        !MayBeReference(product.name)) {
      return "the product \"" + product.name + "\" has neither a package URL nor a digest";
    }
  }
  return target.status.value_or(statement.status) == model::TreatmentKind::kFixed && !pinned
             ? "it says fixed and does not say in which version"
             : std::string();
}

void FindVoidTargets(VexDocument& document) {
  for (VexStatement& statement : document.statements) {
    for (VexTarget& target : statement.targets) {
      if (target.void_because.empty()) {
        target.void_because = VoidBecause(document, statement, target);
      }
    }
  }
}

}  // namespace

std::string UpperId(std::string_view id) {
  std::string out(base::Trim(id));
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    }
  }
  return out;
}

std::string_view ToString(VexFormat format) {
  switch (format) {
    case VexFormat::kOpenVex:
      return "OpenVEX";
    case VexFormat::kCsaf:
      return "CSAF";
    case VexFormat::kCycloneDx:
      return "CycloneDX";
  }
  return "OpenVEX";
}

base::Error At(std::string_view pointer, std::string message) {
  return base::Invalid(kMark + std::string(pointer) + kMark + std::move(message));
}

std::string Justification(std::string_view word) {
  constexpr std::string_view kMitigated = "inline_mitigations_already_exist";
  constexpr std::string_view kUncontrolled = "vulnerable_code_cannot_be_controlled_by_adversary";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kWords = {
      {{"component_not_present", "component_not_present"},
       {"vulnerable_code_not_present", "vulnerable_code_not_present"},
       {"vulnerable_code_not_in_execute_path", "vulnerable_code_not_in_execute_path"},
       {kUncontrolled, kUncontrolled},
       {kMitigated, kMitigated},
       {"code_not_present", "vulnerable_code_not_present"},
       {"code_not_reachable", "vulnerable_code_not_in_execute_path"},
       {"requires_configuration", kUncontrolled},
       {"requires_dependency", kUncontrolled},
       {"requires_environment", kUncontrolled},
       {"protected_by_compiler", kMitigated},
       {"protected_at_runtime", kMitigated},
       {"protected_at_perimeter", kMitigated},
       {"protected_by_mitigating_control", kMitigated}}};
  for (const auto& [from, to] : kWords) {
    if (from == word) {
      return std::string(to);
    }
  }
  return {};
}

base::Result<VexDocument> ParseVex(std::string_view text, std::string_view path) {
  VexDocument out;
  out.path = path;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (base::Trim(text.substr(0, 1000)).starts_with('<')) {
    return base::Unsupported(std::string(path) +
                             ": XML is not read: convert the document to CycloneDX JSON");
  }
  codec::Json json;
  auto root = json.Parse(text, kMaxBytes);
  if (!root) {
    const codec::JsonPlace place = codec::PlaceOfJsonError(text);
    return base::Error(root.error().code(), std::string(path) + ":" + std::to_string(place.line) +
                                                ":" + std::to_string(place.column) + ": " +
                                                root.error().Message() +
                                                "; mend the file or leave it out");
  }
  if (!root->IsObject()) {
    return base::Invalid(std::string(path) + ":1:1: a VEX document is a JSON object");
  }
  if (const auto repeated = RepeatedKey(*root)) {
    return Placed(At(*repeated, "this key stands twice in one object: keep one"), text, path);
  }
  base::Result<void> read;
  if ((*root)["@context"].Text().find("openvex") != std::string_view::npos) {
    read = ReadOpenVex(*root, out);
  } else if ((*root)["bomFormat"].Text() == "CycloneDX") {
    read = ReadCycloneDx(*root, out);
  } else if ((*root)["document"]["csaf_version"].MaybeText() ||
             (*root)["document"]["category"].MaybeText()) {
    read = ReadCsaf(*root, out);
  } else {
    return base::Unsupported(
        std::string(path) +
        ":1:1: neither OpenVEX (\"@context\" of openvex.dev) nor CSAF (\"document\" with "
        "\"csaf_version\") nor CycloneDX (\"bomFormat\"): give a VEX document");
  }
  if (!read) {
    return Placed(std::move(read).error(), text, path);
  }
  FindVoidTargets(out);
  MakeIndex(out);
  return out;
}

}  // namespace scantling::policy
