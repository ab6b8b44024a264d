// The text of mails: what stands in their headers, and what cannot get there.
#include "program/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::program {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Mail Plain() {
  return {.from = "scantling@example.org",
          .to = {"a@example.org", "b@example.org"},
          .subject = "3 new for shop",
          .body = "one\ntwo",
          .id = "abc",
          .at = 1'796'024'408'000};
}

TEST(MailTest, APlainOne) {
  EXPECT_EQ(MailText(Plain()),
            "Date: Mon, 30 Nov 2026 07:40:08 +0000\r\n"
            "From: Scantling <scantling@example.org>\r\n"
            "To: a@example.org,\r\n b@example.org\r\n"
            "Subject: 3 new for shop\r\n"
            "Message-ID: <abc@example.org>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 7bit\r\n\r\n"
            "one\r\ntwo\r\n");
}

TEST(MailTest, ASubjectAddsNoHeader) {
  Mail mail = Plain();
  mail.subject = "x\r\nBcc: evil@example.org\r\n\r\nbody\x01";
  const std::string text = MailText(mail);
  EXPECT_THAT(text, HasSubstr("Subject: x  Bcc: evil@example.org    body \r\n"));
  EXPECT_THAT(text, Not(HasSubstr("\r\nBcc")));
}

TEST(MailTest, OtherLettersAreEncodedInWords) {
  Mail mail = Plain();
  mail.subject.clear();
  for (int i = 0; i < 150; ++i) {
    mail.subject += "\xc3\xa4";
  }
  mail.body = "\xc3\xa4";
  const std::string text = MailText(mail);
  // 200 bytes at most, in words of at most 75 characters, cut between letters.
  EXPECT_THAT(text, HasSubstr("Subject: =?utf-8?B?w6TDpMOk"));
  size_t words = 0;
  for (size_t at = text.find("=?utf-8?B?"); at != std::string::npos;
       at = text.find("=?utf-8?B?", at + 1)) {
    EXPECT_LE(text.find("?=", at + 10) + 2 - at, 75U);
    ++words;
  }
  EXPECT_EQ(words, 5U);
  EXPECT_THAT(text, HasSubstr("base64\r\n\r\nw6QNCg==\r\n"));
}

TEST(MailTest, ALongLineIsPacked) {
  Mail mail = Plain();
  mail.body = std::string(2000, 'x');
  const std::string text = MailText(mail);
  EXPECT_THAT(text, HasSubstr("base64\r\n\r\n"));
  size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    EXPECT_LE(line, 78U);
  }
}

}  // namespace
}  // namespace scantling::program
