#include "codec/yaml.h"

#include "base/strings.h"

#include <yaml.h>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace scantling::codec {
namespace {

uint64_t CountNodes(const YamlNode& root) {
  uint64_t count = 0;
  std::vector<const YamlNode*> open = {&root};
  while (!open.empty()) {
    const YamlNode* node = open.back();
    open.pop_back();
    ++count;
    for (const YamlNode& child : node->children) {
      open.push_back(&child);
    }
  }
  return count;
}

uint32_t Depth(const YamlNode& root) {
  uint32_t deepest = 0;
  std::vector<std::pair<const YamlNode*, uint32_t>> open = {{&root, 1}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    for (const YamlNode& child : node->children) {
      open.emplace_back(&child, depth + 1);
    }
  }
  return deepest;
}

std::string Place(const yaml_mark_t& mark) {
  return "line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1);
}

std::string_view View(const yaml_char_t* text) {
  return text == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(text));
}

// Owns the library's parser and its current event.
class Events {
 public:
  explicit Events(std::string_view text) {
    ready_ = yaml_parser_initialize(&parser_) == 1;
    if (ready_) {
      yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                   text.size());
    }
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events() {
    Drop();
    if (ready_) {
      yaml_parser_delete(&parser_);
    }
  }

  base::Result<const yaml_event_t*> Next() {
    Drop();
    if (!ready_) {
      return base::Invalid("YAML: out of memory");
    }
    if (yaml_parser_parse(&parser_, &event_) != 1) {
      const char* problem = parser_.problem != nullptr ? parser_.problem : "unreadable";
      return base::Invalid(std::string("YAML: ") + problem + " at " + Place(parser_.problem_mark));
    }
    held_ = true;
    return &event_;
  }

 private:
  void Drop() {
    if (held_) {
      yaml_event_delete(&event_);
      held_ = false;
    }
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool ready_ = false;
  bool held_ = false;
};

// One open sequence or mapping, or the document itself (a sequence of at most one).
struct Frame {
  YamlNode node;
  std::string anchor;
  std::unordered_set<std::string> seen;  // keys of a mapping
  bool expects_key = false;
};

class TreeBuilder {
 public:
  explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

  base::Result<bool> Take(const yaml_event_t& event) {  // false: the stream has ended
    switch (event.type) {
      case YAML_STREAM_END_EVENT:
        return false;
      case YAML_DOCUMENT_START_EVENT:
        if (documents_.size() >= limits_.documents) {
          return base::LimitMet("YAML: more than " + std::to_string(limits_.documents) +
                                " documents");
        }
        anchors_.clear();
        frames_.clear();
        frames_.emplace_back();
        frames_.back().node.kind = YamlNode::Kind::kSequence;
        return true;
      case YAML_DOCUMENT_END_EVENT:
        if (frames_.size() == 1 && frames_[0].node.children.size() == 1) {
          documents_.push_back(std::move(frames_[0].node.children[0]));
        }
        frames_.clear();
        return true;
      case YAML_SCALAR_EVENT:
        return Scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return Open(event, YamlNode::Kind::kSequence, View(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        return Open(event, YamlNode::Kind::kMapping, View(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return Close(event);
      case YAML_ALIAS_EVENT:
        return Alias(event);
      default:
        return true;
    }
  }

  std::vector<YamlNode> Finish() { return std::move(documents_); }

 private:
  base::Result<void> Count(uint64_t nodes, const yaml_event_t& event) {
    if (nodes > limits_.nodes - std::min(limits_.nodes, nodes_)) {
      return base::LimitMet("YAML: more than " + std::to_string(limits_.nodes) + " nodes at " +
                            Place(event.start_mark));
    }
    nodes_ += nodes;
    return {};
  }

  YamlNode NodeAt(const yaml_event_t& event, YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.line = static_cast<uint32_t>(event.start_mark.line + 1);
    node.column = static_cast<uint32_t>(event.start_mark.column + 1);
    return node;
  }

  base::Result<bool> Scalar(const yaml_event_t& event) {
    SCANTLING_DO(Count(1, event));
    YamlNode node = NodeAt(event, YamlNode::Kind::kScalar);
    node.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                     event.data.scalar.length);
    node.quoted = event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return Add(std::move(node), event, View(event.data.scalar.anchor));
  }

  base::Result<bool> Open(const yaml_event_t& event, YamlNode::Kind kind, std::string_view anchor) {
    SCANTLING_DO(Count(1, event));
    if (frames_.empty()) {
      return base::Invalid("YAML: content outside of a document at " + Place(event.start_mark));
    }
    if (frames_.size() > limits_.depth) {
      return base::LimitMet("YAML: deeper than " + std::to_string(limits_.depth) + " levels at " +
                            Place(event.start_mark));
    }
    if (frames_.back().expects_key) {
      return base::Unsupported("YAML: a key that is not a scalar at " + Place(event.start_mark));
    }
    Frame frame;
    frame.node = NodeAt(event, kind);
    frame.anchor = anchor;
    frame.expects_key = kind == YamlNode::Kind::kMapping;
    frames_.push_back(std::move(frame));
    return true;
  }

  base::Result<bool> Close(const yaml_event_t& event) {
    if (frames_.size() < 2) {
      return base::Invalid("YAML: unbalanced end at " + Place(event.start_mark));
    }
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    return Add(std::move(frame.node), event, frame.anchor);
  }

  base::Result<bool> Alias(const yaml_event_t& event) {
    const auto found = anchors_.find(View(event.data.alias.anchor));
    if (found == anchors_.end()) {
      return base::Invalid("YAML: unknown alias at " + Place(event.start_mark));
    }
    SCANTLING_DO(Count(CountNodes(found->second), event));
    if (frames_.size() + Depth(found->second) > limits_.depth + 1) {
      return base::LimitMet("YAML: deeper than " + std::to_string(limits_.depth) + " levels at " +
                            Place(event.start_mark));
    }
    return Add(found->second, event, {});
  }

  // Hands a finished node to the innermost open one.
  base::Result<bool> Add(YamlNode node, const yaml_event_t& event, std::string_view anchor) {
    if (frames_.empty()) {
      return base::Invalid("YAML: content outside of a document at " + Place(event.start_mark));
    }
    if (!anchor.empty()) {
      SCANTLING_DO(Count(CountNodes(node), event));  // the copy that is kept
      anchors_[std::string(anchor)] = node;
    }
    Frame& frame = frames_.back();
    if (!frame.expects_key) {
      frame.node.children.push_back(std::move(node));
      frame.expects_key = frame.node.IsMapping();
      return true;
    }
    if (!node.IsScalar()) {
      return base::Unsupported("YAML: a key that is not a scalar at " + Place(event.start_mark));
    }
    if (!frame.seen.insert(node.text).second) {
      return base::Invalid("YAML: key \"" + base::ToUtf8(node.text.substr(0, 80)) +
                           "\" occurs twice at " + Place(event.start_mark));
    }
    frame.node.keys.push_back({std::move(node.text), node.line, node.column});
    frame.expects_key = false;
    return true;
  }

  const YamlLimits& limits_;
  std::vector<YamlNode> documents_;
  std::vector<Frame> frames_;
  std::map<std::string, YamlNode, std::less<>> anchors_;
  uint64_t nodes_ = 0;
};

}  // namespace

bool YamlNode::IsNull() const {
  return IsScalar() && !quoted &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

const YamlNode& YamlNode::operator[](std::string_view key) const {
  static const YamlNode kMissing;
  for (size_t i = 0; i < keys.size() && i < children.size(); ++i) {
    if (keys[i].text == key) {
      return children[i];
    }
  }
  return kMissing;
}

bool YamlNode::Has(std::string_view key) const {
  return std::any_of(keys.begin(), keys.end(), [&](const Key& k) { return k.text == key; });
}

base::Result<std::vector<YamlNode>> ParseYaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return base::LimitMet("YAML: " + std::to_string(text.size()) + " bytes, the limit is " +
                          std::to_string(limits.bytes));
  }
  Events events(text);
  TreeBuilder builder(limits);
  while (true) {
    SCANTLING_TRY(const yaml_event_t* event, events.Next());
    SCANTLING_TRY(const bool more, builder.Take(*event));
    if (!more) {
      return builder.Finish();
    }
  }
}

base::Error InFile(base::Error error, std::string_view path) {
  constexpr std::string_view kLine = " at line ";
  constexpr std::string_view kColumn = ", column ";
  constexpr std::string_view kDigits = "0123456789";
  std::string message = error.Message();
  const size_t at = message.rfind(kLine);
  const size_t column = message.find(kColumn, at == std::string::npos ? message.size() : at);
  if (column == std::string::npos) {
    return std::move(error).With(path);
  }
  const size_t line = at + kLine.size();
  const size_t start = column + kColumn.size();
  const size_t end = std::min(message.find_first_not_of(kDigits, start), message.size());
  const std::string place =
      message.substr(line, column - line) + ":" + message.substr(start, end - start);
  message.erase(at, end - at);
  std::string out(path);
  out += ":" + place + ": " + message;
  return {error.code(), std::move(out)};
}

}  // namespace scantling::codec
