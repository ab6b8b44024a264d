// The one table of all lists. Everything is done by the server: filter, search, order, pages, counts by value; here are the rows that
// are in view. Its state is the address (lib/url.ts).
//
// Keys: j and k go through the rows, Enter opens, Space shows the preview at the side, "/" goes to the search field.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { type Query, get } from "../api/client";
import { count, utc } from "../lib/format";
import { useKeys } from "../lib/keys";
import { useHref, useListState, useScope } from "../lib/state";
import { type Scope, formatFilter, nextSort, scopeFields, toggleFilter } from "../lib/url";
import { Num, Time, Unknown } from "./bits";
import { type Column, type Kind, type ListPath, type Page, keyOf } from "./column";
import { Empty, ErrorBox } from "./states";
import { ColumnMenu, ExportMenu, FilterChip, FilterMenu } from "./table_menus";

interface TableProps<Row> {
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
const headHeight = 28;
const pageSize = 100;
const searchedFor = 1000; // rows among which the address's row is looked for

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

  const virtual = useVirtualizer({ count: total === null ? 0 : rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, scrollPaddingEnd: headHeight });
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
  };
  // The address's row is in view, also after a reload or Back; then whoever reads may scroll elsewhere.
  const broughtUp = useRef("");
  useEffect(() => {
    if (state.row === broughtUp.current || list.isPlaceholderData) return;
    if (selected >= 0 || !state.row) {
      broughtUp.current = state.row;
      if (selected >= 0) virtual.scrollToIndex(selected);
    } else if (hasNextPage && !isFetchingNextPage && rows.length < searchedFor) {
      void fetchNextPage();
    }
  }, [state.row, selected, rows.length, list.isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, virtual]);
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
                    <tr key={id(row)} aria-rowindex={item.index + 2} className={isSelected ? "selected" : undefined} aria-current={isSelected || undefined} onClickCapture={(event) => (!onControl(event) || onLink(event)) && setState({ row: id(row) }, { replace: true })} onDoubleClick={(event) => onControl(event) || open(row)}>
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

// Who follows a link comes back to its row.
function onLink(event: { target: EventTarget | null }): boolean {
  return event.target instanceof HTMLElement && event.target.closest("a") !== null;
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
