#include "program/registry_event.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"

#include <algorithm>

namespace scantling::program {
namespace {

constexpr size_t kMaxPushes = 1000;

bool Plain(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool IsRepository(std::string_view text) {
  return !text.empty() && text.size() <= 255 && Plain(text, "._-/") && text.front() != '/' &&
         text.back() != '/' && text.find("//") == std::string_view::npos &&
         text.find("..") == std::string_view::npos;
}

bool IsTag(std::string_view text) {
  return !text.empty() && text.size() <= 128 && Plain(text, "._-ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
         text.front() != '.' && text.front() != '-';
}

class Reader {
 public:
  RegistryEvent out;
  bool too_many = false;

  bool Add(std::string_view repository, std::string_view tag) {
    if (!IsRepository(repository) || !IsTag(tag)) {
      return true;
    }
    too_many = too_many || out.pushes.size() >= kMaxPushes;
    if (!too_many) {
      out.pushes.push_back({std::string(repository), std::string(tag)});
    }
    return !too_many;
  }
  bool Delete(std::string_view repository, std::string_view tag, std::string_view digest) {
    const bool tagged = IsTag(tag);
    const bool named = base::Digest::Parse(digest).has_value();
    if (!IsRepository(repository) || (!tagged && !named)) {
      return true;
    }
    too_many = too_many || out.deletions.size() >= kMaxPushes;
    if (!too_many) {
      out.deletions.push_back({std::string(repository), std::string(tagged ? tag : ""),
                               std::string(named ? digest : "")});
    }
    return !too_many;
  }

  void Distribution(codec::JsonValue root) {
    out.form = "distribution";
    root["events"].ForEach([&](codec::JsonValue event) {
      const codec::JsonValue target = event["target"];
      const std::string_view action = event["action"].Text();
      const std::string_view repository = target["repository"].Text();
      return action == "push" ? Add(repository, target["tag"].Text())
             : action == "delete"
                 ? Delete(repository, target["tag"].Text(), target["digest"].Text())
                 : true;
    });
  }

  void Harbor(codec::JsonValue type, codec::JsonValue data) {
    out.form = "harbor";
    const std::string_view what = type.Text();
    const bool deleted =
        what == "DELETE_ARTIFACT" || what == "deleteImage" || what == "harbor.artifact.deleted";
    if (!deleted && what != "PUSH_ARTIFACT" && what != "pushImage" &&
        what != "harbor.artifact.pushed") {
      return;
    }
    const std::string_view repository = data["repository"]["repo_full_name"].Text();
    data["resources"].ForEach([&](codec::JsonValue resource) {
      const std::string_view tag = resource["tag"].Text();
      return deleted ? Delete(repository, tag, resource["digest"].Text()) : Add(repository, tag);
    });
  }

  void DockerHub(codec::JsonValue root) {
    out.form = "docker_hub";
    std::string repository(root["repository"]["repo_name"].Text());
    if (repository.find('/') == std::string::npos) {
      repository.insert(0, "library/");
    }
    Add(repository, root["push_data"]["tag"].Text());
  }

  void GitHub(codec::JsonValue root, codec::JsonValue package) {
    out.form = "github";
    const std::string_view action = root["action"].Text();
    const std::string_view type = package["package_type"].Text();
    if ((action != "published" && action != "updated") ||
        (!base::EqualsIgnoreCase(type, "container") && !base::EqualsIgnoreCase(type, "docker"))) {
      return;
    }
    const codec::JsonValue version = package["package_version"];
    const std::string_view tag = version["container_metadata"]["tag"]["name"].Text();
    // "ghcr.io/octo-org/shop:1.4"; without it, owner and name.
    std::string repository(version["package_url"].Text());
    const size_t slash = repository.find('/');
    repository.erase(0, slash == std::string::npos ? repository.size() : slash + 1);
    repository.resize(std::min(repository.find_first_of(":@"), repository.size()));
    if (repository.empty()) {
      repository = package["namespace"].Text();
      repository.append("/").append(package["name"].Text());
    }
    Add(base::Lower(repository), tag);
  }

  void Quay(codec::JsonValue root) {
    out.form = "quay";
    const std::string_view repository = root["repository"].Text();
    const codec::JsonValue tags = root["updated_tags"];
    tags.ForEach([&](codec::JsonValue tag) { return Add(repository, tag.Text()); });
    // Older ones: an object of tags and image ids.
    tags.ForEachMember(
        [&](std::string_view tag, codec::JsonValue) { return Add(repository, tag); });
  }
};

}  // namespace

base::Result<RegistryEvent> ParseRegistryEvent(std::string_view body) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root,
                parser.Parse(body, kMaxRegistryEventBytes).With("the registry's message"));
  Reader reader;
  if (root["events"].IsArray()) {
    reader.Distribution(root);
  } else if (root["event_data"].IsObject()) {
    reader.Harbor(root["type"], root["event_data"]);
  } else if (root["type"].Text().starts_with("harbor.") && root["data"].IsObject()) {
    reader.Harbor(root["type"], root["data"]);
  } else if (root["push_data"].IsObject()) {
    reader.DockerHub(root);
  } else if (root["registry_package"].IsObject()) {
    reader.GitHub(root, root["registry_package"]);
  } else if (root["package"].IsObject()) {
    reader.GitHub(root, root["package"]);
  } else if (root["zen"].MaybeText() && !root["hook_id"].IsMissing()) {
    reader.out.form = "github";  // its first message, "ping"
  } else if (root["updated_tags"].IsArray() || root["updated_tags"].IsObject()) {
    reader.Quay(root);
  } else {
    return base::Invalid(
        "this is no message of a registry that is known: notifications of distribution, webhooks "
        "of Harbor, Docker Hub, GitHub packages and Quay are");
  }
  if (reader.too_many) {
    return base::LimitMet("the message tells of more than " + std::to_string(kMaxPushes) +
                          " pushes or deletions");
  }
  const auto each_once = [](auto& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  };
  each_once(reader.out.pushes);
  each_once(reader.out.deletions);
  return std::move(reader.out);
}

}  // namespace scantling::program
