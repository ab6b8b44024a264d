#include "net/address_policy.h"

#include "net/url.h"

#include <gtest/gtest.h>

namespace scantling::net {
namespace {

TEST(AddressPolicy, KnowsKinds) {
  struct Case {
    std::string_view address;
    AddressKind want;
  };
  for (const Case& test : std::initializer_list<Case>{
           {"8.8.8.8", AddressKind::kPublic},
           {"2606:4700::1", AddressKind::kPublic},
           {"127.0.0.1", AddressKind::kLoopback},
           {"127.255.255.255", AddressKind::kLoopback},
           {"::1", AddressKind::kLoopback},
           {"::ffff:127.0.0.1", AddressKind::kLoopback},
           {"::127.0.0.1", AddressKind::kLoopback},
           {"64:ff9b::7f00:1", AddressKind::kLoopback},
           {"2002:7f00:1::", AddressKind::kLoopback},
           {"0.0.0.0", AddressKind::kUnspecified},
           {"::", AddressKind::kUnspecified},
           {"169.254.169.254", AddressKind::kMetadata},
           {"::ffff:169.254.169.254", AddressKind::kMetadata},
           {"fd00:ec2::254", AddressKind::kMetadata},
           {"100.100.100.200", AddressKind::kMetadata},
           {"169.254.1.1", AddressKind::kLinkLocal},
           {"fe80::1", AddressKind::kLinkLocal},
           {"10.0.0.1", AddressKind::kPrivate},
           {"172.16.0.1", AddressKind::kPrivate},
           {"172.32.0.1", AddressKind::kPublic},
           {"192.168.1.1", AddressKind::kPrivate},
           {"100.64.0.1", AddressKind::kPrivate},
           {"fd12::1", AddressKind::kPrivate},
           {"224.0.0.1", AddressKind::kReserved},
           {"255.255.255.255", AddressKind::kReserved},
           {"ff02::1", AddressKind::kReserved},
           {"2001:db8::1", AddressKind::kReserved},
       }) {
    const auto address = IpAddress::Parse(test.address);
    ASSERT_TRUE(address) << test.address;
    EXPECT_EQ(KindOf(*address), test.want) << test.address;
  }
}

TEST(AddressPolicy, AllowsRanges) {
  AddressPolicy policy = AddressPolicy::PublicOnly();
  EXPECT_FALSE(policy.Check(*IpAddress::Parse("10.1.2.3")));
  ASSERT_TRUE(policy.Allow("10.1.0.0/16"));
  ASSERT_TRUE(policy.Allow("fd00::5"));
  EXPECT_TRUE(policy.Check(*IpAddress::Parse("10.1.2.3")));
  EXPECT_FALSE(policy.Check(*IpAddress::Parse("10.2.2.3")));
  EXPECT_TRUE(policy.Check(*IpAddress::Parse("fd00::5")));
  EXPECT_FALSE(policy.Check(*IpAddress::Parse("fd00::6")));
  EXPECT_TRUE(AddressPolicy::Any().Check(*IpAddress::Parse("127.0.0.1")));
  for (const char* bad :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "fd00::/129", "host", "1.2.3.4/-1"}) {
    EXPECT_FALSE(policy.Allow(bad)) << bad;
  }
}

TEST(Url, ParsesAndPrints) {
  struct Case {
    std::string_view text;
    std::string_view want;  // "" = an error
  };
  for (const Case& test : std::initializer_list<Case>{
           {"http://Host", "http://host/"},
           {"HTTPS://host:443/a/b?c=d#e", "https://host/a/b?c=d"},
           {"https://host:5000?x", "https://host:5000/?x"},
           {"http://[::1]:80/v2/", "http://[::1]/v2/"},
           {"http://[::1]:5000/v2/", "http://[::1]:5000/v2/"},
           {"http://host:/", "http://host/"},
           {"http://user@host/", ""},
           {"http://user:pw@host/", ""},
           {"http://", ""},
           {"http:///path", ""},
           {"ftp://host/", ""},
           {"host/path", ""},
           {"http://host:99999/", ""},
           {"http://host:0/", ""},
           {"http://host:5o/", ""},
           {"http://[::1/", ""},
           {"http://[host]/", ""},
           {"http://[::1]x/", ""},
           {"http://ho st/", ""},
           {"http://host\\@other/", ""},
           {"http://host\n/", ""},
           {"http://h%6fst/", ""},
       }) {
    const auto url = ParseUrl(test.text);
    ASSERT_EQ(url.has_value(), !test.want.empty()) << test.text;
    if (url) {
      EXPECT_EQ(url->ToString(), test.want);
    }
  }
  const std::string good = "https://[fe80::1]:5000/a?b";
  for (size_t i = 0; i <= good.size(); ++i) {
    (void)ParseUrl(std::string_view(good).substr(0, i));
  }
}

TEST(Url, PercentEncodes) {
  EXPECT_EQ(PercentEncode("a b/c:\xc3\xa9"), "a%20b%2Fc%3A%C3%A9");
  EXPECT_EQ(PercentEncode("repository:a/b:pull", ":/"), "repository:a/b:pull");
}

}  // namespace
}  // namespace scantling::net
