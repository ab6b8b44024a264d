// One rpm header, every tag that we use asked for in every way.
#include "codec/rpm_header.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using scantling::codec::RpmTag;
  const auto header = scantling::codec::RpmHeader::Parse(
      scantling::base::AsBytes({reinterpret_cast<const char*>(data), size}));
  if (!header) {
    return 0;
  }
  for (const RpmTag tag :
       {RpmTag::kName, RpmTag::kVersion, RpmTag::kRelease, RpmTag::kEpoch, RpmTag::kVendor,
        RpmTag::kGroup, RpmTag::kArch, RpmTag::kOldFileNames, RpmTag::kSourceRpm,
        RpmTag::kProvideName, RpmTag::kRequireName, RpmTag::kDirIndexes, RpmTag::kBaseNames,
        RpmTag::kDirNames, RpmTag::kModularityLabel}) {
    static_cast<void>(header->Text(tag));
    static_cast<void>(header->Texts(tag));
    static_cast<void>(header->Numbers(tag));
    static_cast<void>(header->Number(tag));
    static_cast<void>(header->Complete(tag));
  }
  return 0;
}
