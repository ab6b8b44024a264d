import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { Problem, address, get, send } from "../api/client";
import { useAbout } from "../lib/me";
import { Command, DemoBanner } from "../ui/bits";

// Only an address of this page: a link must not lead elsewhere after the sign-in.
function safeTarget(to: string | null): string {
  return to && /^\/[^/\\]/.test(to) && !to.startsWith("/sign-in") ? to : "/images";
}

// What the server leads here with, as ?problem=.
const problems: Record<string, string> = {
  link: "That link was used before, or is too old. Ask for a new one.",
  "sso-state": "That sign-in was finished before, took more than ten minutes, or began in another browser. Try again.",
  "sso-denied": "The provider says that the sign-in was not allowed.",
  "sso-provider": "The provider of single sign-on does not answer as it should. Try again later, or sign in with a password; the reason is in the server's log.",
  "sso-token": "What the provider sent does not hold, so nobody was signed in. The reason is in the server's log.",
  "sso-unknown": "The provider knows you, but you have no place here yet. Ask an administrator; the reason is in the server's log.",
  "sso-busy": "Too many people sign in at this moment. Try again.",
  "sso-none": "Single sign-on is not set up on this server.",
};

export function SignInPage() {
  const [, go] = useLocation();
  const search = useSearch();
  const cache = useQueryClient();
  const about = useAbout();
  const query = new URLSearchParams(search);
  const told = query.get("problem");
  const [problem, setProblem] = useState(told === null ? "" : (problems[told] ?? "The sign-in did not succeed."));
  const [busy, setBusy] = useState(false);
  const ways = useQuery({ queryKey: ["/api/v1/sign-in"], queryFn: ({ signal }) => get("/api/v1/sign-in", { signal }) });
  const single = ways.data?.single_sign_on;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await send("POST", "/api/v1/sign-in", { body: { name: form.get("name"), password: form.get("password") } });
      cache.clear();
      go(safeTarget(query.get("to")), { replace: true });
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <h1>Scantling</h1>
      {about.data?.demo && <DemoBanner />}
      {problem && <p className="wrong" role="alert">{problem}</p>}
      {single && <p><a className="button primary" href={address(single.path, { to: safeTarget(query.get("to")) })}>Sign in with {single.label}</a></p>}
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label>Name<input name="name" autoComplete="username" required autoFocus /></label>
        <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
        <button type="submit" className={single ? "" : "primary"} disabled={busy}>Sign in</button>
      </form>
      <p className="quiet">An administrator makes a link for you under Settings, Users. Who runs the server gets one that signs in once:</p>
      <Command text="scantling sign-in" />
    </main>
  );
}
