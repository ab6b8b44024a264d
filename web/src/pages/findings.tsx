import type { FindingRow } from "../api/client";
import { risk, shortDigest, words } from "../lib/format";
import { A, ComponentName, ImageName, Kev, Owner, Severity, Time, Unknown, VulnerabilityLink } from "../ui/bits";
import { Empty } from "../ui/states";
import type { Column } from "../ui/column";
import { DataTable } from "../ui/table";

export const findingColumns: Column<FindingRow>[] = [
  {
    field: "fix_state",
    label: "Do next",
    title: "fix",
    kind: "text",
    width: 150,
    facet: true,
    needs: ["fixed_versions", "component", "runs", "accepted"],
    render: (one) =>
      one.accepted ? <span className="quiet">accepted</span> : one.fix_state === "fixed" ? <span className={one.kev && one.runs ? "next urgent" : "next"}>bump to {one.fixed_versions || "a fixed version"}</span> : one.fix_state === "unknown" ? <span className="quiet">no fix is known</span> : <span className="quiet">{words(one.fix_state ?? "")}</span>,
  },
  { field: "severity", label: "Sev", title: "severity", kind: "text", width: 44, facet: true, render: (one) => <Severity level={one.severity} /> },
  { field: "component", label: "Component", kind: "text", width: 130, facet: true, render: (one) => <ComponentName name={one.component} /> },
  { field: "version", label: "Version", kind: "text", width: 92 },
  { field: "vulnerability", label: "Vulnerability", kind: "text", width: 132, click: false, render: (one) => <VulnerabilityLink id={one.vulnerability} /> },
  { field: "kev", label: "KEV", title: "known to be exploited", kind: "flag", width: 54, facet: true, render: (one) => (one.kev ? <Kev /> : <span className="quiet">no</span>) },
  { field: "risk", label: "Risk", kind: "real", width: 54, render: (one) => (one.risk == null ? <Unknown /> : <span className="num">{risk(one.risk)}</span>) },
  { field: "epss", label: "EPSS", title: "chance of exploitation within 30 days", kind: "real", width: 66, render: (one) => (one.epss == null ? <Unknown /> : <span className="num">{risk(one.epss)}</span>) },
  { field: "origin", label: "From", title: "origin", kind: "text", width: 92, facet: true, needs: ["layer"], render: (one) => (one.origin === "unknown" ? <Unknown why="no layer is known" /> : <span title={`layer ${one.layer}`}>{one.origin}</span>) },
  { field: "image", label: "Image", kind: "text", width: 150, click: false, needs: ["digest"], render: (one) => <A to={`/images/${one.digest}`}><ImageName name={one.image} digest={one.digest} /></A> },
  { field: "owner", label: "Owner", kind: "text", width: 86, facet: true, render: (one) => <Owner name={one.owner} /> },
  { field: "running", label: "Runs", title: "running copies of the image", kind: "number", width: 48 },
  { field: "runs", label: "Runs at all", kind: "flag", width: 80, facet: true, hidden: true },
  { field: "accepted", label: "Accepted", kind: "flag", width: 80, facet: true, hidden: true },
  { field: "opened", label: "Open since", kind: "time", width: 100, hidden: true },
  { field: "fix_since", label: "Fix since", kind: "time", width: 100, hidden: true, render: (one) => <Time at={one.fix_since} none="" /> },
  { field: "layer", label: "Layer", kind: "number", width: 56, hidden: true },
  { field: "score", label: "CVSS", kind: "real", width: 66, hidden: true, render: (one) => (one.score == null || one.score < 0 ? <Unknown /> : <span className="num">{one.score.toFixed(1)}</span>) },
  { field: "type", label: "Type", kind: "text", width: 80, facet: true, hidden: true },
  { field: "cause", label: "Cause", kind: "text", width: 120, facet: true, hidden: true },
  { field: "purl", label: "Package URL", kind: "text", width: 240, hidden: true, click: false },
  { field: "digest", label: "Digest", kind: "text", width: 150, hidden: true, render: (one) => <span className="mono">{shortDigest(one.digest ?? "")}</span> },
];

export const findingTable = {
  noun: "findings",
  id: (one: FindingRow) => one.key ?? "",
  idFields: ["key", "vulnerability", "digest"],
  order: "what runs first, exploited ones before, then by risk",
  href: (one: FindingRow) => `/vulnerabilities/${encodeURIComponent(one.vulnerability ?? "")}`,
  preview: (one: FindingRow) => (
    <>
      <h3><Severity level={one.severity} words /> {one.vulnerability}</h3>
      <dl className="facts">
        <dt>In</dt><dd>{one.component} {one.version}</dd>
        <dt>Fix</dt><dd>{one.fix_state === "fixed" ? `fixed in ${one.fixed_versions}` : words(one.fix_state ?? "unknown")}</dd>
        <dt>From</dt><dd>{one.origin === "unknown" ? <Unknown /> : `${one.origin}, layer ${one.layer}`}</dd>
        <dt>Image</dt><dd>{one.image}</dd>
        <dt>Owner</dt><dd><Owner name={one.owner} /></dd>
        <dt>Open since</dt><dd><Time at={one.opened} none="not known" />{one.cause ? `: ${one.cause}` : ""}</dd>
        <dt>Package</dt><dd className="mono">{one.purl}</dd>
      </dl>
    </>
  ),
};

export function FindingsPage() {
  return (
    <DataTable<FindingRow>
      {...findingTable}
      path="/api/v1/findings"
      columns={findingColumns}
      scope={{ owner: "owner" }}
      empty={<Empty title="No finding is open in what you see"><p>Coverage tells whether everything was looked at.</p></Empty>}
    />
  );
}
