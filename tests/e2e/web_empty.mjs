// The page of a server that knows nothing yet: each page says what to do, and the commands are there to copy.
//   node web_empty.mjs BASE-URL SIGN-IN-LINK BANNER
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const [base, link, banner] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(45000);
  page.on("pageerror", (error) => faults.push(`script error ${error.message}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  await page.goto(link);
  await page.waitForSelector(".first-run");
  const commands = await page.$$eval(".first-run .command code", (all) => all.map((one) => one.textContent));
  for (const part of [`--submit ${base}`, `scantling running --server ${base}`, "kubectl get pods"]) {
    if (!commands.some((one) => one.includes(part))) faults.push(`no command with "${part}": ${commands.join(" | ")}`);
  }
  for (const [address, text] of [["/running", "Nobody has told what runs"], ["/vulnerabilities", "Nothing is here yet"], ["/coverage", "coverage of it is not known"], ["/changes", "Nothing has changed"], ["/components", "Nothing is here yet"], ["/findings", "No finding is open"], ["/settings/tokens", "There is no token"], ["/settings/views", "No view is saved"], ["/settings/registries", "No registry is watched"]]) {
    await page.goto(base + address);
    await page.waitForSelector(`.banner:has-text("${banner}")`).catch(() => faults.push(`${address} does not say "${banner}"`));
    await page.waitForSelector(`text=${text}`).catch(() => faults.push(`${address} does not say "${text}"`));
  }
  // A filter on an empty list is no first run.
  await page.goto(`${base}/images?filter=owner:x`);
  await page.waitForSelector("text=No images match");
} catch (error) {
  faults.push(String(error.message).split("\n").slice(0, 4).join(" | "));
} finally {
  await browser.close();
}
console.log(faults.join("\n"));
process.exit(faults.length > 0 ? 1 : 0);
