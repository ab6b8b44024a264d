// A feed's format: bytes of one file in, records out. No I/O. One instance serves all files of one
// feed, in any order, on one thread; Finish() is called once after the last file.
#pragma once

#include "advisory/records.h"
#include "base/result.h"

#include <string_view>

namespace scantling::advisory {

class FeedReader {
 public:
  virtual ~FeedReader() = default;
  // Is this file of the archive one of the feed's records? (Licences, schemas and notes are not.)
  virtual bool Wants(std::string_view path) const = 0;
  // An error costs this file only and becomes a diagnostic that names it.
  virtual base::Result<void> Read(std::string_view path, std::string_view bytes,
                                  FeedRecords& out) = 0;
  virtual void Finish(FeedRecords& /*out*/) {}
};

}  // namespace scantling::advisory
