#include "cli/remote.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

namespace scantling::cli {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// $NAME/below, where NAME is set to an absolute path.
void AddBelow(std::vector<std::string>& out, const char* name, std::string_view below) {
  const std::string folder = Variable(name);
  if (folder.starts_with('/')) {
    out.push_back(folder + "/" + std::string(below));
  }
}

std::vector<std::string> CredentialFiles() {
  if (std::string file = Variable("REGISTRY_AUTH_FILE"); !file.empty()) {
    return {std::move(file)};
  }
  std::vector<std::string> out;
  if (const std::string folder = Variable("DOCKER_CONFIG"); !folder.empty()) {
    out.push_back(folder + "/config.json");
  }
  AddBelow(out, "XDG_RUNTIME_DIR", "containers/auth.json");
  AddBelow(out, "XDG_CONFIG_HOME", "containers/auth.json");
  AddBelow(out, "HOME", ".config/containers/auth.json");
  AddBelow(out, "HOME", ".docker/config.json");
  return out;
}

// A chance that any thread may take.
std::function<double()> Chance() {
  struct State {
    std::mutex mutex;
    std::minstd_rand engine{std::random_device()()};
  };
  return [state = std::make_shared<State>()] {
    const std::lock_guard lock(state->mutex);
    return std::uniform_real_distribution<double>()(state->engine);
  };
}

}  // namespace

image::registry::Options RegistryOptions(const Settings& settings) {
  image::registry::Options out;
  out.insecure = settings.insecure_registry;
  out.ca_file = settings.registry_ca;
  AddBelow(out.certificate_folders, "HOME", ".config/containers/certs.d");
  out.certificate_folders.emplace_back("/etc/containers/certs.d");
  out.certificate_folders.emplace_back("/etc/docker/certs.d");
  out.credential_files = CredentialFiles();
  out.user_agent = "scantling/" SCANTLING_VERSION;
  out.retry.jitter = Chance();
  out.retry.now = [] {
    return static_cast<base::Seconds>(
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  };
  return out;
}

std::string DaemonSocket(std::string_view source) {
  const bool podman = source.starts_with("podman:");
  constexpr std::string_view kScheme = "unix://";
  const std::string host = Variable(podman ? "CONTAINER_HOST" : "DOCKER_HOST");
  if (host.starts_with(kScheme)) {
    return host.substr(kScheme.size());
  }
  std::vector<std::string> places;
  if (podman) {
    AddBelow(places, "XDG_RUNTIME_DIR", "podman/podman.sock");
    places.emplace_back("/run/podman/podman.sock");
  } else {
    AddBelow(places, "XDG_RUNTIME_DIR", "docker.sock");
    places.emplace_back("/run/docker.sock");
    places.emplace_back("/var/run/docker.sock");
  }
  for (const std::string& place : places) {
    if (::access(place.c_str(), F_OK) == 0) {
      return place;
    }
  }
  return {};
}

}  // namespace scantling::cli
