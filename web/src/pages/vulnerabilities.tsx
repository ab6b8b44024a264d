import type { VulnerabilityRow } from "../api/client";
import { count, risk, words } from "../lib/format";
import { ComponentName, Kev, Num, Owner, Severity, Time, Unknown, VulnerabilityLink } from "../ui/bits";
import { FirstRun } from "../ui/first_run";
import type { Column } from "../ui/column";
import { DataTable } from "../ui/table";

const fixWords: Record<string, string> = { all: "bump or rebuild", some: "partly: bump or rebuild", none: "no fix yet" };

const columns: Column<VulnerabilityRow>[] = [
  { field: "fix", label: "Do next", title: "fix", kind: "text", width: 140, facet: true, needs: ["runs"], render: (one) => <span className={one.fix === "none" ? "quiet" : one.kev && one.runs ? "next urgent" : "next"}>{fixWords[one.fix ?? ""] ?? one.fix}</span> },
  { field: "severity", label: "Sev", title: "severity", kind: "text", width: 44, facet: true, render: (one) => <Severity level={one.severity} /> },
  { field: "id", label: "Vulnerability", kind: "text", width: 136, click: false, render: (one) => <VulnerabilityLink id={one.id} /> },
  { field: "kev", label: "KEV", title: "known to be exploited", kind: "flag", width: 102, facet: true, needs: ["kev_due"], render: (one) => (one.kev ? <Kev due={one.kev_due ?? null} /> : <span className="quiet">no</span>) },
  { field: "components", label: "Components", kind: "texts", width: 140, facet: true, value: (name) => <ComponentName name={name} /> },
  { field: "copies", label: "Copies", title: "running copies", kind: "number", width: 60 },
  { field: "runs", label: "Runs at all", kind: "flag", width: 80, facet: true, hidden: true },
  { field: "images", label: "Images", kind: "number", width: 60 },
  { field: "owners", label: "Owners", kind: "texts", width: 130, facet: true, value: (name) => <Owner name={name} /> },
  { field: "risk", label: "Risk", kind: "real", width: 54, render: (one) => (one.risk == null ? <Unknown /> : <span className="num">{risk(one.risk)}</span>) },
  { field: "epss", label: "EPSS", title: "chance of exploitation within 30 days", kind: "real", width: 66, render: (one) => (one.epss == null ? <Unknown /> : <span className="num">{risk(one.epss)}</span>) },
  { field: "score", label: "CVSS", kind: "real", width: 58, hidden: true, render: (one) => (one.score == null ? <Unknown /> : <span className="num">{one.score.toFixed(1)}</span>) },
  { field: "exploit", label: "Exploit", kind: "text", width: 110, facet: true, hidden: true, render: (one) => words(one.exploit ?? "") },
  { field: "accepted", label: "Accepted", title: "images where it is accepted", kind: "number", width: 72, hidden: true },
  { field: "summary", label: "Summary", kind: "text", width: 178, click: false },
  { field: "aliases", label: "Aliases", kind: "text", width: 150, hidden: true, click: false },
  { field: "published", label: "Published", kind: "time", width: 100, hidden: true },
  { field: "since", label: "Here since", kind: "time", width: 100, hidden: true },
];

export function VulnerabilitiesPage() {
  return (
    <DataTable<VulnerabilityRow>
      path="/api/v1/vulnerabilities"
      noun="vulnerabilities"
      columns={columns}
      id={(one) => one.id ?? ""}
      idFields={["id"]}
      order="what runs first, exploited ones before, then by risk"
      href={(one) => `/vulnerabilities/${encodeURIComponent(one.id ?? "")}`}
      preview={(one) => (
        <>
          <h3><Severity level={one.severity} words /> {one.id} {one.kev && <Kev due={one.kev_due ?? null} />}</h3>
          <p>{one.summary || "No advisory describes it."}</p>
          <dl className="facts">
            <dt>Copies</dt><dd><Num value={one.copies} /> in {count(one.images ?? 0)} images</dd>
            <dt>Fix</dt><dd>{fixWords[one.fix ?? ""]}</dd>
            <dt>In</dt><dd>{one.components?.join(", ")}</dd>
            <dt>Owners</dt><dd>{one.owners?.join(", ")}</dd>
            <dt>Published</dt><dd><Time at={one.published} none="not known" /></dd>
            <dt>Here since</dt><dd><Time at={one.since} none="not known" /></dd>
          </dl>
        </>
      )}
      scope={{ owner: "owners" }}
      empty={<FirstRun what="vulnerability" />}
    />
  );
}
