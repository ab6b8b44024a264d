// What has changed: this week, or another span.
import { useQuery } from "@tanstack/react-query";
import { type Schemas, get } from "../api/client";
import { count } from "../lib/format";
import { useParameter, useScope } from "../lib/state";
import { A, Day, ImageName, Kev, NotNarrowed, Num, Severity, Tag, Time, VulnerabilityLink } from "../ui/bits";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { Block, Page } from "../ui/block";

export function ChangesPage() {
  const [scope] = useScope();
  const [asked, setDays] = useParameter("days");
  const days = asked || "7";
  const week = useQuery({ queryKey: ["changes", days, scope.as_of], queryFn: ({ signal }) => get("/api/v1/changes", { query: { days, as_of: scope.as_of }, signal }) });
  return (
    <Page>
      <div className="list-head">
        <h1>Changes</h1>
        <label>in the last <select value={days} onChange={(event) => setDays(event.target.value)}>{[...new Set(["1", "7", "30", "90", days])].map((one) => <option key={one} value={one}>{one === "1" ? "day" : `${one} days`}</option>)}</select></label>
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
        <b>{count(week.opened_total ?? 0)}</b> vulnerabilities opened, <b>{count(week.closed_total ?? 0)}</b> closed · <b>{count(images.length)}</b> new {images.length === 1 ? "image" : "images"} · <b>{count(week.copies_started ?? 0)}</b> copies started, <b>{count(week.copies_ended ?? 0)}</b> ended
      </p>
      <div className="columns wide">
        <div>
          <Vulnerabilities title="Opened" rows={opened} total={week.opened_total ?? 0} none="Nothing opened where something runs or is kept." />
          <Block>
            <h2>Decisions: {count(decisions.length)}{decisions.length >= 100 && " or more"}</h2>
            {decisions.length === 0 ? <p className="quiet">Nobody acknowledged, assigned or accepted anything.</p> : (
              <table>
                <thead><tr><th scope="col">Decision</th><th scope="col">Vulnerability</th><th scope="col">By</th><th scope="col">When</th></tr></thead>
                <tbody>{decisions.map((one, index) => <tr key={`${one.at} ${index}`}><td><Tag value={one.kind ?? ""} /></td><td><A to={`/vulnerabilities/${encodeURIComponent(one.vulnerability ?? "")}/decisions`} className="nowrap">{one.vulnerability}</A></td><td>{one.author}</td><td><Time at={one.at} /></td></tr>)}</tbody>
              </table>
            )}
          </Block>
        </div>
        <div>
          <Vulnerabilities title="Closed" rows={closed} total={week.closed_total ?? 0} none="Nothing was ended: no rebuild or removal took a vulnerability away from what runs." />
          <Block>
            <h2>New images: {count(images.length)}</h2>
            {images.length === 0 ? <p className="quiet">None was seen for the first time.</p> : (
              <table>
                <thead><tr><th scope="col">Image</th><th scope="col">First seen</th></tr></thead>
                <tbody>{images.slice(0, newImages).map((one) => <tr key={one.digest}><td><A to={`/images/${one.digest}`}><ImageName name={one.name} digest={one.digest} /></A></td><td><Time at={one.first_seen} /></td></tr>)}</tbody>
              </table>
            )}
            {images.length > newImages && <p className="quiet">and {count(images.length - newImages)} more: <A to="/images?sort=-first_seen">in the list, the newest first</A></p>}
          </Block>
        </div>
      </div>
    </>
  );
}

const newImages = 30;
const causeWords: Record<string, string> = { deployed: "a deployment brought it", rebuilt: "rebuilt without it", undeployed: "runs no more" };

function Vulnerabilities({ title, rows, total, none }: { title: string; rows: NonNullable<Schemas["Week"]["opened"]>; total: number; none: string }) {
  return (
    <Block>
      <h2>{title}: {count(total)}</h2>
      <p className="quiet">{rows.length === 0 ? none : `With the copies and images in which it ${title.toLowerCase()}.`}</p>
      <table>
        {rows.length > 0 && <thead><tr><th scope="col">Sev</th><th scope="col">Vulnerability</th><th scope="col" className="right">Copies</th><th scope="col" className="right wide-only">Images</th><th scope="col">Cause</th></tr></thead>}
        <tbody>
          {rows.map((one) => (
            <tr key={one.vulnerability}>
              <td><Severity level={one.severity} /></td>
              <td><VulnerabilityLink id={one.vulnerability} /> {one.kev && <Kev />}</td>
              <td className="right"><Num value={one.copies} /></td>
              <td className="right wide-only"><Num value={one.images} /></td>
              <td>{one.causes?.map((cause) => causeWords[cause] ?? cause).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && <p className="quiet">The {count(rows.length)} with the most copies are shown.</p>}
    </Block>
  );
}
