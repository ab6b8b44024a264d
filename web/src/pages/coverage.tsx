// Are we seeing everything? Fractions with what they are of; each gap with its reasons and its rows.
import { useQuery } from "@tanstack/react-query";
import { type Coverage, get } from "../api/client";
import { count, gapAdvice, gapWords, percent, plural, staleAfter } from "../lib/format";
import { useScope } from "../lib/state";
import { A, Bar, Fraction, NotNarrowed, Num, Tag, Time, Unknown, useMoment } from "../ui/bits";
import { NothingRuns } from "../ui/first_run";
import { ErrorBox, Skeleton } from "../ui/states";
import { Block, Page } from "../ui/block";

export function CoveragePage() {
  const [scope] = useScope();
  const coverage = useQuery({ queryKey: ["coverage", scope.as_of], queryFn: ({ signal }) => get("/api/v1/coverage", { query: { as_of: scope.as_of }, signal }) });
  if (coverage.isPending) return <Skeleton lines={24} />;
  if (coverage.isError) return <ErrorBox error={coverage.error} retry={() => void coverage.refetch()} />;
  const one = coverage.data;
  const all = one.running?.copies ?? 0;
  if (all === 0) {
    return (
      <Page>
        <NothingRuns title="Nobody has told what runs, so coverage of it is not known" />
        <Sources coverage={one} />
      </Page>
    );
  }
  const steps: [string, { copies?: number; digests?: number } | undefined, string][] = [
    ["Covered: a digest, an inventory, fresh data and an owner", one.covered, "/running?filter=gap:!none"],
    ["With a digest that tells what runs", one.with_digest, "/running?filter=has_digest:no"],
    ["With an inventory", one.with_inventory, "/running?filter=has_inventory:no"],
    ["With advisory data that is fresh", one.with_fresh_data, "/running?filter=has_fresh_data:no"],
    ["With an owner", one.with_owner, "/running?filter=has_owner:no"],
  ];
  return (
    <Page>
      <div className="list-head">
        <h1>Coverage</h1>
        <span className="quiet">as of <Time at={one.as_of} />, {count(all)} running {all === 1 ? "copy" : "copies"} of {plural(one.running?.digests ?? 0, "digest")}</span>
        <NotNarrowed />
      </div>
      <div className="cards">
        {steps.map(([label, sum, href]) => <Fraction key={label} label={label} part={sum?.copies ?? 0} whole={all} unit="copies" href={href} />)}
        {one.reporter_silent?.copies ? <Fraction label="Heard of lately" part={all - one.reporter_silent.copies} whole={all} unit="copies" href="/running?filter=state:unknown" /> : null}
      </div>
      <Block>
        <h2>What we cannot see, or nobody owns</h2>
        {one.gaps?.length ? (
          <table>
            <thead><tr><th scope="col">Gap</th><th scope="col">Copies</th><th scope="col" className="bar-cell"><span className="hidden-text">Share, drawn</span></th><th scope="col" className="right">Digests</th><th scope="col">Reasons</th><th scope="col">What ends it</th></tr></thead>
            <tbody>
              {one.gaps.map((gap) => (
                <tr key={gap.gap}>
                  <th scope="row"><A to={`/running?filter=${gap.filter}`}>{gapWords[gap.gap ?? ""] ?? gap.gap}</A></th>
                  <td className="num">{count(gap.copies ?? 0)} of {count(all)} <span className="quiet">{percent(gap.copies ?? 0, all)}</span></td>
                  <td className="bar-cell"><Bar part={gap.copies ?? 0} whole={all} look="unknown" /></td>
                  <td className="right"><Num value={gap.digests} /></td>
                  <td>
                    <ul className="reasons">
                      {gap.reasons?.slice(0, 5).map((reason) => <li key={reason.reason}><span className="num">{count(reason.copies ?? 0)}</span> {reason.reason}</li>)}
                      {(gap.reasons?.length ?? 0) > 5 && <li className="quiet">and {(gap.reasons?.length ?? 0) - 5} more reasons{(gap.reasons?.length ?? 0) >= 20 ? " or more" : ""}</li>}
                    </ul>
                  </td>
                  <td className="quiet">{gapAdvice[gap.gap ?? ""]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <p>Every running copy has a digest, an inventory, fresh data and an owner.</p>
        )}
      </Block>
      <Sources coverage={one} />
    </Page>
  );
}

function Sources({ coverage }: { coverage: Coverage }) {
  const now = useMoment();
  const { reporters = [], advisories } = coverage;
  return (
    <div className="columns">
      <Block>
        <h2>Who tells what runs</h2>
        {reporters.length === 0 ? (
          <p className="quiet">No reporter, or none that your role sees.</p>
        ) : (
          <table>
            <thead><tr><th scope="col">Reporter</th><th scope="col">Kind</th><th scope="col">Cluster</th><th scope="col">Last heard</th></tr></thead>
            <tbody>
              {reporters.map((one) => (
                <tr key={one.name}>
                  <td><A to={`/running?filter=reporter:${encodeURIComponent(one.name ?? "")}`}>{one.name}</A></td>
                  <td>{one.kind}</td>
                  <td>{one.cluster}</td>
                  <td className={one.silent ? "stale" : ""}><Time at={one.last_heard} /> {one.silent && <Tag value="silent" tone="warn" />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Block>
      <Block>
        <h2>Advisory data</h2>
        {advisories?.digest ? (
          <p>
            {advisories.starter_set && <><Tag value="starter set" tone="warn" /> Only what is built in: fetch a whole database. </>}
            Loaded <Time at={advisories.loaded} none="at an unknown time" />.
          </p>
        ) : (
          <p className="stale">There is no advisory data: nothing can be judged.</p>
        )}
        <table>
          <thead><tr><th scope="col">Source</th><th scope="col">As of</th></tr></thead>
          <tbody>
            {advisories?.namespaces?.map((one) => (
              <tr key={one.name}>
                <td>{one.name}</td>
                <td className={one.as_of && now - Date.parse(one.as_of) > staleAfter ? "stale" : ""}>{one.as_of ? <Time at={one.as_of} /> : <Unknown why="the source does not tell its date" />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Block>
    </div>
  );
}
