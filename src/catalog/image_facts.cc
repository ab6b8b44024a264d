// See image_facts.h. Every member of model::Component is here: one that is added there is added
// here, and kFactsVersion in scan.cc raised.
#include "catalog/image_facts.h"

#include "catalog/facts_bytes.h"

namespace scantling::catalog {
namespace {

// Layers count from -1.
void PutLayer(FactsWriter& out, int32_t layer) { out.Number(static_cast<uint64_t>(layer + 1)); }
int32_t GetLayer(FactsCursor& in) {
  const uint64_t number = in.Number();
  return number > 1'000'000 ? -1 : static_cast<int32_t>(number) - 1;
}

void Put(FactsWriter& out, const model::Component& c) {
  out.Text(c.ref);
  out.Text(c.purl);
  out.Text(c.name);
  out.Text(c.version);
  out.Number(static_cast<uint64_t>(c.type));
  out.Text(c.source_name);
  out.Text(c.source_version);
  out.Text(c.architecture);
  out.Text(c.distro);
  out.Text(c.module);
  out.Text(c.vendor);
  out.Number(c.locations.size());
  for (const model::Location& location : c.locations) {
    out.Text(location.path);
    PutLayer(out, location.layer);
  }
  PutLayer(out, c.layer);
  PutLayer(out, c.last_layer);
  out.Text(c.owner);
  out.Number(static_cast<uint64_t>(c.evidence));
  out.Number(static_cast<uint64_t>(c.role));
  out.Number(c.essential ? 1 : 0);
  out.Texts(c.depends);
  out.Texts(c.via);
  out.Text(c.container);
  out.Texts(c.licenses);
  out.Text(c.main_module);
}

model::Component GetComponent(FactsCursor& in) {
  model::Component c;
  c.ref = in.Text();
  c.purl = in.Text();
  c.name = in.Text();
  c.version = in.Text();
  c.type = in.Choice(version::Ecosystem::kCargo);
  c.source_name = in.Text();
  c.source_version = in.Text();
  c.architecture = in.Text();
  c.distro = in.Text();
  c.module = in.Text();
  c.vendor = in.Text();
  c.locations.resize(in.Count(2));
  for (model::Location& location : c.locations) {
    location.path = in.Text();
    location.layer = GetLayer(in);
  }
  c.layer = GetLayer(in);
  c.last_layer = GetLayer(in);
  c.owner = in.Text();
  c.evidence = in.Choice(model::Evidence::kGoBuildInfo);
  c.role = in.Choice(model::Role::kDocumentation);
  c.essential = in.Flag();
  c.depends = in.Texts();
  c.via = in.Texts();
  c.container = in.Text();
  c.licenses = in.Texts();
  c.main_module = in.Text();
  return c;
}

}  // namespace

std::string SerializeImageFacts(const ImageFacts& facts) {
  std::string bytes;
  FactsWriter out(&bytes);
  for (const std::string* text :
       {&facts.distro.id, &facts.distro.version_id, &facts.distro.codename,
        &facts.distro.pretty_name, &facts.distro.like}) {
    out.Text(*text);
  }
  out.Hashes(facts.stored_bytes);
  out.Number(facts.components.size());
  for (const model::Component& component : facts.components) {
    Put(out, component);
  }
  out.Number(facts.coverage.claimed);
  out.Number(facts.coverage.read);
  out.Number(facts.coverage.skipped.size());
  for (const model::Skipped& skipped : facts.coverage.skipped) {
    out.Text(skipped.path);
    PutLayer(out, skipped.layer);
    out.Text(skipped.reason);
  }
  Put(out, facts.diagnostics);
  for (const model::Diagnostic& diagnostic : facts.diagnostics) {
    PutLayer(out, diagnostic.layer);
  }
  return bytes;
}

base::Result<ImageFacts> ParseImageFacts(base::Bytes bytes) {
  FactsCursor in(bytes);
  ImageFacts out;
  for (std::string* text : {&out.distro.id, &out.distro.version_id, &out.distro.codename,
                            &out.distro.pretty_name, &out.distro.like}) {
    *text = in.Text();
  }
  out.stored_bytes = in.Hashes();
  const size_t components = in.Count(23);
  out.components.reserve(components);
  for (size_t i = 0; i < components && !in.failed(); ++i) {
    out.components.push_back(GetComponent(in));
  }
  out.coverage.claimed = in.Number();
  out.coverage.read = in.Number();
  out.coverage.skipped.resize(in.Count(3));
  for (model::Skipped& skipped : out.coverage.skipped) {
    skipped.path = in.Text();
    skipped.layer = GetLayer(in);
    skipped.reason = in.Text();
  }
  out.diagnostics = GetDiagnostics(in);
  for (model::Diagnostic& diagnostic : out.diagnostics) {
    diagnostic.layer = GetLayer(in);
  }
  if (in.failed() || !in.AtEnd()) {
    return base::Invalid("image facts are damaged");
  }
  return out;
}

}  // namespace scantling::catalog
