// ID tokens that are right, and each way in which one is not. Keys and tokens are made here.
#include "server/access/id_token.h"

#include "codec/json_writer.h"

#include <cjose/cjose.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

namespace scantling::server::access {
namespace {

constexpr int64_t kNow = 1'795'543'836'000;

struct KeyEnd {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
using Key = std::unique_ptr<cjose_jwk_t, KeyEnd>;

Key MakeRsa(size_t bits) {
  cjose_err error{};
  return Key(cjose_jwk_create_RSA_random(bits, nullptr, 0, &error));
}

std::string PublicJson(const Key& key, std::string_view id) {
  cjose_err error{};
  const std::unique_ptr<char, decltype(&std::free)> text(
      cjose_jwk_to_json(key.get(), false, &error), std::free);
  std::string out(text.get());
  out.pop_back();
  return out + R"(,"kid":")" + std::string(id) + "\"}";
}

std::string Sign(const Key& key, const char* algorithm, const char* id, const std::string& claims,
                 const char* extension = nullptr) {
  cjose_err error{};
  const std::unique_ptr<cjose_header_t, decltype(&cjose_header_release)> header(
      cjose_header_new(&error), cjose_header_release);
  cjose_header_set(header.get(), CJOSE_HDR_ALG, algorithm, &error);
  cjose_header_set(header.get(), CJOSE_HDR_KID, id, &error);
  if (extension != nullptr) {
    cjose_header_set_raw(header.get(), "crit", extension, &error);
  }
  const std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)> token(
      cjose_jws_sign(key.get(), header.get(), reinterpret_cast<const uint8_t*>(claims.data()),
                     claims.size(), &error),
      cjose_jws_release);
  const char* text = nullptr;
  EXPECT_TRUE(token != nullptr && cjose_jws_export(token.get(), &text, &error));
  return text == nullptr ? std::string() : std::string(text);
}

std::string Claims(std::string_view more = "") {
  return R"({"iss":"https://id.example.org","sub":"248289761001","aud":"scantling","nonce":"n",)" +
         (R"("iat":1795543800,"exp":1795544400)" + std::string(more)) + "}";
}

IdTokenWanted Wanted() {
  IdTokenWanted out;
  out.issuer = "https://id.example.org";
  out.client_id = "scantling";
  out.nonce = "n";
  out.now = kNow;
  return out;
}

class IdTokenTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { key_ = MakeRsa(2048); }
  static void TearDownTestSuite() { key_.reset(); }
  static std::string Keys() { return R"({"keys":[)" + PublicJson(key_, "one") + "]}"; }
  static base::Result<IdToken> Judge(const std::string& claims) {
    return VerifyIdToken(Sign(key_, "RS256", "one", claims), Keys(), Wanted());
  }
  static Key key_;
};
Key IdTokenTest::key_;

TEST_F(IdTokenTest, ARightOneGivesItsClaims) {
  for (const char* algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
    const auto token = VerifyIdToken(Sign(key_, algorithm, "one", Claims()), Keys(), Wanted());
    ASSERT_TRUE(token) << algorithm << ": " << token.error().Message();
    EXPECT_EQ(token->subject, "248289761001");
    EXPECT_EQ(token->claims, Claims());
  }
}

TEST_F(IdTokenTest, EachWrongClaimIsSaid) {
  struct Case {
    std::string_view from;
    std::string_view to;
    std::string_view words;  // "" = it is right
  };
  const Case cases[] = {
      {"https://id.example.org", "https://id.example.org/", "another issuer"},
      {R"("aud":"scantling")", R"("aud":"scantling2")", "another client"},
      {R"("aud":"scantling")", R"("aud":[])", "another client"},
      {R"("aud":"scantling")", R"("aud":["a","scantling"])", "another client"},
      {R"("aud":"scantling")", R"("aud":["a","scantling"],"azp":"a")", "another client"},
      {R"("aud":"scantling")", R"("aud":["a","scantling"],"azp":"scantling")", ""},
      {R"("aud":"scantling")", R"("aud":["scantling"])", ""},
      {R"("exp":1795544400)", R"("exp":1795543776)", "expired"},
      {R"("exp":1795544400)", R"("exp":1795543777)", ""},
      {R"("exp":1795544400)", R"("exp":"1795544400")", "expired"},
      {R"(,"exp":1795544400)", "", "expired"},
      {R"("iat":1795543800)", R"("iat":1795543896)", ""},
      {R"("iat":1795543800)", R"("iat":1795543897)", "future"},
      {R"("iat":1795543800)", R"("iat":1795543800.5)", ""},
      {R"("iat":1795543800,)", R"("nbf":1,)", "future"},
      {R"("iat":1795543800)", R"("iat":1,"nbf":1795543899)", "future"},
      {R"("nonce":"n")", R"("nonce":"m")", "nonce"},
      {R"("nonce":"n",)", "", "nonce"},
      {R"("sub":"248289761001")", R"("sub":"")", "subject"},
      {R"("sub":"248289761001")", R"("sub":7)", "subject"},
  };
  for (const Case& one : cases) {
    std::string claims = Claims();
    claims.replace(claims.find(one.from), one.from.size(), one.to);
    const auto token = Judge(claims);
    EXPECT_EQ(token.has_value(), one.words.empty()) << claims;
    if (!token) {
      EXPECT_EQ(token.error().code(), base::ErrorCode::kMismatch);
      EXPECT_NE(token.error().Message().find(one.words), std::string::npos)
          << token.error().Message();
    }
  }
  EXPECT_FALSE(Judge("[]"));
  EXPECT_FALSE(Judge(std::string(100, '[')));
}

TEST_F(IdTokenTest, OnlyKeysOfTheProviderThatFit) {
  const Key other = MakeRsa(2048);
  const Key small = MakeRsa(1024);
  cjose_err error{};
  const Key curve(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  const auto code = [](const base::Result<IdToken>& token) {
    return token ? std::optional<base::ErrorCode>() : token.error().code();
  };
  EXPECT_EQ(code(VerifyIdToken(Sign(other, "RS256", "one", Claims()), Keys(), Wanted())),
            base::ErrorCode::kMismatch);
  EXPECT_EQ(code(VerifyIdToken(Sign(key_, "RS256", "two", Claims()), Keys(), Wanted())),
            base::ErrorCode::kNotFound);
  // Without a key's name, a new key of the provider's looks like a wrong signature.
  EXPECT_EQ(code(VerifyIdToken(Sign(other, "RS256", "", Claims()), Keys(), Wanted())),
            base::ErrorCode::kNotFound);
  const std::string elliptic = R"({"keys":[)" + PublicJson(curve, "one") + "]}";
  EXPECT_TRUE(VerifyIdToken(Sign(curve, "ES256", "one", Claims()), elliptic, Wanted()));
  EXPECT_EQ(code(VerifyIdToken(Sign(key_, "RS256", "one", Claims()), elliptic, Wanted())),
            base::ErrorCode::kNotFound);
  const std::string weak = R"({"keys":[)" + PublicJson(small, "one") + "]}";
  EXPECT_EQ(code(VerifyIdToken(Sign(small, "RS256", "one", Claims()), weak, Wanted())),
            base::ErrorCode::kNotFound);
  EXPECT_EQ(
      code(VerifyIdToken(Sign(key_, "RS256", "one", Claims(), R"(["b64"])"), Keys(), Wanted())),
      base::ErrorCode::kMismatch);
  std::string encryption = Keys();
  encryption.replace(encryption.find("\"kid\""), 5, R"("use":"enc","kid")");
  EXPECT_EQ(code(VerifyIdToken(Sign(key_, "RS256", "one", Claims()), encryption, Wanted())),
            base::ErrorCode::kNotFound);
  for (const std::string_view keys :
       {"", "{}", R"({"keys":{}})", R"({"keys":[7,{"kty":"RSA"}]})"}) {
    EXPECT_FALSE(VerifyIdToken(Sign(key_, "RS256", "one", Claims()), keys, Wanted()));
  }
}

TEST_F(IdTokenTest, EveryCutAndEveryFlippedByteIsRefused) {
  const std::string token = Sign(key_, "RS256", "one", Claims());
  const std::string keys = Keys();
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(VerifyIdToken(token.substr(0, size), keys, Wanted())) << size;
  }
  // The last character holds bits that mean nothing.
  for (size_t i = 0; i + 1 < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(VerifyIdToken(changed, keys, Wanted())) << i;
  }
  EXPECT_FALSE(VerifyIdToken(std::string(65 * 1024, 'a'), keys, Wanted()));
  // {"alg":"none"}, without a signature.
  EXPECT_FALSE(
      VerifyIdToken("eyJhbGciOiJub25lIn0." +
                        token.substr(token.find('.') + 1, token.rfind('.') - token.find('.')),
                    keys, Wanted()));
}

}  // namespace
}  // namespace scantling::server::access
