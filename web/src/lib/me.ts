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
      return me;
    },
    staleTime: 60_000,
  });
}

export function useMay(role: Role): boolean {
  const me = useMe();
  const own = order.indexOf(me.data?.role ?? "viewer");
  return own >= order.indexOf(role);
}

export function useAbout() {
  return useQuery({ queryKey: ["/api/v1/about"], queryFn: ({ signal }) => get("/api/v1/about", { signal }), staleTime: Number.POSITIVE_INFINITY });
}
