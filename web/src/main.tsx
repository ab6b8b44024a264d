// The page of Scantling's program server. It uses nothing but the API (api/openapi.yaml).
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/client";
import { App } from "./app";
import { applyTheme, readTheme } from "./lib/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/table.css";
import "./styles/parts.css";

applyTheme(readTheme());

// What was asked a moment ago is shown at once and asked again behind it. Refusals are not tried again.
// A session that is over is noticed by whatever asks first, and then by the frame (app.tsx).
const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== "/api/v1/me") void queries.invalidateQueries({ queryKey: ["/api/v1/me"] });
    },
  }),
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
