// A short plain mail as RFC 5322 and MIME have it (RFC 2045, RFC 2047): text only, UTF-8, no
// attachment. What comes into a header is cleaned, so that no text can add a line to it.
#pragma once

#include "program/types.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct Mail {
  std::string from;  // addresses are checked by the caller (net/smtp.h)
  std::vector<std::string> to;
  std::string subject;
  std::string body;  // lines end in LF
  std::string id;    // of letters and digits; the same for the same message, so that a receiver who
                     // gets it twice may know it
  Millis at = 0;
};

// Lines end in CRLF.
std::string MailText(const Mail& mail);

}  // namespace scantling::program
