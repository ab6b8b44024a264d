// The bytes of LayerFacts: varints, length-prefixed texts, in the order of the structs. No pointers, no alignment.
// Not handled: versions; the cache key holds the format's number, so an old file is never opened (layer_cache.cc).
#include "catalog/layer_facts.h"

#include <cstring>

namespace scantling::catalog {
namespace {

class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  void Number(uint64_t value) {
    while (value >= 0x80) {
      out_->push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_->push_back(static_cast<char>(value));
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_->append(text);
  }
  void Texts(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) {
      Text(text);
    }
  }
  void Hashes(const std::vector<uint64_t>& hashes) {
    Number(hashes.size());
    out_->append(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(uint64_t));
  }

 private:
  std::string* out_;
};

// Reads what Writer wrote. The first failure sticks: every later read gives an empty value.
class Cursor {
 public:
  explicit Cursor(base::Bytes bytes) : text_(base::AsText(bytes)) {}

  bool failed() const { return failed_; }
  bool AtEnd() const { return text_.empty(); }

  uint64_t Number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (text_.empty()) {
        Fail();
        return 0;
      }
      const auto byte = static_cast<unsigned char>(text_.front());
      text_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) {
        return value;
      }
    }
    Fail();
    return 0;
  }
  // A count of things that take at least `each` bytes: a lying one fails before anything is reserved.
  size_t Count(size_t each = 1) {
    const uint64_t count = Number();
    if (count > text_.size() / each) {
      Fail();
      return 0;
    }
    return static_cast<size_t>(count);
  }
  std::string_view View() {
    const size_t size = Count();
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(size);
    return out;
  }
  std::string Text() { return std::string(View()); }
  std::vector<std::string> Texts() {
    std::vector<std::string> out(Count());
    for (std::string& text : out) {
      text = Text();
    }
    return out;
  }
  std::vector<uint64_t> Hashes() {
    std::vector<uint64_t> out(Count(sizeof(uint64_t)));
    if (!out.empty()) {
      std::memcpy(out.data(), text_.data(), out.size() * sizeof(uint64_t));
      text_.remove_prefix(out.size() * sizeof(uint64_t));
    }
    return out;
  }
  template <typename Enum>
  Enum Choice(Enum last) {
    const uint64_t value = Number();
    if (value > static_cast<uint64_t>(last)) {
      Fail();
      return last;
    }
    return static_cast<Enum>(value);
  }
  bool Flag() { return Number() != 0; }

 private:
  void Fail() {
    failed_ = true;
    text_ = {};
  }
  std::string_view text_;
  bool failed_ = false;
};

void Put(Writer& out, const model::Diagnostic& diagnostic) {
  out.Text(diagnostic.code);
  out.Number(static_cast<uint64_t>(diagnostic.severity));
  out.Text(diagnostic.path);
  out.Text(diagnostic.message);
}

model::Diagnostic GetDiagnostic(Cursor& in) {
  model::Diagnostic out;
  out.code = in.Text();
  out.severity = in.Choice(model::Severity::kError);
  out.path = in.Text();
  out.message = in.Text();
  return out;
}

void Put(Writer& out, const std::vector<model::Diagnostic>& diagnostics) {
  out.Number(diagnostics.size());
  for (const model::Diagnostic& diagnostic : diagnostics) {
    Put(out, diagnostic);
  }
}

std::vector<model::Diagnostic> GetDiagnostics(Cursor& in) {
  std::vector<model::Diagnostic> out(in.Count(4));
  for (model::Diagnostic& diagnostic : out) {
    diagnostic = GetDiagnostic(in);
  }
  return out;
}

void Put(Writer& out, const Record& record) {
  const model::Component& c = record.component;
  out.Text(c.name);
  out.Text(c.version);
  out.Number(static_cast<uint64_t>(c.type));
  out.Text(c.source_name);
  out.Text(c.source_version);
  out.Text(c.architecture);
  out.Text(c.module);
  out.Text(c.vendor);
  out.Number(c.locations.size());
  for (const model::Location& location : c.locations) {
    out.Text(location.path);
  }
  out.Number(static_cast<uint64_t>(c.evidence));
  out.Number(static_cast<uint64_t>(c.role));
  out.Number(c.essential ? 1 : 0);
  out.Texts(c.depends);
  out.Text(c.container);
  out.Text(c.main_module);
  out.Hashes(record.owned);
  out.Texts(record.needs);
  out.Number(record.is_root ? 1 : 0);
}

Record GetRecord(Cursor& in) {
  Record out;
  model::Component& c = out.component;
  c.name = in.Text();
  c.version = in.Text();
  c.type = in.Choice(version::Ecosystem::kCargo);
  c.source_name = in.Text();
  c.source_version = in.Text();
  c.architecture = in.Text();
  c.module = in.Text();
  c.vendor = in.Text();
  c.locations.resize(in.Count());
  for (model::Location& location : c.locations) {
    location.path = in.Text();
  }
  c.evidence = in.Choice(model::Evidence::kGoBuildInfo);
  c.role = in.Choice(model::Role::kDocumentation);
  c.essential = in.Flag();
  c.depends = in.Texts();
  c.container = in.Text();
  c.main_module = in.Text();
  out.owned = in.Hashes();
  out.needs = in.Texts();
  out.is_root = in.Flag();
  return out;
}

void Put(Writer& out, const FileResult& file) {
  out.Text(file.path);
  out.Number(file.cataloger);
  const FileFacts& facts = file.facts;
  out.Number((facts.understood ? 1U : 0U) | (facts.relevant ? 2U : 0U) | (facts.again_whole ? 4U : 0U));
  out.Number(facts.records.size());
  for (const Record& record : facts.records) {
    Put(out, record);
  }
  out.Number(facts.facts.size());
  for (const Fact& fact : facts.facts) {
    out.Text(fact.key);
    out.Text(fact.value);
  }
  out.Hashes(facts.owned);
  Put(out, facts.diagnostics);
}

FileResult GetFile(Cursor& in) {
  FileResult out;
  out.path = in.Text();
  out.cataloger = static_cast<uint32_t>(in.Number());
  const uint64_t flags = in.Number();
  out.facts.understood = (flags & 1) != 0;
  out.facts.relevant = (flags & 2) != 0;
  out.facts.again_whole = (flags & 4) != 0;
  const size_t records = in.Count(16);
  out.facts.records.reserve(records);
  for (size_t i = 0; i < records && !in.failed(); ++i) {
    out.facts.records.push_back(GetRecord(in));
  }
  out.facts.facts.resize(in.Count(2));
  for (Fact& fact : out.facts.facts) {
    fact.key = in.Text();
    fact.value = in.Text();
  }
  out.facts.owned = in.Hashes();
  out.facts.diagnostics = GetDiagnostics(in);
  return out;
}

}  // namespace

std::string SerializeFacts(const LayerFacts& facts) {
  std::string bytes;
  Writer out(&bytes);
  out.Text(facts.tree.Serialize());
  out.Number(facts.files.size());
  for (const FileResult& file : facts.files) {
    Put(out, file);
  }
  out.Number(facts.second_looks.size());
  for (const SecondLook& look : facts.second_looks) {
    out.Text(look.stored_path);
    out.Text(look.as);
    Put(out, look.result);
  }
  Put(out, facts.diagnostics);
  out.Number(facts.stored_bytes);
  out.Number(facts.complete ? 1 : 0);
  return bytes;
}

base::Result<LayerFacts> ParseFacts(base::Bytes bytes) {
  Cursor in(bytes);
  LayerFacts out;
  const std::string_view tree = in.View();
  SCANTLING_TRY(out.tree, image::LayerTree::Parse(base::AsBytes(tree)));
  const size_t files = in.Count(8);
  out.files.reserve(files);
  for (size_t i = 0; i < files && !in.failed(); ++i) {
    out.files.push_back(GetFile(in));
  }
  const size_t looks = in.Count(8);
  for (size_t i = 0; i < looks && !in.failed(); ++i) {
    SecondLook look;
    look.stored_path = in.Text();
    look.as = in.Text();
    look.result = GetFile(in);
    out.second_looks.push_back(std::move(look));
  }
  out.diagnostics = GetDiagnostics(in);
  out.stored_bytes = in.Number();
  out.complete = in.Flag();
  if (in.failed() || !in.AtEnd()) {
    return base::Invalid("layer facts are damaged");
  }
  for (const image::LayerTree::Node& node : out.tree.nodes()) {
    if (node.kind == image::NodeKind::kClaimed && node.claim >= out.files.size()) {
      return base::Invalid("layer facts are damaged: a claim without a file");
    }
  }
  const size_t catalogers = Catalogers().size();
  for (const FileResult& file : out.files) {
    if (file.cataloger >= catalogers) {
      return base::Invalid("layer facts are damaged: no such cataloger");
    }
  }
  return out;
}

}  // namespace scantling::catalog
