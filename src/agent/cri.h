// The messages of the Container Runtime Interface, runtime.v1, that we send and read, and gRPC's
// frame around them.
// https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
//
// Not handled: compressed frames (none are asked for), several frames in one answer, pods.
#pragma once

#include "agent/copy.h"
#include "base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::agent {

std::string GrpcFrame(std::string_view message);
base::Result<std::string_view> GrpcMessage(std::string_view body);  // borrows

std::string RunningContainersRequest();  // of ListContainers
std::string ContainerStatusRequest(std::string_view id);

// ListContainersResponse: those that run. `image_id` holds the runtime's reference of the image;
// `started` is when the container was made. At most 200,000.
base::Result<std::vector<Copy>> ParseCriContainers(std::string_view message);
// ContainerStatusResponse: when it was started; 0 = not told.
base::Result<Millis> ParseCriStarted(std::string_view message);
// ListImagesResponse: the digests under which registries know an image, by its id.
base::Result<std::map<std::string, std::vector<std::string>>> ParseCriImages(
    std::string_view message);

}  // namespace scantling::agent
