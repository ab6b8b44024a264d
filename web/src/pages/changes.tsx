// What has changed: this week, or another span.
import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "wouter";
import { type Schemas, get } from "../api/client";
import { count } from "../lib/format";
import { useScope } from "../lib/state";
import { A, Day, ImageName, Kev, NotNarrowed, Num, Severity, Tag, Time } from "../ui/bits";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { Block, Page } from "../ui/block";

export function ChangesPage() {
  const [scope] = useScope();
  const search = useSearch();
  const [path, go] = useLocation();
  const query = new URLSearchParams(search);
  const days = query.get("days") ?? "7";
  const week = useQuery({ queryKey: ["changes", days, scope.as_of], queryFn: ({ signal }) => get("/api/v1/changes", { query: { days, as_of: scope.as_of }, signal }) });
  const choose = (next: string) => {
    query.set("days", next);
    go(`${path}?${query}`);
  };
  return (
    <Page>
      <div className="list-head">
        <h1>Changes</h1>
        <label>in the last <select value={days} onChange={(event) => choose(event.target.value)}>{[...new Set(["1", "7", "30", "90", days])].map((one) => <option key={one} value={one}>{one === "1" ? "day" : `${one} days`}</option>)}</select></label>
        {week.data && <span className="quiet">since <Day at={week.data.since} /></span>}
        <NotNarrowed />
      </div>
      {week.isPending ? <Skeleton lines={20} /> : week.isError ? <ErrorBox error={week.error} retry={() => void week.refetch()} /> : <Week week={week.data} />}
    </Page>
  );
}

function Week({ week }: { week: Schemas["Week"] }) {
  const { images = [], opened = [], closed = [], decisions = [] } = week;
  if (!images.length && !opened.length && !closed.length && !decisions.length && !week.copies_started && !week.copies_ended) {
    return <Empty title="Nothing has changed in what you see"><p className="quiet">If that surprises, Coverage tells who is silent and which data is old.</p></Empty>;
  }
  return (
    <>
      <p>
        <b>{count(week.opened_total ?? 0)}</b> vulnerabilities opened, <b>{count(week.closed_total ?? 0)}</b> closed · <b>{count(images.length)}</b> new images · <b>{count(week.copies_started ?? 0)}</b> copies started, <b>{count(week.copies_ended ?? 0)}</b> ended
      </p>
      <div className="columns">
        <Vulnerabilities title="Opened" rows={opened} total={week.opened_total ?? 0} />
        <Vulnerabilities title="Closed" rows={closed} total={week.closed_total ?? 0} />
        <Block>
          <h2>New images: {count(images.length)}</h2>
          <table><tbody>{images.slice(0, 100).map((one) => <tr key={one.digest}><td><A to={`/images/${one.digest}`}><ImageName name={one.name} digest={one.digest} /></A></td><td><Time at={one.first_seen} /></td></tr>)}</tbody></table>
          {images.length > 100 && <p className="quiet">and {count(images.length - 100)} more: <A to="/images?sort=-first_seen">in the list, the newest first</A></p>}
        </Block>
        <Block>
          <h2>Decisions: {count(decisions.length)}</h2>
          <table><tbody>{decisions.map((one, index) => <tr key={`${one.at} ${index}`}><td><Tag value={one.kind ?? ""} /></td><td><A to={`/vulnerabilities/${encodeURIComponent(one.vulnerability ?? "")}/decisions`}>{one.vulnerability}</A></td><td>{one.author}</td><td><Time at={one.at} /></td></tr>)}</tbody></table>
        </Block>
      </div>
    </>
  );
}

function Vulnerabilities({ title, rows, total }: { title: string; rows: NonNullable<Schemas["Week"]["opened"]>; total: number }) {
  return (
    <Block>
      <h2>{title}: {count(total)}</h2>
      <table>
        {rows.length > 0 && <thead><tr><th scope="col">Sev</th><th scope="col">Vulnerability</th><th scope="col">Copies</th><th scope="col">Images</th><th scope="col">Cause</th></tr></thead>}
        <tbody>
          {rows.map((one) => (
            <tr key={one.vulnerability}>
              <td><Severity level={one.severity} /></td>
              <td><A to={`/vulnerabilities/${encodeURIComponent(one.vulnerability ?? "")}`}>{one.vulnerability}</A> {one.kev && <Kev />}</td>
              <td><Num value={one.copies} /></td>
              <td><Num value={one.images} /></td>
              <td>{one.causes?.join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && <p className="quiet">The {count(rows.length)} with the most copies are shown.</p>}
    </Block>
  );
}
