import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { Problem, send } from "../api/client";
import { useAbout } from "../lib/me";
import { Command, DemoBanner } from "../ui/bits";

// Only an address of this page: a link must not lead elsewhere after the sign-in.
export function safeTarget(to: string | null): string {
  return to && /^\/[^/\\]/.test(to) && !to.startsWith("/sign-in") ? to : "/images";
}

export function SignInPage() {
  const [, go] = useLocation();
  const search = useSearch();
  const cache = useQueryClient();
  const about = useAbout();
  const query = new URLSearchParams(search);
  const [problem, setProblem] = useState(query.get("problem") === "link" ? "That link was used before, or is too old. Ask for a new one." : query.has("problem") ? "The sign-in did not succeed." : "");
  const [busy, setBusy] = useState(false);
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
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label>Name<input name="name" autoComplete="username" required autoFocus /></label>
        <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
        {problem && <p className="wrong" role="alert">{problem}</p>}
        <button type="submit" className="primary" disabled={busy}>Sign in</button>
      </form>
      <p className="quiet">The first time: <code>scantling server</code> prints a link on its terminal that signs in once. A link for another person is made by an administrator under Settings, Users.</p>
      <Command text="scantling server --data DIR" />
    </main>
  );
}
