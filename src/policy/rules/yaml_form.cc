// See yaml_form.h.
#include "policy/rules/yaml_form.h"

#include "base/nearest.h"
#include "base/strings.h"
#include "base/time.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace scantling::policy {
namespace {

std::string WordList(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    out += (out.empty() ? "" : ", ") + std::string(word);
  }
  return out;
}

std::string Short(std::string_view text) { return base::ToUtf8(text.substr(0, 60)); }

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

void Mistakes::Add(uint32_t line, uint32_t column, std::string_view text) {
  constexpr size_t kKept = 10'000;
  ++count_;
  if (mistakes_.size() < kKept) {
    mistakes_.push_back({line, column, std::string(text)});
  }
}

base::Error Mistakes::ToError() const {
  constexpr size_t kShown = 20;
  std::vector<Mistake> sorted = mistakes_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mistake& a, const Mistake& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  sorted.resize(std::min(sorted.size(), kShown));
  std::string all;
  for (const Mistake& mistake : sorted) {
    all += (all.empty() ? "" : "\n") + path_ + ":" + std::to_string(mistake.line) + ":" +
           std::to_string(mistake.column) + ": " + mistake.text;
  }
  if (count_ > sorted.size()) {
    all += "\nand " + std::to_string(count_ - sorted.size()) + " more";
  }
  return base::Invalid(std::move(all));
}

base::Result<codec::YamlNode> ReadDocument(std::string_view text, std::string_view path,
                                           std::string_view want) {
  codec::YamlLimits limits;
  limits.bytes = uint64_t{8} << 20;
  limits.nodes = 500'000;
  limits.documents = 2;
  auto documents = codec::ParseYaml(text, limits);
  if (!documents) {
    return codec::InFile(std::move(documents).error(), path);
  }
  if (documents->size() != 1 || !documents->front().IsMapping()) {
    return base::Invalid(std::string(path) + ":1:1: one document that begins with \"schema: " +
                         std::string(want) + "\" is expected");
  }
  codec::YamlNode& root = documents->front();
  if (root["schema"].Text() != want) {
    const codec::YamlNode& schema = root["schema"];
    return base::Invalid(std::string(path) + ":" + std::to_string(std::max(1U, schema.line)) + ":" +
                         std::to_string(std::max(1U, schema.column)) +
                         ": \"schema: " + std::string(want) + "\" is expected" +
                         (schema.Text().empty() ? "" : ", not " + Short(schema.Text())));
  }
  return std::move(root);
}

Form::Form(const codec::YamlNode& node, std::string what, Mistakes& mistakes)
    : node_(node), what_(std::move(what)), mistakes_(mistakes) {
  if (!node.IsMapping()) {
    mistakes_.Add(node, what_ + " is to be a list of \"key: value\" lines");
  }
}

void Form::Keys(std::span<const std::string_view> known) {
  for (const codec::YamlNode::Key& key : node_.keys) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) {
      continue;
    }
    const std::string near = base::Nearest(key.text, known);
    mistakes_.Add(
        key.line, key.column,
        what_ + " has no \"" + Short(key.text) + "\"" +
            (near.empty() ? "; there are " + WordList(known) : "; did you mean \"" + near + "\"?"));
  }
}

std::string Form::Text(std::string_view key) {
  const codec::YamlNode& value = node_[key];
  if (!node_.Has(key) || value.IsNull()) {
    return "";
  }
  if (!value.IsScalar()) {
    mistakes_.Add(value, what_ + ": " + std::string(key) + " is to be a text");
    return "";
  }
  return base::ToUtf8(value.text);
}

std::string Form::RequiredText(std::string_view key) {
  std::string out = Text(key);
  if (base::Trim(out).empty() && (!Has(key) || node_[key].IsScalar())) {
    const codec::YamlNode& at = Has(key) ? node_[key] : node_;
    mistakes_.Add(
        at, what_ + " has no " + std::string(key) + "; write \"" + std::string(key) + ": ...\"");
  }
  return out;
}

std::optional<int64_t> Form::Int(std::string_view key, int64_t least, int64_t most) {
  if (!Has(key)) {
    return std::nullopt;
  }
  const codec::YamlNode& value = node_[key];
  const auto number =
      value.IsScalar() && !value.quoted ? base::ParseNumber<int64_t>(value.text) : std::nullopt;
  if (!number || *number < least || *number > most) {
    mistakes_.Add(value, what_ + ": " + std::string(key) + " is to be a whole number from " +
                             std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::optional<double> Form::Number(std::string_view key) {
  if (!Has(key)) {
    return std::nullopt;
  }
  const codec::YamlNode& value = node_[key];
  double number = 0;
  const std::string_view text = value.Text();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!value.IsScalar() || text.empty() || error != std::errc() ||
      end != text.data() + text.size()) {
    mistakes_.Add(value, what_ + ": " + std::string(key) + " is to be a number");
    return std::nullopt;
  }
  return number;
}

std::optional<bool> Form::Bool(std::string_view key) {
  if (!Has(key)) {
    return std::nullopt;
  }
  const codec::YamlNode& value = node_[key];
  if (value.IsScalar() && !value.quoted && (value.text == "true" || value.text == "false")) {
    return value.text == "true";
  }
  mistakes_.Add(value, what_ + ": " + std::string(key) + " is to be true or false");
  return std::nullopt;
}

std::vector<std::string> Form::Texts(std::string_view key) {
  std::vector<std::string> out;
  const codec::YamlNode& value = node_[key];
  if (!Has(key)) {
    return out;
  }
  if (value.IsScalar()) {
    out.push_back(base::ToUtf8(value.text));
    return out;
  }
  for (const codec::YamlNode& item : value.children) {
    if (!value.IsSequence() || !item.IsScalar()) {
      mistakes_.Add(item, what_ + ": " + std::string(key) + " is to be a list of texts");
      return {};
    }
    out.push_back(base::ToUtf8(item.text));
  }
  return out;
}

std::optional<std::string> Form::Date(std::string_view key) {
  if (!Has(key)) {
    return std::nullopt;
  }
  const codec::YamlNode& value = node_[key];
  if (!value.IsScalar() || !base::ParseTime(value.text)) {
    mistakes_.Add(value, what_ + ": " + std::string(key) + " is to be a date like 2026-01-31");
    return std::nullopt;
  }
  return value.text;
}

std::optional<size_t> WordOf(const codec::YamlNode& node, std::span<const std::string_view> words,
                             std::string_view what, Mistakes& mistakes) {
  if (node.IsScalar()) {
    const auto found = std::find(words.begin(), words.end(), std::string_view(node.text));
    if (found != words.end()) {
      return static_cast<size_t>(found - words.begin());
    }
  }
  const std::string near = base::Nearest(node.Text(), words);
  mistakes.Add(node, std::string(what) + " is to be one of " + WordList(words) +
                         (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  return std::nullopt;
}

std::optional<size_t> Form::Word(std::string_view key, std::span<const std::string_view> words) {
  if (!Has(key)) {
    return std::nullopt;
  }
  return WordOf(node_[key], words, what_ + ": " + std::string(key), mistakes_);
}

// The decoded text is walked beside the file's bytes. Runs of white space stand for one another
// (folding, indentation); an escape stands for what it makes. Where the two part, the scalar's
// beginning is the answer.
Place PlaceInScalar(std::string_view file, const codec::YamlNode& scalar, size_t offset) {
  const Place start{scalar.line, scalar.column};
  size_t at = 0;
  for (uint32_t line = 1; line < scalar.line; ++line) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) {
      return start;
    }
    ++at;
  }
  for (uint32_t column = 1; column < scalar.column && at < file.size();) {
    ++at;
    while (at < file.size() && (static_cast<unsigned char>(file[at]) & 0xC0) == 0x80) {
      ++at;
    }
    ++column;
  }
  if (at >= file.size()) {
    return start;
  }
  const char style = scalar.quoted ? file[at] : '\0';
  if (style == '|' || style == '>') {
    at = file.find('\n', at);
    while (at != std::string_view::npos && at < file.size() && IsSpace(file[at])) {
      ++at;
    }
  } else if (style == '"' || style == '\'') {
    ++at;
  }
  const std::string_view text = scalar.text;
  size_t done = 0;
  if (style == '|' || style == '>') {
    while (done < text.size() && IsSpace(text[done])) {
      ++done;
    }
  }
  while (done < offset && done < text.size() && at < file.size()) {
    if (IsSpace(text[done]) && IsSpace(file[at])) {
      // As many as stand there, but not past the offset when it points into the run.
      while (done < text.size() && IsSpace(text[done])) {
        ++done;
      }
      while (at < file.size() && IsSpace(file[at])) {
        ++at;
      }
    } else if (style == '\'' && text[done] == '\'' && file.substr(at, 2) == "''") {
      ++done;
      at += 2;
    } else if (style == '"' && file[at] == '\\') {
      ++done;
      at += 2;
    } else if (text[done] == file[at]) {
      ++done;
      ++at;
    } else {
      return start;
    }
  }
  if (at > file.size()) {
    return start;
  }
  Place out{1, 1};
  const size_t line_start = at == 0 || file.rfind('\n', at - 1) == std::string_view::npos
                                ? 0
                                : file.rfind('\n', at - 1) + 1;
  out.line += static_cast<uint32_t>(
      std::count(file.begin(), file.begin() + static_cast<ptrdiff_t>(line_start), '\n'));
  for (size_t i = line_start; i < at; ++i) {
    out.column += (static_cast<unsigned char>(file[i]) & 0xC0) != 0x80 ? 1 : 0;
  }
  return out;
}

}  // namespace scantling::policy
