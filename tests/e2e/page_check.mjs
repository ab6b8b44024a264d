// Opens the pages of WriteHtml in a real browser, from the disk, and uses them.
//   node page_check.mjs FOLDER-OF-playwright-core FOLDER-WITH-PAGES
// The pages: ci-html.html, large-html.html (20,000 findings), hostile-html.html, empty-html.html. One line per fault, exit 1.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [modules, folder] = process.argv.slice(2);
const { chromium } = createRequire(path.join(modules, "x.js"))("playwright-core");
const faults = [];
const need = (condition, what) => { if (!condition) faults.push(what); };

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const [name, viewport, scheme] of [["ci", [1280, 900], "light"], ["ci", [360, 740], "dark"], ["hostile", [1280, 900], "dark"],
                                           ["hostile", [360, 740], "light"], ["empty", [360, 740], "light"], ["large", [1280, 900], "light"],
                                           ["large", [360, 740], "dark"]]) {
    const label = `${name} ${viewport[0]} ${scheme}`;
    const context = await browser.newContext({ viewport: { width: viewport[0], height: viewport[1] }, colorScheme: scheme });
    const page = await context.newPage();
    const address = pathToFileURL(path.join(folder, `${name}-html.html`)).href;
    page.on("request", (request) => need(request.url().split("#")[0] === address, `${label}: asks for ${request.url().slice(0, 100)}`));
    page.on("pageerror", (error) => faults.push(`${label}: script error ${error.message}`));
    page.on("console", (message) => need(message.type() !== "error", `${label}: console ${message.text().slice(0, 200)}`));
    page.on("dialog", (dialog) => { faults.push(`${label}: a dialog opened`); dialog.dismiss(); });
    const started = Date.now();
    await page.goto(address);
    await page.waitForSelector("#findings:not([hidden])", { state: "attached" });
    need(Date.now() - started < 10000, `${label}: ${Date.now() - started} ms until the table was there`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    need(sideways <= 0, `${label}: ${sideways} pixels wider than the screen`);
    const counts = async (want, what) => {  // the filter waits a moment for the next key
      await page.waitForFunction((text) => document.getElementById("count").textContent === text, want, { timeout: 60000 })
        .catch(async () => faults.push(`${label}: ${what}: ${await page.textContent("#count")}, not ${want}`));
    };
    if (name === "ci") {
      await counts("3 of 5 findings", "open ones");
      await page.keyboard.press("/");
      await page.keyboard.type("lodash");
      await page.waitForFunction(() => location.hash === "#q=lodash", null, { timeout: 60000 })
        .catch(() => faults.push(`${label}: the address does not hold the filter`));
      await counts("1 of 5 findings", "lodash");
      await page.check("#closed");
      await counts("2 of 5 findings", "with closed ones");
      await page.reload();
      await counts("2 of 5 findings", "after a reload");
      await page.fill("#q", "");
      await counts("5 of 5 findings", "without a filter");
      await page.uncheck("#closed");
      await page.selectOption("#change", "1");
      await counts("1 of 5 findings", "introduced");
      await page.selectOption("#change", "");
      if (viewport[0] > 720) {
        const ids = () => page.$$eval("#body td:nth-child(2) a", (links) => links.map((link) => link.textContent));
        await page.focus("th[data-sort=id] button");
        await page.keyboard.press("Enter");
        need((await page.getAttribute("th[data-sort=id]", "aria-sort")) === "ascending", `${label}: aria-sort`);
        const up = await ids();
        await page.keyboard.press("Enter");
        const down = await ids();
        need(up.join() === [...up].sort().join() && down.join() === [...up].reverse().join(), `${label}: sorted ${up} and ${down}`);
        await page.click("#body button >> text=lodash");
        need((await page.inputValue("#q")) === "lodash", `${label}: a click on a name does not filter by it`);
      }
    }
    if (name === "large") {
      await counts("20000 of 20000 findings", "all");
      need((await page.$$eval("#body tr", (rows) => rows.length)) <= 2000, `${label}: all rows are drawn at once`);
      const took = await page.evaluate(() => {
        const start = performance.now();
        document.querySelector("th[data-sort=component] button").click();
        return performance.now() - start;
      });
      need(took < 1000, `${label}: sorting 20,000 took ${Math.round(took)} ms`);
      console.log(`${label}: ready in ${Date.now() - started} ms, sorted in ${Math.round(took)} ms`);
    }
    if (name === "hostile") {
      await page.check("#closed");
      need((await page.$$eval("img, iframe, #body script", (nodes) => nodes.length)) === 0, `${label}: markup came to life`);
      need((await page.$$eval("a", (links) => links.filter((link) => !/^https?:/.test(link.href)).length)) === 0, `${label}: a link that is none`);
    }
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${label.replaceAll(" ", "-")}.png`), fullPage: name !== "large" });
    }
    await context.close();
  }
} finally {
  await browser.close();
}
console.log(faults.join("\n"));
process.exit(faults.length ? 1 : 0);
