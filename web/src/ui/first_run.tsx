// What to do with an empty store: the commands that fill it.
import { Command } from "./bits";

export function FirstRun() {
  const url = window.location.origin;
  return (
    <div className="state first-run">
      <h2>Nothing is here yet. Three ways to fill it</h2>
      <ol>
        <li>
          <h3>Submit an image from CI, or by hand</h3>
          <p>The token is made under Settings, Tokens, with the scope “submit”.</p>
          <Command text={`export SCANTLING_TOKEN=sct_…\nscantling scan registry.example/shop:1.4 --submit ${url}`} />
        </li>
        <li>
          <h3>Tell what runs on a host</h3>
          <p>It asks podman, Docker or containerd, sends all that runs once, then what changes.</p>
          <Command text={`scantling running --submit ${url}`} />
        </li>
        <li>
          <h3>Tell what runs in a cluster</h3>
          <Command text={`kubectl get pods -A -o json | scantling running --kubernetes - --cluster NAME --submit ${url}`} />
        </li>
      </ol>
      <p className="quiet">To look around first: <code>scantling server demo</code> shows a company of 400 images.</p>
    </div>
  );
}
