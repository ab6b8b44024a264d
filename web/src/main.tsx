// The page of Scantling's program server. It uses nothing but the API (api/openapi.yaml).
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/client";
import { App } from "./app";
import { meKey } from "./lib/me";
import { applyTheme, readTheme } from "./lib/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/table.css";
import "./styles/parts.css";

applyTheme(readTheme());

// A session that ended meanwhile: who is signed in is asked again, which leads to the sign-in and back to this address.
const refused = (error: unknown, key?: readonly unknown[]) => {
  if (error instanceof Problem && error.status === 401 && key?.[0] !== meKey) void queries.invalidateQueries({ queryKey: [meKey] });
};

// What was asked a moment ago is shown at once and asked again behind it. Refusals are not tried again.
const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => refused(error, query.queryKey) }),
  mutationCache: new MutationCache({ onError: (error) => refused(error) }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
