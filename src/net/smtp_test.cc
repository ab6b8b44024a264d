// Addresses and URLs of mail; what a server says is tested end to end (tests/e2e/test_mail.py).
#include "net/smtp.h"

#include <gtest/gtest.h>

namespace scantling::net {
namespace {

TEST(SmtpTest, AddressesThatAreTaken) {
  for (const std::string_view address :
       {"a@b", "shop@example.org", "first.last+tag@mail.example.org", "o'hara@example.org",
        "x_y=z@1.example", "a@xn--bcher-kva.example"}) {
    EXPECT_TRUE(IsMailAddress(address)) << address;
  }
}

TEST(SmtpTest, AddressesThatAreNot) {
  using std::string_literals::operator""s;
  for (const std::string& address : {""s,
                                     "@"s,
                                     "a@"s,
                                     "@b"s,
                                     "a"s,
                                     "a@b@c"s,
                                     "a b@c"s,
                                     " a@b"s,
                                     "a@b "s,
                                     "a@b\r\nBcc: c@d"s,
                                     "a@b\n"s,
                                     "a\0@b"s,
                                     "<a@b>"s,
                                     "a@b>"s,
                                     "\"a\"@b"s,
                                     "a,b@c"s,
                                     "a@b,c@d"s,
                                     "a;b@c"s,
                                     ".a@b"s,
                                     "a.@b"s,
                                     "a..b@c"s,
                                     "a@.b"s,
                                     "a@b."s,
                                     "a@b..c"s,
                                     "-a@b"s,
                                     "a@-b"s,
                                     "\xc3\xa4@b"s,
                                     "a@\xc3\xa4"s,
                                     "a@[127.0.0.1]"s,
                                     std::string(65, 'a') + "@b",
                                     "a@" + std::string(253, 'b')}) {
    EXPECT_FALSE(IsMailAddress(address)) << address;
  }
}

TEST(SmtpTest, UrlsOfServers) {
  for (const std::string_view url : {"smtp://mail.example.org", "smtps://mail.example.org:465",
                                     "smtp://127.0.0.1:25", "smtp://[::1]:25", "smtp://[::1]"}) {
    EXPECT_TRUE(CheckSmtpUrl(url)) << url;
  }
  for (const std::string_view url :
       {"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:0", "smtp://a:x",
        "smtp://a:70000", "smtp://user:word@a", "smtp://a/b", "smtp://a b", "smtp://a\r\nQUIT"}) {
    const auto checked = CheckSmtpUrl(url);
    ASSERT_FALSE(checked) << url;
    EXPECT_EQ(checked.error().code(), base::ErrorCode::kUsage);
  }
}

TEST(SmtpTest, NothingIsSentToWhatIsNoAddress) {
  SmtpServer nowhere;
  nowhere.url = "smtp://127.0.0.1:1";
  EXPECT_EQ(SendMail(nowhere, "a@b", {}, "").error().code(), base::ErrorCode::kUsage);
  EXPECT_EQ(SendMail(nowhere, "a@b", {"c@d\r\nDATA"}, "").error().code(), base::ErrorCode::kUsage);
  EXPECT_EQ(SendMail(nowhere, "a", {"c@d"}, "").error().code(), base::ErrorCode::kUsage);
  const auto refused = SendMail(nowhere, "a@b", {"c@d"}, "x\r\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kIo) << refused.error().Message();
}

}  // namespace
}  // namespace scantling::net
