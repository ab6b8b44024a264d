import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { Num, Tag, Time } from "../ui/bits";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { Block } from "../ui/block";

export function JobsTab() {
  const jobs = useInfiniteQuery({
    queryKey: ["/api/v1/jobs"],
    queryFn: ({ pageParam, signal }) => get("/api/v1/jobs", { query: { cursor: pageParam }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  if (jobs.isPending) return <Skeleton />;
  if (jobs.isError) return <ErrorBox error={jobs.error} retry={() => void jobs.refetch()} />;
  const counts = jobs.data.pages[0]?.counts ?? [];
  const items = jobs.data.pages.flatMap((page) => page.items ?? []);
  if (items.length === 0) return <Empty title="No job was ever queued"><p className="quiet">Scans of watched registries, new advisory data and notifications are jobs.</p></Empty>;
  return (
    <>
      <Block>
        <table>
          <thead><tr><th scope="col">Kind</th><th scope="col">State</th><th scope="col">Jobs</th><th scope="col">Oldest</th></tr></thead>
          <tbody>{counts.map((one) => <tr key={`${one.kind} ${one.state}`}><td>{one.kind}</td><td><Tag value={one.state ?? ""} tone={one.state === "failed" ? "bad" : "plain"} /></td><td><Num value={one.count} /></td><td><Time at={one.oldest} none="" /></td></tr>)}</tbody>
        </table>
      </Block>
      <Block>
        <table>
          <thead><tr><th scope="col">Job</th><th scope="col">Kind</th><th scope="col">Of</th><th scope="col">State</th><th scope="col">Tries</th><th scope="col">Changed</th></tr></thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <td className="num">{one.id}</td>
                <td>{one.kind}</td>
                <td className="mono">{one.key}</td>
                <td><Tag value={one.state ?? ""} tone={one.state === "failed" ? "bad" : "plain"} /> {one.error && <span className="stale">{one.error}</span>}</td>
                <td><Num value={one.attempts} /></td>
                <td><Time at={one.changed} /></td>
              </tr>
            ))}
          </tbody>
        </table>
        {jobs.hasNextPage && <p><button type="button" disabled={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>Show more</button></p>}
      </Block>
    </>
  );
}
