// What to do with an empty store: the commands that fill it.
import { useMe } from "../lib/me";
import { useScope } from "../lib/state";
import { A, Command } from "./bits";
import { Empty } from "./states";

// Who sees a part only, or the past, must not read that there is nothing.
function Hidden({ what }: { what: string }) {
  const me = useMe();
  const [scope] = useScope();
  if (scope.as_of) return <Empty title={`There was no ${what} then`}><p className="quiet">The page is as of a past moment: the banner above leads back to now.</p></Empty>;
  const owners = me.data?.owners ?? [];
  return (
    <Empty title={`Nothing of yours: no ${what} that you see`}>
      <p>{owners.length > 0 ? <>You see what belongs to {owners.join(", ")}.</> : "You see what belongs to your owners, and you have none yet."} There may be more that others see.</p>
      <p className="quiet">An administrator says whose you see under Settings, Users; what belongs to whom is under <A to="/settings/owners">Settings, Owners</A>.</p>
    </Empty>
  );
}

function useHidden(): boolean {
  const me = useMe();
  const [scope] = useScope();
  return scope.as_of !== "" || me.data?.role === "viewer" || me.data?.role === "owner";
}

export function NothingRuns({ title }: { title: string }) {
  return useHidden() ? <Hidden what="running copy" /> : <Empty title={title}><RunningCommands /></Empty>;
}

function RunningCommands() {
  const url = window.location.origin;
  return (
    <>
      <p>On a host it asks podman, Docker or containerd, sends all that runs once, then what changes.</p>
      <Command text={`scantling running --server ${url} --token-file token`} />
      <p>Of a cluster, by list and watch, or once from a file.</p>
      <Command text={`scantling running kubernetes --cluster NAME --server ${url} --token-file token`} />
      <Command text={`kubectl get pods -A -o json | scantling running --from-file - --cluster NAME --server ${url} --token-file token`} />
    </>
  );
}

export function FirstRun({ what }: { what: string }) {
  const url = window.location.origin;
  if (useHidden()) return <Hidden what={what} />;
  return (
    <div className="state first-run">
      <h2>Nothing is here yet. How to fill it</h2>
      <ol>
        <li>
          <h3>Make a token</h3>
          <p>
            Under <A to="/settings/tokens">Settings, Tokens</A>, with the scope “submit”. Keep it in a file, here named token.
          </p>
        </li>
        <li>
          <h3>Submit an image, from CI or by hand</h3>
          <Command text={`SCANTLING_TOKEN=$(cat token) scantling scan registry.example/shop:1.4 --submit ${url}`} />
          <p>
            Or let the server scan what is in a registry: <A to="/settings/registries">Settings, Registries</A>.
          </p>
        </li>
        <li>
          <h3>Tell what runs</h3>
          <RunningCommands />
        </li>
      </ol>
      <p className="quiet">
        To look around first: <code>scantling server demo</code> shows a company of 400 images.
      </p>
    </div>
  );
}
