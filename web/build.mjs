// Builds the page and writes it as a C++ table (src/server/http/static_files.h). Called by cmake/web.cmake:
//   node web/build.mjs OUT.cc WORK
// Several builds of one checkout share web/node_modules: `npm ci` runs once per package-lock.json, and the same sources are built once.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

// The lock names who holds it, so that one that was killed holds nothing.
function withLock(file, action) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (holder > 0 && !alive(holder)) rmSync(file, { force: true });
      else wait(500);
    }
  }
  try {
    action();
  } finally {
    rmSync(file, { force: true });
  }
}

const read = (name) => readFileSync(path.join(here, name));
const stamp = path.join(here, "node_modules/.scantling-lock");
const lock = createHash("sha256").update(read("package-lock.json")).digest("hex");
const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8") === lock;

function sources() {
  const names = ["index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json", "build.mjs", "embed.mjs"];
  for (const folder of ["src", "public"]) {
    for (const entry of readdirSync(path.join(here, folder), { recursive: true, withFileTypes: true })) {
      const name = path.relative(here, path.join(entry.parentPath ?? entry.path, entry.name));
      if (entry.isFile() && !/(schema\.d|\.test)\.ts$/.test(name)) names.push(name);
    }
  }
  const hash = createHash("sha256");
  for (const name of names.sort()) hash.update(`${name}\0`).update(read(name)).update("\0");
  return hash.digest("hex");
}

withLock(path.join(here, ".build.lock"), () => {
  if (!installed()) {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], { cwd: here, stdio: ["ignore", 2, 2] });
    writeFileSync(stamp, lock);
  }
  const kept = path.join(here, "node_modules/.cache/scantling-page.cc");
  const keptHash = `${kept}.sha256`;
  const hash = sources();
  if (!existsSync(keptHash) || readFileSync(keptHash, "utf8") !== hash) {
    rmSync(keptHash, { force: true });
    const dist = path.join(work, "dist");
    execFileSync(process.execPath, [path.join(here, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn", "--outDir", dist, "--emptyOutDir"], { cwd: here, stdio: ["ignore", 2, 2] });
    writeTable(dist, kept);
    writeFileSync(keptHash, hash);
  }
  mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
  copyFileSync(kept, out);
});
