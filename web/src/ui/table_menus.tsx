// What narrows a list, which columns it shows, and how its rows are taken elsewhere.
import * as Ariakit from "@ariakit/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearch } from "wouter";
import { type Query, address, get } from "../api/client";
import { count, valueWords, words } from "../lib/format";
import { type Filter, filterValues, formatFilter, toggleValue } from "../lib/url";
import { CopyButton } from "./bits";
import { type Column, type ListPath, type Page, keyOf } from "./column";
import { ErrorBox } from "./states";
import { SaveView } from "./views";

export function FilterChip<Row>({ filter, columns, filters, set }: { filter: Filter; columns: Column<Row>[]; filters: Filter[]; set: (filters: Filter[]) => void }) {
  const label = columns.find((one) => one.field === filter.field)?.title ?? words(filter.field);
  const compared = /^[<>]/.test(filter.value);
  const { values, not } = filterValues(filter.value);
  const change = (next: Filter | null) => set(filters.flatMap((one) => (one === filter ? (next ? [next] : []) : [one])));
  return (
    <span className="chip">
      <span>
        {label} {compared ? filter.value : <>{not ? "is not" : "is"} <b>{values.map((one) => valueWords(filter.field, one)).join(" or ")}</b></>}
      </span>
      {!compared && (
        <button type="button" title={not ? "Show only these" : "Show all but these"} aria-label={not ? `Show only ${label} ${values.join(" or ")}` : `Leave out ${label} ${values.join(" or ")}`} onClick={() => change({ field: filter.field, value: (not ? "" : "!") + values.join("|") })}>
          {not ? "=" : "≠"}
        </button>
      )}
      <button type="button" aria-label={`Take out the filter ${label}`} onClick={() => change(null)}>
        ×
      </button>
    </span>
  );
}

// Values of each field with their counts in what the other filters leave.
export function FilterMenu<Row>({ path, pathValues, query, columns, filters, set }: { path: ListPath; pathValues: Record<string, string> | undefined; query: Query; columns: Column<Row>[]; filters: Filter[]; set: (filters: Filter[]) => void }) {
  const store = Ariakit.usePopoverStore({ placement: "bottom-end" });
  const isOpen = Ariakit.useStoreState(store, "open");
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} className="small">
        Filter{filters.length > 0 ? ` · ${filters.length}` : ""}
      </Ariakit.PopoverDisclosure>
      <Ariakit.Popover store={store} className="popover filters" gutter={4} unmountOnHide aria-label="Filters">
        {isOpen && <FilterPanel path={path} pathValues={pathValues} query={query} columns={columns} filters={filters} set={set} />}
      </Ariakit.Popover>
    </>
  );
}

function FilterPanel<Row>({ path, pathValues, query, columns, filters, set }: { path: ListPath; pathValues: Record<string, string> | undefined; query: Query; columns: Column<Row>[]; filters: Filter[]; set: (filters: Filter[]) => void }) {
  const withValues = columns.filter((one) => one.facet && one.field);
  const numbers = columns.filter((one) => one.field && (one.kind === "number" || one.kind === "real"));
  const [field, setField] = useState(withValues[0]?.field ?? numbers[0]?.field ?? "");
  const [bound, setBound] = useState("");
  const [how, setHow] = useState(">=");
  const column = columns.find((one) => one.field === field);
  // Counted without the field's own filter, so that its other values can be added.
  const own = filters.find((one) => one.field === field);
  const others = ((query.filter as string[] | undefined) ?? []).filter((one) => !own || one !== formatFilter(own));
  const facets = useQuery({
    queryKey: ["facets", path, pathValues, field, { ...query, filter: others }],
    queryFn: ({ signal }) => get(path, { path: pathValues ?? {}, query: { ...query, filter: others, facets: field, columns: field, limit: 1 }, signal }) as Promise<Page<Row>>,
    enabled: column?.facet === true,
    placeholderData: keepPreviousData,
  });
  const facet = facets.data?.facets?.[field];
  const chosen = own && !/^[<>]/.test(own.value) ? filterValues(own.value).values : [];
  return (
    <>
      <label>
        Field{" "}
        <select value={field} onChange={(event) => setField(event.target.value)} autoFocus>
          {[...withValues, ...numbers].map((one) => (
            <option key={keyOf(one)} value={one.field}>{one.title ?? one.label}</option>
          ))}
        </select>
      </label>
      {column?.facet ? (
        facets.isError ? (
          <ErrorBox error={facets.error} />
        ) : (
          <ul className="facet" aria-busy={facets.isFetching}>
            {facet?.values?.map(({ value = "", count: rows = 0 }) => (
              <li key={value}>
                <label>
                  <input type="checkbox" checked={chosen.includes(value)} onChange={() => set(toggleValue(filters, field, value))} />
                  <span>{valueWords(field, value)}</span>
                  <span className="num quiet">{count(rows)}</span>
                </label>
              </li>
            ))}
            {facet?.others ? <li className="quiet">{count(facet.others)} rows with other values: use the search field</li> : null}
          </ul>
        )
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (bound !== "") set([...filters.filter((one) => one.field !== field), { field, value: how + bound }]);
          }}
        >
          <select value={how} aria-label="Comparison" onChange={(event) => setHow(event.target.value)}>
            <option value=">=">at least</option>
            <option value="<=">at most</option>
          </select>{" "}
          <input type="number" step="any" value={bound} aria-label="Bound" onChange={(event) => setBound(event.target.value)} /> <button type="submit">Filter</button>
        </form>
      )}
    </>
  );
}

export function ColumnMenu<Row>({ columns, shown, set }: { columns: Column<Row>[]; shown: string[]; set: (columns: string[]) => void }) {
  const store = Ariakit.usePopoverStore({ placement: "bottom-end" });
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} className="small">Columns</Ariakit.PopoverDisclosure>
      <Ariakit.Popover store={store} className="popover" gutter={4} unmountOnHide aria-label="Columns">
        <ul className="facet names">
          {columns.map((one) => {
            const key = keyOf(one);
            return (
              <li key={key}>
                <label>
                  <input type="checkbox" checked={shown.includes(key)} onChange={() => set(columns.map(keyOf).filter((name) => (name === key ? !shown.includes(name) : shown.includes(name))))} />
                  <span>{one.title ?? one.label}</span>
                </label>
              </li>
            );
          })}
        </ul>
        <button type="button" className="small" onClick={() => set([])}>As at first</button>
      </Ariakit.Popover>
    </>
  );
}

export function ExportMenu({ path, pathValues, query, noun }: { path: ListPath; pathValues: Record<string, string> | undefined; query: Query; noun: string }) {
  const store = Ariakit.usePopoverStore({ placement: "bottom-end" });
  const search = useSearch();
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pathValues?.[name] ?? ""));
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} className="small">Share</Ariakit.PopoverDisclosure>
      <Ariakit.Popover store={store} className="popover" gutter={4} unmountOnHide aria-label="Share">
        <p><CopyButton text={window.location.href} label="Copy a link to these rows" /></p>
        <p><a href={address(target, { ...query, format: "csv" })} download>All rows as CSV</a></p>
        <p><a href={address(target, { ...query, format: "ndjson" })} download>All rows as JSON lines</a></p>
        <p><CopyButton text={`curl -H "Authorization: Bearer $SCANTLING_TOKEN" '${window.location.origin}${address(target, query)}'`} label="Copy as a curl command" /></p>
        <SaveView path={`${window.location.pathname}${search ? `?${search}` : ""}`} noun={noun} />
      </Ariakit.Popover>
    </>
  );
}
