// The bytes of LayerFacts: varints, length-prefixed texts, in the order of the structs. No
// pointers, no alignment. Not handled: versions; the cache key holds the format's number, so an old
// file is never opened (facts_cache.cc).
#include "catalog/layer_facts.h"

#include "catalog/facts_bytes.h"

namespace scantling::catalog {
namespace {

void Put(FactsWriter& out, const Record& record) {
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
  out.Texts(c.licenses);
  out.Text(c.main_module);
  out.Hashes(record.owned);
  out.Texts(record.needs);
  out.Number(record.is_root ? 1 : 0);
}

Record GetRecord(FactsCursor& in) {
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
  c.licenses = in.Texts();
  c.main_module = in.Text();
  out.owned = in.Hashes();
  out.needs = in.Texts();
  out.is_root = in.Flag();
  return out;
}

void Put(FactsWriter& out, const FileResult& file) {
  out.Text(file.path);
  out.Number(file.cataloger);
  const FileFacts& facts = file.facts;
  out.Number((facts.understood ? 1U : 0U) | (facts.relevant ? 2U : 0U) |
             (facts.again_whole ? 4U : 0U));
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

FileResult GetFile(FactsCursor& in) {
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
  FactsWriter out(&bytes);
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
  FactsCursor in(bytes);
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
