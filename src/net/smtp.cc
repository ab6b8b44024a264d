#include "net/smtp.h"

#include "base/strings.h"
#include "net/address_policy.h"
#include "net/curl_library.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <memory>

namespace scantling::net {
namespace {

constexpr size_t kMaxWords = 200;

struct Place {
  bool tls = false;
  std::string host;
  bool loopback = false;
};

base::Result<Place> ParsePlace(std::string_view url) {
  const auto wrong = [&] {
    return base::Error(base::ErrorCode::kUsage,
                       "\"" + base::ToUtf8(url.substr(0, 200)) +
                           "\" is not smtp://HOST:PORT (STARTTLS) or smtps://HOST:PORT");
  };
  Place out;
  out.tls = url.starts_with("smtps://");
  if (!out.tls && !url.starts_with("smtp://")) {
    return wrong();
  }
  std::string_view rest = url.substr(url.find("://") + 3);
  const size_t colon = rest.rfind(':');
  const size_t bracket = rest.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const auto port = base::ParseNumber<uint16_t>(rest.substr(colon + 1));
    if (!port || *port == 0) {
      return wrong();
    }
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) {
    rest = rest.substr(1, rest.size() - 2);
  }
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
  if (rest.empty() || rest.find_first_not_of(kAllowed) != std::string_view::npos) {
    return wrong();
  }
  out.host = rest;
  out.loopback = IsLoopbackHost(out.host);
  return out;
}

struct Sending {
  std::string_view left;
  std::string said;  // the server's last line that refuses; a 221 for our QUIT may follow
  size_t receivers = 0;
  std::deque<std::string> answers = {};  // the last ones before the text; one for each receiver
  bool asked_for_text = false;
};

size_t OnWant(char* into, size_t size, size_t count, void* self) {
  auto& sending = *static_cast<Sending*>(self);
  const size_t given = std::min(size * count, sending.left.size());
  std::memcpy(into, sending.left.data(), given);
  sending.left.remove_prefix(given);
  return given;
}

size_t OnLine(char* data, size_t size, size_t count, void* self) {
  const std::string_view line = base::Trim(std::string_view(data, size * count));
  auto& sending = *static_cast<Sending*>(self);
  if (line.starts_with('4') || line.starts_with('5')) {
    sending.said = line;
  }
  sending.asked_for_text = sending.asked_for_text || line.starts_with("354");
  const bool whole = line.size() < 4 || line[3] != '-';
  if (whole && !sending.asked_for_text) {
    sending.answers.emplace_back(line);
    if (sending.answers.size() > sending.receivers) {
      sending.answers.pop_front();
    }
  }
  return size * count;
}

// One line, cut, of what the server said.
std::string Said(std::string_view line) {
  std::string out;
  for (const char c : base::ToUtf8(line.substr(0, kMaxWords))) {
    out += c >= 0 && c < ' ' ? ' ' : c;
  }
  return out;
}

// What came of it. `code` is the server's last answer.
base::Error Describe(CURLcode result, long code, const Sending& sending, std::string words) {
  const std::string said = Said(sending.said);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {base::ErrorCode::kIo, "the host's name is not known (DNS)"};
    case CURLE_OPERATION_TIMEDOUT:
      return {base::ErrorCode::kIo, "no answer in time"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {base::ErrorCode::kMismatch, "TLS: " + words};
    case CURLE_USE_SSL_FAILED:
      return {base::ErrorCode::kUsage,
              "the server offers no STARTTLS, and without TLS nothing is sent"};
    case CURLE_LOGIN_DENIED:
      if (code / 100 != 4) {
        return {base::ErrorCode::kUsage, "user and password are refused: " + said};
      }
      break;
    default:
      break;
  }
  if (code >= 400 && code < 600) {
    return {code < 500 ? base::ErrorCode::kIo : base::ErrorCode::kUsage,
            "the server answered: " + said};
  }
  return {base::ErrorCode::kIo, std::move(words)};
}

}  // namespace

base::Result<void> CheckSmtpUrl(std::string_view url) {
  auto place = ParsePlace(url);
  return place ? base::Result<void>() : std::move(place).error();
}

bool IsMailAddress(std::string_view text) {
  constexpr std::string_view kAlphanumeric =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const auto only = [&](std::string_view part, std::string_view marks) {
    return std::all_of(part.begin(), part.end(), [&](char c) {
      return kAlphanumeric.find(c) != std::string_view::npos ||
             marks.find(c) != std::string_view::npos;
    });
  };
  const size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > 254) {
    return false;
  }
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const auto dotted = [](std::string_view part) {
    return !part.empty() && !part.starts_with('.') && !part.ends_with('.') &&
           part.find("..") == std::string_view::npos;
  };
  return dotted(local) && dotted(domain) && local.size() <= 64 && !local.starts_with('-') &&
         only(local, ".!#$%&'*+/=?^_`{|}~-") && only(domain, ".-") && !domain.starts_with('-');
}

base::Result<std::vector<std::string>> SendMail(const SmtpServer& server, const std::string& from,
                                                const std::vector<std::string>& to,
                                                const std::string& message) {
  SCANTLING_TRY(const Place place, ParsePlace(server.url));
  for (const std::string& address : to) {
    if (!IsMailAddress(address)) {
      return base::Error(base::ErrorCode::kUsage, "a receiver is no mail address");
    }
  }
  if (!IsMailAddress(from) || to.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "the sender is no mail address, or nobody is to get it");
  }
  if (!server.ca_file.empty() && ::access(server.ca_file.c_str(), R_OK) != 0) {
    return base::IoError("the file of certificates " + server.ca_file);
  }
  SCANTLING_TRY(const Curl* const library, TheCurl());
  const Curl& curl = *library;
  const std::unique_ptr<CURL, decltype(curl.easy_cleanup)> easy(curl.easy_init(),
                                                                curl.easy_cleanup);
  if (easy == nullptr) {
    return base::Unsupported("libcurl cannot be started");
  }
  curl_slist* list = nullptr;
  for (const std::string& address : to) {
    list = curl.slist_append(list, ("<" + address + ">").c_str());
  }
  const std::unique_ptr<curl_slist, decltype(curl.slist_free_all)> receivers(list,
                                                                             curl.slist_free_all);
  const std::string sender = "<" + from + ">";
  Sending sending{.left = message, .said = {}, .receivers = to.size()};
  std::array<char, CURL_ERROR_SIZE> words{};
  bool known = true;
  const auto set = [&](CURLoption option, auto value) {
    known = known && curl.easy_setopt(easy.get(), option, value) == CURLE_OK;
  };
  set(CURLOPT_ERRORBUFFER, words.data());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_URL, server.url.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.timeouts.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeouts.total.count()));
  set(CURLOPT_USE_SSL, static_cast<long>(place.loopback ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!server.ca_file.empty()) {
    set(CURLOPT_CAINFO, server.ca_file.c_str());
  }
  if (!server.user.empty()) {
    set(CURLOPT_USERNAME, server.user.c_str());
    set(CURLOPT_PASSWORD, server.password.c_str());
  }
  set(CURLOPT_MAIL_FROM, sender.c_str());
  set(CURLOPT_MAIL_RCPT, receivers.get());
  set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &OnWant);
  set(CURLOPT_READDATA, &sending);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  set(CURLOPT_HEADERFUNCTION, &OnLine);
  set(CURLOPT_HEADERDATA, &sending);
  if (!known) {
    return base::Unsupported("the installed libcurl is too old, or was built without SMTP");
  }
  const CURLcode result = curl.easy_perform(easy.get());
  if (result == CURLE_OK) {
    std::vector<std::string> refused;
    for (size_t i = 0; i < to.size() && sending.answers.size() == to.size(); ++i) {
      if (!sending.answers[i].starts_with('2')) {
        refused.push_back(to[i] + ": " + Said(sending.answers[i]));
      }
    }
    return refused;
  }
  long code = 0;
  curl.easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &code);
  const std::string detail(base::Trim(words.data()));
  return Describe(result, code, sending, detail.empty() ? curl.easy_strerror(result) : detail)
      .With(place.host);
}

}  // namespace scantling::net
