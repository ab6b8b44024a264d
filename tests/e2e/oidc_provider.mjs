// A real OpenID provider (npm's oidc-provider) on loopback for tests: node oidc_provider.mjs NODE_MODULES. It prints its issuer,
// and is set up by POST /test/setup {"redirect_uri", "secret"}; POST /test/rotate gives it another key. POST /test/mode {"mode"}
// makes it answer the next token requests wrongly: what the real one gave is changed and signed again, with its own key or another.
import http from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.argv[2]}/x.js`));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { default: Provider } = await load("oidc-provider");
const jose = await load("jose");

const make = async (alg, kid) => {
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  return { alg, kid, key: pair.privateKey, jwk: { ...(await jose.exportJWK(pair.privateKey)), kid, alg, use: "sig" } };
};
let good = await make("RS256", "one");
const elliptic = await make("ES256", "two");
const stranger = await make("RS256", "one");

const people = {
  alice: { name: "Alice Andersen", preferred_username: "alice", email: "alice@example.org", groups: ["security-team", "team-shop"] },
  bob: { name: "Bob", preferred_username: "Bob", email: "bob@example.org", groups: ["team-billing"] },
  root: { name: "Root", preferred_username: "admin", groups: ["team-shop"] },
};

let provider = null;
let last = {};
let mode = "";
let seen = [];

const changes = {
  expired: (claims) => ({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  skew: (claims) => ({ ...claims, iat: claims.iat + 30, exp: claims.iat - 30 }),
  future: (claims) => ({ ...claims, iat: claims.iat + 3600, exp: claims.iat + 7200 }),
  audience: (claims) => ({ ...claims, aud: "another" }),
  audiences: (claims) => ({ ...claims, aud: ["another", "scantling"] }),
  issuer: (claims) => ({ ...claims, iss: "https://id.example.org" }),
  nonce: (claims) => ({ ...claims, nonce: "0".repeat(64) }),
  "no-nonce": ({ nonce, ...claims }) => claims,
  subject: (claims) => ({ ...claims, sub: "" }),
};

async function tamper(token) {
  const claims = jose.decodeJwt(token);
  const sign = (what, by) => new jose.SignJWT(what).setProtectedHeader({ alg: by.alg, kid: by.kid }).sign(by.key);
  if (changes[mode]) return sign(changes[mode](claims), good);
  if (mode === "stranger") return sign(claims, stranger);
  if (mode === "elliptic") return sign(claims, elliptic);
  if (mode === "none") return new jose.UnsecuredJWT(claims).encode();
  if (mode === "shared") {
    // The public key taken for a shared secret.
    const { n } = good.jwk;
    return new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "one" }).sign(new TextEncoder().encode(n));
  }
  if (mode === "cut") return token.slice(0, -8);
  if (mode === "garbage") return "not.a.token";
  return token;
}

function setup(told) {
  last = told;
  const { redirect_uri, secret } = told;
  provider = new Provider(issuer, {
    clients: [{ client_id: "scantling", redirect_uris: [redirect_uri], response_types: ["code"], grant_types: ["authorization_code"],
                ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: "none" }) }],
    jwks: { keys: [good.jwk, elliptic.jwk] },
    cookies: { keys: ["a test"] },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email"] },
    pkce: { required: () => true, methods: ["S256"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === "/token") seen.push(ctx.get("authorization") ? "basic" : "body");
    await next();
    if (ctx.path === "/token" && ctx.body?.id_token) {
      if (mode === "no-token") ctx.body = { access_token: ctx.body.access_token, token_type: "Bearer" };
      else ctx.body = { ...ctx.body, id_token: await tamper(ctx.body.id_token) };
    }
    if (ctx.path === "/me" && mode === "user") ctx.body = { ...JSON.parse(typeof ctx.body === "string" ? ctx.body : JSON.stringify(ctx.body)), sub: "somebody" };
    if (ctx.path === "/.well-known/openid-configuration" && mode === "discovery") ctx.body = { ...ctx.body, issuer: "https://id.example.org" };
  });
}

const server = http.createServer((request, response) => {
  if (!request.url.startsWith("/test/")) {
    if (mode === "away") return response.writeHead(503).end();
    if (mode === "slow") return undefined;
    return provider.callback()(request, response);
  }
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", async () => {
    const told = body ? JSON.parse(body) : {};
    if (request.url === "/test/setup") setup(told);
    if (request.url === "/test/rotate") {
      good = await make("RS256", "three");
      setup(last);
    }
    if (request.url === "/test/mode") mode = told.mode;
    response.end(JSON.stringify(seen));
  });
  return undefined;
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
console.log(issuer);
