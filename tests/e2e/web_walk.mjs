// The page of one vulnerability, as somebody finds it who was told of it: from the list, by its name.
//   node web_walk.mjs BASE-URL SIGN-IN-LINK VULNERABILITY OWNER REPOSITORY
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const [base, link, vulnerability, owner, repository] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
try {
  await page.goto(link);
  await page.goto(`${base}/vulnerabilities`);
  await page.getByRole("link", { name: vulnerability, exact: true }).click();
  await page.getByRole("heading", { name: vulnerability }).waitFor();
  const main = page.locator("main");
  for (const text of [owner, repository, "1.3.0"]) await main.getByText(text).first().waitFor();
} catch (error) {
  console.error(page.url(), await page.locator("body").innerText());
  throw error;
} finally {
  await browser.close();
}
