// See variables.h. A field's place in its table is its place in its Fill function; a test holds the
// counts together.
#include "policy/rules/variables.h"

#include "model/names.h"
#include "policy/vex/image_name.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace scantling::policy {
namespace {

using cel::EnumInfo;
using cel::FieldInfo;
using cel::Kind;
using cel::RecordInfo;
using cel::Type;
using cel::Value;

const EnumInfo kLevels{"severity", model::kLevelNames, true, 0};
const EnumInfo kFixStates{"fix_state", model::kFixStateNames, false, -1};
const EnumInfo kExploits{"exploit", model::kExploitNames, true, -1};
const EnumInfo kPriorities{"priority", model::kPriorityNames, true, -1};
const EnumInfo kOrigins{"origin", model::kOriginNames, false, -1};
const EnumInfo kChanges{"change", model::kChangeNames, false, -1};
const EnumInfo kRoles{"role", model::kRoleNames, false, -1};
const EnumInfo kExposures{"exposed", model::kExposureNames, false, -1};

constexpr uint32_t kMostTexts = 64;        // of a list of texts, for the static cost
constexpr uint32_t kMostRecords = 20'000;  // of findings and components

constexpr Type Of(Kind kind) { return {.kind = kind}; }
constexpr Type Of(const EnumInfo& info) { return {.kind = Kind::kEnum, .enumeration = &info}; }
const Type kTexts{.kind = Kind::kList, .element = Kind::kString, .max_items = kMostTexts};

// Places in Schema::records.
enum Id : uint16_t {
  kFindingId,
  kComponentId,
  kLayerId,
  kImageId,
  kConfigId,
  kBaseId,
  kContextId,
  kDataId,
  kCoverageId,
  kNowId,
  kFindingsId,
  kComponentsId,
};

const std::array kFindingFields = std::to_array<FieldInfo>({
    {"id", Of(Kind::kString), false, "the CVE where there is one, else the advisory's id"},
    {"aliases", kTexts, false, "its other names"},
    {"summary", Of(Kind::kString), false, "one line"},
    {"severity", Of(kLevels), false, "by the stated rule; in this order"},
    {"score", Of(Kind::kDouble), true, "CVSS base score"},
    {"kev", Of(Kind::kBool), false, "CISA lists it as exploited"},
    {"kev_due", Of(Kind::kDate), true, "the date by which CISA wants it gone"},
    {"ransomware", Of(Kind::kBool), false, "known to be used by ransomware"},
    {"epss", Of(Kind::kDouble), true, "probability of exploitation in 30 days, 0 to 1"},
    {"epss_percentile", Of(Kind::kDouble), true, "0 to 1"},
    {"exploit", Of(kExploits), false, "public exploit code"},
    {"fix_state", Of(kFixStates), false, "what the source says of a fix"},
    {"fixable", Of(Kind::kBool), false, "a version that fixes it exists"},
    {"fixed_versions", kTexts, false, "ascending"},
    {"published", Of(Kind::kDate), true, "when the vulnerability was published"},
    {"fix_available", Of(Kind::kDate), true, "since when a fix exists"},
    {"first_seen", Of(Kind::kDate), true, "when it was first seen here, by the baseline"},
    {"priority", Of(kPriorities), false, "by CISA's table; in this order"},
    {"due", Of(Kind::kDate), true, "the date that the priority gives"},
    {"risk", Of(Kind::kDouble), false, "expected risk, 0 to 1"},
    {"origin", Of(kOrigins), false, "whose layer it is in"},
    {"change", Of(kChanges), false, "against the baseline"},
    {"layer", Of(Kind::kInt), true, "index of its layer, 0 at the bottom"},
    {"source", Of(Kind::kString), false, "the feed that tells of it"},
    {"advisory", Of(Kind::kString), false, "the advisory's own id"},
});

const std::array kComponentFields = std::to_array<FieldInfo>({
    {"name", Of(Kind::kString), false, "as its ecosystem writes it"},
    {"version", Of(Kind::kString), false, "as its ecosystem writes it"},
    {"purl", Of(Kind::kString), false, "package URL"},
    {"type", Of(Kind::kString), false, "the package URL's type: deb, apk, rpm, npm, pypi, maven"},
    {"source_name", Of(Kind::kString), false, "source package; empty for language packages"},
    {"architecture", Of(Kind::kString), false, "of operating system packages"},
    {"owned", Of(Kind::kBool), false, "its file belongs to an operating system's package"},
    {"direct", Of(Kind::kBool), false, "no other package is known to bring it"},
    {"role", Of(kRoles), false, "what it is for"},
    {"essential", Of(Kind::kBool), false, "the system cannot be without it"},
    {"licenses", kTexts, false, "as declared; empty when not known"},
    {"paths", kTexts, false, "where it was found"},
    {"layer", Of(Kind::kInt), true, "index of the layer that brought it"},
});

const std::array kLayerFields = std::to_array<FieldInfo>({
    {"index", Of(Kind::kInt), true, "0 at the bottom"},
    {"created_by", Of(Kind::kString), false, "the history's words"},
    {"size_bytes", Of(Kind::kInt), false, "as stored"},
    {"line", Of(Kind::kInt), true, "of the Dockerfile, when one is given"},
});

const std::array kImageFields = std::to_array<FieldInfo>({
    {"reference", Of(Kind::kString), false, "as the image calls itself; may be empty"},
    {"repository", Of(Kind::kString), false, "of the reference, made long"},
    {"tag", Of(Kind::kString), false, "of the reference"},
    {"digest", Of(Kind::kString), false, "of the manifest; may be empty"},
    {"platform", Of(Kind::kString), false, "linux/amd64"},
    {"created", Of(Kind::kDate), true, "when it was built"},
    {"layers", Of(Kind::kInt), false, "how many carry files"},
    {"size_bytes", Of(Kind::kInt), false, "of its layers as stored"},
    {"components", Of(Kind::kInt), false, "how many are installed"},
    {"distro.id", Of(Kind::kString), false, "debian, alpine; empty when none is found"},
    {"distro.version", Of(Kind::kString), false, "12"},
    {"distro.end_of_life", Of(Kind::kDate), true, "when its support ends"},
});

const std::array kConfigFields = std::to_array<FieldInfo>({
    {"user", Of(Kind::kString), true, "who runs it, as written: app, 1000:1000; empty means root"},
    {"runs_as_root", Of(Kind::kBool), true, "that user is root or the number 0, or none is set"},
    {"env", kTexts, true, "names of environment variables; their values are never kept"},
    {"ports", kTexts, true, "exposed ports: 8080/tcp"},
    {"entrypoint", kTexts, true, "the program and its first arguments"},
    {"cmd", kTexts, true, "the arguments that follow, or the program"},
    {"working_dir", Of(Kind::kString), true, "the folder that it starts in"},
    {"volumes", kTexts, true, "folders that are volumes"},
    {"labels", kTexts, true, "each as name=value, or the name alone"},
    {"stop_signal", Of(Kind::kString), true, "the signal that ends it; may be empty"},
    {"healthcheck", Of(Kind::kBool), true,
     "docker is told how to ask whether it is well; OCI's form cannot say so"},
});

const std::array kBaseFields = std::to_array<FieldInfo>({
    {"known", Of(Kind::kBool), false, "whether it is known which layers are the base"},
    {"certain", Of(Kind::kBool), false, "whether that is no guess"},
    {"name", Of(Kind::kString), false, "docker.io/library/debian:12; may be empty"},
    {"layers", Of(Kind::kInt), true, "how many"},
});

const std::array kContextFields = std::to_array<FieldInfo>({
    {"environment", Of(Kind::kString), false, "--environment"},
    {"team", Of(Kind::kString), false, "--team"},
    {"exposed", Of(kExposures), false, "--exposed"},
    {"compared", Of(Kind::kBool), false, "there is a baseline"},
});

const std::array kDataFields = std::to_array<FieldInfo>({
    {"starter_set", Of(Kind::kBool), false, "no database was given"},
    {"oldest", Of(Kind::kDate), true, "of the sources that this image needs"},
});

const std::array kCoverageFields = std::to_array<FieldInfo>({
    {"skipped", Of(Kind::kInt), false, "files that could not be read wholly"},
    {"without_data", Of(Kind::kInt), false, "components for which there are no advisories"},
});

const std::array<FieldInfo, 1> kNowFields = {{{"", Of(Kind::kDate), false, "the present"}}};

const RecordInfo kFinding{"finding", kFindingId, kFindingFields};
const RecordInfo kComponent{"component", kComponentId, kComponentFields};
const RecordInfo kLayer{"layer", kLayerId, kLayerFields};
const RecordInfo kImage{"image", kImageId, kImageFields};
const RecordInfo kConfig{"config", kConfigId, kConfigFields};
const RecordInfo kBase{"base", kBaseId, kBaseFields};
const RecordInfo kContext{"context", kContextId, kContextFields};
const RecordInfo kData{"data", kDataId, kDataFields};
const RecordInfo kCoverage{"coverage", kCoverageId, kCoverageFields};
const RecordInfo kNow{"now", kNowId, kNowFields};
const std::array<FieldInfo, 1> kFindingsFields = {
    {{"",
      {.kind = Kind::kList,
       .element = Kind::kRecord,
       .record = &kFinding,
       .max_items = kMostRecords},
      false,
      "the open findings; only in rules about the image"}}};
const std::array<FieldInfo, 1> kComponentsFields = {
    {{"",
      {.kind = Kind::kList,
       .element = Kind::kRecord,
       .record = &kComponent,
       .max_items = kMostRecords},
      false,
      "what is installed; only in rules about the image"}}};
const RecordInfo kFindings{"findings", kFindingsId, kFindingsFields};
const RecordInfo kComponents{"components", kComponentsId, kComponentsFields};

cel::Schema MakeSchema(bool about_image) {
  cel::Schema out;
  out.records = {&kFinding, &kComponent, &kLayer,    &kImage, &kConfig,   &kBase,
                 &kContext, &kData,      &kCoverage, &kNow,   &kFindings, &kComponents};
  if (!about_image) {
    out.roots = {{"finding", &kFinding}, {"component", &kComponent}, {"layer", &kLayer}};
    out.elsewhere = {{"findings", "it is for rules with \"applies_to: image\""},
                     {"components", "it is for rules with \"applies_to: image\""}};
  }
  for (const RecordInfo* record : {&kImage, &kConfig, &kBase, &kContext, &kData, &kCoverage}) {
    out.roots.push_back({record->name, record});
  }
  out.roots.push_back({"now", &kNow, true});
  if (about_image) {
    out.roots.push_back({"findings", &kFindings, true});
    out.roots.push_back({"components", &kComponents, true});
    out.elsewhere = {{"finding", "in a rule about the image write findings.exists(f, ...)"},
                     {"component", "in a rule about the image write components.exists(c, ...)"},
                     {"layer", "it is for rules about findings"}};
  }
  return out;
}

Value Missing(uint16_t record, size_t field) {
  return cel::ErrorValue(cel::Fault::kMissing,
                         static_cast<uint32_t>(record) << 16 | static_cast<uint32_t>(field));
}

// Fills one record's values in order, and knows the place for what is missing.
class Row {
 public:
  Row(const RecordInfo& record, Value* out, uint64_t wanted = ~uint64_t{0})
      : record_(record), out_(out), wanted_(wanted) {}
  // Whether anybody asks for the next field; what is not asked for keeps any old value.
  bool Wanted() const { return (wanted_ >> at_ & 1) != 0; }
  void Skip() { ++at_; }
  void Put(Value value) { out_[at_++] = value; }
  void Put(std::string_view text) { Put(cel::Text(text)); }
  void Put(bool truth) { Put(cel::Bool(truth)); }
  void PutInt(int64_t number) { Put(cel::Int(number)); }
  template <typename Enum>
  void PutWord(Enum value) {
    Put(cel::Word(static_cast<int64_t>(std::to_underlying(value))));
  }
  void PutDate(std::string_view text) {
    if (!Wanted()) {
      return Skip();
    }
    const auto time = text.empty() ? std::nullopt : base::ParseTime(text);
    time ? Put(cel::Date(*time)) : PutMissing();
  }
  void PutMissing() { Put(Missing(record_.id, at_)); }
  void PutReal(std::optional<double> number) { number ? Put(cel::Double(*number)) : PutMissing(); }
  void PutIndex(int64_t number) { number < 0 ? PutMissing() : PutInt(number); }

 private:
  const RecordInfo& record_;
  Value* out_;
  uint64_t wanted_;
  size_t at_ = 0;
};
static_assert(kFindingFields.size() <= 64 && kComponentFields.size() <= 64);

int64_t PlaceOf(std::string_view word, std::span<const std::string_view> words) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? 0 : found - words.begin();
}

std::optional<double> Known(double number) {
  return number < 0 ? std::nullopt : std::optional<double>(number);
}

}  // namespace

const cel::Schema& VariableSchema(bool about_image) {
  static const cel::Schema kForFinding = MakeSchema(false);
  static const cel::Schema kForImage = MakeSchema(true);
  return about_image ? kForImage : kForFinding;
}

std::vector<VariableHelp> VariableTable() {
  std::vector<VariableHelp> out;
  for (const RecordInfo* record : VariableSchema(false).records) {
    for (const FieldInfo& field : record->fields) {
      std::string type = cel::Describe(field.type);
      if (field.type.kind == Kind::kEnum) {
        type = "one of";
        for (const std::string_view word : field.type.enumeration->words) {
          type += std::string(type == "one of" ? " " : ", ") + std::string(word);
        }
      }
      out.push_back(
          {std::string(record->name) + (field.name.empty() ? "" : "." + std::string(field.name)),
           std::move(type), field.optional, std::string(field.help)});
    }
  }
  return out;
}

Variables::Variables(const model::Report& report, const RunFacts& facts)
    : report_(report), facts_(facts) {
  std::unordered_map<std::string_view, const model::Component*> by_ref;
  by_ref.reserve(report.inventory.components.size());
  for (const model::Component& component : report.inventory.components) {
    by_ref.emplace(component.ref, &component);
  }
  for (const model::Finding& finding : report.findings) {
    const auto found = by_ref.find(finding.component);
    const model::Component* component = found == by_ref.end() ? nullptr : found->second;
    component_of_.push_back(component);
    base::Seconds seen = -1;
    if (facts.first_seen && component != nullptr) {
      seen = base::ParseTime(facts.first_seen(finding, *component)).value_or(-1);
    }
    first_seen_.push_back(seen);
  }
  finding_.resize(kFindingFields.size());
  component_.resize(kComponentFields.size());
  layer_.resize(kLayerFields.size());
  FillImage();
  finding_rows_.now = facts.now;
  finding_rows_.roots = {finding_.data(),  component_.data(), layer_.data(),   image_.data(),
                         config_.data(),   base_.data(),      context_.data(), data_.data(),
                         coverage_.data(), now_.data()};
}

std::string_view Variables::Keep(std::string text) { return texts_.emplace_back(std::move(text)); }

Value Variables::Texts(const std::vector<std::string>& texts) {
  auto& lists = in_scratch_ ? scratch_ : lists_;
  std::vector<Value>& items = lists.emplace_back();
  items.reserve(texts.size());
  for (const std::string& text : texts) {
    items.push_back(cel::Text(text));
  }
  return cel::List(items);
}

void Variables::FillFinding(size_t index, Value* out, uint64_t wanted) {
  const model::Finding& finding = report_.findings[index];
  Row row(kFinding, out, wanted);
  row.Put(std::string_view(finding.id));
  row.Wanted() ? row.Put(Texts(finding.aliases)) : row.Skip();
  row.Put(std::string_view(finding.summary));
  row.PutWord(finding.severity.level);
  row.PutReal(Known(finding.severity.score));
  row.Put(finding.kev.has_value());
  row.PutDate(finding.kev ? std::string_view(finding.kev->due_date) : std::string_view());
  row.Put(finding.kev && finding.kev->ransomware);
  row.PutReal(finding.epss ? Known(finding.epss->probability) : std::nullopt);
  row.PutReal(finding.epss ? Known(finding.epss->percentile) : std::nullopt);
  row.PutWord(finding.exploit ? finding.exploit->kind : model::ExploitKind::kNone);
  row.PutWord(finding.fix_state);
  row.Put(finding.fix_state == model::FixState::kFixed);
  row.Wanted() ? row.Put(Texts(finding.fixed_versions)) : row.Skip();
  row.PutDate(finding.published);
  row.PutDate(finding.fix_available);
  first_seen_[index] < 0 ? row.PutMissing() : row.Put(cel::Date(first_seen_[index]));
  row.Put(cel::Word(PlaceOf(finding.priority.level, model::kPriorityNames)));
  row.PutDate(finding.priority.due);
  row.PutReal(finding.priority.risk);
  row.PutWord(finding.origin);
  row.PutWord(finding.change);
  row.PutIndex(finding.layer);
  row.Put(std::string_view(finding.source));
  row.Put(std::string_view(finding.advisory));
}

void Variables::FillComponent(const model::Component& component, Value* out, uint64_t wanted) {
  Row row(kComponent, out, wanted);
  row.Put(std::string_view(component.name));
  row.Put(std::string_view(component.version));
  row.Put(std::string_view(component.purl));
  row.Put(version::PurlType(component.type));
  row.Put(std::string_view(component.source_name));
  row.Put(std::string_view(component.architecture));
  row.Put(!component.owner.empty());
  row.Put(component.via.empty());
  row.PutWord(component.role);
  row.Put(component.essential);
  row.Wanted() ? row.Put(Texts(component.licenses)) : row.Skip();
  if (row.Wanted()) {
    std::vector<Value>& paths = (in_scratch_ ? scratch_ : lists_).emplace_back();
    for (const model::Location& location : component.locations) {
      paths.push_back(cel::Text(location.path));
    }
    row.Put(cel::List(paths));
  } else {
    row.Skip();
  }
  row.PutIndex(component.layer);
}

void Variables::FillLayer(int32_t index, Value* out) {
  Row row(kLayer, out);
  const auto& layers = report_.inventory.image.layers;
  const bool known = index >= 0 && static_cast<size_t>(index) < layers.size();
  row.PutIndex(known ? index : -1);
  row.Put(known ? std::string_view(layers[static_cast<size_t>(index)].created_by)
                : std::string_view());
  row.PutInt(known ? static_cast<int64_t>(layers[static_cast<size_t>(index)].size_bytes) : 0);
  const int32_t line = known ? layers[static_cast<size_t>(index)].line : 0;
  row.PutIndex(line > 0 ? line : -1);
}

void Variables::FillImage() {
  const model::Image& image = report_.inventory.image;
  const ImageName name = ParseImageName(image.reference);
  image_.resize(kImageFields.size());
  Row row(kImage, image_.data());
  row.Put(std::string_view(image.reference));
  row.Put(Keep(name.repository));
  row.Put(Keep(name.tag));
  row.Put(std::string_view(image.digest));
  row.Put(std::string_view(image.platform));
  row.PutDate(image.created);
  row.PutInt(static_cast<int64_t>(image.layers.size()));
  uint64_t bytes = 0;
  for (const model::Layer& layer : image.layers) {
    bytes += layer.size_bytes;
  }
  row.PutInt(static_cast<int64_t>(bytes));
  row.PutInt(facts_.components >= 0 ? facts_.components
                                    : static_cast<int64_t>(report_.inventory.components.size()));
  row.Put(std::string_view(image.distro.id));
  row.Put(std::string_view(image.distro.version_id));
  row.PutDate(report_.distro_end_of_life);

  FillConfig();
  base_.resize(kBaseFields.size());
  Row base(kBase, base_.data());
  base.Put(report_.base_layers >= 0);
  base.Put(report_.base_layers >= 0 && report_.base_known_by.starts_with("certain"));
  base.Put(std::string_view(report_.base_name));
  base.PutIndex(report_.base_layers);

  context_.resize(kContextFields.size());
  Row context(kContext, context_.data());
  context.Put(std::string_view(facts_.environment));
  context.Put(std::string_view(facts_.team));
  context.Put(cel::Word(PlaceOf(facts_.exposed, model::kExposureNames)));
  context.Put(report_.comparison.has_value());

  data_.resize(kDataFields.size());
  Row data(kData, data_.data());
  data.Put(report_.database.embedded);
  std::string_view oldest;
  uint64_t without = 0;
  for (const model::EcosystemCoverage& row_of : report_.ecosystems) {
    if (row_of.data_as_of.empty()) {
      without += row_of.components;
    } else if (oldest.empty() || row_of.data_as_of < oldest) {
      oldest = row_of.data_as_of;
    }
  }
  data.PutDate(oldest);

  coverage_.resize(kCoverageFields.size());
  Row coverage(kCoverage, coverage_.data());
  coverage.PutInt(facts_.skipped >= 0
                      ? facts_.skipped
                      : static_cast<int64_t>(report_.inventory.coverage.skipped.size()));
  coverage.PutInt(static_cast<int64_t>(without));

  now_ = {cel::Date(facts_.now)};
}

void Variables::FillConfig() {
  config_.resize(kConfigFields.size());
  Row row(kConfig, config_.data());
  const auto& maybe_config = report_.inventory.image.config;
  if (!maybe_config) {
    for (size_t i = 0; i < kConfigFields.size(); ++i) {
      row.PutMissing();
    }
    return;
  }
  const model::ImageConfig& config = *maybe_config;
  row.Put(std::string_view(config.user));
  row.Put(model::RunsAsRoot(config));
  row.Put(Texts(config.environment));
  row.Put(Texts(config.ports));
  row.Put(Texts(config.entrypoint));
  row.Put(Texts(config.command));
  row.Put(std::string_view(config.working_folder));
  row.Put(Texts(config.volumes));
  std::vector<Value>& labels = lists_.emplace_back();
  for (const auto& [name, value] : config.labels) {
    labels.push_back(cel::Text(Keep(value.empty() ? name : name + "=" + value)));
  }
  row.Put(cel::List(labels));
  row.Put(std::string_view(config.stop_signal));
  row.Put(!config.healthcheck.empty() && config.healthcheck.front() != "NONE");
}

void Variables::FillOnly(std::span<const cel::Program* const> programs) {
  wanted_ = {};
  for (const cel::Program* program : programs) {
    for (const auto& [root, field] : program->reads()) {
      if (root < wanted_.size()) {
        wanted_[root] |= uint64_t{1} << field;
      }
    }
  }
}

const cel::Rows& Variables::ForFinding(size_t index) {
  static const model::Component kNone;
  scratch_.clear();
  in_scratch_ = true;
  FillFinding(index, finding_.data(), wanted_[0]);
  if (wanted_[1] != 0) {
    FillComponent(component_of_[index] == nullptr ? kNone : *component_of_[index],
                  component_.data(), wanted_[1]);
  }
  if (wanted_[2] != 0) {
    FillLayer(report_.findings[index].layer, layer_.data());
  }
  in_scratch_ = false;
  return finding_rows_;
}

const cel::Rows& Variables::ForImage() {
  if (lists_made_) {
    return image_rows_;
  }
  lists_made_ = true;
  const auto record = [this](size_t fields) -> Value* {
    return lists_.emplace_back(fields).data();
  };
  for (size_t i = 0; i < report_.findings.size(); ++i) {
    if (model::IsOpen(report_.findings[i])) {
      Value* fields = record(kFindingFields.size());
      FillFinding(i, fields, kAll);
      findings_.push_back(cel::Record(fields));
    }
  }
  for (const model::Component& component : report_.inventory.components) {
    Value* fields = record(kComponentFields.size());
    FillComponent(component, fields, kAll);
    components_.push_back(cel::Record(fields));
  }
  std::vector<Value>& lists = lists_.emplace_back();
  lists = {cel::List(findings_), cel::List(components_)};
  image_rows_.now = facts_.now;
  image_rows_.roots = {image_.data(),   config_.data(), base_.data(),
                       context_.data(), data_.data(),   coverage_.data(),
                       now_.data(),     &lists[0],      &lists[1]};
  return image_rows_;
}

}  // namespace scantling::policy
