// The address is the state of a list: filters, search, order, columns, moment, selected row. Pure functions over query strings;
// the names are the API's own (api/openapi.yaml), so that an address of the page reads like a request.

export interface Filter {
  field: string;
  value: string; // as the API takes it: "prod", "!prod", ">5", "a|b", "*part*"
}

export interface ListState {
  filters: Filter[];
  q: string;
  sort: string; // "" = the list's own
  columns: string[]; // [] = the list's own
  vulnerability: string; // only rows with it; "" = all
  row: string; // the selected row's id
  preview: boolean;
}

// What goes along from page to page.
export interface Scope {
  environment: string;
  cluster: string;
  owner: string;
  as_of: string; // "" = now
}

export const scopeFields = ["environment", "cluster", "owner"] as const;
export type ScopeField = (typeof scopeFields)[number];

export function parseFilter(text: string): Filter | null {
  const colon = text.indexOf(":");
  return colon < 1 ? null : { field: text.slice(0, colon), value: text.slice(colon + 1) };
}

export function formatFilter(filter: Filter): string {
  return `${filter.field}:${filter.value}`;
}

export function readList(search: string): ListState {
  const query = new URLSearchParams(search);
  return {
    filters: query.getAll("filter").map(parseFilter).filter((one) => one !== null),
    q: query.get("q") ?? "",
    sort: query.get("sort") ?? "",
    columns: (query.get("columns") ?? "").split(",").filter(Boolean),
    vulnerability: query.get("vulnerability") ?? "",
    row: query.get("row") ?? "",
    preview: query.get("preview") === "1",
  };
}

export function readScope(search: string): Scope {
  const query = new URLSearchParams(search);
  return {
    environment: query.get("in_environment") ?? "",
    cluster: query.get("in_cluster") ?? "",
    owner: query.get("in_owner") ?? "",
    as_of: query.get("as_of") ?? "",
  };
}

// The address's query with some of the list's state changed; what this file does not know stays as it is.
export function writeList(search: string, change: Partial<ListState>): string {
  const query = new URLSearchParams(search);
  const set = (name: string, value: string) => (value ? query.set(name, value) : query.delete(name));
  if (change.filters) {
    query.delete("filter");
    for (const filter of change.filters) {
      query.append("filter", formatFilter(filter));
    }
  }
  if (change.q !== undefined) set("q", change.q);
  if (change.sort !== undefined) set("sort", change.sort);
  if (change.columns) set("columns", change.columns.join(","));
  if (change.vulnerability !== undefined) set("vulnerability", change.vulnerability);
  if (change.row !== undefined) set("row", change.row);
  if (change.preview !== undefined) set("preview", change.preview ? "1" : "");
  return readable(query);
}

export function writeParameter(search: string, name: string, value: string): string {
  const query = new URLSearchParams(search);
  if (value) query.set(name, value);
  else query.delete(name);
  return readable(query);
}

export function writeScope(search: string, change: Partial<Scope>): string {
  const query = new URLSearchParams(search);
  for (const field of scopeFields) {
    const value = change[field];
    if (value !== undefined) {
      if (value) query.set(`in_${field}`, value);
      else query.delete(`in_${field}`);
    }
  }
  if (change.as_of !== undefined) {
    if (change.as_of) query.set("as_of", change.as_of);
    else query.delete("as_of");
  }
  return readable(query);
}

// Only the scope, for links to other pages.
export function scopeOnly(search: string): string {
  return writeScope("", readScope(search));
}

// A link with the scope of the address it is on.
export function withScope(to: string, search: string): string {
  const scope = scopeOnly(search);
  if (!scope) return to;
  const [path = "", own = ""] = to.split("?");
  const given = new URLSearchParams(own);
  const merged = new URLSearchParams(scope);
  for (const name of [...merged.keys()]) {
    if (given.has(name)) merged.delete(name);
  }
  return `${path}?${[own, readable(merged)].filter(Boolean).join("&")}`;
}

// ":" and "," and "/" need no escape in a query, and addresses are read by people.
function readable(query: URLSearchParams): string {
  return query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%40", "@").replaceAll("%7C", "|");
}

// Filters by one value: equal to it in place of what the field had; once more takes it out.
export function toggleFilter(filters: Filter[], field: string, value: string): Filter[] {
  const others = filters.filter((one) => one.field !== field);
  const was = filters.find((one) => one.field === field && one.value === value);
  return was ? others : [...others, { field, value }];
}

// The values of "a|b" and whether they are left out.
export function filterValues(value: string): { values: string[]; not: boolean } {
  const not = value.startsWith("!");
  return { values: (not ? value.slice(1) : value).split("|"), not };
}

// Adds or takes out one of several values of a field.
export function toggleValue(filters: Filter[], field: string, value: string): Filter[] {
  const at = filters.find((one) => one.field === field);
  const others = filters.filter((one) => one.field !== field);
  if (!at || /^[<>]/.test(at.value)) return [...others, { field, value }];
  const { values, not } = filterValues(at.value);
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length === 0 ? others : [...others, { field, value: (not ? "!" : "") + next.join("|") }];
}

// "-risk,name" after a click on the head of "risk".
export function nextSort(sort: string, field: string, descendingFirst: boolean): string {
  const [first = ""] = sort.split(",");
  const down = `-${field}`;
  if (first === field) return descendingFirst ? "" : down;
  if (first === down) return descendingFirst ? field : "";
  return descendingFirst ? down : field;
}
