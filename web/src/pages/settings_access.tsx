// Tokens, users, sessions and the audit log.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Schemas, address, ask, send } from "../api/client";
import { agentWords, list } from "../lib/format";
import { useMay, useMe } from "../lib/me";
import { useParameter } from "../lib/state";
import { Command, ConfirmButton, Day, Dialog, Tag, Time } from "../ui/bits";
import { Empty, ErrorBox, NoPermission, Skeleton } from "../ui/states";
import { Block } from "../ui/block";

type Token = Required<Schemas["Token"]>;
type User = Required<Schemas["User"]>;
type Session = Required<Schemas["Session"]>;
type AuditEntry = Required<Schemas["AuditEntry"]>;
interface Items<Row> {
  items: Row[];
  next: string | null;
}

function useItems<Row>(path: string, query: Record<string, string> = {}, enabled = true) {
  return useQuery({ enabled, queryKey: [path, query], queryFn: ({ signal }) => ask(address(path, query), { signal }) as Promise<Items<Row>> });
}

function useChange<Input>(path: string, run: (input: Input) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: run, onSettled: () => cache.invalidateQueries({ queryKey: [path] }) });
}

export function TokensTab() {
  const path = "/api/v1/tokens";
  const admin = useMay("admin");
  const security = useMay("security");
  const [everybody, setEverybody] = useState(false);
  const tokens = useItems<Token>(path, everybody ? { user_id: "0" } : {});
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState("");
  const make = useChange(path, (body: unknown) => send("POST", path, { body }));
  const revoke = useChange(path, (id: number) => send("DELETE", `${path}/{id}`, { path: { id: String(id) } }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get("days"));
    make.mutate(
      { name: form.get("name"), scopes: form.getAll("scopes"), owner: form.get("owner"), expires: new Date(Date.now() + days * 86_400_000).toISOString() },
      {
        onSuccess: (answer) => {
          setSecret((answer as { secret: string }).secret);
          setMaking(false);
        },
      },
    );
  };
  if (tokens.isPending) return <Skeleton />;
  if (tokens.isError) return <ErrorBox error={tokens.error} retry={() => void tokens.refetch()} />;
  return (
    <>
      <p className="row-actions">
        <button type="button" onClick={() => (make.reset(), setMaking(true))}>Make a token</button>
        {admin && (
          <label className="row-actions"><input type="checkbox" checked={everybody} onChange={(event) => setEverybody(event.target.checked)} />of everybody</label>
        )}
      </p>
      {secret && (
        <Block role="status">
          <h2>The token, shown this once</h2>
          <Command text={secret} />
          <button type="button" className="small" onClick={() => setSecret("")}>I have kept it</button>
        </Block>
      )}
      {tokens.data.items.length === 0 ? (
        <Empty title="There is no token"><p>CI and agents use tokens: make one with the scope “submit”.</p></Empty>
      ) : (
        <Block>
          <table>
            <thead><tr><th scope="col">Token</th><th scope="col">Of</th><th scope="col">May</th><th scope="col">Sees</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col">Ends</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
            <tbody>
              {tokens.data.items.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{one.user}</td>
                  <td>{one.scopes.map((scope) => <Tag key={scope} value={scope} tone={scope === "admin" ? "warn" : "plain"} />)}</td>
                  <td>{one.owner || <span className="quiet">as its maker</span>}</td>
                  <td><Time at={one.created} /></td>
                  <td><Time at={one.last_used} /> {one.last_address && <span className="quiet">from {one.last_address}</span>}</td>
                  <td>{one.revoked ? <span className="stale">taken back <Time at={one.revoked} /></span> : <Time at={one.expires} none="no end" />}</td>
                  <td>{!one.revoked && <ConfirmButton label="Take back" of={one.name} disabled={revoke.isPending} act={() => revoke.mutate(one.id)} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      )}
      {revoke.isError && <ErrorBox error={revoke.error} />}
      <Dialog open={making} close={() => setMaking(false)} title="Make a token">
        <form className="form" onSubmit={submit}>
          <label>Name<input name="name" required maxLength={100} placeholder="ci of team shop" /></label>
          <fieldset>
            <legend>May</legend>
            <label className="check"><input type="checkbox" name="scopes" value="read" />read what is here</label>
            <label className="check"><input type="checkbox" name="scopes" value="submit" defaultChecked />submit scans, running copies, builds</label>
            {security && <label className="check"><input type="checkbox" name="scopes" value="admin" />decide and change settings, as you may</label>}
          </fieldset>
          <label>Sees only what belongs to<input name="owner" maxLength={200} placeholder="as you do" /></label>
          <label>Ends after<select name="days" defaultValue="90"><option value="7">7 days</option><option value="30">30 days</option><option value="90">90 days</option><option value="365">a year</option></select></label>
          {make.isError && <p className="wrong" role="alert">{make.error.message}</p>}
          <p><button type="submit" className="primary" disabled={make.isPending}>Make the token</button></p>
        </form>
      </Dialog>
    </>
  );
}

export function UsersTab() {
  const path = "/api/v1/users";
  const admin = useMay("admin");
  return admin ? <Users path={path} /> : <NoPermission detail="Users are for the role admin." />;
}

function Users({ path }: { path: string }) {
  const me = useMe();
  const users = useItems<User>(path);
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const [link, setLink] = useState("");
  const save = useChange(path, ({ user, body }: { user: User | "new"; body: unknown }) => (user === "new" ? send("POST", path, { body }) : send("PATCH", `${path}/{id}`, { path: { id: String(user.id) }, body })));
  const remove = useChange(path, (id: number) => send("DELETE", `${path}/{id}`, { path: { id: String(id) } }));
  const makeLink = useMutation({
    mutationFn: (id: number) => send("POST", `${path}/{id}/link`, { path: { id: String(id) } }),
    onSuccess: (answer) => setLink(window.location.origin + (answer as { path: string }).path),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!editing) return;
    const form = new FormData(event.currentTarget);
    const body: Record<string, unknown> = { display_name: form.get("display_name"), role: form.get("role"), owners: list(form.get("owners")) };
    if (editing === "new") body.name = form.get("name");
    else body.disabled = form.get("disabled") === "on";
    if (form.get("password")) body.password = form.get("password");
    save.mutate({ user: editing, body }, { onSuccess: () => setEditing(null) });
  };
  if (users.isPending) return <Skeleton />;
  if (users.isError) return <ErrorBox error={users.error} retry={() => void users.refetch()} />;
  const edited = editing === "new" ? null : editing;
  return (
    <>
      <p><button type="button" onClick={() => (save.reset(), setEditing("new"))}>Add a user</button></p>
      {link && (
        <Block role="status">
          <h2>A link that signs in once, within 15 minutes</h2>
          <Command text={link} />
          <button type="button" className="small" onClick={() => setLink("")}>Sent</button>
        </Block>
      )}
      <Block>
        <table>
          <thead><tr><th scope="col">User</th><th scope="col">Role</th><th scope="col">Owners</th><th scope="col">Signs in by</th><th scope="col">Since</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
          <tbody>
            {users.data.items.map((one) => (
              <tr key={one.id}>
                <td>{one.name} {one.display_name !== one.name && <span className="quiet">{one.display_name}</span>} {one.disabled && <Tag value="disabled" tone="warn" />}</td>
                <td>{one.role}</td>
                <td>{one.owners.join(", ") || (one.role === "admin" || one.role === "security" ? <span className="quiet">sees everything</span> : <span className="stale">sees nothing</span>)}</td>
                <td>{[one.has_password && "password", one.single_sign_on && "single sign-on"].filter(Boolean).join(", ") || "link"}</td>
                <td><Time at={one.created} /></td>
                <td className="row-actions">
                  <button type="button" className="small" aria-label={`Change ${one.name}`} onClick={() => (save.reset(), setEditing(one))}>Change</button>
                  <button type="button" className="small" aria-label={`Make a link for ${one.name}`} disabled={makeLink.isPending} onClick={() => makeLink.mutate(one.id)}>Link</button>
                  {one.name !== me.data?.name && <ConfirmButton label="Take out" of={one.name} disabled={remove.isPending} act={() => remove.mutate(one.id)} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Block>
      {(remove.error ?? makeLink.error) && <ErrorBox error={remove.error ?? makeLink.error} />}
      <Dialog open={editing !== null} close={() => setEditing(null)} title={edited ? `Change ${edited.name}` : "Add a user"}>
        <form className="form" onSubmit={submit}>
          {!edited && <label>Name<input name="name" required maxLength={100} autoComplete="off" /></label>}
          <label>Shown as<input name="display_name" maxLength={200} defaultValue={edited?.display_name} /></label>
          <label>Role<select name="role" defaultValue={edited?.role ?? "viewer"}><option value="viewer">viewer: sees what belongs to its owners</option><option value="owner">owner: also acknowledges and assigns</option><option value="security">security: sees everything, accepts risks</option><option value="admin">admin: also manages users and settings</option></select></label>
          <label>Owners, with commas<input name="owners" defaultValue={edited?.owners.join(", ")} placeholder="team shop, team billing" /></label>
          <label>{edited?.has_password ? "New password" : "Password"}<input name="password" type="password" autoComplete="new-password" placeholder={edited?.has_password ? "as it is" : "none: signs in by a link"} /></label>
          {edited && <label className="check"><input type="checkbox" name="disabled" defaultChecked={edited.disabled} />disabled: cannot sign in, its tokens do not work</label>}
          {save.isError && <p className="wrong" role="alert">{save.error.message}</p>}
          <p><button type="submit" className="primary" disabled={save.isPending}>Save</button></p>
        </form>
      </Dialog>
    </>
  );
}

export function SessionsTab() {
  const path = "/api/v1/sessions";
  const admin = useMay("admin");
  const [everybody, setEverybody] = useState(false);
  const sessions = useItems<Session>(path, everybody ? { user_id: "0" } : {});
  const users = useItems<User>("/api/v1/users", {}, everybody);
  const names = new Map(users.data?.items.map((one) => [one.id, one.name]));
  const end = useChange(path, (id: string) => send("DELETE", `${path}/{id}`, { path: { id } }));
  if (sessions.isPending) return <Skeleton />;
  if (sessions.isError) return <ErrorBox error={sessions.error} retry={() => void sessions.refetch()} />;
  return (
    <>
      {admin && <p><label className="row-actions"><input type="checkbox" checked={everybody} onChange={(event) => setEverybody(event.target.checked)} />of everybody</label></p>}
      <Block>
        <table>
          <thead><tr>{everybody && <th scope="col">User</th>}<th scope="col">Browser</th><th scope="col">From</th><th scope="col">Since</th><th scope="col">Seen</th><th scope="col">Ends</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
          <tbody>
            {sessions.data.items.map((one) => (
              <tr key={one.id}>
                {everybody && <td>{names.get(one.user_id) ?? one.user_id}</td>}
                <td title={one.agent}>{agentWords(one.agent)}</td>
                <td className="mono">{one.address}</td>
                <td><Time at={one.created} /></td>
                <td><Time at={one.seen} /></td>
                <td><Time at={one.expires} /></td>
                <td><button type="button" className="small" disabled={end.isPending} onClick={() => end.mutate(one.id)}>End</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Block>
      {end.isError && <ErrorBox error={end.error} />}
    </>
  );
}

export function AuditTab() {
  const path = "/api/v1/audit";
  const may = useMay("security");
  const [action, setAction] = useParameter("action");
  const audit = useInfiniteQuery({
    queryKey: [path, action],
    queryFn: ({ pageParam, signal }) => ask(address(path, { cursor: pageParam, action }), { signal }) as Promise<Items<AuditEntry>>,
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
    enabled: may,
  });
  if (!may) return <NoPermission detail="The audit log is for the roles security and admin." />;
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p><label>Actions that begin with <input value={action} placeholder="e.g. token." onChange={(event) => setAction(event.target.value)} /></label></p>
      {audit.isError ? <ErrorBox error={audit.error} retry={() => void audit.refetch()} /> : audit.isPending ? <Skeleton /> : entries.length === 0 ? <Empty title="Nothing was changed" /> : (
        <Block>
          <table>
            <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">Did</th><th scope="col">To</th><th scope="col">Before and after</th></tr></thead>
            <tbody>
              {entries.map((one) => (
                <tr key={one.id}>
                  <td><Day at={one.at} /></td>
                  <td>{one.user}{one.token_id ? <span className="quiet"> by token {one.token_id}</span> : null}</td>
                  <td className="mono">{one.address}</td>
                  <td>{one.action}</td>
                  <td className="mono">{one.subject}</td>
                  <td>
                    {one.before !== null || one.after !== null ? (
                      <details>
                        <summary>show</summary>
                        <pre tabIndex={0} className="json">{one.before !== null ? `before ${JSON.stringify(one.before, null, 1)}\n` : ""}{one.after !== null ? `after ${JSON.stringify(one.after, null, 1)}` : ""}</pre>
                      </details>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {audit.hasNextPage && <p><button type="button" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Show more</button></p>}
        </Block>
      )}
    </>
  );
}
