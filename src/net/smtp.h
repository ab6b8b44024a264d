// Mail out by SMTP (RFC 5321), by libcurl: TLS from the first byte (smtps://) or STARTTLS
// (smtp://), which is required unless the server is on loopback; user and password by what the
// server offers (SASL). One connection a message. Errors never hold the password. Not handled:
// delivery to the receivers' own servers (MX), addresses outside of ASCII.
#pragma once

#include "base/result.h"
#include "net/http.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::net {

struct SmtpServer {
  std::string url;  // "smtp://mail.example.org:587", "smtps://mail.example.org"
  std::string user;
  std::string password;
  std::string ca_file;  // PEM, beside the system's
  Timeouts timeouts{.connect = Milliseconds(10'000), .total = Milliseconds(30'000)};
};

// smtp:// or smtps://, a host and maybe a port, nothing else. kUsage.
base::Result<void> CheckSmtpUrl(std::string_view url);

// "name@example.org" as RFC 5321 has it without quotes: no blank, no control character, no "<".
bool IsMailAddress(std::string_view text);

// `message` is RFC 5322 with lines that end in CRLF. Codes: kIo = may be better later (network, a
// 4xx answer), kUsage = will not be (a 5xx answer, wrong password, no TLS), kMismatch = the
// certificate; the text has what the server said. A receiver whom the server refuses does not keep
// it from the others: the answer names those, "a@example.org: 550 no such user"; all of them are an
// error.
base::Result<std::vector<std::string>> SendMail(const SmtpServer& server, const std::string& from,
                                                const std::vector<std::string>& to,
                                                const std::string& message);

}  // namespace scantling::net
