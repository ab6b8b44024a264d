// Saved views: addresses of the page by name, of who is signed in.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas, get, send } from "../api/client";

type SavedView = NonNullable<Schemas["Views"]["views"]>[number];

export function useViews() {
  const cache = useQueryClient();
  const query = useQuery({ queryKey: ["/api/v1/views"], queryFn: ({ signal }) => get("/api/v1/views", { signal }) });
  const save = useMutation({
    mutationFn: (views: SavedView[]) => send("PUT", "/api/v1/views", { body: { views } }),
    onSettled: () => cache.invalidateQueries({ queryKey: ["/api/v1/views"] }),
  });
  return { query, views: query.data?.views ?? [], save };
}

export function SaveView({ path, noun }: { path: string; noun: string }) {
  const { query, views, save } = useViews();
  const [name, setName] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name && query.isSuccess) save.mutate([...views.filter((one) => one.name !== name), { name, path }], { onSuccess: () => setName("") });
      }}
    >
      <label>
        Keep as a view
        <br />
        <input value={name} maxLength={100} placeholder={`e.g. our ${noun}`} onChange={(event) => setName(event.target.value)} />
      </label>{" "}
      <button type="submit" disabled={!name || !query.isSuccess || save.isPending}>Save</button>
      <span role="status" className="quiet">{save.isSuccess ? " Saved" : save.isError ? ` ${save.error.message}` : ""}</span>
    </form>
  );
}
