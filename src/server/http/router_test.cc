// Routes, and the text forms of a request.
#include "server/http/router.h"

#include "server/http/exchange.h"
#include "server/http/uri.h"

#include <gtest/gtest.h>

namespace scantling::server::http {
namespace {

std::string Match(const Router& router, Method method, std::string_view path) {
  const Router::Match match = router.Find(method, path);
  if (match.route == nullptr) {
    return match.allowed.empty() ? "none" : "method";
  }
  std::string out = match.route->pattern;
  for (const auto& [name, value] : match.parameters) {
    out += " " + name + "=" + value;
  }
  return out;
}

TEST(RouterTest, FindsTheNearestPattern) {
  Router router;
  const Handler handler = [](const Request&) { return Response(); };
  for (const std::string_view pattern :
       {"/", "/images", "/images/{digest}", "/images/{digest}/layers", "/images/new",
        "/files/{path...}", "/files/{name}/size", "/{top}/x"}) {
    router.Add(Method::kGet, pattern, handler);
  }
  router.Add(Method::kPost, "/images", handler);
  struct Case {
    std::string_view path;
    std::string_view want;
  };
  for (const auto& [path, want] : std::initializer_list<Case>{
           {"/", "/"},
           {"/images", "/images"},
           {"/images/", "none"},
           {"/images/new", "/images/new"},
           {"/images/sha256:1", "/images/{digest} digest=sha256:1"},
           {"/images/a%2Fb", "/images/{digest} digest=a/b"},
           {"/images/a%zz", "/images/{digest} digest=a%zz"},
           {"/images/new/layers", "/images/{digest}/layers digest=new"},
           {"/images/x", "/images/{digest} digest=x"},
           {"/other/x", "/{top}/x top=other"},
           {"/other/y", "none"},
           {"/files/a/b/c", "/files/{path...} path=a/b/c"},
           {"/files/a/size", "/files/{name}/size name=a"},
           {"/files/", "none"},
           {"//", "none"},
           {"", "none"},
           {"images", "none"},
       }) {
    EXPECT_EQ(Match(router, Method::kGet, path), want) << path;
  }
  EXPECT_EQ(Match(router, Method::kHead, "/images"), "/images");
  EXPECT_EQ(Match(router, Method::kDelete, "/images"), "method");
  EXPECT_EQ(router.Find(Method::kDelete, "/images").allowed,
            (std::vector<Method>{Method::kGet, Method::kPost, Method::kHead}));
  EXPECT_EQ(router.Routes().size(), 9u);
}

TEST(UriTest, Percent) {
  EXPECT_EQ(DecodePercent("a%20b%2f+"), "a b/+");
  for (const std::string_view bad : {"%", "%2", "%zz", "%00", "a%"}) {
    EXPECT_FALSE(DecodePercent(bad)) << bad;
  }
}

TEST(UriTest, Query) {
  const auto fields = ParseQuery("a=1&a=2&b&c=x+y%26&&=z");
  ASSERT_TRUE(fields);
  EXPECT_EQ(*fields, (Fields{{"a", "1"}, {"a", "2"}, {"b", ""}, {"c", "x y&"}, {"", "z"}}));
  EXPECT_FALSE(ParseQuery("a=%g0"));
  std::string many;
  for (int i = 0; i < 257; ++i) {
    many += "a&";
  }
  EXPECT_FALSE(ParseQuery(many));
  EXPECT_TRUE(ParseQuery(std::string_view(many).substr(0, 512)));
}

TEST(UriTest, Cookies) {
  EXPECT_EQ(FindCookie("a=1; scantling=abc; b=2", "scantling"), "abc");
  EXPECT_EQ(FindCookie("xscantling=1;scantling=\"q\"", "scantling"), "q");
  EXPECT_EQ(FindCookie("scantling", "scantling"), "");
  EXPECT_EQ(FindCookie("scantling=\"", "scantling"), "\"");
}

TEST(UriTest, Codings) {
  EXPECT_TRUE(AcceptsCoding("br, gzip;q=0.5", "gzip"));
  EXPECT_TRUE(AcceptsCoding("*", "gzip"));
  EXPECT_FALSE(AcceptsCoding("*, gzip;q=0.000", "gzip"));
  EXPECT_FALSE(AcceptsCoding("", "gzip"));
  EXPECT_FALSE(AcceptsCoding("x-gzip", "gzip"));
}

TEST(ExchangeTest, ALineBreakInAValueStartsNoField) {
  Request request;
  request.id = "1";
  const Finished out = Finish(request, Response::Redirect("/a\r\nSet-Cookie: x=1"), {});
  EXPECT_EQ(out.head.find("\r\nSet-Cookie"), std::string::npos);
  EXPECT_NE(out.head.find("Location: /a  Set-Cookie: x=1\r\n"), std::string::npos);
}

}  // namespace
}  // namespace scantling::server::http
