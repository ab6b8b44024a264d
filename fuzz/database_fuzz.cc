// Database files of any bytes, checksums made right first: what is left are the bounds. The input
// is laid over a good file.
#include "advisory/compile.h"
#include "advisory/database.h"
#include "advisory/format.h"
#include "advisory/hash.h"
#include "advisory/starter/starter.h"
#include "advisory/writer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace scantling::advisory {
namespace {

std::string GoodFile() {
  FeedInput input;
  input.name = "fuzz";
  auto records = starter::ReadSet(
      "eol debian 12 2028-06-30\nvuln CVE-2030-0001,GHSA-aaaa-bbbb-cccc 2030-01-02 - Demo\nkev "
      "2030-01-03 2030-01-04\n"
      " npm demo <1.2;>=2.0<=2.5\n debian:12 demo open level=low note=unimportant\n");
  input.records = *std::move(records);
  std::vector<FeedInput> feeds;
  feeds.push_back(std::move(input));
  return *WriteDatabase(Compile(std::move(feeds)));
}

void Reseal(std::string& file) {
  const auto part = [&](size_t at, size_t size) {
    return base::AsBytes(std::string_view(file).substr(at, size));
  };
  format::SectionRow sums;
  std::memcpy(&sums, file.data() + format::kSectionsAt + format::kChecksums * sizeof(sums),
              sizeof(sums));
  for (size_t page = 1; page < sums.offset / format::kPageSize; ++page) {
    const uint64_t hash = HashOf(part(page * format::kPageSize, format::kPageSize));
    std::memcpy(file.data() + sums.offset + (page - 1) * 8, &hash, 8);
  }
  const uint64_t all = HashOf(part(sums.offset, sums.size));
  std::memcpy(file.data() + format::kChecksumsHashAt, &all, 8);
  const uint64_t head = HashOf(part(0, format::kHeaderHashAt));
  std::memcpy(file.data() + format::kHeaderHashAt, &head, 8);
}

// Input: pieces of (u8 page, u16 place, u8 size, bytes).
void Run(const uint8_t* data, size_t size) {
  static const std::string kGood = GoodFile();
  std::string file = kGood;
  while (size > 4) {
    const size_t page = 1 + data[0] % (file.size() / format::kPageSize - 1);
    const size_t at = page * format::kPageSize + (data[1] | (data[2] & 1U) << 8);
    const size_t count = std::min<size_t>({data[3], size - 4, file.size() - at});
    std::memcpy(file.data() + at, data + 4, count);
    data += 4 + count;
    size -= 4 + count;
  }
  Reseal(file);
  const auto db = Database::FromBytes(base::AsBytes(file), false);
  if (db.has_value()) {
    (void)db->Verify().has_value();
    (void)db->FindVulnerability("GHSA-aaaa-bbbb-cccc").has_value();
    (void)db->EndOfLife("debian", "12.7");
    (void)db->Lookup("npm", "demo", [](const Statement&) {}).has_value();
  }
}

}  // namespace
}  // namespace scantling::advisory

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scantling::advisory::Run(data, size);
  return 0;
}
