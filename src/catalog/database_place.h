// Where package databases lie: under which root, and which of several rpm databases is the live
// one.
#pragma once

#include "catalog/assemble.h"
#include "image/merged_tree.h"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace scantling::catalog {

// The root that a package database's file belongs to: "" for "var/lib/dpkg/status", "opt/root" for
// "opt/root/lib/apk/db/installed". The paths inside such a database start at that root.
std::string_view RootOf(std::string_view database_path);

// The rpm databases that another one of the same root has replaced: rpm reads the folder that
// var/lib/rpm leads to, and in it sqlite before ndb before the old hash format; a conversion may
// leave the others behind with what was installed then.
std::unordered_set<const VisibleFile*> ReplacedRpmDatabases(const std::vector<VisibleFile>& files,
                                                            const image::MergedTree& tree);

}  // namespace scantling::catalog
