import assert from "node:assert/strict";
import { test } from "node:test";
import { agentWords, ago, bytes, levelOf, local, nextStep, percent, risk, shortDigest, splitName, utc, plural, valueWords } from "./format";

test("a share never says all of what is not all, nor nothing of what is something", () => {
  assert.equal(percent(5163, 6004), "86 %");
  assert.equal(percent(6003, 6004), "99.9 %");
  assert.equal(percent(59_999, 60_000), "99.9 %");
  assert.equal(percent(1, 6004), "< 1 %");
  assert.equal(percent(0, 6004), "0 %");
  assert.equal(percent(6004, 6004), "100 %");
  assert.equal(percent(0, 0), null);
});

test("sizes", () => {
  assert.equal(bytes(118_000_000), "118 MB");
  assert.equal(bytes(1_500), "1.5 kB");
  assert.equal(bytes(999), "999 B");
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(-1), null);
  assert.equal(bytes(null), null);
});

test("ages, and moments to come", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  const cases: [string, string][] = [
    ["2026-11-24T11:59:40Z", "just now"],
    ["2026-11-24T11:55:00Z", "5 min ago"],
    ["2026-11-24T09:00:00Z", "3 h ago"],
    ["2026-11-21T12:00:00Z", "3 d ago"],
    ["2026-11-27T12:00:01Z", "in 3 d"],
    ["2026-05-24T12:00:00Z", "6 months ago"],
    ["2021-11-24T12:00:00Z", "5 years ago"],
    ["not a date", "not a date"],
  ];
  for (const [at, want] of cases) assert.equal(ago(at, now), want);
});

test("time is the reader's, UTC is there", () => {
  assert.equal(local("2026-11-24T12:00:00Z"), "24 Nov 2026, 13:00");
  assert.equal(local("2026-11-24T00:00:00Z"), "24 Nov 2026");
  assert.equal(local("2026-11-23T23:30:00Z"), "24 Nov 2026, 00:30");
  assert.equal(utc("2026-11-24T12:00:00.123Z"), "2026-11-24 12:00 UTC");
  assert.equal(utc("x"), "x");
});

test("names and digests", () => {
  assert.deepEqual(splitName("registry.example/team/shop:1.4"), ["registry.example/team/", "shop:1.4"]);
  assert.deepEqual(splitName("debian"), ["", "debian"]);
  assert.deepEqual(splitName("r.example/a/b@sha256:00/11"), ["r.example/a/", "b@sha256:00/11"]);
  assert.equal(shortDigest(`sha256:${"ab".repeat(32)}`), "sha256:abababababab");
  assert.equal(shortDigest("sha256:xyz"), "sha256:xyz");
  assert.equal(levelOf("critical"), "critical");
  assert.equal(levelOf("terrible"), "unknown");
  assert.equal(levelOf(undefined), "unknown");
});

test("what to do next: to see comes before to fix", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  assert.equal(nextStep({ gap: "never_scanned", fixable: 3 }, now)?.text, "scan it");
  assert.deepEqual(nextStep({ gap: "none", kev: 1, kev_due: "2026-11-27T12:00:01Z", fixable: 9, runs: true }, now), { text: "fix 1 exploited, due in 3 d", urgent: true });
  assert.equal(nextStep({ gap: "none", kev: 2, kev_due: "2026-11-21T12:00:00Z", runs: true }, now)?.text, "fix 2 exploited, 3 d late");
  assert.deepEqual(nextStep({ gap: "none", kev: 1, kev_due: "2026-11-27T12:00:01Z", runs: false }, now), { text: "fix 1 exploited before it runs", urgent: false });
  assert.deepEqual(nextStep({ gap: "stale_source", fixable: 1204 }, now), { text: "fix 1,204 findings", urgent: false });
  assert.equal(nextStep({ gap: "no_owner", fixable: 0 }, now)?.text, "name an owner");
  assert.equal(nextStep({ gap: "none", kev: 0, fixable: 0 }, now), null);
});

test("values are named where they are filtered by as they are in the rows", () => {
  assert.deepEqual([["owner", ""], ["owners", "(nobody)"], ["cluster", ""], ["gap", "stale_source"], ["state", "no_such"]].map(([field = "", value = ""]) => valueWords(field, value)), ["nobody", "nobody", "(empty)", "stale data", "no such"]);
});

test("one is one", () => {
  assert.deepEqual([0, 1, 1204].map((one) => plural(one, "image")), ["0 images", "1 image", "1,204 images"]);
});

test("a browser by its name", () => {
  assert.equal(agentWords("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"), "Chrome on Linux");
  assert.equal(agentWords("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"), "Edge on Windows");
  assert.equal(agentWords("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"), "Safari on macOS");
  assert.deepEqual([agentWords("curl/8.5.0"), agentWords("")], ["curl/8.5.0", "not known"]);
});

test("a small risk is not none", () => {
  assert.deepEqual([0, 0.0004, 0.0475, 12.34].map(risk), ["0", "< 0.001", "0.048", "12.3"]);
});
