#include "advisory/fold.h"

#include "advisory/ids.h"
#include "version/compare.h"

#include <algorithm>
#include <span>

namespace scantling::advisory {
namespace {

class Folder {
 public:
  Folder(version::Ecosystem ecosystem, const Catalogue& catalogue)
      : ecosystem_(ecosystem), catalogue_(catalogue) {}

  // Debian: the CVE record is the tracker's present view and decides; a DSA or DLA gives its name
  // and date to it, and its fix only where the CVE record knows none. Without a CVE record the
  // advisory with the highest fix counts.
  CompiledStatement Debian(std::span<const CompiledStatement> same) const {
    const CompiledStatement* record = nullptr;
    const CompiledStatement* bundle = nullptr;
    const CompiledStatement* namesake = nullptr;
    for (const CompiledStatement& statement : same) {
      const bool is_record = IsCve(catalogue_.texts.Get(statement.advisory));
      const CompiledStatement*& best = is_record ? record : bundle;
      if (best == nullptr || Beats(statement, *best)) {
        best = &statement;
      }
    }
    if (record == nullptr) {
      return *bundle;
    }
    for (const CompiledStatement& statement : same) {
      if (&statement != record && !IsCve(catalogue_.texts.Get(statement.advisory)) &&
          Fixed(statement) == Fixed(*record) && Fixed(statement) != 0) {
        namesake = namesake == nullptr || statement.published < namesake->published ? &statement
                                                                                    : namesake;
      }
    }
    CompiledStatement out = *record;
    if (namesake == nullptr && bundle != nullptr && Fixed(*record) == 0 && Fixed(*bundle) != 0 &&
        record->state == StatementState::kAffected) {
      namesake = bundle;
      out.first_range = bundle->first_range;
      out.range_count = bundle->range_count;
    }
    if (namesake != nullptr) {
      out.advisory = namesake->advisory;
      out.published = namesake->published;
    }
    return out;
  }

  // Alpine: the highest fix; "not affected" only when nothing says otherwise.
  CompiledStatement Alpine(std::span<const CompiledStatement> same) const {
    const CompiledStatement* best = same.data();
    for (const CompiledStatement& statement : same) {
      if (Beats(statement, *best)) {
        best = &statement;
      }
    }
    CompiledStatement out = *best;
    for (const CompiledStatement& statement : same) {
      if (out.published == 0 || (statement.published != 0 && statement.published < out.published)) {
        out.published = statement.published;
      }
    }
    return out;
  }

 private:
  Text Fixed(const CompiledStatement& statement) const {
    return statement.range_count == 0 ? 0 : catalogue_.ranges[statement.first_range].fixed;
  }

  bool Beats(const CompiledStatement& a, const CompiledStatement& b) const {
    const bool a_out = a.state == StatementState::kNotAffected;
    const bool b_out = b.state == StatementState::kNotAffected;
    if (a_out != b_out) {
      return b_out;
    }
    const Text a_fixed = Fixed(a);
    const Text b_fixed = Fixed(b);
    if (a_fixed == b_fixed) {
      return false;
    }
    if (a_fixed == 0 || b_fixed == 0) {
      return b_fixed == 0;  // a known fix says more than none
    }
    const auto order =
        version::Compare(ecosystem_, catalogue_.texts.Get(a_fixed), catalogue_.texts.Get(b_fixed));
    return order.value_or(0) > 0;
  }

  version::Ecosystem ecosystem_;
  const Catalogue& catalogue_;
};

}  // namespace

void FoldStatements(std::string_view name_space, const Catalogue& catalogue,
                    std::vector<CompiledStatement>& statements) {
  const bool debian = name_space.starts_with("debian:");
  if (!debian && !name_space.starts_with("alpine:")) {
    return;
  }
  const Folder folder(debian ? version::Ecosystem::kDeb : version::Ecosystem::kApk, catalogue);
  std::vector<CompiledStatement> out;
  out.reserve(statements.size());
  for (size_t i = 0; i < statements.size();) {
    size_t end = i + 1;
    while (end < statements.size() &&
           statements[end].vulnerability == statements[i].vulnerability) {
      ++end;
    }
    const std::span<const CompiledStatement> same(&statements[i], end - i);
    out.push_back(same.size() == 1 ? same[0] : debian ? folder.Debian(same) : folder.Alpine(same));
    i = end;
  }
  statements = std::move(out);
}

}  // namespace scantling::advisory
