// The one table of all lists. Everything is done by the server: filter, search, order, pages, counts by value; here are the rows that
// are in view. Its state is the address (lib/url.ts).
//
// Keys: j and k go through the rows, Enter opens, Space shows the preview at the side, "/" goes to the search field.
import * as Ariakit from "@ariakit/react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { type Query, type Schemas, address, get } from "../api/client";
import { count, utc, words } from "../lib/format";
import { useKeys } from "../lib/keys";
import { useHref, useListState, useScope } from "../lib/state";
import { type Filter, type Scope, filterValues, formatFilter, nextSort, scopeFields, toggleFilter, toggleValue } from "../lib/url";
import { CopyButton, Num, Time, Unknown } from "./bits";
import { Empty, ErrorBox } from "./states";
import { SaveView } from "./views";

export type Kind = "text" | "texts" | "number" | "real" | "flag" | "time";
type ListPath = "/api/v1/images" | "/api/v1/running" | "/api/v1/vulnerabilities" | "/api/v1/components" | "/api/v1/findings" | "/api/v1/images/{digest}/findings" | "/api/v1/vulnerabilities/{id}/findings";
type Page<Row> = Omit<Schemas["Page"], "items"> & { items?: Row[] };

export interface Column<Row> {
  field: string; // of the API; "" = made of others, and not sorted by
  key?: string; // where `field` is "" or used twice
  label: string;
  title?: string; // in full
  kind: Kind;
  width: number; // pixels; the columns share what is left in these proportions
  render?: (row: Row) => ReactNode;
  value?: (text: string) => ReactNode; // how each of several texts is drawn
  needs?: string[]; // fields that `render` reads beside its own
  hidden?: boolean; // until chosen
  facet?: boolean; // its values can be counted
  click?: boolean; // false: a click on the value does not filter by it
}

export interface TableProps<Row> {
  path: ListPath;
  pathValues?: Record<string, string>;
  fixed?: Query; // parameters that are not the reader's
  noun: string; // "images"
  title?: ReactNode;
  columns: Column<Row>[];
  id: (row: Row) => string;
  idFields: string[];
  order: string; // the server's own, in words: "running first, then by risk"
  href?: (row: Row) => string;
  preview?: (row: Row) => ReactNode;
  scope: Partial<Record<keyof Omit<Scope, "as_of">, string>>; // which field each scope chip narrows
  empty: ReactNode;
  tools?: ReactNode;
}

const rowHeight = 26;
const pageSize = 100;

const keyOf = <Row,>(column: Column<Row>): string => column.key ?? column.field;

function plain(kind: Kind, value: unknown): ReactNode {
  if (kind === "time") return <Time at={value as string | null} none="" />;
  if (kind === "number") return <Num value={value as number | null} />;
  if (value === null || value === undefined) return <Unknown />;
  if (kind === "real") return <span className="num">{(value as number).toFixed(2)}</span>;
  if (kind === "flag") return value ? "yes" : "no";
  if (kind === "texts") return (value as string[]).join(", ");
  return value === "" ? <span className="quiet">–</span> : String(value);
}

const nobodyLast = (values: string[]): string[] => [...values.filter((one) => one !== "(nobody)"), ...values.filter((one) => one === "(nobody)")];

export function DataTable<Row extends object>(props: TableProps<Row>) {
  const { path, pathValues, fixed, noun, columns, id, idFields, href, preview } = props;
  const [state, setState] = useListState();
  const [scope] = useScope();
  const [, go] = useLocation();
  const link = useHref();
  const scroller = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);

  const chosen = state.columns.length > 0 ? columns.filter((one) => state.columns.includes(keyOf(one))) : columns.filter((one) => !one.hidden);
  const shown = chosen.length > 0 ? chosen : columns.filter((one) => !one.hidden);
  const wanted = [...new Set([...idFields, ...shown.flatMap((one) => [one.field, ...(one.needs ?? [])])])].filter(Boolean);
  const scopeFilters = scopeFields.flatMap((field) => {
    const name = props.scope[field];
    return name && scope[field] ? [formatFilter({ field: name, value: scope[field] })] : [];
  });
  const unscoped = scopeFields.filter((field) => scope[field] && !props.scope[field]);
  const query: Query = {
    ...fixed,
    filter: [...state.filters.map(formatFilter), ...scopeFilters],
    vulnerability: state.vulnerability,
    q: state.q,
    sort: state.sort,
    as_of: scope.as_of,
  };
  // The preview reads all fields; so do the rows when it is open.
  const pageQuery: Query = { ...query, columns: state.preview ? undefined : wanted.join(","), limit: pageSize };
  const list = useInfiniteQuery({
    queryKey: [path, pathValues, pageQuery],
    queryFn: ({ pageParam, signal }) => get(path, { path: pathValues ?? {}, query: { ...pageQuery, cursor: pageParam }, signal }) as Promise<Page<Row>>,
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items ?? []) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const total = first?.total ?? null;
  const filtered = state.filters.length > 0 || state.q !== "" || state.vulnerability !== "" || scopeFilters.length > 0;

  const virtual = useVirtualizer({ count: total === null ? 0 : rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 30) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const selected = state.row ? rows.findIndex((row) => id(row) === state.row) : -1;
  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setState({ row: id(row) }, { replace: true });
    virtual.scrollToIndex(rows.indexOf(row));
  };
  const open = (row: Row | undefined) => row && href && go(link(href(row)));
  const moveKeys = {
    j: () => select(selected + 1),
    k: () => select(selected < 0 ? 0 : selected - 1),
    ArrowDown: () => (selected >= 0 ? select(selected + 1) : false),
    ArrowUp: () => (selected >= 0 ? select(selected - 1) : false),
    Home: () => (selected >= 0 ? select(0) : false),
    Enter: (event: KeyboardEvent) => (onControl(event) || selected < 0 ? false : void open(rows[selected])),
    "/": () => searchField.current?.focus(),
    Escape: () => (state.preview ? setState({ preview: false }) : state.row ? setState({ row: "" }, { replace: true }) : false),
  };
  useKeys(
    preview
      ? {
          ...moveKeys,
          " ": (event: KeyboardEvent) => {
            if (onControl(event)) return false;
            if (selected < 0 && rows[0]) setState({ row: id(rows[0]), preview: true });
            else setState({ preview: !state.preview });
            return;
          },
        }
      : moveKeys,
  );

  const filterBy = (field: string, value: string) => setState({ filters: toggleFilter(state.filters, field, value), row: "" });
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items[items.length - 1]?.end ?? 0);
  const totalWidth = shown.reduce((sum, one) => sum + one.width, 0);

  return (
    <section className={state.preview && preview ? "list with-preview" : "list"}>
      <div className="list-head">
        <h1>{props.title ?? noun[0]?.toUpperCase() + noun.slice(1)}</h1>
        <span className="list-count" aria-live="polite">
          {total === null ? "" : `${count(total)}${filtered ? " match" : ""}`}
          {first?.as_of && scope.as_of && <span title={utc(first.as_of)}> as of then</span>}
          {total !== null && !state.sort && <span className="list-order"> · {props.order}</span>}
        </span>
        <SearchField value={state.q} change={(q) => setState({ q, row: "" }, { replace: true })} noun={noun} field={searchField} />
        {props.tools}
        <FilterMenu path={path} pathValues={pathValues} query={query} columns={columns} filters={state.filters} set={(filters) => setState({ filters, row: "" })} />
        <ColumnMenu columns={columns} shown={shown.map(keyOf)} set={(next) => setState({ columns: next })} />
        <ExportMenu path={path} pathValues={pathValues} query={{ ...query, columns: shown.map((one) => one.field).filter(Boolean).join(",") }} noun={noun} />
      </div>
      {(state.filters.length > 0 || state.vulnerability || unscoped.length > 0) && (
        <div className="chips">
          {state.vulnerability && (
            <span className="chip">
              <span>with <b>{state.vulnerability}</b></span>
              <button type="button" aria-label={`Also show ${noun} without ${state.vulnerability}`} onClick={() => setState({ vulnerability: "", row: "" })}>×</button>
            </span>
          )}
          {state.filters.map((filter) => (
            <FilterChip key={formatFilter(filter)} filter={filter} columns={columns} filters={state.filters} set={(filters) => setState({ filters, row: "" })} />
          ))}
          {state.filters.length > 1 && (
            <button type="button" className="small quiet-button" onClick={() => setState({ filters: [], row: "" })}>
              Clear all
            </button>
          )}
          {unscoped.length > 0 && <span className="stale">not narrowed by {unscoped.join(", ")}: {noun} are not kept by it</span>}
        </div>
      )}
      {list.isError ? (
        <ErrorBox error={list.error} retry={() => void list.refetch()} />
      ) : (
        <div className="split">
          <div className={list.isPlaceholderData ? "scroller busy" : "scroller"} ref={scroller} tabIndex={0} role="region" aria-label={`Table of ${noun}`} aria-busy={list.isFetching}>
            <table aria-rowcount={total === null ? -1 : total + 1} style={{ minWidth: `${totalWidth}px` }}>
              <colgroup>
                {shown.map((one) => (
                  <col key={keyOf(one)} style={{ width: `${(100 * one.width) / totalWidth}%` }} />
                ))}
              </colgroup>
              <thead>
                <tr aria-rowindex={1}>
                  {shown.map((one) => (
                    <Head key={keyOf(one)} column={one} sort={state.sort} set={(sort) => setState({ sort })} />
                  ))}
                </tr>
              </thead>
              <tbody>
                {before > 0 && <tr aria-hidden="true"><td colSpan={shown.length} style={{ height: `${before}px` }} /></tr>}
                {list.isPending && Array.from({ length: 24 }, (_, line) => (
                  <tr key={line} className="ghost">
                    {shown.map((one) => <td key={keyOf(one)}><span style={{ width: `${50 + ((line * 13 + one.width) % 45)}%` }} /></td>)}
                  </tr>
                ))}
                {items.map((item) => {
                  const row = rows[item.index];
                  if (!row) return null;
                  const isSelected = item.index === selected;
                  return (
                    <tr key={id(row)} aria-rowindex={item.index + 2} className={isSelected ? "selected" : undefined} aria-current={isSelected || undefined} onClick={(event) => onControl(event) || setState({ row: id(row) }, { replace: true })} onDoubleClick={(event) => onControl(event) || open(row)}>
                      {shown.map((one) => <Cell key={keyOf(one)} column={one} row={row} filterBy={filterBy} />)}
                    </tr>
                  );
                })}
                {after > 0 && <tr aria-hidden="true"><td colSpan={shown.length} style={{ height: `${after}px` }} /></tr>}
              </tbody>
            </table>
            {total === 0 && (filtered ? (
              <Empty title={`No ${noun} match`}>
                <p>
                  <button type="button" onClick={() => setState({ filters: [], q: "", vulnerability: "", row: "" })}>Clear the filters</button>
                </p>
                {scopeFilters.length > 0 && <p className="quiet">The scope above also narrows: {scopeFilters.join(", ")}.</p>}
              </Empty>
            ) : props.empty)}
            {isFetchingNextPage && <p className="quiet more" role="status">More comes…</p>}
          </div>
          {state.preview && preview && (
            <aside className="preview" aria-label="Preview">
              <div className="dialog-head">
                <h2>Preview</h2>
                <button type="button" className="small quiet-button" onClick={() => setState({ preview: false })}>Close</button>
              </div>
              {selected >= 0 && rows[selected] ? (
                <>
                  {preview(rows[selected])}
                  {href && <p><button type="button" onClick={() => open(rows[selected])}>Open</button></p>}
                </>
              ) : (
                <p className="quiet">Select a row: j, k, or a click.</p>
              )}
            </aside>
          )}
        </div>
      )}
    </section>
  );
}

// Enter, Space and clicks on a button or link are the button's.
function onControl(event: { target: EventTarget | null }): boolean {
  return event.target instanceof HTMLElement && event.target.closest("a,button,summary,[role=button],[role=tab]") !== null;
}

function Head<Row>({ column, sort, set }: { column: Column<Row>; sort: string; set: (sort: string) => void }) {
  const [first = ""] = sort.split(",");
  const by = first.replace(/^-/, "") === column.field && column.field !== "";
  const numeric = column.kind === "number" || column.kind === "real";
  const label = column.title ?? column.label;
  if (!column.field) return <th scope="col" title={label}>{column.label}</th>;
  return (
    <th scope="col" aria-sort={by ? (first.startsWith("-") ? "descending" : "ascending") : undefined} className={numeric ? "right" : undefined}>
      <button type="button" title={`Sort by ${label}`} onClick={() => set(nextSort(sort, column.field, column.kind !== "text" && column.kind !== "texts"))}>
        {column.label}
        <span aria-hidden="true">{by ? (first.startsWith("-") ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

function Cell<Row extends object>({ column, row, filterBy }: { column: Column<Row>; row: Row; filterBy: (field: string, value: string) => void }) {
  const value = column.field ? (row as Record<string, unknown>)[column.field] : undefined;
  const numeric = column.kind === "number" || column.kind === "real";
  const body = column.render ? column.render(row) : plain(column.kind, value);
  const canFilter = column.click !== false && (column.kind === "text" || column.kind === "flag") && value !== null && value !== undefined && (value !== "" || column.render !== undefined);
  const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? "");
  return (
    <td className={numeric ? "right" : undefined} title={column.render || canFilter ? undefined : text || undefined}>
      {canFilter ? (
        <button type="button" className="value" title={`${text || "none"}\nClick to filter by it`} onClick={() => filterBy(column.field, text)}>
          {body}
        </button>
      ) : column.kind === "texts" && column.click !== false && Array.isArray(value) && !column.render ? (
        nobodyLast(value as string[]).map((one) => (
          <button key={one} type="button" className="value" title={`${one}\nClick to filter by it`} onClick={() => filterBy(column.field, one)}>
            {column.value ? column.value(one) : one}
          </button>
        ))
      ) : (
        body
      )}
    </td>
  );
}

// Waits for a pause in the typing, so that a word is one request.
function SearchField({ value, change, noun, field }: { value: string; change: (value: string) => void; noun: string; field: React.RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      change(text);
    }, 200);
    return () => clearTimeout(timer);
  }, [text, change]);
  return (
    <input
      ref={field}
      type="search"
      className="list-search"
      value={text}
      aria-label={`Search ${noun}`}
      placeholder={`Search ${noun}  /`}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

function FilterChip<Row>({ filter, columns, filters, set }: { filter: Filter; columns: Column<Row>[]; filters: Filter[]; set: (filters: Filter[]) => void }) {
  const label = columns.find((one) => one.field === filter.field)?.title ?? words(filter.field);
  const compared = /^[<>]/.test(filter.value);
  const { values, not } = filterValues(filter.value);
  const change = (next: Filter | null) => set(filters.flatMap((one) => (one === filter ? (next ? [next] : []) : [one])));
  return (
    <span className="chip">
      <span>
        {label} {compared ? filter.value : <>{not ? "is not" : "is"} <b>{values.map((one) => words(one) || "(empty)").join(" or ")}</b></>}
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
function FilterMenu<Row>({ path, pathValues, query, columns, filters, set }: { path: ListPath; pathValues: Record<string, string> | undefined; query: Query; columns: Column<Row>[]; filters: Filter[]; set: (filters: Filter[]) => void }) {
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
                  <span>{words(value) || "(empty)"}</span>
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

function ColumnMenu<Row>({ columns, shown, set }: { columns: Column<Row>[]; shown: string[]; set: (columns: string[]) => void }) {
  const store = Ariakit.usePopoverStore({ placement: "bottom-end" });
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} className="small">Columns</Ariakit.PopoverDisclosure>
      <Ariakit.Popover store={store} className="popover" gutter={4} unmountOnHide aria-label="Columns">
        <ul className="facet">
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

function ExportMenu({ path, pathValues, query, noun }: { path: ListPath; pathValues: Record<string, string> | undefined; query: Query; noun: string }) {
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
