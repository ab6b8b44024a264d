#include "program/mail.h"

#include "base/base64.h"
#include "base/strings.h"
#include "base/time.h"

#include <algorithm>

namespace scantling::program {
namespace {

constexpr size_t kMaxSubject = 200;
constexpr size_t kWord = 45;   // bytes of one encoded word; its text stays under 75 characters
constexpr size_t kLine = 76;   // characters of a base64 line
constexpr size_t kLong = 900;  // a line may have 998

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

// Up to `most` bytes, without cutting a character of UTF-8.
std::string_view Head(std::string_view text, size_t most) {
  if (text.size() <= most) {
    return text;
  }
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) {
    --most;
  }
  return text.substr(0, most);
}

std::string Encoded(std::string_view subject) {
  std::string text = base::ToUtf8(subject);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, ' ');
  std::string_view rest = Head(text, kMaxSubject);
  if (IsPlain(rest)) {
    return std::string(rest);
  }
  std::string out;
  while (!rest.empty()) {
    const std::string_view part = Head(rest, kWord);
    out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base::EncodeBase64(part) + "?=";
    rest.remove_prefix(part.size());
  }
  return out;
}

}  // namespace

std::string MailText(const Mail& mail) {
  const std::string text = base::ToUtf8(mail.body);
  std::string lines;
  bool plain = true;
  for (const std::string_view line : base::Split(text, '\n')) {
    plain = plain && line.size() <= kLong && IsPlain(line);
    lines.append(line).append("\r\n");
  }
  std::string out = "Date: " + base::FormatHeaderTime(mail.at / 1000, "+0000") +
                    "\r\nFrom: Scantling <" + mail.from +
                    ">\r\nTo: " + base::Join(mail.to, ",\r\n ") +
                    "\r\nSubject: " + Encoded(mail.subject) + "\r\nMessage-ID: <" + mail.id + "@" +
                    mail.from.substr(std::min(mail.from.size(), mail.from.find('@') + 1)) +
                    ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ";
  if (plain) {
    return out + "7bit\r\n\r\n" + lines;
  }
  out += "base64\r\n\r\n";
  const std::string packed = base::EncodeBase64(lines);
  for (size_t at = 0; at < packed.size(); at += kLine) {
    out += packed.substr(at, kLine) + "\r\n";
  }
  return out;
}

}  // namespace scantling::program
