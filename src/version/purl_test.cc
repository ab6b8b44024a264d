// Package URLs: canonical forms (the examples of the specification and the types we write),
// refusals, round trips.
#include "version/purl.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>
#include <string>

namespace scantling::version {
namespace {

struct Case {
  const char* input;
  const char* canonical;
};

TEST(Purl, CanonicalForms) {
  const Case cases[] = {
      {"pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
       "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"},
      {"pkg:deb/debian/libc6@2.36-9+deb12u9?arch=amd64",
       "pkg:deb/debian/libc6@2.36-9%2Bdeb12u9?arch=amd64"},
      {"pkg:deb/debian/dpkg@1:1.2~rc1", "pkg:deb/debian/dpkg@1:1.2~rc1"},
      {"pkg:Rpm/fedora/curl@7.50.3-1.fc25?Distro=fedora-25&Arch=i386",
       "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25"},
      {"pkg:rpm/Fedora/ImageMagick@7", "pkg:rpm/fedora/ImageMagick@7"},
      {"pkg:apk/Alpine/Curl@7.83.0-r0?arch=x86", "pkg:apk/alpine/curl@7.83.0-r0?arch=x86"},
      {"pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"},
      {"pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"},
      {"pkg:npm/@babel/core#/googleapis/api/annotations/",
       "pkg:npm/%40babel/core#googleapis/api/annotations"},
      {"pkg:npm/LoDash@4.17.21", "pkg:npm/lodash@4.17.21"},
      {"pkg:npm/mypackage@12.4.5?vcs_url=git://host.com/path/to/repo.git%404345abcd34343",
       "pkg:npm/mypackage@12.4.5?vcs_url=git://host.com/path/to/repo.git%404345abcd34343"},
      {"pkg:pypi/My.PyPI_.--._Package@1.11.1.dev1", "pkg:pypi/my-pypi-package@1.11.1.dev1"},
      {"pkg:pypi/Django@1.11.1", "pkg:pypi/django@1.11.1"},
      {"pkg:GOLANG/google.golang.org/genproto@abcdedf#/googleapis/api/annotations/",
       "pkg:golang/google.golang.org/genproto@abcdedf#googleapis/api/annotations"},
      {"pkg:golang/github.com/BurntSushi/toml@v1.2.0",
       "pkg:golang/github.com/burntsushi/toml@v1.2.0"},
      {"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?type=zip&classifier=dist",
       "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=dist&type=zip"},
      {"pkg:gem/ruby-advisory-db-check@0.12.4", "pkg:gem/ruby-advisory-db-check@0.12.4"},
      {"pkg:composer/Laravel/Laravel@5.5.0", "pkg:composer/laravel/laravel@5.5.0"},
      {"pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
       "pkg:nuget/EnterpriseLibrary.Common@6.0.1304"},
      {"pkg:cargo/rand@0.7.2", "pkg:cargo/rand@0.7.2"},
      {"pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io",
       "pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io"},
      {"pkg:generic/openssl@1.1.10g?checksum=sha1:ad9503c3e994a4f,sha256:41bf9088b3a1e6c1ef1d",
       "pkg:generic/openssl@1.1.10g?checksum=sha1:ad9503c3e994a4f%2Csha256:41bf9088b3a1e6c1ef1d"},
      {"pkg://maven/a/b", "pkg:maven/a/b"},
      {"PKG:maven/a/b@1", "pkg:maven/a/b@1"},
      {"pkg:maven//a///b@1", "pkg:maven/a/b@1"},
      {"pkg:generic/a@1?x=&y=2&", "pkg:generic/a@1?y=2"},
      {"pkg:generic/a@1#a/./../b", "pkg:generic/a@1#a/b"},
      {"pkg:generic/foo@1%2F2", "pkg:generic/foo@1%2F2"},
      {"pkg:generic/foo@", "pkg:generic/foo"},
  };
  for (const Case& c : cases) {
    const auto url = PackageUrl::Parse(c.input);
    ASSERT_TRUE(url.has_value()) << c.input << ": " << url.error().Message();
    EXPECT_EQ(url->ToString(), c.canonical) << c.input;
    const auto again = PackageUrl::Parse(c.canonical);
    ASSERT_TRUE(again.has_value()) << c.canonical;
    EXPECT_EQ(*again, *url) << c.input;
  }
}

TEST(Purl, Parts) {
  const auto url = PackageUrl::Parse("pkg:npm/%40angular/core@1.0?b=2&a=1%202#x/y");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->type, "npm");
  EXPECT_EQ(url->namespace_, "@angular");
  EXPECT_EQ(url->name, "core");
  EXPECT_EQ(url->version, "1.0");
  EXPECT_EQ(url->Qualifier("a"), "1 2");
  EXPECT_EQ(url->Qualifier("c"), "");
  EXPECT_EQ(url->subpath, "x/y");
  EXPECT_EQ(url->ecosystem(), Ecosystem::kNpm);
  EXPECT_EQ(PackageUrl::Parse("pkg:swift/a/b")->ecosystem(), std::nullopt);

  PackageUrl made{.type = "PyPI",
                  .namespace_ = "",
                  .name = "Foo_Bar",
                  .version = "1.0+x",
                  .qualifiers = {},
                  .subpath = ""};
  made.SetQualifier("b", "2");
  made.SetQualifier("a", "1");
  made.SetQualifier("b", "");
  EXPECT_EQ(made.ToString(), "pkg:pypi/foo-bar@1.0%2Bx?a=1");
}

TEST(Purl, Refuses) {
  for (const char* bad :
       {"", "pkg", "pkg:", "pkg:npm", "pkg:npm/", "pkg:maven/@1.3.4",
        "EnterpriseLibrary.Common@6.0.1304", "pkg:EnterpriseLibrary.Common@6.0.1304",
        "pkg:n&g?inx/nginx@0.8.9", "pkg:3nginx/nginx@0.8.9", "pkg:nginx:a/nginx@0.8.9",
        "pkg:npm/myartifact@1.0.0?in%20production=true", "pkg%3Amaven/org.apache.commons/io",
        "pkg:npm/a%2", "pkg:npm/a%zz@1", "pkg:npm/a@1?b", "pkg:npm/a@1?b=1&b=2",
        "pkg:golang/a%2Fb/c@1"}) {
    EXPECT_FALSE(PackageUrl::Parse(bad).has_value()) << bad;
  }
}

TEST(Purl, RoundTripsWhateverTheParts) {
  EXPECT_TRUE(rc::check("purl round trip", [] {
    PackageUrl url;
    url.type = *rc::gen::elementOf(
        std::vector<std::string>{"deb", "npm", "pypi", "golang", "generic", "maven"});
    const auto bytes = rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    url.name = *rc::gen::nonEmpty(bytes);
    url.version = *bytes;
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      url.SetQualifier("k" + std::to_string(i), *bytes);
    }
    const std::string text = url.ToString();
    const auto again = PackageUrl::Parse(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->ToString() == text);
    RC_ASSERT(again->version == url.version);
    RC_ASSERT(again->qualifiers == url.qualifiers);
  }));
}

TEST(Purl, SurvivesEveryPrefixAndFlip) {
  const std::string good = "pkg:npm/%40angular/core@1.0%2Bx?b=2&a=1%202#x/y";
  for (size_t i = 0; i < good.size(); ++i) {
    (void)PackageUrl::Parse(good.substr(0, i)).has_value();
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = good;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      const auto url = PackageUrl::Parse(flipped);
      if (url.has_value()) {
        const std::string text = url->ToString();
        ASSERT_TRUE(PackageUrl::Parse(text).has_value()) << flipped << " became " << text;
        EXPECT_EQ(PackageUrl::Parse(text)->ToString(), text);
      }
    }
  }
}

TEST(Purl, NamesAsKeys) {
  EXPECT_EQ(NormalizeName(Ecosystem::kPypi, "Foo__Bar.baz"), "foo-bar-baz");
  EXPECT_EQ(NormalizeName(Ecosystem::kNuget, "Newtonsoft.Json"), "newtonsoft.json");
  EXPECT_EQ(NormalizeName(Ecosystem::kCargo, "Serde_JSON"), "serde-json");
  EXPECT_EQ(NormalizeName(Ecosystem::kNpm, "JSONStream"), "JSONStream");
  EXPECT_EQ(NormalizeName(Ecosystem::kMaven, "org.Foo:Bar"), "org.Foo:Bar");
  EXPECT_EQ(NormalizeName(Ecosystem::kGo, "github.com/BurntSushi/toml"),
            "github.com/burntsushi/toml");
}

TEST(Purl, KeepsCapitalsWhereAsked) {
  const auto as_written =
      PackageUrl::Parse("pkg:Golang/github.com/Masterminds/goutils@1.1.0", Spelling::kAsWritten);
  ASSERT_TRUE(as_written.has_value());
  EXPECT_EQ(as_written->type, "golang");
  EXPECT_EQ(as_written->namespace_, "github.com/Masterminds");
  EXPECT_EQ(as_written->ToString(), "pkg:golang/github.com/masterminds/goutils@1.1.0");
}

}  // namespace
}  // namespace scantling::version
