// The address as React state. Going to another row or typing replaces the entry in the history; a filter, an order, a page adds one,
// so that Back does what people mean.
import { useCallback, useEffect } from "react";
import { useLocation, useSearch } from "wouter";
import { type ListState, type Scope, readList, readScope, withScope, writeList, writeParameter, writeScope } from "./url";

export function useScope(): [Scope, (change: Partial<Scope>) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const set = useCallback(
    (change: Partial<Scope>) => {
      const next = writeScope(search, { ...change });
      go(next ? `${path}?${next}` : path);
    },
    [search, path, go],
  );
  return [readScope(search), set];
}

export function useListState(): [ListState, (change: Partial<ListState>, how?: { replace: boolean }) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const set = useCallback(
    (change: Partial<ListState>, how = { replace: false }) => {
      const next = writeList(window.location.search.slice(1) || search, change);
      go(next ? `${path}?${next}` : path, how);
    },
    [search, path, go],
  );
  return [readList(search), set];
}

// One more part of the address's query, "" = not there.
export function useParameter(name: string): [string, (value: string) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const set = useCallback(
    (value: string) => {
      const next = writeParameter(window.location.search.slice(1) || search, name, value);
      go(next ? `${path}?${next}` : path, { replace: true });
    },
    [name, search, path, go],
  );
  return [new URLSearchParams(search).get(name) ?? "", set];
}

// The address of another page with the scope of this one.
export function useHref(): (to: string) => string {
  const search = useSearch();
  return useCallback((to: string) => withScope(to, search), [search]);
}

// What the browser's tab and history say; "" = another part says it.
export function useTitle(title: string): void {
  useEffect(() => {
    if (title) document.title = `${title} · Scantling`;
  }, [title]);
}
