// Who carries what: component versions of all images; with a name and a bound, "who has Y older than Z".
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import type { ComponentRow } from "../api/client";
import { A } from "../ui/bits";
import { FirstRun } from "../ui/first_run";
import type { Column } from "../ui/column";
import { DataTable } from "../ui/table";

const columns: Column<ComponentRow>[] = [
  { field: "name", label: "Component", kind: "text", width: 200 },
  { field: "version", label: "Version", kind: "text", width: 150 },
  { field: "type", label: "Type", kind: "text", width: 90, facet: true },
  { field: "copies", label: "Copies", title: "running copies", kind: "number", width: 70 },
  { field: "images", label: "Images", kind: "number", width: 70 },
  { field: "findings", label: "Findings", kind: "number", width: 74, needs: ["name"], render: (one) => (one.findings ? <A to={`/findings?filter=component:${encodeURIComponent(one.name ?? "")}`}>{one.findings}</A> : <span className="num zero">0</span>) },
  { field: "purl", label: "Package URL", kind: "text", width: 320, click: false },
];

function Older() {
  const search = useSearch();
  const [path, go] = useLocation();
  const query = new URLSearchParams(search);
  const [name, setName] = useState(query.get("name") ?? "");
  const [below, setBelow] = useState(query.get("below") ?? "");
  const ask = (nextName: string, nextBelow: string) => {
    for (const [key, value] of [["name", nextName], ["below", nextBelow]] as const) {
      if (value) query.set(key, value);
      else query.delete(key);
    }
    query.delete("row");
    go(query.size > 0 ? `${path}?${query}` : path);
  };
  return (
    <form
      className="row-actions"
      onSubmit={(event) => {
        event.preventDefault();
        ask(name.trim(), below.trim());
      }}
    >
      <input value={name} size={12} placeholder="name" aria-label="Exact name of the component" onChange={(event) => setName(event.target.value)} />
      <span>older than</span>
      <input value={below} size={8} placeholder="version" aria-label="Older than this version" onChange={(event) => setBelow(event.target.value)} />
      <button type="submit" className="small">Ask</button>
      {(query.has("name") || query.has("below")) && (
        <button type="button" className="small quiet-button" onClick={() => (setName(""), setBelow(""), ask("", ""))}>All</button>
      )}
    </form>
  );
}

export function ComponentsPage() {
  const query = new URLSearchParams(useSearch());
  return (
    <DataTable<ComponentRow>
      path="/api/v1/components"
      fixed={{ name: query.get("name") ?? undefined, below: query.get("below") ?? undefined }}
      noun="components"
      columns={columns}
      id={(one) => one.id ?? ""}
      idFields={["id"]}
      order="what most copies have first"
      href={(one) => `/findings?filter=purl:${encodeURIComponent(one.purl ?? "")}`}
      scope={{}}
      tools={<Older />}
      empty={query.has("name") ? <div className="state"><h2>No image that you see carries {query.get("name")}{query.has("below") ? ` older than ${query.get("below")}` : ""}</h2><p className="quiet">Images that were never scanned are not counted: Coverage says how many.</p></div> : <FirstRun what="component" />}
    />
  );
}
