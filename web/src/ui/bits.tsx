// The small words of the page: a severity, a time, an unknown, a fraction, something to copy.
import * as Ariakit from "@ariakit/react";
import { type ReactNode, useEffect, useState } from "react";
import { Link as WouterLink } from "wouter";
import { useNow } from "../lib/clock";
import { type Level, ago, count, dueIn, levelLetter, levelOf, local, percent, shortDigest, splitComponent, splitName, utc, words } from "../lib/format";
import { useHref, useScope } from "../lib/state";

// Goes to a page of ours and takes the scope and the moment along.
export function A({ to, children, className, title, tabIndex }: { to: string; children: ReactNode; className?: string; title?: string; tabIndex?: number }) {
  const href = useHref();
  return (
    <WouterLink href={href(to)} className={className} title={title} tabIndex={tabIndex}>
      {children}
    </WouterLink>
  );
}

// Above every page of a server that holds the demonstration.
export function DemoBanner() {
  return (
    <p className="banner demo">
      Demo: a company that does not exist, made by <code>scantling server demo</code>. Nothing here is about you.
    </p>
  );
}

// The sign of what nobody knows: hatched, and never a zero.
export function Unknown({ why }: { why?: string }) {
  return (
    <span className="unknown" title={why ?? "not known"}>
      <span className="hidden-text">unknown</span>
      <span aria-hidden="true">?</span>
    </span>
  );
}

export function Num({ value, why }: { value: number | null | undefined; why?: string }) {
  return value === null || value === undefined ? <Unknown why={why} /> : <span className={value === 0 ? "num zero" : "num"}>{count(value)}</span>;
}

export function Severity({ level, words: withWords = false }: { level: string | null | undefined; words?: boolean }) {
  const known: Level = levelOf(level);
  return (
    <span className={`sev sev-${known}`} title={known}>
      <b aria-hidden="true">{levelLetter[known]}</b>
      {withWords ? <span>{known}</span> : <span className="hidden-text">{known}</span>}
    </span>
  );
}

export function SeverityCounts({ counts }: { counts: Partial<Record<Level | "unrated", number | undefined>> }) {
  const rows: [Level, number | undefined][] = [
    ["critical", counts.critical],
    ["high", counts.high],
    ["medium", counts.medium],
    ["low", counts.low],
    ["negligible", counts.negligible],
    ["unknown", counts.unrated],
  ];
  return (
    <span className="sev-counts">
      {rows.map(([level, value]) => (
        <span key={level} className={value ? "" : "none"}>
          <Severity level={level} /> {count(value ?? 0)}
        </span>
      ))}
    </span>
  );
}

// Known to be exploited: by when it is to be ended.
export function Kev({ due }: { due?: string | null }) {
  const now = useMoment();
  const late = due ? Date.parse(due) < now : false;
  return (
    <span className={late ? "kev late" : "kev"} title={due ? `known to be exploited (CISA KEV): ${dueIn(due, now)}, CISA's date is ${local(due)}` : "known to be exploited (CISA KEV)"}>
      {due ? `KEV ${dueIn(due, now).replace("due ", "")}` : "KEV"}
    </span>
  );
}

// The moment that the page is about: what is late is late then.
export function useMoment(): number {
  const now = useNow();
  const [scope] = useScope();
  return scope.as_of ? Date.parse(scope.as_of) : now;
}

export function Time({ at, none = "never" }: { at: string | null | undefined; none?: string }) {
  const now = useNow();
  return at ? (
    <time dateTime={at} title={`${local(at)} (${utc(at)})`}>
      {ago(at, now)}
    </time>
  ) : (
    <span className="quiet">{none}</span>
  );
}

export function Day({ at, none }: { at: string | null | undefined; none?: ReactNode }) {
  return at ? (
    <time dateTime={at} title={utc(at)}>
      {local(at)}
    </time>
  ) : (
    <>{none ?? <Unknown />}</>
  );
}

// A component's name, with what tells apart first: "log4j-core org.apache.logging.log4j".
export function ComponentName({ name }: { name: string | null | undefined }) {
  const [group, last] = splitComponent(name ?? "");
  return (
    <span title={name ?? ""}>
      {last} {group && <span className="quiet">{group}</span>}
    </span>
  );
}

// A vulnerability, as a link to its page.
export function VulnerabilityLink({ id }: { id: string | null | undefined }) {
  return <A to={`/vulnerabilities/${encodeURIComponent(id ?? "")}`} className="nowrap">{id}</A>;
}

export function Owner({ name }: { name: string | null | undefined }) {
  return name && name !== "(nobody)" ? name : <span className="stale">nobody</span>;
}

export function ImageName({ name, digest }: { name?: string | null; digest?: string | null }) {
  const [path, last] = splitName(name ?? "");
  if (!name) return <span className="mono">{digest ? shortDigest(digest) : <Unknown why="no digest and no name" />}</span>;
  return (
    <span className="image-name" title={`${name}\n${digest ?? ""}`}>
      <b>{last}</b> <span className="quiet">{path.replace(/\/$/, "")}</span>
    </span>
  );
}

// A number is a fraction: the share, and what of what.
export function Fraction({ part, whole, unit, label, href }: { part: number; whole: number; unit: string; label: string; href?: string }) {
  const share = percent(part, whole);
  const body = (
    <>
      <span className="fraction-label">{label}</span>
      <span className="fraction-share">{share ?? <Unknown why={`no ${unit}`} />}</span>
      <span className="fraction-of">
        {count(part)} of {count(whole)} {unit}
      </span>
      <Bar part={part} whole={whole} />
    </>
  );
  return href ? (
    <A to={href} className="fraction card">
      {body}
    </A>
  ) : (
    <div className="fraction card">{body}</div>
  );
}

// "share": what is not `part` is hatched, for it is not known to be good. "plain": an amount. "unknown": an amount of what is not known.
export function Bar({ part, whole, look = "share" }: { part: number; whole: number; look?: "share" | "plain" | "unknown" }) {
  return (
    <span className={`bar ${look}`} aria-hidden="true">
      <span style={{ width: whole > 0 ? `${Math.min(100, (100 * part) / whole)}%` : "0" }} />
    </span>
  );
}

export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed; the old way below.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), 1500);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <button type="button" className="small" onClick={async () => setSaid((await copyText(text)) ? "Copied" : "Select and copy by hand")}>
      <span aria-live="polite">{said || label}</span>
    </button>
  );
}

// What cannot be taken back asks once more, in place. `of` tells several of them apart.
export function ConfirmButton({ label, of, disabled, act }: { label: string; of: string; disabled: boolean; act: () => void }) {
  const [armed, setArmed] = useState(false);
  const text = armed ? `Really ${label.toLowerCase()}?` : label;
  return (
    <button
      type="button"
      className={armed ? "small armed" : "small"}
      aria-label={`${text} ${of}`}
      disabled={disabled}
      onBlur={() => setArmed(false)}
      onClick={() => {
        if (armed) act();
        setArmed(!armed);
      }}
    >
      {text}
    </button>
  );
}

export function Command({ text }: { text: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}

export function Digest({ digest }: { digest: string | null | undefined }) {
  return digest ? (
    <span className="digest">
      <span className="mono" title={digest}>
        {shortDigest(digest)}
      </span>
      <CopyButton text={digest} />
    </span>
  ) : (
    <Unknown why="no digest tells what it is" />
  );
}

const gapTone: Record<string, string> = { none: "good", stale_source: "warn", scan_failed: "warn" };
export function Tag({ value, tone }: { value: string; tone?: string }) {
  return <span className={`tag ${tone ?? gapTone[value] ?? "plain"}`}>{words(value)}</span>;
}

export function Dialog({ open, close, title, children, wide = false }: { open: boolean; close: () => void; title: string; children: ReactNode; wide?: boolean }) {
  return (
    <Ariakit.Dialog open={open} onClose={close} className={wide ? "dialog wide" : "dialog"} backdrop={<div className="backdrop" />} unmountOnHide>
      <Ariakit.DialogHeading>{title}</Ariakit.DialogHeading>
      {children}
      {/* Last, so that the first field has the focus. */}
      <Ariakit.DialogDismiss className="small quiet-button dialog-close">Close</Ariakit.DialogDismiss>
    </Ariakit.Dialog>
  );
}

// For pages whose numbers the scope of the frame does not narrow.
export function NotNarrowed() {
  const [scope] = useScope();
  const chosen = [scope.environment, scope.cluster, scope.owner].filter(Boolean);
  return chosen.length > 0 ? <span className="stale">of everything that you see: not narrowed by {chosen.join(", ")}</span> : null;
}
