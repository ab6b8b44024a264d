// See message.h.
#include "agent/message.h"

#include "base/strings.h"
#include "codec/json_writer.h"

namespace scantling::agent {
namespace {

constexpr size_t kMaxText = 1024;
constexpr size_t kMaxLabels = 256;
constexpr size_t kMaxLabelText = 512;

// As UTF-8, cut between two characters.
std::string Cut(std::string_view text) {
  std::string out = base::ToUtf8(text);
  if (out.size() > kMaxText) {
    size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) {
      --end;
    }
    out.resize(end);
  }
  return out;
}

void Member(codec::JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) {
    json.Text(key, Cut(text));
  }
}

void WriteCopy(codec::JsonWriter& json, const Seen& seen, Millis message_at) {
  const Copy& copy = *seen.copy;
  json.BeginObject();
  Member(json, "uid", copy.uid);
  Member(json, "digest", copy.digest);
  Member(json, "image_id", copy.image_id);
  Member(json, "reference", copy.reference);
  Member(json, "namespace", copy.name_space);
  Member(json, "workload_kind", copy.workload_kind);
  Member(json, "workload", copy.workload);
  Member(json, "pod", copy.pod);
  Member(json, "container", copy.container);
  Member(json, "kind", copy.kind);
  Member(json, "node", copy.node);
  size_t count = 0;
  for (const auto& [key, value] : copy.labels) {
    const std::string name = base::ToUtf8(key);
    const std::string text = base::ToUtf8(value);
    if (name.size() > kMaxLabelText || text.size() > kMaxLabelText || count == kMaxLabels) {
      continue;
    }
    if (count++ == 0) {
      json.Key("labels");
      json.BeginObject();
    }
    json.Text(name, text);
  }
  if (count > 0) {
    json.EndObject();
  }
  if (copy.started != 0) {
    json.Text("started", FormatMillis(copy.started));
  }
  if (seen.at != message_at) {
    json.Text("at", FormatMillis(seen.at));
  }
  json.EndObject();
}

}  // namespace

std::string WriteMessage(const Reporter& reporter, const Message& message) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("schema", "scantling.running/1");
  json.Text("reporter", Cut(reporter.name));
  json.Text("kind", reporter.kind);
  Member(json, "cluster", reporter.cluster);
  Member(json, "environment", reporter.environment);
  json.Int("interval_seconds", reporter.interval_seconds);
  json.Text("type", message.snapshot ? "snapshot" : "changes");
  json.Text("at", FormatMillis(message.at));
  json.Key("copies");
  json.BeginArray();
  for (const Seen& seen : message.copies) {
    WriteCopy(json, seen, message.at);
  }
  json.EndArray();
  if (!message.gone.empty()) {
    json.Key("gone");
    json.BeginArray();
    for (const Gone& gone : message.gone) {
      json.BeginObject();
      json.Text("uid", Cut(gone.uid));
      json.Text("at", FormatMillis(gone.at));
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  out.push_back('\n');
  return out;
}

}  // namespace scantling::agent
