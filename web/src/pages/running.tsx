import type { RunningCopy } from "../api/client";
import { gapWords, risk, shortDigest } from "../lib/format";
import { A, Digest, ImageName, Num, Owner, Tag, Time, Unknown } from "../ui/bits";
import { NothingRuns } from "../ui/first_run";
import type { Column } from "../ui/column";
import { DataTable } from "../ui/table";

const columns: Column<RunningCopy>[] = [
  { field: "gap", label: "Seen", title: "what is missing", kind: "text", width: 98, facet: true, render: (copy) => <Tag value={gapWords[copy.gap ?? ""] ?? copy.gap ?? ""} tone={copy.gap === "none" ? "good" : "warn"} /> },
  { field: "workload", label: "Workload", kind: "text", width: 110, facet: true },
  { field: "namespace", label: "Namespace", kind: "text", width: 90, facet: true },
  { field: "cluster", label: "Cluster", kind: "text", width: 78, facet: true },
  { field: "environment", label: "Environment", kind: "text", width: 106, facet: true },
  { field: "owner", label: "Owner", kind: "text", width: 92, facet: true, render: (copy) => <Owner name={copy.owner} /> },
  {
    field: "image",
    label: "Image",
    kind: "text",
    width: 198,
    click: false,
    needs: ["digest", "reference"],
    render: (copy) => (copy.digest ? <A to={`/images/${copy.digest}`}><ImageName name={copy.image || copy.reference} digest={copy.digest} /></A> : copy.reference ? <span title="no digest: a name can be moved"><Unknown why="no digest tells what it runs" /> {copy.reference}</span> : <Unknown />),
  },
  { field: "critical", label: "C", title: "critical findings", kind: "number", width: 40 },
  { field: "high", label: "H", title: "high findings", kind: "number", width: 40 },
  { field: "kev", label: "KEV", title: "known to be exploited", kind: "number", width: 50, render: (copy) => (copy.kev == null ? <Unknown /> : copy.kev > 0 ? <b className="bad num">{copy.kev}</b> : <Num value={0} />) },
  { field: "risk", label: "Risk", kind: "real", width: 54, render: (copy) => (copy.risk == null ? <Unknown /> : <span className="num">{risk(copy.risk)}</span>) },
  { field: "state", label: "State", kind: "text", width: 72, facet: true, render: (copy) => (copy.state === "unknown" ? <Unknown why="its reporter is silent: it may still run" /> : copy.state) },
  { field: "started", label: "Started", kind: "time", width: 96 },
  { field: "last_heard", label: "Heard", title: "last heard of", kind: "time", width: 96, hidden: true, render: (copy) => <Time at={copy.last_heard} none="never" /> },
  { field: "ended", label: "Ended", kind: "time", width: 96, hidden: true },
  { field: "gap_detail", label: "Reason", kind: "text", width: 220, hidden: true, facet: true },
  { field: "pod", label: "Pod", kind: "text", width: 160, hidden: true },
  { field: "container", label: "Container", kind: "text", width: 110, hidden: true, facet: true },
  { field: "kind", label: "Kind", kind: "text", width: 80, hidden: true, facet: true },
  { field: "workload_kind", label: "Workload kind", kind: "text", width: 100, hidden: true, facet: true },
  { field: "node", label: "Node", kind: "text", width: 110, hidden: true, facet: true },
  { field: "reference", label: "Reference", kind: "text", width: 180, hidden: true },
  { field: "digest", label: "Digest", kind: "text", width: 150, hidden: true, render: (copy) => <span className="mono">{copy.digest ? shortDigest(copy.digest) : "none"}</span> },
  { field: "reporter", label: "Reporter", kind: "text", width: 120, hidden: true, facet: true },
  { field: "has_digest", label: "Has digest", kind: "flag", width: 80, hidden: true, facet: true },
  { field: "has_inventory", label: "Has inventory", kind: "flag", width: 90, hidden: true, facet: true },
  { field: "has_fresh_data", label: "Has fresh data", kind: "flag", width: 95, hidden: true, facet: true },
  { field: "has_owner", label: "Has owner", kind: "flag", width: 80, hidden: true, facet: true },
  { field: "findings", label: "Findings", kind: "number", width: 70, hidden: true },
  { field: "uid", label: "Id", kind: "text", width: 160, hidden: true, click: false },
];

function Preview({ copy }: { copy: RunningCopy }) {
  return (
    <>
      <h3>{copy.workload || copy.container}</h3>
      <dl className="facts">
        <dt>Seen</dt><dd>{gapWords[copy.gap ?? ""]}{copy.gap_detail ? `: ${copy.gap_detail}` : ""}</dd>
        <dt>Image</dt><dd>{copy.image || copy.reference || <Unknown />}</dd>
        <dt>Digest</dt><dd><Digest digest={copy.digest} /></dd>
        <dt>Where</dt><dd>{[copy.environment, copy.cluster, copy.namespace, copy.pod, copy.container].filter(Boolean).join(" / ")}</dd>
        <dt>Node</dt><dd>{copy.node || "–"}</dd>
        <dt>Owner</dt><dd><Owner name={copy.owner} /></dd>
        <dt>Findings</dt><dd><Num value={copy.findings} /></dd>
        <dt>Started</dt><dd><Time at={copy.started} /></dd>
        <dt>Heard of</dt><dd><Time at={copy.last_heard} />, by {copy.reporter || <Unknown />}</dd>
      </dl>
    </>
  );
}

export function RunningPage() {
  return (
    <DataTable<RunningCopy>
      path="/api/v1/running"
      noun="running copies"
      title="Running"
      columns={columns}
      id={(copy) => copy.uid ?? ""}
      idFields={["uid", "digest"]}
      order="the riskiest image first"
      href={(copy) => (copy.digest ? `/images/${copy.digest}` : `/running?filter=uid:${encodeURIComponent(copy.uid ?? "")}`)}
      preview={(copy) => <Preview copy={copy} />}
      scope={{ environment: "environment", cluster: "cluster", owner: "owner" }}
      empty={<NothingRuns title="Nobody has told what runs" />}
    />
  );
}
