// Where notifications go: channels, a test of each, and how the last delivery went.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Schemas, get, send } from "../api/client";
import { count, list } from "../lib/format";
import { useMay } from "../lib/me";
import { ConfirmButton, Dialog, Severity, Tag, Time } from "../ui/bits";
import { Block } from "../ui/block";
import { Empty, ErrorBox, NoPermission, Skeleton } from "../ui/states";

type Channel = Schemas["Channel"];
type Kind = Channel["kind"];
const path = "/api/v1/channels";
const kinds: Record<Kind, string> = { webhook: "Webhook", slack: "Slack", teams: "Teams", email: "Mail" };

export function ChannelsTab() {
  return useMay("security") ? <Channels /> : <NoPermission detail="Notifications are for the roles security and admin." />;
}

function Channels() {
  const cache = useQueryClient();
  const channels = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get(path, { signal }),
    // A delivery that is on its way is looked at until it has arrived or failed.
    refetchInterval: (query) => (query.state.data?.channels?.some((one) => one.last?.state === "queued" || one.last?.state === "running") ? 2_000 : false),
  });
  const [editing, setEditing] = useState<Channel | "new" | null>(null);
  const settled = { onSettled: () => cache.invalidateQueries({ queryKey: [path] }) };
  const save = useMutation({ mutationFn: (all: Channel[]) => send("PUT", path, { body: { channels: all } }), ...settled });
  const test = useMutation({ mutationFn: (name: string) => send("POST", `${path}/{name}/test`, { path: { name } }), ...settled });
  if (channels.isPending) return <Skeleton />;
  if (channels.isError) return <ErrorBox error={channels.error} retry={() => void channels.refetch()} />;
  const all = channels.data.channels ?? [];
  return (
    <>
      <p>Who is told when vulnerabilities open: one message for all of a channel's news, by owner and with what to rebuild.</p>
      <p><button type="button" onClick={() => (save.reset(), setEditing("new"))}>Add a channel</button></p>
      {all.length === 0 ? (
        <Empty title="Nobody is told yet"><p>Add a channel: a webhook, Slack, Teams, or mail.</p></Empty>
      ) : (
        <Block>
          <table>
            <thead><tr><th scope="col">Channel</th><th scope="col">Kind</th><th scope="col">To</th><th scope="col">Owners</th><th scope="col">From</th><th scope="col">Last delivery</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.name}>
                  <td>{one.name}</td>
                  <td>{kinds[one.kind]} {one.signed && <Tag value="signed" tone="plain" />}</td>
                  <td className="mono">{one.kind === "email" ? one.to?.join(", ") : one.url}</td>
                  <td>{one.owners?.length ? one.owners.join(", ") : <span className="quiet">all</span>}</td>
                  <td><Severity level={one.at_least} words /></td>
                  <td><Last last={one.last} failure={one.failure} /></td>
                  <td className="row-actions">
                    <button type="button" className="small" aria-label={`Test ${one.name}`} disabled={test.isPending} onClick={() => test.mutate(one.name)}>Test</button>
                    <button type="button" className="small" aria-label={`Change ${one.name}`} onClick={() => (save.reset(), setEditing(one))}>Change</button>
                    <ConfirmButton label="Delete" of={one.name} disabled={save.isPending} act={() => save.mutate(all.filter((other) => other.name !== one.name))} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      )}
      {test.isError && <ErrorBox error={test.error} />}
      {save.isError && editing === null && <ErrorBox error={save.error} />}
      <Dialog open={editing !== null} close={() => setEditing(null)} title={editing && editing !== "new" ? `Change ${editing.name}` : "Add a channel"}>
        {editing !== null && (
          <Editor
            kept={editing === "new" ? null : editing}
            mail={channels.data.mail ?? false}
            busy={save.isPending}
            wrong={save.error?.message}
            save={(channel) => save.mutate(editing === "new" ? [...all, channel] : all.map((one) => (one.name === editing.name ? channel : one)), { onSuccess: () => setEditing(null) })}
          />
        )}
      </Dialog>
    </>
  );
}

function Last({ last, failure }: { last: Channel["last"]; failure: Channel["failure"] }) {
  if (!last) return <span className="quiet">none yet</span>;
  const failed = last.state === "failed";
  return (
    <>
      <Tag value={last.state === "done" ? "arrived" : failed ? "failed" : last.error ? "tried again" : "on its way"} tone={failed ? "bad" : last.error ? "warn" : "plain"} /> <Time at={last.at} />
      {failure && !failed && <div className="stale">failed <Time at={failure.at} />: {failure.error}</div>}
      {failure?.given_up ? <div className="stale">{count(failure.given_up)} {failure.given_up === 1 ? "digest was" : "digests were"} given up since one arrived</div> : null}
      {last.error && last.state === "done" && <div className="stale">{last.error}</div>}
      {last.error && last.state !== "done" && <div className="stale">{last.error}{last.next ? <>; next try <Time at={last.next} /></> : null}</div>}
    </>
  );
}

function Editor({ kept, mail, busy, wrong, save }: { kept: Channel | null; mail: boolean; busy: boolean; wrong?: string; save: (channel: Channel) => void }) {
  const [kind, setKind] = useState<Kind>(kept?.kind ?? "webhook");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const channel: Channel = { name: text("name"), kind, owners: list(form.get("owners")), at_least: text("at_least") as Channel["at_least"] };
    if (kind === "email") channel.to = list(form.get("to"));
    else channel.url = text("url");
    if (kind === "webhook" && form.get("secret")) channel.secret = String(form.get("secret"));
    save(channel);
  };
  return (
    <form className="form" onSubmit={submit}>
      <label>Name<input name="name" required maxLength={100} defaultValue={kept?.name} autoComplete="off" /></label>
      <label>Kind<select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>{Object.entries(kinds).map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select></label>
      {kind === "email" ? (
        <>
          <label>Addresses, with commas<input name="to" required defaultValue={kept?.to?.join(", ")} placeholder="shop@example.org" /></label>
          {!mail && <p className="stale">This server has no SMTP server yet: start it with --smtp-server and --smtp-from.</p>}
        </>
      ) : (
        <label>Address<input name="url" type="url" required defaultValue={kept?.url} placeholder="https://hooks.example.org/..." /></label>
      )}
      {kind === "webhook" && <label>Secret of the signature (HMAC)<input name="secret" type="password" autoComplete="new-password" placeholder={kept?.signed ? "as it is" : "none: not signed"} /></label>}
      <label>Owners, with commas<input name="owners" defaultValue={kept?.owners?.join(", ")} placeholder="all" /></label>
      <label>From this severity on<select name="at_least" defaultValue={kept?.at_least ?? "high"}>{["low", "medium", "high", "critical"].map((one) => <option key={one}>{one}</option>)}</select></label>
      <p className="quiet">What is known to be exploited is always told.</p>
      {wrong && <p className="wrong" role="alert">{wrong}</p>}
      <p><button type="submit" className="primary" disabled={busy}>Save</button></p>
    </form>
  );
}
