// Builds the page and writes it as a C++ table (src/server/http/static_files.h). Called by cmake/web.cmake:
//   node web/build.mjs OUT.cc WORK
// Several builds of one checkout share web/node_modules: `npm ci` runs once per package-lock.json, one at a time.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeTable } from "./embed.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const [out, work] = process.argv.slice(2);
if (!out || !work) {
  console.error("usage: node build.mjs OUT.cc WORK");
  process.exit(2);
}

const wait = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function withLock(folder, action) {
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch {
      // Left by a build that was killed.
      if (existsSync(folder) && Date.now() - statSync(folder).mtimeMs > 600_000) rmdirSync(folder);
      wait(500);
    }
  }
  try {
    action();
  } finally {
    rmdirSync(folder);
  }
}

const stamp = path.join(here, "node_modules/.scantling-lock");
const lock = createHash("sha256").update(readFileSync(path.join(here, "package-lock.json"))).digest("hex");
const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
if (!installed()) {
  withLock(path.join(here, ".npm-ci.lock"), () => {
    if (installed()) return;
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], { cwd: here, stdio: ["ignore", 2, 2] });
    writeFileSync(stamp, lock);
  });
}
const dist = path.join(work, "dist");
execFileSync(process.execPath, [path.join(here, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn", "--outDir", dist, "--emptyOutDir"], { cwd: here, stdio: ["ignore", 2, 2] });
writeTable(dist, out);
