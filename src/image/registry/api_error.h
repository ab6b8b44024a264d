// What a registry's refusal says, in words.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace scantling::image::registry {

// `what`: the image or repository that was asked for. kNotFound for 404; kIo for what a later try
// may better; kUsage where credentials are missing or do not suffice.
base::Error ApiError(std::string_view what, int status, std::string_view body);

}  // namespace scantling::image::registry
