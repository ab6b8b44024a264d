// Turns a folder of files into a C++ table for src/server/http/static_files.h, each also packed by gzip where that helps.
//   node web/embed.mjs FOLDER OUT.cc
// The bytes stand in string literals: g++ reads those many times faster than lists of numbers.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
};

// Octal of three digits never runs into what follows. "??" could begin a trigraph.
function literal(bytes) {
  let out = '"';
  let column = 1;
  for (const byte of bytes) {
    let text = String.fromCharCode(byte);
    if (byte === 0x0a) text = "\\n";
    else if (byte === 0x22 || byte === 0x5c) text = `\\${text}`;
    else if (byte < 0x20 || byte > 0x7e || byte === 0x3f) text = `\\${byte.toString(8).padStart(3, "0")}`;
    if (column + text.length > 4000) {
      out += '"\n"';
      column = 1;
    }
    out += text;
    column += text.length;
  }
  return `${out}"`;
}

const view = (bytes) => (bytes.length === 0 ? "{}" : `{${literal(bytes)}, ${bytes.length}}`);

export function writeTable(folder, out) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const rows = files.map((file) => {
    const bytes = readFileSync(file);
    const name = `/${path.relative(folder, file).split(path.sep).join("/")}`;
    const type = types[path.extname(name)];
    if (!type) throw new Error(`${name}: no Content-Type is known for it`);
    const packed = gzipSync(bytes, { level: 9 });
    const immutable = /^\/assets\/.*-[\w-]{8}\.\w+$/.test(name);
    return `    {.path = ${JSON.stringify(name)},\n     .bytes = ${view(bytes)},\n     .type = ${JSON.stringify(type)},\n     .gzip = ${view(packed.length < bytes.length * 0.9 ? packed : Buffer.alloc(0))},\n     .immutable = ${immutable}},\n`;
  });
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(
    out,
    `// Made by web/embed.mjs.\n#include "server/http/page_files.h"\n\n#include <array>\n\nnamespace scantling::server::http {\nnamespace {\n\nconstexpr std::array<StaticFile, ${rows.length}> kFiles = {{\n${rows.join("")}}};\n\n}  // namespace\n\nstd::span<const StaticFile> PageFiles() { return kFiles; }\n\n}  // namespace scantling::server::http\n`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, out] = process.argv.slice(2);
  if (!folder || !out) {
    console.error("usage: node embed.mjs FOLDER OUT.cc");
    process.exit(2);
  }
  writeTable(folder, out);
}
