// Who is signed in, and what the server is.
import { useQuery } from "@tanstack/react-query";
import { type Schemas, get, setCsrf } from "../api/client";

export type Role = Schemas["Role"];
export const meKey = "/api/v1/me";
const order: Role[] = ["viewer", "owner", "security", "admin"];

export function useMe() {
  return useQuery({
    queryKey: [meKey],
    queryFn: async ({ signal }) => {
      const me = await get("/api/v1/me", { signal });
      setCsrf(me.csrf ?? "");
      rememberProvider(me.signed_in_by_provider === true);
      return me;
    },
    staleTime: 60_000,
  });
}

// Whether this browser came by a provider of identities: then that is asked again when the session is over.
const mark = "scantling-by-provider";
const asked = "scantling-asked-provider";

export function rememberProvider(by: boolean): void {
  try {
    if (by) localStorage.setItem(mark, "1");
    else localStorage.removeItem(mark);
    if (by) sessionStorage.removeItem(asked);
  } catch {
    // Without storage the sign-in page is shown.
  }
}

// Once until the next sign-in, so that a provider that does not let in leads to no circle.
export function askProvider(): boolean {
  try {
    if (localStorage.getItem(mark) === null || sessionStorage.getItem(asked) !== null) return false;
    sessionStorage.setItem(asked, "1");
    return true;
  } catch {
    return false;
  }
}

export function useMay(role: Role): boolean {
  const me = useMe();
  const own = order.indexOf(me.data?.role ?? "viewer");
  return own >= order.indexOf(role);
}

export function useAbout() {
  return useQuery({ queryKey: ["/api/v1/about"], queryFn: ({ signal }) => get("/api/v1/about", { signal }), staleTime: Number.POSITIVE_INFINITY });
}
