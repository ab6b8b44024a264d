// Every page of a demonstration says that it is one: node demo_check.mjs BASE-URL SIGN-IN-LINK.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const [base, link] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  const visit = async (address) => {
    await page.goto(base + address);
    await page.waitForSelector(".banner.demo");
    const text = await page.textContent(".banner.demo");
    if (!text.includes("a company that does not exist")) throw new Error(`${address} says ${text}`);
  };
  await visit("/sign-in");
  await page.goto(link);
  await page.waitForSelector("tbody tr a");
  const first = async (address, field) => (await page.evaluate(async (url) => (await fetch(url)).json(), address)).items[0][field];
  const image = await first("/api/v1/images?filter=running:>0&limit=1", "digest");
  const links = await page.$$eval("nav a", (found) => found.map((one) => new URL(one.href).pathname));
  if (links.length < 8) throw new Error(`pages: ${links}`);
  for (const address of [...links, `/images/${image}`, "/vulnerabilities/CVE-2024-45490", "/images?as_of=2020-01-01T00:00:00Z"]) {
    await visit(address);
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
} finally {
  await browser.close();
}
