// See cri.h.
#include "agent/cri.h"

#include "agent/docker.h"
#include "agent/message.h"
#include "agent/protobuf.h"
#include "base/reader.h"

#include <functional>

namespace scantling::agent {
namespace {

constexpr uint64_t kStateRunning = 1;
constexpr size_t kMaxImages = 100'000;
constexpr size_t kMaxNames = 1024;  // of one image, and labels of one container
constexpr int64_t kNanosPerMilli = 1'000'000;

using Visit = std::function<base::Result<void>(const ProtoField&)>;

base::Result<void> ForEachField(std::string_view message, const Visit& visit) {
  ProtoReader reader(message);
  while (true) {
    SCANTLING_TRY(const auto field, reader.Next());
    if (!field) {
      return {};
    }
    SCANTLING_DO(visit(*field));
  }
}

// The last length-delimited field of that number, as the format's rules say.
base::Result<std::string_view> Member(std::string_view message, uint32_t number) {
  std::string_view out;
  SCANTLING_DO(ForEachField(message, [&](const ProtoField& field) -> base::Result<void> {
    if (field.number == number && field.is_bytes) {
      out = field.bytes;
    }
    return {};
  }));
  return out;
}

Millis FromNanos(uint64_t nanos) {
  const auto value = static_cast<int64_t>(nanos);
  return value <= 0 ? 0 : value / kNanosPerMilli;
}

base::Result<Copy> ParseContainerMessage(std::string_view message, uint64_t& state) {
  Copy copy;
  SCANTLING_DO(ForEachField(message, [&](const ProtoField& field) -> base::Result<void> {
    if (field.number == 6 && !field.is_bytes) {
      state = field.varint;
    } else if (field.number == 7 && !field.is_bytes) {
      copy.started = FromNanos(field.varint);
    }
    if (!field.is_bytes) {
      return {};
    }
    switch (field.number) {
      case 1:
        copy.uid = field.bytes;
        break;
      case 3: {
        SCANTLING_TRY(const std::string_view name, Member(field.bytes, 1));
        copy.container = name;
        break;
      }
      case 4: {
        SCANTLING_TRY(const std::string_view image, Member(field.bytes, 1));
        copy.reference = image;
        break;
      }
      case 5:
        copy.image_id = field.bytes;
        break;
      case 8: {
        SCANTLING_TRY(const std::string_view key, Member(field.bytes, 1));
        SCANTLING_TRY(const std::string_view value, Member(field.bytes, 2));
        if (copy.labels.size() < kMaxNames) {
          copy.labels.emplace_back(key, value);
        }
        break;
      }
      default:
        break;
    }
    return {};
  }));
  SortLabels(copy);
  for (const auto& [key, value] : copy.labels) {
    if (key == "io.kubernetes.pod.namespace") {
      copy.name_space = value;
    } else if (key == "io.kubernetes.pod.name") {
      copy.pod = value;
    }
  }
  NameWorkload(copy);
  return copy;
}

base::Result<void> ParseImage(std::string_view message,
                              std::map<std::string, std::vector<std::string>>& images) {
  std::string id;
  std::vector<std::string> digests;
  SCANTLING_DO(ForEachField(message, [&](const ProtoField& field) -> base::Result<void> {
    if (field.number == 1 && field.is_bytes) {
      id = field.bytes;
    } else if (field.number == 3 && field.is_bytes && digests.size() < kMaxNames) {
      digests.emplace_back(field.bytes);
    }
    return {};
  }));
  images[std::move(id)] = std::move(digests);
  return {};
}

}  // namespace

std::string GrpcFrame(std::string_view message) {
  std::string out(1, '\0');
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<char>((message.size() >> shift) & 0xFF));
  }
  return out.append(message);
}

base::Result<std::string_view> GrpcMessage(std::string_view body) {
  base::Reader reader(base::AsBytes(body));
  SCANTLING_TRY(const uint8_t compressed, reader.Little<uint8_t>());
  SCANTLING_TRY(const uint32_t size, reader.Big<uint32_t>());
  if (compressed != 0) {
    return base::Unsupported("gRPC: a compressed answer, which was not asked for");
  }
  SCANTLING_TRY(const base::Bytes message, reader.Take(size));
  if (!reader.AtEnd()) {
    return base::Invalid("gRPC: more than one message in the answer");
  }
  return base::AsText(message);
}

std::string RunningContainersRequest() {
  std::string state;
  AppendProto(state, 1, kStateRunning);
  std::string filter;
  AppendProto(filter, 2, state);
  std::string out;
  AppendProto(out, 1, filter);
  return out;
}

std::string ContainerStatusRequest(std::string_view id) {
  std::string out;
  AppendProto(out, 1, id);
  return out;
}

base::Result<std::vector<Copy>> ParseCriContainers(std::string_view message) {
  std::vector<Copy> out;
  SCANTLING_DO(ForEachField(message, [&](const ProtoField& field) -> base::Result<void> {
    if (field.number != 1 || !field.is_bytes) {
      return {};
    }
    uint64_t state = 0;
    SCANTLING_TRY(Copy copy, ParseContainerMessage(field.bytes, state));
    if (state == kStateRunning && !copy.uid.empty() && out.size() < kMaxMessageCopies) {
      out.push_back(std::move(copy));
    }
    return {};
  }));
  return out;
}

base::Result<Millis> ParseCriStarted(std::string_view message) {
  SCANTLING_TRY(const std::string_view status, Member(message, 1));
  Millis out = 0;
  SCANTLING_DO(ForEachField(status, [&](const ProtoField& field) -> base::Result<void> {
    if (field.number == 5 && !field.is_bytes) {
      out = FromNanos(field.varint);
    }
    return {};
  }));
  return out;
}

base::Result<std::map<std::string, std::vector<std::string>>> ParseCriImages(
    std::string_view message) {
  std::map<std::string, std::vector<std::string>> out;
  SCANTLING_DO(ForEachField(message, [&](const ProtoField& field) -> base::Result<void> {
    return field.number == 1 && field.is_bytes && out.size() < kMaxImages
               ? ParseImage(field.bytes, out)
               : base::Result<void>();
  }));
  return out;
}

}  // namespace scantling::agent
