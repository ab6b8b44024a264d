// What to do with an empty store: the commands that fill it.
import { A, Command } from "./bits";

export function RunningCommands() {
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

export function FirstRun() {
  const url = window.location.origin;
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
