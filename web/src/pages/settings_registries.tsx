// Watched registries: what is looked at, what became of the last look, and the address for their own messages.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Schemas, get, send } from "../api/client";
import { useMay } from "../lib/me";
import { Command, ConfirmButton, Dialog, Num, Tag, Time } from "../ui/bits";
import { Empty, ErrorBox, NoPermission, Skeleton } from "../ui/states";
import { Block } from "../ui/block";

type Registry = Schemas["Registry"];
const path = "/api/v1/registries";
const tones: Record<string, string> = { ok: "good", partial: "warn", failed: "bad", never: "plain" };
const stateWords: Record<string, string> = { ok: "reached", partial: "partly read", failed: "not reached", never: "not yet looked at" };

export function RegistriesTab() {
  return useMay("security") ? <Registries /> : <NoPermission detail="Watched registries are for the roles security and admin." />;
}

function every(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function Registries() {
  const cache = useQueryClient();
  const registries = useQuery({ queryKey: [path], queryFn: ({ signal }) => get(path, { signal }), refetchInterval: 5_000 });
  const [editing, setEditing] = useState<Registry | "new" | null>(null);
  const [hook, setHook] = useState<{ secret: string; path: string } | null>(null);
  const after = { onSettled: () => cache.invalidateQueries({ queryKey: [path] }) };
  const of = (one: Registry) => ({ id: String(one.id) });
  const check = useMutation({ mutationFn: (one: Registry) => send("POST", `${path}/{id}/check`, { path: of(one) }), ...after });
  const remove = useMutation({ mutationFn: (one: Registry) => send("DELETE", `${path}/{id}`, { path: of(one) }), ...after });
  const makeHook = useMutation({ mutationFn: (one: Registry) => send("POST", `${path}/{id}/hook`, { path: of(one) }), onSuccess: (answer) => setHook(answer as { secret: string; path: string }), ...after });
  const save = useMutation({ mutationFn: ({ one, body }: { one: Registry | "new"; body: unknown }) => (one === "new" ? send("POST", path, { body }) : send("PUT", `${path}/{id}`, { path: of(one), body })), onSuccess: () => setEditing(null), ...after });
  if (registries.isPending) return <Skeleton />;
  if (registries.isError) return <ErrorBox error={registries.error} retry={() => void registries.refetch()} />;
  const items = registries.data.items;
  const wrong = check.error ?? remove.error ?? makeHook.error;
  const edited = editing === "new" || editing === null ? undefined : editing;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!editing) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    save.mutate({
      one: editing,
      body: {
        registry: text("registry"),
        repositories: text("repositories").split(/[\s,]+/).filter(Boolean),
        tags: text("tags"),
        newest: Number(text("newest")),
        interval_seconds: Math.round(Number(text("interval")) * 60),
        platform: text("platform"),
        credentials: text("credentials"),
        insecure: form.get("insecure") === "on",
        enabled: form.get("enabled") === "on",
      },
    });
  };
  return (
    <>
      <p>New tags of these repositories are scanned, and what runs from them and was never scanned.</p>
      <p className="row-actions"><button type="button" onClick={() => (save.reset(), setEditing("new"))}>Watch a registry</button></p>
      {hook && (
        <Block role="status">
          <h2>The address for the registry&apos;s messages, and its secret, shown this once</h2>
          <p>distribution and Harbor: this address, with the header <code>Authorization: Bearer</code> and the secret. GitHub: this address, and the secret as the webhook&apos;s.</p>
          <Command text={window.location.origin + hook.path} />
          <Command text={hook.secret} />
          <p>Docker Hub and Quay, which send no header: one address with the secret in it.</p>
          <Command text={`${window.location.origin}${hook.path}/${hook.secret}`} />
          <p><button type="button" className="small" onClick={() => setHook(null)}>I have kept it</button></p>
        </Block>
      )}
      {items.length === 0 ? (
        <Empty title="No registry is watched"><p>Watch one, and its images are scanned as they are pushed.</p></Empty>
      ) : (
        <Block>
          <table>
            <thead><tr><th scope="col">Registry</th><th scope="col">Repositories</th><th scope="col">Tags</th><th scope="col">State</th><th scope="col">Found</th><th scope="col">Last look</th><th scope="col">Next</th><th scope="col">Messages</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id}>
                  <td>{one.registry}{one.insecure && <> <Tag value="insecure" tone="warn" /></>}{one.credentials && <div className="quiet">login {one.credentials}</div>}</td>
                  <td className="mono">{one.repositories.map((name) => <div key={name}>{name}</div>)}</td>
                  <td><span className="mono">{one.tags}</span> <span className="quiet">{one.newest === 0 ? "all" : `newest ${one.newest}`}</span></td>
                  <td>
                    <Tag value={one.enabled ? (stateWords[one.state] ?? one.state) : "paused"} tone={one.enabled ? tones[one.state] : "plain"} />
                    {one.look && <div className="quiet">{one.look.state === "running" ? "a look goes on" : "a look is waiting"}{one.look.repositories > 0 && <>, <Num value={one.look.tags} /> tags in <Num value={one.look.repositories} /> so far</>}</div>}
                    {one.detail && <div className="stale wrap">{one.detail}</div>}
                    {one.state === "failed" && <div className="quiet">last reached <Time at={one.succeeded} /></div>}
                  </td>
                  <td>{one.succeeded ? <><Num value={one.seen_tags} /> tags in <Num value={one.seen_repositories} /></> : <span className="quiet">not known</span>}</td>
                  <td><Time at={one.checked} /></td>
                  <td><Time at={one.next} none="paused" /> <span className="quiet">every {every(one.interval_seconds)}</span></td>
                  <td>{one.hook ? <Time at={one.heard} none="none yet" /> : <span className="quiet">no address</span>}</td>
                  <td className="row-actions">
                    <button type="button" className="small" aria-label={`Look at ${one.registry} now`} disabled={check.isPending || !one.enabled} onClick={() => check.mutate(one)}>Check now</button>
                    <button type="button" className="small" aria-label={`${one.hook ? "New address" : "Address"} for messages of ${one.registry}`} disabled={makeHook.isPending} onClick={() => makeHook.mutate(one)}>{one.hook ? "New address" : "Address"}</button>
                    <button type="button" className="small" aria-label={`Change ${one.registry}`} onClick={() => (save.reset(), setEditing(one))}>Change</button>
                    <ConfirmButton label="Delete" of={one.registry} disabled={remove.isPending} act={() => remove.mutate(one)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      )}
      {wrong && <ErrorBox error={wrong} />}
      <Dialog open={editing !== null} close={() => setEditing(null)} title={edited ? `Change ${edited.registry}` : "Watch a registry"}>
        <form className="form" onSubmit={submit}>
          <label>Registry<input name="registry" required maxLength={255} placeholder="registry.example.org:5000" defaultValue={edited?.registry} /></label>
          <label>Repositories, each a name or a pattern<textarea name="repositories" required rows={3} placeholder="team/shop team/*" defaultValue={edited?.repositories.join("\n")} /></label>
          <label>Tags<input name="tags" maxLength={128} placeholder="*" defaultValue={edited?.tags ?? "*"} /></label>
          <label>Newest tags of each repository, 0 = all<input name="newest" type="number" min={0} max={1000} required defaultValue={edited?.newest ?? 10} /></label>
          <label>Look every so many minutes<input name="interval" type="number" min={0.16} max={10080} step="any" required defaultValue={(edited?.interval_seconds ?? 3600) / 60} /></label>
          <label>Platform<input name="platform" maxLength={100} placeholder="the server's" defaultValue={edited?.platform} /></label>
          <label>Login: the name of a file in the server&apos;s folder of credentials<input name="credentials" maxLength={100} placeholder="none, or the server's own" defaultValue={edited?.credentials} /></label>
          <label className="check"><input type="checkbox" name="insecure" defaultChecked={edited?.insecure} />without TLS, or with a certificate that nobody vouches for</label>
          <label className="check"><input type="checkbox" name="enabled" defaultChecked={edited?.enabled ?? true} />look at it</label>
          {save.isError && <p className="wrong" role="alert">{save.error.message}</p>}
          <p><button type="submit" className="primary" disabled={save.isPending}>{edited ? "Keep" : "Watch it"}</button></p>
        </form>
      </Dialog>
    </>
  );
}
