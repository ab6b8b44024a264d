// The API as this page uses it: typed by the schema that openapi-typescript makes of api/openapi.yaml.
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Image = Schemas["Image"];
export type RunningCopy = Schemas["RunningCopy"];
export type VulnerabilityRow = Schemas["VulnerabilityRow"];
export type FindingRow = Schemas["FindingRow"];
export type ComponentRow = Schemas["ComponentRow"];
export type ImageDetail = Schemas["ImageDetail"];
export type VulnerabilityDetail = Schemas["VulnerabilityDetail"];
export type Coverage = Schemas["Coverage"];

type GetPaths = { [P in keyof paths]: paths[P] extends { get: { responses: { 200: unknown } } } ? P : never }[keyof paths];
export type Answer<P extends GetPaths> = paths[P] extends { get: { responses: { 200: { content: { "application/json": infer A } } } } } ? A : never;

export type Query = Record<string, string | number | string[] | undefined>;

// What the server said went wrong; `id` finds it in the server's log.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly id: string,
  ) {
    super(detail || title);
  }
}

let csrf = "";
export function setCsrf(value: string): void {
  csrf = value;
}

export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== "") search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  const body: unknown = type.includes("json") ? await response.json() : null;
  if (response.ok) return body;
  const problem = (body ?? {}) as Schemas["Problem"];
  const id = (problem.instance ?? "").replace(/^urn:scantling:request:/, "");
  throw new Problem(response.status, problem.title ?? `HTTP ${response.status}`, problem.detail ?? "", id);
}

export async function ask(input: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(input, { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, "The server does not answer", "The connection failed. Is the server running, and is this address reachable?", "");
  }
  return read(response);
}

// A path of the schema with its {parameters} filled in.
function fill(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "").replaceAll("%3A", ":"));
}

export function get<P extends GetPaths>(path: P, options: { path?: Record<string, string>; query?: Query; signal?: AbortSignal } = {}): Promise<Answer<P>> {
  return ask(address(fill(path, options.path ?? {}), options.query), options.signal ? { signal: options.signal } : {}) as Promise<Answer<P>>;
}

// crypto.randomUUID exists only under https and on localhost.
function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function send(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, options: { path?: Record<string, string>; body?: unknown } = {}): Promise<unknown> {
  const headers: Record<string, string> = { "X-Scantling-CSRF": csrf };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = idempotencyKey();
  return ask(fill(path, options.path ?? {}), { method, headers, body: options.body === undefined ? null : JSON.stringify(options.body) });
}
