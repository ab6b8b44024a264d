// Sign-in by a provider of identities, from the sign-in page and back to the page that was wanted; and what is said when it fails.
//   node web_sign_on.mjs BASE-URL ISSUER
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const axe = readFileSync(web.resolve("axe-core/axe.min.js"), "utf8");
const [base, issuer] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];
async function judge(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const one of found.violations) if (["serious", "critical"].includes(one.impact)) faults.push(`${what}: ${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
}
try {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ colorScheme, bypassCSP: true });
    page.setDefaultTimeout(45000);
    page.on("pageerror", (error) => faults.push(`script error ${error.message}`));
    await page.goto(`${base}/vulnerabilities?sort=id`);
    const button = page.getByRole("link", { name: "Sign in with Example ID" });
    await button.waitFor();
    await judge(page, `sign-in, ${colorScheme}`);
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href.startsWith(issuer));
    await page.fill("input[name=login]", "bob");
    await page.fill("input[name=password]", "any");
    await page.click("button[type=submit]");
    await page.waitForSelector("input[name=prompt][value=consent]", { state: "attached" });
    await page.click("button[type=submit]");
    await page.waitForURL((url) => url.href === `${base}/vulnerabilities?sort=id`);
    await page.waitForSelector("h1, .first-run, .empty");
    // The session is over: the next thing that is asked leads to the provider, which still knows the person, and back.
    await page.context().clearCookies({ domain: new URL(base).hostname, name: "scantling" });
    await Promise.all([page.waitForRequest((request) => request.url().startsWith(`${base}/sign-in/oidc?to=%2Fimages`)), page.goto(`${base}/images?q=again`)]);
    await page.waitForURL((url) => url.href === `${base}/images?q=again`);
    await page.waitForSelector("h1, .first-run, .empty");
    // It does not know them any more: it asks, and nothing goes round in a circle.
    await page.context().clearCookies();
    await page.goto(`${base}/images`);
    await page.waitForURL((url) => url.href.startsWith(issuer));
    await page.goto(`${base}/images`);
    await button.waitFor();
    // Who has signed out is not sent to it.
    await button.click();
    await page.waitForURL((url) => url.href.startsWith(issuer));
    await page.fill("input[name=login]", "bob");
    await page.fill("input[name=password]", "any");
    await page.click("button[type=submit]");
    await page.waitForSelector("input[name=prompt][value=consent]", { state: "attached" });
    await page.click("button[type=submit]");
    await page.waitForURL((url) => url.href.startsWith(base));
    await page.click("button.person");
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await button.waitFor();
    await page.goto(`${base}/images`);
    await button.waitFor();
    await page.context().clearCookies();
    await page.goto(`${base}/sign-in?problem=sso-unknown`);
    await page.getByRole("alert").getByText("no place here yet").waitFor();
    await judge(page, `refused, ${colorScheme}`);
    await page.close();
  }
} catch (error) {
  faults.push(String(error.message).split("\n").slice(0, 6).join(" | "));
} finally {
  await browser.close();
}
console.log(faults.join("\n"));
process.exit(faults.length > 0 ? 1 : 0);
