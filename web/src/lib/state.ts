// The address as React state. Going to another row or typing replaces the entry in the history; a filter, an order, a page adds one,
// so that Back does what people mean.
import { useCallback, useSyncExternalStore } from "react";
import { useLocation, useSearch } from "wouter";
import { type ListState, type Scope, readList, readScope, withScope, writeList, writeScope } from "./url";

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

// The address of another page with the scope of this one.
export function useHref(): (to: string) => string {
  const search = useSearch();
  return useCallback((to: string) => withScope(to, search), [search]);
}

function subscribe(query: MediaQueryList, changed: () => void): () => void {
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

export function useNarrow(): boolean {
  const query = window.matchMedia("(max-width: 720px)");
  return useSyncExternalStore(
    (changed) => subscribe(query, changed),
    () => query.matches,
  );
}
