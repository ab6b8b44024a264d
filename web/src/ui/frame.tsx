// What is around every page: where to go, the search of everything, scope, moment, person.
import * as Ariakit from "@ariakit/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { Problem, get, send } from "../api/client";
import { useNow } from "../lib/clock";
import { ago, count, local, staleAfter, utc } from "../lib/format";
import { useKeys } from "../lib/keys";
import { rememberProvider, useAbout, useMe } from "../lib/me";
import { useHref, useScope, useTitle } from "../lib/state";
import { type Theme, applyTheme, readTheme } from "../lib/theme";
import { type ScopeField, scopeFields } from "../lib/url";
import { A, DemoBanner, Dialog } from "./bits";
import { Search } from "./search";

const pages = [
  { to: "/coverage", name: "Coverage", key: "c" },
  { to: "/changes", name: "Changes", key: "h" },
  { to: "/images", name: "Images", key: "i" },
  { to: "/running", name: "Running", key: "r" },
  { to: "/vulnerabilities", name: "Vulnerabilities", key: "v" },
  { to: "/findings", name: "Findings", key: "f" },
  { to: "/components", name: "Components", key: "p" },
  { to: "/settings", name: "Settings", key: "s" },
];

export function Frame({ children }: { children: ReactNode }) {
  const [location, go] = useLocation();
  const link = useHref();
  const about = useAbout();
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const [scope, setScope] = useScope();
  const here = pages.find((one) => location === one.to || location.startsWith(`${one.to}/`));
  // An image and a vulnerability are told by their own pages.
  useTitle(/^\/(images|vulnerabilities)\/./.test(location) ? "" : (here?.name ?? "No page"));
  useEffect(() => setMenu(false), [location]);
  useKeys({
    ...Object.fromEntries(pages.map((one) => [`g ${one.key}`, () => go(link(one.to))])),
    "?": () => setHelp(true),
  });
  return (
    <div className="frame">
      <a href="#main" className="skip">Skip to the content</a>
      <header className="top">
        <button type="button" className="small menu-button" aria-expanded={menu} aria-controls="pages" onClick={() => setMenu(!menu)}>
          Menu
        </button>
        <A to="/images" className="brand">Scantling</A>
        <Search />
        <div className="scope" role="group" aria-label="Scope">
          {scopeFields.map((field) => <ScopeChip key={field} field={field} value={scope[field]} set={(value) => setScope({ [field]: value })} />)}
          <AsOf value={scope.as_of} set={(as_of) => setScope({ as_of })} />
        </div>
        <Person help={() => setHelp(true)} />
      </header>
      <nav id="pages" className={menu ? "pages open" : "pages"} aria-label="Pages">
        {pages.map((one) => (
          <A key={one.to} to={one.to} className={one === here ? "current" : ""} title={`g ${one.key}`}>
            {one.name}
          </A>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        {about.data?.demo && <DemoBanner />}
        {scope.as_of && (
          <p className="banner past">
            As of <time dateTime={scope.as_of} title={utc(scope.as_of)}>{local(scope.as_of)}</time>: this is the past.{" "}
            <button type="button" className="small" onClick={() => setScope({ as_of: "" })}>Back to now</button>
          </p>
        )}
        {!scope.as_of && <AdvisoryBanner />}
        {children}
      </main>
      <Dialog open={help} close={() => setHelp(false)} title="Keys">
        <dl className="keys">
          <dt>j k</dt><dd>next, previous row</dd>
          <dt>Enter</dt><dd>open the row</dd>
          <dt>Space</dt><dd>preview at the side</dd>
          <dt>/</dt><dd>search in this list</dd>
          <dt>Ctrl K</dt><dd>search everything</dd>
          <dt>Esc</dt><dd>close, take the selection away</dd>
          {pages.map((one) => [<dt key={one.key}>g {one.key}</dt>, <dd key={one.to}>{one.name}</dd>])}
          <dt>?</dt><dd>this list</dd>
        </dl>
        <p className="quiet">A click on a value filters by it. The address holds all of it: send it, and others see the same rows.</p>
      </Dialog>
    </div>
  );
}

// On every page: what advisories that are few or old cannot tell.
function AdvisoryBanner() {
  const now = useNow();
  const coverage = useQuery({ queryKey: ["coverage", ""], queryFn: ({ signal }) => get("/api/v1/coverage", { signal }), staleTime: 300_000 });
  const advisories = coverage.data?.advisories;
  if (!advisories) return null;
  const newest = advisories.namespaces?.map((one) => one.as_of ?? "").sort().at(-1);
  const what = !advisories.digest
    ? "There is no advisory data: nothing can be judged."
    : advisories.starter_set
      ? "Only the built-in starter set of advisories is in force: most vulnerabilities are not known here."
      : newest && now - Date.parse(newest) > staleAfter
        ? `The advisory data is ${ago(newest, now).replace(" ago", "")} old: what was published since is not known here.`
        : "";
  return what ? <p className="banner past" role="status">{what} <A to="/coverage">Sources</A></p> : null;
}

function ScopeChip({ field, value, set }: { field: ScopeField; value: string; set: (value: string) => void }) {
  const menu = Ariakit.useMenuStore({ placement: "bottom-end" });
  const open = Ariakit.useStoreState(menu, "open");
  const values = useQuery({
    queryKey: ["scope", field],
    queryFn: ({ signal }) => get("/api/v1/running", { query: { facets: field, columns: field, limit: 1 }, signal }),
    enabled: open,
    staleTime: 60_000,
  });
  const facet = values.data?.facets?.[field];
  return (
    <>
      <Ariakit.MenuButton store={menu} className={value ? "small scope-chip set" : "small scope-chip"}>
        {value || <><span className="wide-only">all </span>{field}s</>} <span aria-hidden="true">▾</span>
        {value && <span className="hidden-text"> is the {field}</span>}
      </Ariakit.MenuButton>
      <Ariakit.Menu store={menu} className="menu" gutter={4} unmountOnHide aria-label={field}>
        <Ariakit.MenuItem className="menu-item" onClick={() => set("")}>all {field}s</Ariakit.MenuItem>
        {facet?.values?.filter((one) => one.value).map((one) => (
          <Ariakit.MenuItem key={one.value} className="menu-item" onClick={() => set(one.value ?? "")}>
            <span>{one.value}</span> <span className="num quiet">{count(one.count ?? 0)}</span>
          </Ariakit.MenuItem>
        ))}
        {values.isFetching && !facet && <p className="quiet">…</p>}
        {values.isSuccess && !facet?.values?.some((one) => one.value) && <p className="quiet">No running copy has one.</p>}
      </Ariakit.Menu>
    </>
  );
}

const day = 86_400_000;
function AsOf({ value, set }: { value: string; set: (value: string) => void }) {
  const store = Ariakit.usePopoverStore({ placement: "bottom-end" });
  const [text, setText] = useState("");
  const choose = (at: Date | null) => {
    set(at ? `${at.toISOString().slice(0, 19)}Z` : "");
    store.hide();
  };
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} className={value ? "small scope-chip set" : "small scope-chip"} title={value ? utc(value) : "Any past moment"}>
        {value ? local(value) : "now"} <span aria-hidden="true">▾</span>
      </Ariakit.PopoverDisclosure>
      <Ariakit.Popover store={store} className="popover" gutter={4} unmountOnHide aria-label="As of">
        <p>
          {[["now", 0], ["a day ago", 1], ["a week ago", 7], ["30 days ago", 30], ["90 days ago", 90]].map(([name, days]) => (
            <button key={name} type="button" className="small" onClick={() => choose(days ? new Date(Date.now() - Number(days) * day) : null)}>
              {name}
            </button>
          ))}
        </p>
        <form onSubmit={(event) => (event.preventDefault(), text && choose(new Date(text)))}>
          <label>
            A moment, in your zone
            <br />
            <input type="datetime-local" value={text} onChange={(event) => setText(event.target.value)} />
          </label>{" "}
          <button type="submit" disabled={!text}>Show</button>
        </form>
      </Ariakit.Popover>
    </>
  );
}

function Person({ help }: { help: () => void }) {
  const me = useMe();
  const cache = useQueryClient();
  const menu = Ariakit.useMenuStore({ placement: "bottom-end" });
  const [theme, setTheme] = useState<Theme>(readTheme);
  const [fault, setFault] = useState("");
  const [, go] = useLocation();
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  const leave = async () => {
    try {
      await send("POST", "/api/v1/sign-out");
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) {
        setFault(`Not signed out: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
    }
    cache.clear();
    rememberProvider(false);
    go("/sign-in");
  };
  return (
    <>
      {fault && <span role="alert" className="stale">{fault}</span>}
      <Ariakit.MenuButton store={menu} className="small person">
        {me.data?.display_name || me.data?.name} <span aria-hidden="true">▾</span>
      </Ariakit.MenuButton>
      <Ariakit.Menu store={menu} className="menu" gutter={4} unmountOnHide aria-label="You">
        <p className="quiet">
          {me.data?.name}, role {me.data?.role}
          {me.data?.owners?.length ? `, sees ${me.data.owners.join(", ")}` : ""}
        </p>
        {(["system", "light", "dark"] as const).map((one) => (
          <Ariakit.MenuItem key={one} className="menu-item" onClick={() => choose(one)} aria-current={theme === one || undefined}>
            {one === "system" ? "As the system" : one === "light" ? "Light" : "Dark"} {theme === one ? "✓" : ""}
          </Ariakit.MenuItem>
        ))}
        <Ariakit.MenuSeparator />
        <Ariakit.MenuItem className="menu-item" onClick={help}>Keys</Ariakit.MenuItem>
        <Ariakit.MenuItem className="menu-item" onClick={() => void leave()}>Sign out</Ariakit.MenuItem>
      </Ariakit.Menu>
    </>
  );
}
