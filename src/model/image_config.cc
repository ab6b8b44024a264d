// What the image's configuration means for who runs it.
#include "model/inventory.h"

#include <algorithm>
#include <string_view>

namespace scantling::model {

bool RunsAsRoot(const ImageConfig& config) {
  const std::string_view user = std::string_view(config.user).substr(0, config.user.find(':'));
  return user.empty() || user == "root" ||
         std::all_of(user.begin(), user.end(), [](char c) { return c == '0'; });
}

}  // namespace scantling::model
