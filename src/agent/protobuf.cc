// See protobuf.h.
#include "agent/protobuf.h"

namespace scantling::agent {
namespace {

enum Wire : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

}  // namespace

base::Result<uint64_t> ProtoReader::Varint() {
  uint64_t out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    SCANTLING_TRY(const uint8_t byte, reader_.Little<uint8_t>());
    if (shift == 63 && byte > 1) {
      break;
    }
    out |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) {
      return out;
    }
  }
  return base::Invalid("protobuf: a number of more than 64 bits");
}

base::Result<std::optional<ProtoField>> ProtoReader::Next() {
  if (reader_.AtEnd()) {
    return std::optional<ProtoField>();
  }
  SCANTLING_TRY(const uint64_t tag, Varint());
  const uint64_t number = tag >> 3;
  if (number == 0 || number > 0x1FFFFFFF) {
    return base::Invalid("protobuf: a field number that cannot be");
  }
  ProtoField out;
  out.number = static_cast<uint32_t>(number);
  switch (tag & 7) {
    case kVarint: {
      SCANTLING_TRY(out.varint, Varint());
      break;
    }
    case kFixed64: {
      SCANTLING_TRY(out.varint, reader_.Little<uint64_t>());
      break;
    }
    case kFixed32: {
      SCANTLING_TRY(out.varint, reader_.Little<uint32_t>());
      break;
    }
    case kBytes: {
      SCANTLING_TRY(const uint64_t size, Varint());
      SCANTLING_TRY(const base::Bytes bytes, reader_.Take(size));
      out.bytes = base::AsText(bytes);
      out.is_bytes = true;
      break;
    }
    default:
      return base::Invalid("protobuf: wire type " + std::to_string(tag & 7));
  }
  return std::optional<ProtoField>(out);
}

void AppendProto(std::string& out, uint32_t number, uint64_t value) {
  AppendVarint(out, static_cast<uint64_t>(number) << 3 | kVarint);
  AppendVarint(out, value);
}

void AppendProto(std::string& out, uint32_t number, std::string_view bytes) {
  AppendVarint(out, static_cast<uint64_t>(number) << 3 | kBytes);
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

}  // namespace scantling::agent
