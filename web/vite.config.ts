// One script and one style sheet with their content's hash in the name, so that the server caches them for ever. Nothing inline:
// the server's Content-Security-Policy is default-src 'self'.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // For `npm run dev` beside a running `scantling server`.
  server: { proxy: { "/api": process.env.SCANTLING_SERVER ?? "http://127.0.0.1:8080", "/sign-in/link": process.env.SCANTLING_SERVER ?? "http://127.0.0.1:8080" } },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false, chunkSizeWarningLimit: 700 },
});
