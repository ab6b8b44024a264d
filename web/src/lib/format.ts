// Words and numbers as people read them. A number that is not known is never a zero: these give null then, and the page draws the
// sign of the unknown.

// Made once: making one costs as much as a row of a table.
const numbers = new Intl.NumberFormat("en-US");
const moments = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export const count = (value: number): string => numbers.format(value);

// "1 image", "1,204 images".
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

// "86 %": rounded so that it never says 100 % (or 0 %) of what is not all (or nothing).
export function percent(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const exact = (100 * part) / whole;
  if (part === whole) return "100 %";
  if (part === 0) return "0 %";
  if (exact > 99) return `${Math.floor(exact * 10) / 10} %`;
  if (exact < 1) return "< 1 %";
  return `${Math.round(exact)} %`;
}

export function bytes(value: number | null | undefined): string | null {
  if (value === null || value === undefined || value < 0) return null;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    ++unit;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

// Expected exploitation times impact (docs/ranking.md), or a chance: small numbers, and a small one is not none.
export function risk(value: number): string {
  if (value === 0) return "0";
  return value < 0.001 ? "< 0.001" : value < 1 ? value.toFixed(3) : value.toFixed(1);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// From when on advisory data is old, as the server has it.
export const staleAfter = 14 * day;

// "5 min ago", "in 3 d". Days up to two months, then months and years.
export function ago(at: string, now: number): string {
  const difference = now - Date.parse(at);
  if (Number.isNaN(difference)) return at;
  const size = Math.abs(difference);
  const text =
    size < minute ? "" : size < hour ? `${Math.floor(size / minute)} min` : size < day ? `${Math.floor(size / hour)} h` : size < 60 * day ? `${Math.floor(size / day)} d` : size < 730 * day ? `${Math.round(size / (30.4 * day))} months` : `${Math.round(size / (365.25 * day))} years`;
  if (!text) return "just now";
  return difference >= 0 ? `${text} ago` : `in ${text}`;
}

// "9 d late", "due in 3 d".
export function dueIn(at: string, now: number): string {
  const late = Date.parse(at) < now;
  return late ? `${ago(at, now).replace(" ago", "")} late` : `due ${ago(at, now)}`;
}

// In the reader's zone; UTC is for the hover. Midnight of UTC is a date of which nobody said the hour: it is the same day everywhere.
export function local(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return date.getTime() % day === 0 ? dates.format(date) : moments.format(date);
}

export function utc(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// The first 12 digits, as people compare digests.
export function shortDigest(digest: string): string {
  const match = /^(sha256|sha512):([0-9a-f]{12})/.exec(digest);
  return match ? `${match[1]}:${match[2]}` : digest;
}

// "registry.example/team/shop:1.4" is "shop:1.4" with the rest before it.
export function splitName(name: string): [string, string] {
  const at = name.indexOf("@");
  const slash = (at < 0 ? name : name.slice(0, at)).lastIndexOf("/");
  return [name.slice(0, slash + 1), name.slice(slash + 1)];
}

// "org.apache.logging.log4j:log4j-core" is "log4j-core" of a group.
export function splitComponent(name: string): [string, string] {
  const at = name.lastIndexOf(":");
  return [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
}

const levels = ["critical", "high", "medium", "low", "negligible", "unknown"] as const;
export type Level = (typeof levels)[number];
export function levelOf(text: string | null | undefined): Level {
  return levels.find((one) => one === text) ?? "unknown";
}
export const levelLetter: Record<Level, string> = { critical: "C", high: "H", medium: "M", low: "L", negligible: "N", unknown: "?" };

// "never_scanned" is "never scanned".
export const words = (text: string): string => text.replaceAll("_", " ");

// A value of a field as people name it, where it is filtered by.
export function valueWords(field: string, value: string): string {
  if (value === "" || value === "(nobody)") return field.includes("owner") ? "nobody" : "(empty)";
  return field === "gap" ? (gapWords[value] ?? words(value)) : words(value);
}

export const gapWords: Record<string, string> = {
  none: "covered",
  unresolvable_digest: "no digest",
  never_scanned: "never scanned",
  scan_waiting: "scan waits",
  scan_failed: "scan failed",
  unsupported_distribution: "unsupported distribution",
  stale_source: "stale data",
  no_owner: "no owner",
};

// What ends each gap.
export const gapAdvice: Record<string, string> = {
  unresolvable_digest: "The runtime tells a name and no digest: pull the image by digest, or let the runtime report imageID.",
  never_scanned: "Scan it: in CI, by hand, or by watching its registry.",
  scan_waiting: "The scan is queued or running; the workers take it next.",
  scan_failed: "Read why, and scan it again.",
  unsupported_distribution: "No advisories exist for what is in it: its findings are unknown, not none. Rebuild it on a supported base.",
  stale_source: "The advisory data is old: fetch a newer database.",
  no_owner: "Write a rule that gives it an owner.",
};

// A first cell says what to do. Null: there is nothing.
interface ImageFacts {
  gap?: string | null;
  scanned?: string | null;
  kev?: number | null;
  kev_due?: string | null;
  fixable?: number | null;
  runs?: boolean;
}
// What does not run is not urgent, whatever it holds.
export function nextStep(image: ImageFacts, now: number): { text: string; urgent: boolean } | null {
  switch (image.gap) {
    case "never_scanned":
      return { text: "scan it", urgent: false };
    case "scan_waiting":
      return { text: "wait for the scan", urgent: false };
    case "scan_failed":
      return { text: "see why it failed", urgent: true };
    case "unresolvable_digest":
      return { text: "find its digest", urgent: false };
    case "unsupported_distribution":
      return { text: "use a supported base", urgent: false };
  }
  if (image.kev) {
    if (!image.runs) return { text: `fix ${image.kev} exploited before it runs`, urgent: false };
    return { text: `fix ${image.kev} exploited${image.kev_due ? `, ${dueIn(image.kev_due, now)}` : ""}`, urgent: true };
  }
  if (image.fixable) return { text: `fix ${count(image.fixable)} ${image.fixable === 1 ? "finding" : "findings"}`, urgent: false };
  if (image.gap === "no_owner") return { text: "name an owner", urgent: false };
  return null;
}

// What is known of exploitation, as a sentence.
export function exploitWords(exploit: string | undefined): string {
  switch (exploit) {
    case "weaponised":
      return "not known to be exploited; a ready-made exploit is public";
    case "poc":
      return "not known to be exploited; a proof of concept is public";
    default:
      return "not known to be exploited";
  }
}

// "Firefox on Linux" of a User-Agent; what is no browser says its own name.
export function agentWords(agent: string): string {
  const browser = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]].find(([mark]) => agent.includes(mark ?? ""))?.[1];
  if (!browser) return agent.slice(0, 60) || "not known";
  const system = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "macOS"], ["Linux", "Linux"]].find(([mark]) => agent.includes(mark ?? ""))?.[1];
  return system ? `${browser} on ${system}` : browser;
}

// "a, b" of a form's field.
export function list(text: unknown): string[] {
  return String(text ?? "").split(",").map((one) => one.trim()).filter(Boolean);
}
