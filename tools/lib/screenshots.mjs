// Pictures of the page for docs/: node screenshots.mjs BASE-URL SIGN-IN-LINK FOLDER. Called by tools/screenshots.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { constants, deflateSync, inflateSync } from "node:zlib";

const web = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/x.js"));
const { chromium } = web("playwright-core");
const [base, link, folder] = process.argv.slice(2);

// The same picture in the 255 colours that it has most of, the others as the nearest of them: a third of the bytes, in a repository for ever.
function small(png) {
  const chunks = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) chunks.push([png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]);
  const header = chunks[0][1];
  const [width, height, bytes] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(chunks.filter(([type]) => type === "IDAT").map(([, data]) => data)));
  const line = width * bytes;
  const pixels = Buffer.alloc(height * line);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; ++x) {
      const left = x >= bytes ? pixels[y * line + x - bytes] : 0;
      const up = y > 0 ? pixels[(y - 1) * line + x] : 0;
      const corner = x >= bytes && y > 0 ? pixels[(y - 1) * line + x - bytes] : 0;
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      pixels[y * line + x] = raw[y * (line + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth][filter];
    }
  }
  const counts = new Map();
  const colour = (at) => (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
  for (let at = 0; at < pixels.length; at += bytes) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 255).map(([one]) => one);
  const index = new Map();
  const far = (a, b) => [16, 8, 0].reduce((sum, by) => sum + (((a >> by) & 255) - ((b >> by) & 255)) ** 2, 0);
  for (const one of counts.keys()) index.set(one, palette.reduce((best, other, at) => (far(one, other) < far(one, palette[best]) ? at : best), 0));
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) lines[y * (width + 1) + 1 + x] = index.get(colour(y * line + x * bytes));
  const crc32 = (bytes) => ~bytes.reduce((crc, byte) => { // zlib's own came with Node.js 20
    let value = crc ^ byte;
    for (let bit = 0; bit < 8; ++bit) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  }, -1) >>> 0;
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const indexed = Buffer.from(header);
  indexed[9] = 3;
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", indexed), chunk("PLTE", Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]))), chunk("IDAT", deflateSync(lines, { level: constants.Z_BEST_COMPRESSION })), chunk("IEND", Buffer.alloc(0))]);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 660 }, colorScheme: "light", timezoneId: "UTC" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  await page.waitForSelector("tbody tr a");
  const first = async (address, field) => (await page.evaluate(async (url) => (await fetch(url)).json(), address)).items[0][field];
  const image = await first("/api/v1/images?filter=gap:none&filter=kev:>0&filter=layers:>2&limit=1", "digest");
  const vulnerability = await first("/api/v1/vulnerabilities?filter=kev:yes&filter=fix:all&sort=-copies&limit=1", "id");
  const pictures = [
    ["images", "/images", "light", "tbody tr a"],
    ["image", `/images/${image}`, "light", ".actions"],
    ["vulnerability", `/vulnerabilities/${vulnerability}`, "dark", ".block tbody tr"],
    ["coverage", "/coverage", "light", ".fraction"],
    ["changes", "/changes", "light", ".columns tbody tr"],
  ];
  for (const [name, address, colorScheme, ready] of pictures) {
    await page.emulateMedia({ colorScheme });
    await page.goto(base + address);
    await page.waitForSelector(ready);
    await page.waitForLoadState("networkidle");
    writeFileSync(path.join(folder, `page-${name}.png`), small(await page.screenshot()));
  }
} finally {
  await browser.close();
}
