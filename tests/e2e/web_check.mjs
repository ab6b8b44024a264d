// Opens the page of a running server in a real browser and uses it. One line per fault, exit 1.
//   node web_check.mjs BASE-URL SIGN-IN-LINK
// The server holds the demo's data. Modules are those of web/. SCREENSHOTS names a folder for pictures of every page.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const axe = readFileSync(web.resolve("axe-core/axe.min.js"), "utf8");
const [base, link] = process.argv.slice(2);
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const faults = [];
const need = (condition, what) => {
  if (!condition) faults.push(what);
};
// A part that cannot go on costs only itself.
async function part(name, action) {
  const started = Date.now();
  try {
    await action();
  } catch (error) {
    faults.push(`${name}: ${String(error.message).split("\n").slice(0, 4).join(" | ")}`);
  }
  console.log(`${name}: ${Date.now() - started} ms`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
let label = "";
let expected = /^$/; // console messages that a part provokes
function watch(page) {
  page.setDefaultTimeout(45000);
  page.on("pageerror", (error) => faults.push(`${label}: script error ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`${label}: a dialog opened`);
    void dialog.dismiss();
  });
  page.on("request", (request) => need(request.url().startsWith(base), `${label}: asks for ${request.url().slice(0, 100)}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) faults.push(`${label}: console: ${message.text().slice(0, 300)}`);
  });
}

async function settled(page) {
  await page.waitForFunction(() => document.querySelector(".skeleton, .ghost, [aria-busy=true]") === null);
}

async function look(page, name) {
  // At 1280 pixels a list of the usual columns needs no scrolling sideways.
  const hidden = await page.evaluate(() => (innerWidth >= 1280 && !document.querySelector(".preview") ? [...document.querySelectorAll(".scroller")].map((one) => one.scrollWidth - one.clientWidth) : []));
  need(hidden.every((one) => one <= 0), `${label}: the list is ${hidden} pixels wider than its place`);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  need(sideways <= 0, `${label}: ${sideways} pixels wider than the screen`);
  await page.evaluate(axe);
  const serious = await page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    return result.violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 140)} ${node.any[0]?.message ?? ""}`).join(" ;; ")}`);
  });
  for (const one of serious) faults.push(`${label}: axe ${one}`);
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

const json = async (page, address) => page.evaluate(async (url) => (await fetch(url)).json(), address);
const total = async (page) => Number((await page.textContent(".list-count")).replace(/\D/g, ""));

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", timezoneId: "Europe/Berlin", acceptDownloads: true });
  const page = await context.newPage();
  watch(page);

  await part("sign-in", async () => {
    label = "sign-in";
    expected = /401/;
    await page.goto(`${base}/vulnerabilities?filter=severity:critical`);
    await page.waitForSelector("input[type=password]");
    need(page.url().includes("/sign-in"), `sign-in: not sent to the sign-in but to ${page.url()}`);
    await look(page, "sign-in");
    await page.hover("button[type=submit]");
    await look(page, "sign-in-hover");
    await page.fill("input[name=name]", "nobody");
    await page.fill("input[name=password]", "wrong");
    await page.click("button[type=submit]");
    await page.waitForSelector("[role=alert]");
    if (link) await page.goto(link);
    await page.waitForSelector("main h1, .list-head h1");
    need(!page.url().includes("sign-in"), `sign-in: the link leads to ${page.url()}`);
    expected = /^$/;
  });

  const one = { image: "", vulnerability: "" };
  await part("facts", async () => {
    label = "facts";
    // One with layers and an earlier one of its name, where there is one.
    const walk = await json(page, "/api/v1/images?filter=name:*walk:2&filter=running:>0&limit=1&columns=digest");
    const any = walk.total > 0 ? walk : await json(page, "/api/v1/images?filter=state:ok&filter=running:>0&filter=layers:>1&limit=1&columns=digest");
    one.image = any.items[0].digest;
    one.vulnerability = (await json(page, "/api/v1/vulnerabilities?filter=copies:>0&limit=1&columns=id")).items[0].id;
  });

  const pages = [
    ["coverage", "/coverage", ".fraction"],
    ["changes", "/changes", ".block"],
    ["images", "/images", "tbody tr a"],
    ["running", "/running", "tbody tr a"],
    ["vulnerabilities", "/vulnerabilities", "tbody tr a"],
    ["findings", "/findings", "tbody tr a"],
    ["components", "/components", "tbody tr button.value"],
    ["image", `/images/${one.image}`, ".actions, .block p"],
    ["image-findings", `/images/${one.image}/findings`, ".scroller"],
    ["image-components", `/images/${one.image}/components`, "tbody tr"],
    ["image-layers", `/images/${one.image}/layers`, "tbody tr"],
    ["image-runs", `/images/${one.image}/runs`, "tbody tr"],
    ["image-changes", `/images/${one.image}/changes`, ".page, .state"],
    ["image-history", `/images/${one.image}/history`, ".life li"],
    ["vulnerability", `/vulnerabilities/${one.vulnerability}`, ".block tbody tr"],
    ["vulnerability-findings", `/vulnerabilities/${one.vulnerability}/findings`, "tbody tr a"],
    ["vulnerability-life", `/vulnerabilities/${one.vulnerability}/life`, ".life li"],
    ["vulnerability-decisions", `/vulnerabilities/${one.vulnerability}/decisions`, ".page, .state"],
    ["settings-owners", "/settings/owners", "fieldset"],
    ["settings-registries", "/settings/registries", ".block, .state"],
    ["settings-notifications", "/settings/notifications", ".state, .block"],
    ["settings-password", "/settings/password", ".block form"],
    ["settings-views", "/settings/views", ".state, .block"],
    ["settings-tokens", "/settings/tokens", ".block, .state"],
    ["settings-users", "/settings/users", ".block, .state"],
    ["settings-sessions", "/settings/sessions", ".block, .state"],
    ["settings-audit", "/settings/audit", ".block, .state"],
    ["settings-jobs", "/settings/jobs", ".block, .state"],
  ];
  const narrow = await context.newPage();
  watch(narrow);
  await narrow.setViewportSize({ width: 360, height: 740 });
  await narrow.emulateMedia({ colorScheme: "dark" });
  for (const [on, size] of [[page, "1280 light"], [narrow, "360 dark"]]) {
    for (const [name, address, content] of pages) {
      await part(`${name} ${size}`, async () => {
        label = `${name} ${size}`;
        await on.goto(base + address);
        await on.waitForSelector(content);
        await settled(on);
        const alert = await on.$("[role=alert]");
        need(alert === null, `${label}: ${await alert?.textContent()}`);
        await look(on, label.replaceAll(" ", "-"));
      });
    }
  }
  await narrow.close();

  await part("weight", async () => {
    label = "weight";
    const bytes = await page.evaluate(async () => {
      const scripts = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith(".js"));
      let sum = 0;
      for (const script of scripts) {
        const text = await (await fetch(script.name)).blob();
        sum += (await new Response(text.stream().pipeThrough(new CompressionStream("gzip"))).blob()).size;
      }
      return sum;
    });
    need(bytes > 10_000 && bytes <= 250_000, `weight: ${bytes} bytes of JavaScript, gzip`);
    console.log(`weight: ${bytes} bytes of JavaScript, gzip`);
  });

  await part("list", async () => {
    label = "list";
    await page.goto(`${base}/images`);
    await page.waitForSelector("tbody tr a");
    await settled(page);
    const all = await total(page);
    need(all >= 100, `list: ${all} images`);
    const height = await page.evaluate(() => document.querySelector(".scroller").clientHeight - 28);
    need(Math.floor(height / 26) >= 24, `list: ${height} pixels hold fewer than 24 rows`);
    need((await page.$$eval("tbody tr", (rows) => rows.length)) < 90, "list: all rows are drawn at once");
    // To the end, page after page.
    for (let at = 0; at < 60 && (await page.$eval("tbody", (body) => Math.max(...[...body.querySelectorAll("tr[aria-rowindex]")].map((row) => Number(row.getAttribute("aria-rowindex")))))) < all + 1; ++at) {
      await page.$eval(".scroller", (scroller) => scroller.scrollTo(0, scroller.scrollHeight));
      await page.waitForTimeout(150);
    }
    const last = await page.$$eval("tr[aria-rowindex]", (rows) => Math.max(...rows.map((row) => Number(row.getAttribute("aria-rowindex")))));
    need(last === all + 1, `list: the last row is ${last - 1} of ${all}`);
    // Who comes back, or loads the page anew, is at the row that was left.
    const far = "tr[aria-rowindex='118']";
    await page.$eval(".scroller", (scroller) => scroller.scrollTo(0, 26 * 105));
    await page.waitForSelector(far);
    const left = await page.textContent(`${far} td:nth-child(2)`);
    await page.click(`${far} a`);
    await page.waitForSelector(".tabs");
    const there = async (what) => {
      await page.waitForSelector("tr.selected");
      await settled(page);
      const seen = await page.evaluate(() => {
        const row = document.querySelector("tr.selected").getBoundingClientRect();
        const scroller = document.querySelector(".scroller").getBoundingClientRect();
        return row.top >= scroller.top + 28 && row.bottom <= scroller.bottom;
      });
      need(seen && (await page.textContent("tr.selected td:nth-child(2)")) === left, `list: ${what} is not at the row that was left`);
    };
    await page.goBack();
    await there("Back");
    await page.reload();
    await there("a reload");
    for (let n = 0; n < 4; ++n) await page.keyboard.press("k");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.search.includes("row="));
    // A click on a value filters by it; the address holds it; Back takes it away.
    await page.$eval(".scroller", (scroller) => scroller.scrollTo(0, 0));
    const runs = await page.$$eval("tbody tr[aria-rowindex] td:nth-child(4)", (cells) => cells.map((cell) => cell.textContent));
    need(runs[0] !== "0" && (await page.textContent(".list-order")).includes("runs first"), `list: what does not run comes first: ${runs.slice(0, 5)}`);
    const cell = "tr[aria-rowindex='2'] td:nth-child(3) button.value";
    await page.waitForSelector(cell);
    const owner = (await page.textContent(cell)).trim();
    await page.click(cell);
    await page.waitForFunction(() => location.search.includes("filter=owner:"));
    await settled(page);
    const some = await total(page);
    need(some > 0 && some < all, `list: ${some} of ${all} with the owner ${owner}`);
    need((await page.$$eval("tbody tr[aria-rowindex] td:nth-child(3)", (cells) => new Set(cells.map((cell) => cell.textContent)).size)) === 1, "list: other owners are shown");
    // Sort, and the same rows after a reload.
    await page.click("th button[title='Sort by critical findings']");
    await page.waitForFunction(() => location.search.includes("sort=-critical"));
    await settled(page);
    need((await page.getAttribute("th[aria-sort]", "aria-sort")) === "descending", "list: aria-sort");
    const rows = () => page.$$eval("tbody tr[aria-rowindex] td:nth-child(2)", (cells) => cells.slice(0, 10).map((cell) => cell.textContent).join());
    const before = await rows();
    await page.reload();
    await page.waitForSelector("tbody tr a");
    await settled(page);
    need((await rows()) === before, "list: other rows after a reload");
    const server = await json(page, `/api/v1/images${await page.evaluate(() => location.search)}&limit=10&columns=name`);
    need(server.items.every((row) => before.includes(row.name.slice(row.name.lastIndexOf("/") + 1))), `list: not the server's rows: ${before}`);
    await page.goBack();
    await page.waitForFunction(() => !location.search.includes("sort="));
    await page.goBack();
    await page.waitForFunction(() => !location.search.includes("filter="));
    await settled(page);
    need((await total(page)) === all, "list: Back does not take the filter away");
    const shown = await page.$eval("a[download]", (a) => a.href).catch(() => "");
    need(shown === "", "list: downloads are shown before Share");
    await page.click("text=Share");
    const csv = await page.getAttribute("a[download]", "href");
    const text = await page.evaluate(async (url) => (await fetch(url)).text(), csv);
    need(text.trim().split("\n").length === all + 1, `list: ${text.trim().split("\n").length} lines of CSV for ${all} rows`);
    await page.keyboard.press("Escape");
  });

  await part("unknown", async () => {
    label = "unknown";
    await page.goto(`${base}/images?filter=gap:never_scanned|scan_failed`);
    await page.waitForSelector("tbody tr a");
    await settled(page);
    const cells = await page.$$eval("tbody tr[aria-rowindex] td:nth-child(5)", (all) => all.map((cell) => cell.querySelector(".unknown") !== null));
    need(cells.length > 0 && cells.every(Boolean), "unknown: an image that was never scanned shows a number of findings");
  });

  await part("filter menu", async () => {
    label = "filter menu";
    await page.goto(`${base}/running`);
    await page.waitForSelector("tbody tr a");
    const all = await total(page);
    await page.click("button:has-text('Filter')");
    await page.selectOption(".filters select", "cluster");
    await page.waitForSelector(".filters .facet li input");
    await page.waitForFunction(() => document.querySelector(".filters .facet")?.getAttribute("aria-busy") === "false");
    await page.click(".filters .facet li:first-child input");
    await page.waitForFunction(() => location.search.includes("filter=cluster:"));
    await page.keyboard.press("Escape");
    await settled(page);
    const some = await total(page);
    need(some > 0 && some < all, `filter menu: ${some} of ${all}`);
    await page.click(".chip button[aria-label^='Leave out']");
    await page.waitForFunction(() => location.search.includes(":!") || location.search.includes("%21"));
    await settled(page);
    need((await total(page)) === all - some, `filter menu: all but ${some} of ${all} are ${await total(page)}`);
  });

  await part("keys", async () => {
    label = "keys";
    await page.goto(`${base}/images`);
    await page.waitForSelector("tbody tr a");
    await settled(page);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.waitForFunction(() => document.querySelector("tr.selected")?.getAttribute("aria-rowindex") === "3");
    await page.keyboard.press("k");
    await page.waitForFunction(() => document.querySelector("tr.selected")?.getAttribute("aria-rowindex") === "2");
    await page.keyboard.press(" ");
    await page.waitForSelector("aside.preview .facts");
    await settled(page);
    label = "keys preview";
    await look(page, "preview");
    label = "keys";
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("aside.preview") === null);
    await page.keyboard.press("/");
    await page.keyboard.type("zzzznothing");
    await page.waitForFunction(() => location.search.includes("q=zzzznothing"));
    await page.waitForSelector(".state >> text=Clear the filters");
    await page.click("text=Clear the filters");
    await page.waitForSelector("tbody tr a");
    await page.keyboard.press("j");
    await page.waitForSelector("tr.selected");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /^\/images\/sha256:/.test(location.pathname));
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await page.waitForFunction(() => location.pathname === "/vulnerabilities");
    await page.keyboard.press("?");
    await page.waitForSelector("[role=dialog] .keys");
    label = "keys help";
    await look(page, "help");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("[role=dialog]") === null);
    label = "keys search";
    await page.keyboard.press("Control+k");
    await page.keyboard.type(one.vulnerability);
    await page.waitForSelector("[role=option]");
    await page.keyboard.press("Enter");
    await page.waitForFunction((id) => location.pathname === `/vulnerabilities/${id}`, one.vulnerability);
  });

  await part("scope and moment", async () => {
    label = "scope";
    await page.goto(`${base}/running`);
    await page.waitForSelector("tbody tr a");
    const all = await total(page);
    await page.click("button:has-text('all clusters')");
    await page.click("[role=menuitem] >> nth=1");
    await page.waitForFunction(() => location.search.includes("in_cluster="));
    await settled(page);
    const some = await total(page);
    need(some > 0 && some < all, `scope: ${some} of ${all}`);
    await page.click("nav#pages a:has-text('Images')");
    await page.waitForFunction(() => location.pathname === "/images" && location.search.includes("in_cluster="));
    await page.click("header button[title='Any past moment']");
    await page.click("text=a week ago");
    await page.waitForSelector(".banner.past");
    await settled(page);
    need(new URL(page.url()).searchParams.get("as_of")?.endsWith("Z"), `moment: ${page.url()}`);
  });

  await part("numbers and their rows", async () => {
    label = "rows";
    const detail = await json(page, `/api/v1/vulnerabilities/${one.vulnerability}`);
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}`);
    await page.waitForFunction((id) => document.title.startsWith(id), one.vulnerability);
    await page.click(".detail-facts a >> text=/running cop/");
    await page.waitForSelector(`.chip >> text=${one.vulnerability}`);
    await settled(page);
    need((await total(page)) === detail.copies, `rows: ${await total(page)} running copies are listed, ${detail.copies} were said`);
    await page.goBack();
    await page.click(".detail-facts a >> text=/\\d image/");
    await page.waitForFunction(() => location.pathname === "/images");
    await settled(page);
    need((await total(page)) === detail.images, `rows: ${await total(page)} images are listed, ${detail.images} were said`);
    await page.click(".chip button");
    await page.waitForFunction(() => !location.search.includes("vulnerability="));
    await settled(page);
    need((await total(page)) > detail.images, "rows: the vulnerability still narrows");
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}`);
    const way = detail.ends_by[0];
    await page.click(`.block a >> text=${way.target}`);
    await page.waitForFunction(() => location.pathname === "/images");
    await settled(page);
    need((await total(page)) === way.images, `rows: ${await total(page)} images of ${way.target}, ${way.images} were said`);
    const place = detail.where.cluster[0];
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}`);
    await page.click(`.block th a >> text=${place.value}`);
    await page.waitForFunction(() => location.pathname === "/running");
    await settled(page);
    need((await total(page)) === place.copies, `rows: ${await total(page)} copies in ${place.value}, ${place.copies} were said`);
    // What is chosen on a page of details is in its address, too.
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}/life`);
    await page.selectOption("main select", "running");
    await page.reload();
    await page.waitForSelector(".life li");
    need((await page.inputValue("main select")) === "running", "rows: a reload forgets what of the life is shown");
    await page.goto(`${base}/images/${one.image}/components?q=package-0`);
    await page.waitForSelector("tbody tr");
    need((await page.$$eval("tbody tr", (rows) => rows.length)) === 1, "rows: a search of components is not in the address");
  });

  await part("decide", async () => {
    label = "decide";
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}`);
    await page.click("button:has-text('Acknowledge')");
    await page.waitForSelector("[role=dialog] textarea");
    await page.waitForFunction(() => document.activeElement?.matches("[role=dialog] select[name=component]"));
    await look(page, "decide");
    await page.fill("textarea[name=words]", "the test looks at it");
    await page.click("[role=dialog] button[type=submit]");
    await page.waitForFunction(() => document.querySelector("[role=dialog]") === null);
    await page.goto(`${base}/vulnerabilities/${one.vulnerability}/decisions`);
    await page.waitForSelector("td >> text=the test looks at it");
    // The server's refusal stands in the form.
    expected = /400/;
    await page.click("button:has-text('Accept until')");
    await page.fill("input[name=until]", "2020-01-01");
    await page.fill("input[name=owner]", "somebody");
    await page.fill("textarea[name=words]", "no");
    await page.click("[role=dialog] button[type=submit]");
    await page.waitForSelector("[role=dialog] .wrong");
    await page.keyboard.press("Escape");
    expected = /^$/;
  });

  await part("nobody has it", async () => {
    label = "unseen";
    await page.goto(`${base}/vulnerabilities/CVE-2026-2090`);
    await page.waitForSelector("text=No image that you see has it or had it");
    need(!(await page.textContent("main")).includes("running copies"), "unseen: counts are shown");
    await look(page, "unseen");
  });

  await part("notifications", async () => {
    label = "notifications";
    await page.goto(`${base}/settings/notifications`);
    await page.getByRole("button", { name: "Add a channel" }).click();
    await page.fill("[role=dialog] input[name=name]", "on call");
    await page.fill("[role=dialog] input[name=url]", "https://127.0.0.1:1/hook");
    await page.fill("[role=dialog] input[name=secret]", "a secret of ours");
    await look(page, "notifications-add");
    await page.keyboard.press("Enter");
    await page.waitForSelector("td:has-text('on call')");
    need((await page.textContent("tbody")).includes("signed"), "notifications: not signed");
    // By keys: a test, which a private address refuses for good.
    await page.getByRole("button", { name: "Test on call" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("tbody .stale:has-text('loopback')");
    await page.waitForSelector("tbody:has-text('failed')");
    await look(page, "notifications-failed");
    await page.getByRole("button", { name: "Change on call" }).click();
    await page.selectOption("[role=dialog] select", "email");
    await page.fill("[role=dialog] input[name=to]", "not an address");
    await page.waitForSelector("text=--smtp-server");
    expected = /400/;
    await page.click("[role=dialog] button[type=submit]");
    await page.waitForSelector("[role=dialog] .wrong:has-text('no mail address')");
    expected = /^$/;
    await page.fill("[role=dialog] input[name=to]", "shop@example.org, till@example.org");
    await page.click("[role=dialog] button[type=submit]");
    await page.waitForSelector("td:has-text('shop@example.org, till@example.org')");
    // What cannot be taken back asks once more, and forgets the question when one goes elsewhere.
    await page.getByRole("button", { name: "Delete on call" }).click();
    await page.getByRole("button", { name: "Change on call" }).focus();
    await page.getByRole("button", { name: "Delete on call", exact: true }).click();
    await page.getByRole("button", { name: "Really delete? on call" }).click();
    await page.waitForSelector("text=Nobody is told yet");
  });

  await part("password", async () => {
    label = "password";
    await page.goto(`${base}/settings/password`);
    await page.fill("input[name=password]", "a first password");
    await page.fill("input[name=again]", "another password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]:has-text('differ')");
    await page.fill("input[name=again]", "a first password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=status]:has-text('changed')");
    await page.waitForSelector("input[name=present]");
    expected = /403/;
    await page.fill("input[name=present]", "a wrong password");
    await page.fill("input[name=password]", "a second password");
    await page.fill("input[name=again]", "a second password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]:has-text('present password')");
    expected = /^$/;
    await look(page, "password-wrong");
  });

  await part("views", async () => {
    label = "views";
    await page.goto(`${base}/images?filter=kev:>0&sort=-running`);
    await page.waitForSelector(".list-head h1");
    await page.click("text=Share");
    await page.fill(".popover input", "the exploited");
    await page.click(".popover button[type=submit]");
    await page.waitForSelector("text=Saved");
    await page.goto(`${base}/settings/views`);
    await page.click("a:has-text('the exploited')");
    await page.waitForFunction(() => location.search.includes("filter=kev:") && location.search.includes("sort=-running"));
  });

  await part("registries", async () => {
    label = "registries";
    await page.goto(`${base}/settings/registries`);
    await page.click("button:has-text('Watch a registry')");
    await page.fill("[role=dialog] input[name=registry]", "127.0.0.1:1");
    await page.fill("[role=dialog] textarea[name=repositories]", "team/shop\nteam/api");
    await look(page, "registries-dialog");
    await page.keyboard.press("Tab");
    await page.press("[role=dialog] input[name=tags]", "Enter");
    await page.waitForSelector("td:has-text('127.0.0.1:1')");
    // Nobody allowed this address: the reason is there, and the moment of the next try.
    await page.waitForSelector("td:has-text('not reached') .wrap:has-text('loopback')");
    await page.click("button[aria-label^='Address for messages of 127.0.0.1:1']");
    await page.waitForSelector("[role=status] code:has-text('/api/v1/registries/')");
    await look(page, "registries-address");
    await page.click("button:has-text('I have kept it')");
    await page.click("button[aria-label='Look at 127.0.0.1:1 now']");
    await page.click("button[aria-label='Change 127.0.0.1:1']");
    await page.uncheck("[role=dialog] input[name=enabled]");
    await page.click("[role=dialog] button[type=submit]");
    await page.waitForSelector("td:has-text('paused')");
    await page.click("button[aria-label='Delete 127.0.0.1:1']");
    await page.click("button[aria-label='Really delete? 127.0.0.1:1']");
    await page.waitForSelector("text=No registry is watched");
    // An image of no watched registry says so.
    expected = /409/;
    await page.goto(`${base}/images/${one.image}`);
    await page.click("button:has-text('Scan again')");
    await page.waitForSelector(".wrong:has-text('no watched registry')");
    await look(page, "image-scan-refused");
    expected = /^$/;
  });

  await part("errors", async () => {
    label = "errors";
    expected = /400|404/;
    await page.goto(`${base}/images?sort=nonsense`);
    await page.waitForSelector(".state.error");
    need((await page.textContent(".state.error")).includes("request"), "errors: no id of the request");
    await page.goto(`${base}/images/sha256:${"0".repeat(64)}`);
    await page.waitForSelector(".state.error");
    await look(page, "error");
    await page.goto(`${base}/no-such-page`);
    await page.waitForSelector("text=There is no page at this address");
    expected = /^$/;
  });

  await part("theme", async () => {
    label = "theme";
    await page.goto(`${base}/images`);
    await page.waitForSelector("tbody tr a");
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await colour();
    await page.click("header .person");
    await page.click("[role=menuitem]:has-text('Dark')");
    const dark = await colour();
    need(light !== dark, "theme: dark is as light");
    await page.reload();
    await page.waitForSelector("tbody tr a");
    need((await colour()) === dark, "theme: not kept");
  });

  await part("somebody who sees nothing", async () => {
    label = "nothing";
    const made = await page.evaluate(async () => {
      const { csrf } = await (await fetch("/api/v1/me")).json();
      const body = JSON.stringify({ name: "new-here", role: "viewer", owners: ["no-team"], password: "a long password" });
      return (await fetch("/api/v1/users", { method: "POST", headers: { "X-Scantling-CSRF": csrf, "Content-Type": "application/json" }, body })).status;
    });
    need(made === 201, `nothing: the user is not made: ${made}`);
    const other = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    watch(other);
    expected = /401/;
    await other.goto(`${base}/images`);
    await other.fill("input[name=name]", "new-here");
    await other.fill("input[name=password]", "a long password");
    await other.keyboard.press("Enter");
    for (const address of ["/images", "/running", "/coverage", "/vulnerabilities"]) {
      await other.waitForSelector("text=Nothing of yours");
      await other.waitForSelector("text=no-team");
      need((await other.$("text=scantling running")) === null, `nothing: ${address} says how to fill an empty server`);
      await look(other, `nothing${address.replace("/", "-")}`);
      await other.goto(base + address);
    }
    await other.context().close();
    expected = /^$/;
  });

  await part("session over", async () => {
    label = "session over";
    await page.goto(`${base}/vulnerabilities`);
    await page.waitForSelector("tbody tr a");
    const me = await json(page, "/api/v1/me");
    await page.evaluate(async (csrf) => fetch("/api/v1/sign-out", { method: "POST", headers: { "X-Scantling-CSRF": csrf } }), me.csrf);
    expected = /401/;
    await page.click("th button[title='Sort by running copies']");
    await page.waitForSelector("input[type=password]");
    await page.fill("input[name=name]", me.name);
    await page.fill("input[name=password]", "a first password");
    await page.click("button[type=submit]");
    await page.waitForSelector("tbody tr a");
    need(page.url().endsWith("/vulnerabilities?sort=-copies"), `session over: after the sign-in it is ${page.url()}`);
    expected = /^$/;
  });

  await part("server gone", async () => {
    label = "server gone";
    await page.goto(`${base}/images`);
    await page.waitForSelector("tbody tr a");
    expected = /ERR_FAILED|Failed to load/;
    await page.route("**/api/**", (route) => route.abort());
    await page.click("nav#pages a:has-text('Components')");
    await page.waitForSelector("text=The server does not answer");
    need((await page.$("nav#pages")) !== null, "server gone: the frame is gone, too");
    await page.unroute("**/api/**");
    await page.click("text=Try again");
    await page.waitForSelector("tbody tr button.value");
    expected = /^$/;
  });

  await part("sign-out", async () => {
    label = "sign-out";
    expected = /401/;
    await page.click("header .person");
    await page.click("[role=menuitem]:has-text('Sign out')");
    await page.waitForSelector("input[type=password]");
    await page.goto(`${base}/images`);
    await page.waitForSelector("input[type=password]");
  });
} finally {
  await browser.close();
}
console.log(faults.length === 0 ? "no fault" : faults.join("\n"));
process.exit(faults.length > 0 ? 1 : 0);
