#include "policy/vex/image_name.h"

namespace scantling::policy {

std::string LongRepository(std::string_view repository) {
  if (repository.empty()) {
    return {};
  }
  const size_t slash = repository.find('/');
  if (slash == std::string_view::npos) {
    return "docker.io/library/" + std::string(repository);
  }
  const std::string_view first = repository.substr(0, slash);
  if (first == "docker.io" || first == "index.docker.io") {
    const std::string_view rest = repository.substr(slash + 1);
    return std::string("docker.io/") +
           (rest.find('/') == std::string_view::npos ? "library/" : "") + std::string(rest);
  }
  // A registry has a dot or a port, or is this machine; "*" may stand for one.
  if (first == "localhost" || first.find_first_of(".:*") != std::string_view::npos) {
    return std::string(repository);
  }
  return "docker.io/" + std::string(repository);
}

ImageName ParseImageName(std::string_view reference) {
  ImageName out;
  if (const size_t at = reference.find('@'); at != std::string_view::npos) {
    out.digest = reference.substr(at + 1);
    reference = reference.substr(0, at);
  }
  const size_t slash = reference.rfind('/');
  const size_t colon = reference.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    out.tag = reference.substr(colon + 1);
    reference = reference.substr(0, colon);
  }
  out.repository = LongRepository(reference);
  if (!out.repository.empty() && out.tag.empty() && out.digest.empty()) {
    out.tag = "latest";
  }
  return out;
}

}  // namespace scantling::policy
