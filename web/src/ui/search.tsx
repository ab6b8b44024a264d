// The search of everything: images, digests, vulnerabilities, components, workloads, owners. Ctrl K.
import * as Ariakit from "@ariakit/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Fragment, useDeferredValue, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { type Schemas, get } from "../api/client";
import { shortDigest } from "../lib/format";
import { useHref, useScope } from "../lib/state";

type Hit = NonNullable<Schemas["Search"]["items"]>[number];

function target(hit: Hit): string {
  const id = encodeURIComponent(hit.id ?? "").replaceAll("%3A", ":");
  switch (hit.kind) {
    case "image":
      return `/images/${id}`;
    case "vulnerability":
      return `/vulnerabilities/${id}`;
    case "component":
      return `/components?filter=name:${id}`;
    case "workload":
      return `/running?filter=workload:${id}`;
    default:
      return `/images?in_owner=${id}`;
  }
}

const plural: Record<string, string> = { image: "Images", vulnerability: "Vulnerabilities", component: "Components", workload: "Workloads", owner: "Owners" };

export function Search() {
  const combobox = Ariakit.useComboboxStore({ placement: "bottom-start" });
  const value = Ariakit.useStoreState(combobox, "value");
  const text = useDeferredValue(value.trim());
  const [scope] = useScope();
  const [, go] = useLocation();
  const link = useHref();
  const field = useRef<HTMLInputElement>(null);
  const [narrow, setNarrow] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setNarrow(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const hits = useQuery({
    queryKey: ["search", narrow, scope.as_of],
    queryFn: ({ signal }) => get("/api/v1/search", { query: { q: narrow, as_of: scope.as_of }, signal }),
    enabled: narrow.length >= 2,
    placeholderData: keepPreviousData,
  });
  const items = narrow.length >= 2 ? (hits.data?.items ?? []) : [];
  const kinds = [...new Set(items.map((one) => one.kind ?? ""))];
  return (
    <div className="search">
      <Ariakit.Combobox ref={field} store={combobox} placeholder="Search everything  Ctrl K" aria-label="Search everything" autoSelect />
      {value.trim().length >= 2 && (
        <Ariakit.ComboboxPopover store={combobox} className="menu search-results" gutter={4} unmountOnHide aria-label="Found">
          {kinds.map((kind) => (
            <Fragment key={kind}>
              <Ariakit.ComboboxGroup>
                <Ariakit.ComboboxGroupLabel className="quiet">{plural[kind] ?? kind}</Ariakit.ComboboxGroupLabel>
                {items
                  .filter((one) => one.kind === kind)
                  .map((one) => (
                    <Ariakit.ComboboxItem
                      key={`${kind} ${one.id}`}
                      value={one.name || one.id || ""}
                      setValueOnClick={false}
                      className="menu-item"
                      onClick={() => {
                        combobox.setValue("");
                        go(link(target(one)));
                      }}
                    >
                      <span>{one.name || shortDigest(one.id ?? "")}</span> <span className="quiet">{one.detail}</span>
                    </Ariakit.ComboboxItem>
                  ))}
              </Ariakit.ComboboxGroup>
            </Fragment>
          ))}
          {items.length === 0 && <p className="quiet">{hits.isError ? hits.error.message : hits.isFetching ? "…" : "Nothing has that in its name."}</p>}
        </Ariakit.ComboboxPopover>
      )}
    </div>
  );
}
