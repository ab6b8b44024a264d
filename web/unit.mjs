// Unit tests of the page's pure functions: every src/**/*.test.ts, bundled by esbuild (a part of Vite) and run by node:test.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const folder = mkdtempSync(path.join(tmpdir(), "scantling-web-"));
const tests = readdirSync("src", { recursive: true }).filter((name) => name.endsWith(".test.ts")).map((name) => path.join("src", name));
await build({ entryPoints: tests, bundle: true, platform: "node", format: "esm", outdir: folder, outExtension: { ".js": ".mjs" }, logLevel: "warning" });
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".mjs")).map((name) => path.join(folder, name));
const result = spawnSync(process.execPath, ["--test", ...names], { stdio: "inherit", env: { ...process.env, TZ: "Europe/Berlin" } });
rmSync(folder, { recursive: true });
process.exit(tests.length === 0 ? 1 : (result.status ?? 1));
