// The wire format of Protocol Buffers, as far as the Container Runtime Interface needs it: fields
// one after another, varints and length-delimited values; the others are passed over.
// https://protobuf.dev/programming-guides/encoding/
//
// Not handled: groups (deprecated; an error), the meaning of fields: who reads knows the numbers.
#pragma once

#include "base/bytes.h"
#include "base/reader.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::agent {

struct ProtoField {
  uint32_t number = 0;
  bool is_bytes = false;
  uint64_t varint = 0;     // of a varint or a fixed field
  std::string_view bytes;  // of a length-delimited field; borrowed
};

// Reads one message; messages inside are read by a reader of their own. Borrows the bytes.
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view bytes) : reader_(base::AsBytes(bytes)) {}
  // nullopt = the end.
  base::Result<std::optional<ProtoField>> Next();

 private:
  base::Result<uint64_t> Varint();
  base::Reader reader_;
};

void AppendProto(std::string& out, uint32_t number, uint64_t value);
void AppendProto(std::string& out, uint32_t number, std::string_view bytes);

}  // namespace scantling::agent
