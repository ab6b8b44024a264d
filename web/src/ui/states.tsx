// Every state is designed: loading is of the size of what comes, an error says what to try and has an id, an empty list says how it
// fills.
import type { ReactNode } from "react";
import { Problem } from "../api/client";
import { CopyButton } from "./bits";

export function Skeleton({ lines = 6, height = 26 }: { lines?: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ height: `${height - 10}px`, width: `${96 - ((line * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

const advice: Record<number, string> = {
  0: "",
  400: "A filter, an order or a date in the address is not one of this list. Clear the filters and try again.",
  404: "It may be outside of what your role sees, or was never here.",
  429: "Too many requests: wait a moment.",
  503: "The server is busy: try again in a moment.",
};

export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : new Problem(-1, "The page has a fault", error instanceof Error ? error.message : String(error), "");
  if (problem.status === 403) return <NoPermission detail={problem.detail} />;
  return (
    <div className="state error" role="alert">
      <h2>{problem.title}</h2>
      {problem.detail && <p>{problem.detail}</p>}
      <p className="quiet">{advice[problem.status] ?? "Try again; if it stays, tell who runs the server this id."}</p>
      <p>
        {retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}{" "}
        {problem.id && (
          <span className="quiet">
            request <code>{problem.id}</code> <CopyButton text={problem.id} label="Copy id" />
          </span>
        )}
      </p>
    </div>
  );
}

export function NoPermission({ detail }: { detail?: string }) {
  return (
    <div className="state" role="alert">
      <h2>Your role does not show this</h2>
      <p>{detail || "It is for another role."}</p>
      <p className="quiet">An administrator gives roles under Settings, Users.</p>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
