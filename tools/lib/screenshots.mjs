// Pictures of the page for docs/: node screenshots.mjs BASE-URL SIGN-IN-LINK FOLDER. Called by tools/screenshots.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const [base, link, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1180, height: 640 }, colorScheme: "light", timezoneId: "UTC" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  await page.waitForSelector("tbody tr a");
  const first = async (address, field) => (await page.evaluate(async (url) => (await fetch(url)).json(), address)).items[0][field];
  const image = await first("/api/v1/images?filter=running:>0&sort=-layers,-running&limit=1", "digest");
  const vulnerability = await first("/api/v1/vulnerabilities?filter=fix:all&sort=-copies&limit=1", "id");
  const pictures = [
    ["images", "/images?sort=-risk", "light", "tbody tr a"],
    ["image", `/images/${image}`, "light", ".actions"],
    ["vulnerability", `/vulnerabilities/${vulnerability}`, "dark", ".block tbody tr"],
    ["coverage", "/coverage", "light", ".fraction"],
  ];
  for (const [name, address, colorScheme, ready] of pictures) {
    await page.emulateMedia({ colorScheme });
    await page.goto(base + address);
    await page.waitForSelector(ready);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: path.join(folder, `page-${name}.png`) });
  }
} finally {
  await browser.close();
}
