// One image: what to do, what is in it and where it runs. The address is any digest of it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FindingRow, type ImageDetail, Problem, get, send } from "../api/client";
import { bytes, count, dueIn, gapAdvice, gapWords, shortDigest, splitName, words } from "../lib/format";
import { useMay } from "../lib/me";
import { useParameter, useScope, useTitle } from "../lib/state";
import { A, Bar, Command, ComponentName, CopyButton, Day, Digest, ImageName, Num, Owner, Severity, SeverityCounts, Tag, Time, Unknown, VulnerabilityLink, useMoment } from "../ui/bits";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { DataTable } from "../ui/table";
import { Tabs } from "../ui/tabs";
import { findingColumns, findingTable } from "./findings";
import { Block, Page } from "../ui/block";

export function ImagePage({ digest, tab }: { digest: string; tab: string }) {
  const [scope] = useScope();
  const image = useQuery({
    queryKey: ["image", digest, scope.as_of],
    queryFn: ({ signal }) => get("/api/v1/images/{digest}", { path: { digest }, query: { as_of: scope.as_of }, signal }),
    refetchInterval: (query) => (scanIsOpen(query.state.data) ? 3_000 : false),
  });
  useTitle(image.data?.name ? splitName(image.data.name)[1] : shortDigest(digest));
  if (image.isPending) return <Skeleton lines={24} />;
  if (image.isError) return <ErrorBox error={image.error} retry={() => void image.refetch()} />;
  const one = image.data;
  const running = (one.counts?.running ?? 0) + (one.counts?.unknown ?? 0);
  const scanned = one.scanned != null;
  const known = one.inventories?.find((told) => told.known);
  const base = `/images/${digest}`;
  const tabs = [
    { id: "actions", to: base, name: "Do next", count: scanned ? (one.actions?.length ?? 0) : undefined },
    { id: "findings", to: `${base}/findings`, name: "Findings", count: scanned ? one.counts?.findings : undefined },
    { id: "components", to: `${base}/components`, name: "Components", count: scanned ? one.components : undefined },
    { id: "layers", to: `${base}/layers`, name: "Layers", count: one.layers?.length || undefined },
    { id: "runs", to: `${base}/runs`, name: "Where it runs", count: running },
    { id: "changes", to: `${base}/changes`, name: "Against its last" },
    { id: "history", to: `${base}/history`, name: "History" },
  ];
  return (
    <div className="detail">
      <div className="detail-head">
        <div className="detail-title">
          <h1>
            <ImageName name={one.name} digest={one.digest} />
          </h1>
          <Digest digest={one.digest} />
        </div>
        <div className="detail-facts">
          <span>
            {running > 0 ? <A to={`${base}/runs`}>runs <b>{count(one.counts?.running ?? 0)}×</b></A> : "does not run"}
            {one.counts?.unknown ? <span className="stale"> and {count(one.counts.unknown)} that nobody has heard of lately</span> : null}
          </span>
          <span>owner {one.owner ? <A to={`/images?filter=owner:${encodeURIComponent(one.owner)}`}>{one.owner}</A> : <Owner name="" />} {one.owner ? one.owner_by && <span className="quiet">by {one.owner_by}</span> : <A to="/settings/owners">name one</A>}</span>
          <span>base {one.base ? <A to={`/images?filter=base:${encodeURIComponent(one.base)}`}>{one.base}</A> : <Unknown why="the base is not known" />}</span>
          <span>{one.distro || <Unknown why="no distribution was found" />} {one.platform}</span>
          <span>scanned <Time at={one.scanned} />{known && ` ${by(known.via)}`}</span>
          <ScanState image={one} />
          {one.gap && !["none", "scan_waiting", "scan_failed", "no_owner"].includes(one.gap) && <Tag value={gapWords[one.gap] ?? one.gap} tone="warn" />}
        </div>
      </div>
      <Tabs tabs={tabs} current={tab} />
      {!scanned && ["actions", "findings", "components", "layers", "changes"].includes(tab) ? <NotScanned image={one} /> : <Tab image={one} tab={tab} digest={digest} />}
    </div>
  );
}

const scanIsOpen = (image: ImageDetail | undefined): boolean => image?.state === "queued" || image?.state === "running";

// Who told the inventory of an image.
function by(via: string): string {
  return via === "server" ? "by this server" : via === "scan" ? "by a scan elsewhere" : `told by ${via}`;
}

// The server's own scan: waiting, going on, failed and why; and once more. What is not said here was a scan that went well; of an image
// that was never scanned, the reason stands in place of its content.
function ScanState({ image }: { image: ImageDetail }) {
  const cache = useQueryClient();
  const [scope] = useScope();
  const may = useMay("owner");
  const scan = useMutation({
    mutationFn: () => send("POST", "/api/v1/images/{digest}/scan", { path: { digest: image.digest ?? "" } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["image"] }),
  });
  const open = scanIsOpen(image);
  const failed = image.state === "failed";
  return (
    <span className="row-actions" role="status">
      {(open || failed) && (
        <>
          <Tag value={open ? `scan ${image.state}` : "scan failed"} tone={failed ? "bad" : "plain"} />
          <Time at={image.state_since} />
          {image.scanned && image.state_detail && <span className="stale wrap">{image.state_detail}</span>}
        </>
      )}
      {may && !scope.as_of && <button type="button" className="small" disabled={open || scan.isPending} onClick={() => scan.mutate()}>{image.scanned ? "Scan again" : "Scan now"}</button>}
      {scan.isError && <span className="wrong">{scan.error.message}</span>}
    </span>
  );
}

function NotScanned({ image }: { image: ImageDetail }) {
  const reference = image.names?.[0] || image.name || image.digest || "";
  const gap = gapWords[image.gap ?? ""] ?? "not scanned";
  return (
    <Empty title={`Its content is not known: ${gap}`}>
      {image.gap_detail && image.gap_detail !== gap && <p>{image.gap_detail}</p>}
      <p>{gapAdvice[image.gap ?? ""] ?? "Scan it."} Nothing is said about its findings until then; that is not the same as none.</p>
      <Command text={`SCANTLING_TOKEN=$(cat token) scantling scan ${reference} --submit ${window.location.origin}`} />
    </Empty>
  );
}

function Tab({ image, tab, digest }: { image: ImageDetail; tab: string; digest: string }) {
  switch (tab) {
    case "actions":
      return <Actions image={image} />;
    case "findings":
      return (
        <DataTable<FindingRow>
          {...findingTable}
          path="/api/v1/images/{digest}/findings"
          pathValues={{ digest }}
          order="exploited ones first, then by risk"
          columns={findingColumns.filter((one) => !["image", "owner", "running", "runs", "digest"].includes(one.field))}
          scope={{}}
          title="Findings"
          empty={<Empty title="No finding is open">{image.gap !== "none" && <p className="stale">{gapWords[image.gap ?? ""]}: {image.gap_detail}</p>}</Empty>}
        />
      );
    case "components":
      return <Components digest={digest} image={image} />;
    case "layers":
      return <Layers image={image} />;
    case "runs":
      return <Runs image={image} />;
    case "changes":
      return <Changes image={image} digest={digest} />;
    case "history":
      return <History image={image} />;
    default:
      return <Empty title="There is no such part" />;
  }
}

// Who does it, in the words of the owners' rules.
const actionOwners: Record<string, string> = { image: "by the owner of the base", application: "by the application's owner", platform: "by the platform team", security: "by security" };

function Actions({ image }: { image: ImageDetail }) {
  const now = useMoment();
  const counts = image.counts ?? {};
  const total = counts.findings ?? 0;
  const runs = (counts.running ?? 0) + (counts.unknown ?? 0) > 0;
  return (
    <Page>
      <SeverityCounts counts={counts} />
      {image.gap === "unsupported_distribution" && <p className="stale">{image.gap_detail}. {gapAdvice.unsupported_distribution}</p>}
      {image.gap === "stale_source" && <p className="stale">{image.gap_detail}</p>}
      <Block>
        <h2>Do next</h2>
        {image.actions?.length ? (
          <ol className="actions">
            {image.actions.map((action) => (
              <li key={action.id}>
                <h3>{action.title}</h3>
                <p>
                  ends <b>{count(action.resolves ?? 0)}</b> of {count(total)} findings{action.remains ? `, ${count(action.remains)} remain in what it touches` : ""} · {actionOwners[action.owner ?? ""] ?? words(action.owner ?? "")}
                  {action.due ? <span className={runs && Date.parse(action.due) < now ? "next urgent" : ""}> · {dueIn(action.due, now)}</span> : null}
                </p>
                {action.reason && <p className="quiet">{action.reason}</p>}
                {action.steps?.length ? (
                  <div className="steps">
                    <ol>{action.steps.map((step) => <li key={step}><code>{step}</code></li>)}</ol>
                    <CopyButton text={action.steps.join("\n")} />
                  </div>
                ) : null}
              </li>
            ))}
          </ol>
        ) : (
          <p>{total === 0 ? "Nothing to do: no finding is open." : `${count(total)} findings are open and none has a fix yet.`}</p>
        )}
      </Block>
      {image.unread_files ? (
        <details className="block">
          <summary>{count(image.unread_files)} files were not read: what is in them is not known</summary>
          <table>
            <thead><tr><th scope="col">File</th><th scope="col">Reason</th></tr></thead>
            <tbody>{image.unread?.map((file) => <tr key={file.path}><td className="mono">{file.path}</td><td>{file.reason}</td></tr>)}</tbody>
          </table>
        </details>
      ) : null}
      <p className="quiet">
        The whole report:{" "}
        {["json", "html", "sarif", "cyclonedx", "spdx-json", "markdown"].map((format) => (
          <a key={format} href={`/api/v1/images/${image.digest}/report?format=${format}`} download>{format} </a>
        ))}
      </p>
    </Page>
  );
}

// The components of one image are in its report; the list of all images' components has no digest to filter by.
interface ReportComponent { name?: string; version?: string; type?: string; purl?: string; layer?: number }
function Components({ digest, image }: { digest: string; image: ImageDetail }) {
  const [text, setText] = useParameter("q");
  const report = useQuery({
    queryKey: ["report", digest],
    queryFn: ({ signal }) => get("/api/v1/images/{digest}/report", { path: { digest }, query: { format: "json" }, signal }) as Promise<{ components?: ReportComponent[] }>,
    staleTime: 300_000,
  });
  if (report.isPending) return <Skeleton lines={20} />;
  if (report.isError) return <ErrorBox error={report.error} retry={() => void report.refetch()} />;
  const all = report.data.components ?? [];
  const wanted = text.toLowerCase();
  const rows = all.filter((one) => `${one.name} ${one.version} ${one.purl}`.toLowerCase().includes(wanted));
  return (
    <Page>
      <p className="row-actions">
        <input type="search" value={text} placeholder="Search components" aria-label="Search components" onChange={(event) => setText(event.target.value)} />
        <span className="quiet">{count(rows.length)} of {count(image.components ?? all.length)}</span>
      </p>
      <Block>
        <table>
          <thead><tr><th scope="col">Component</th><th scope="col">Version</th><th scope="col">Type</th><th scope="col">Layer</th><th scope="col">Who else has it</th></tr></thead>
          <tbody>
            {rows.slice(0, 1000).map((one, index) => (
              <tr key={`${one.purl} ${index}`}>
                <td>{one.name}</td>
                <td className="mono">{one.version || <Unknown why="no version is known" />}</td>
                <td>{one.type}</td>
                <td>{one.layer === undefined || one.layer < 0 ? <Unknown /> : one.layer}</td>
                <td><A to={`/components?filter=name:${encodeURIComponent(one.name ?? "")}`}>all images</A></td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > 1000 && <p className="quiet">The first 1,000 are shown: search for the others.</p>}
      </Block>
    </Page>
  );
}

function Layers({ image }: { image: ImageDetail }) {
  const layers = image.layers ?? [];
  const largest = Math.max(1, ...layers.map((one) => one.size_bytes ?? 0));
  return (
    <Page>
      <Block>
        <table>
          <caption className="hidden-text">Layers, the lowest first</caption>
          <thead><tr><th scope="col">#</th><th scope="col">From</th><th scope="col">Made by</th><th scope="col">Size</th><th scope="col" className="bar-cell"><span className="hidden-text">Size, drawn</span></th><th scope="col" className="right">Components</th><th scope="col" className="right">Findings</th></tr></thead>
          <tbody>
            {layers.map((layer) => (
              <tr key={layer.index}>
                <td className="num">{layer.index}</td>
                <td>{layer.base ? image.base ? <ImageName name={image.base} /> : "base" : "application"}</td>
                <td className="mono" title={layer.digest || layer.diff_id}>{layer.created_by || <span className="quiet">{shortDigest(layer.digest || layer.diff_id || "")}</span>}</td>
                <td className="num">{bytes(layer.size_bytes) ?? <Unknown />}</td>
                <td className="bar-cell"><Bar part={layer.size_bytes ?? 0} whole={largest} look="plain" /></td>
                <td className="right"><Num value={layer.components} /></td>
                <td className="right">{layer.findings ? <A to={`/images/${image.digest}/findings?filter=layer:${layer.index}`}>{count(layer.findings)}</A> : <Num value={0} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {layers.length === 0 && <p className="quiet">The inventory tells nothing about layers.</p>}
      </Block>
    </Page>
  );
}

function Runs({ image }: { image: ImageDetail }) {
  const runs = image.runs ?? [];
  return (
    <Page>
      <p><A to={`/running?filter=digest:${image.digest}`}>Each copy, in the list of running copies</A></p>
      <Block>
        <table>
          <thead><tr><th scope="col">Environment</th><th scope="col">Cluster</th><th scope="col">Namespace</th><th scope="col">Workload</th><th scope="col">Owner</th><th scope="col" className="right">Copies</th><th scope="col">Since</th></tr></thead>
          <tbody>
            {runs.map((run) => (
              <tr key={`${run.cluster} ${run.namespace} ${run.workload} ${run.environment}`}>
                <td>{run.environment || <Unknown why="no environment is told" />}</td>
                <td>{run.cluster || <span className="quiet">–</span>}</td>
                <td>{run.namespace || <span className="quiet">–</span>}</td>
                <td><A to={`/running?filter=workload:${encodeURIComponent(run.workload ?? "")}&filter=digest:${image.digest}`}>{run.workload}</A></td>
                <td><Owner name={run.owner} /></td>
                <td className="right"><Num value={run.copies} /></td>
                <td><Time at={run.since} none="not known" /></td>
              </tr>
            ))}
          </tbody>
        </table>
        {runs.length === 0 && <p className="quiet">No copy of it that you see runs.</p>}
      </Block>
    </Page>
  );
}

function Changes({ image, digest }: { image: ImageDetail; digest: string }) {
  const [scope] = useScope();
  const changes = useQuery({
    queryKey: ["image-changes", digest, scope.as_of],
    queryFn: ({ signal }) => get("/api/v1/images/{digest}/changes", { path: { digest }, query: { as_of: scope.as_of }, signal }),
    enabled: image.previous != null,
  });
  if (image.previous == null) return <Empty title="There is no earlier image to compare with"><p className="quiet">No scanned image had its name before.</p></Empty>;
  if (changes.isPending) return <Skeleton lines={16} />;
  if (changes.isError) return changes.error instanceof Problem && changes.error.status === 404 ? <Empty title={changes.error.detail} /> : <ErrorBox error={changes.error} retry={() => void changes.refetch()} />;
  const { findings_added = [], findings_removed = [], components_added = [], components_removed = [] } = changes.data;
  const findings = (title: string, rows: typeof findings_added, none: string) => (
    <Block>
      <h2>{title}: {count(rows.length)}</h2>
      {rows.length === 0 && <p className="quiet">{none}</p>}
      <table>
        <tbody>
          {rows.map((one) => (
            <tr key={`${one.vulnerability} ${one.component}`}>
              <td><Severity level={one.severity} /></td>
              <td><VulnerabilityLink id={one.vulnerability} /></td>
              <td><ComponentName name={one.component} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
  const names = [...new Set([...components_added, ...components_removed].map((one) => one.name ?? ""))].sort();
  const versions = (rows: typeof components_added, name: string) => rows.filter((one) => one.name === name).map((one) => one.version).join(", ");
  return (
    <Page>
      <p>Against <A to={`/images/${changes.data.from}`}><span className="mono">{shortDigest(changes.data.from ?? "")}</span></A>, which had its name before.</p>
      <div className="columns">
        {findings("New findings", findings_added, "It brings none that its last did not have.")}
        {findings("Findings that are gone", findings_removed, "It has all that its last had.")}
        <Block>
          <h2>Components that differ: {count(names.length)}</h2>
          {names.length === 0 && <p className="quiet">Both hold the same versions.</p>}
          <table>
            {names.length > 0 && <thead><tr><th scope="col">Component</th><th scope="col">Its last</th><th scope="col">This one</th></tr></thead>}
            <tbody>
              {names.map((name) => (
                <tr key={name}>
                  <td><ComponentName name={name} /></td>
                  <td className="mono">{versions(components_removed, name) || <span className="quiet">–</span>}</td>
                  <td className="mono">{versions(components_added, name) || <span className="quiet">–</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      </div>
    </Page>
  );
}

function History({ image }: { image: ImageDetail }) {
  const since = image.runs?.map((one) => one.since).filter((one): one is string => one != null).sort()[0];
  const steps: [string | null | undefined, string][] = [
    [image.created, "built"],
    [image.first_seen, "first seen here"],
    [since, "the oldest copy that still runs started"],
    ...(image.inventories ?? []).map((one): [string, string] => [
      one.at,
      `inventory ${by(one.via)}: ${count(one.components)} components${one.digest === image.digest ? "" : `, told of ${shortDigest(one.digest)}`}; ${one.known ? "this is what is shown" : "a later one took its place"}`,
    ]),
    ...(image.records ?? []).map((one): [string, string] => [
      one.at,
      one.kind === "build"
        ? `a pipeline built it${one.commit && ` of commit ${one.commit.slice(0, 12)}`}${one.source && ` of ${one.source}`}`
        : `deployed${one.environment && ` to ${one.environment}`}${one.workload && ` as ${one.workload}`}${one.commit && `, commit ${one.commit.slice(0, 12)}`}`,
    ]),
    [image.state_since, `scan ${words(image.state ?? "")}${image.state_detail ? `: ${image.state_detail}` : ""}`],
  ];
  const known = steps.filter((one): one is [string, string] => one[0] != null).sort((a, b) => a[0].localeCompare(b[0]));
  const labels = Object.entries(image.labels ?? {});
  return (
    <Page>
      <div className="columns">
        <Block>
          <h2>History</h2>
          <ul className="life short">{known.map(([at, what]) => <li key={what}><Day at={at} /><span>{what} <span className="quiet"><Time at={at} /></span></span></li>)}</ul>
        </Block>
        <Block>
          <h2>Names</h2>
          <ul>{image.names?.map((name) => <li key={name} className="mono">{name}</li>)}</ul>
          <dl className="facts">
            <dt>Size</dt><dd>{image.size_bytes ? bytes(image.size_bytes) : <Unknown />}</dd>
            <dt>Base digest</dt><dd>{image.base_digest ? <Digest digest={image.base_digest} /> : <Unknown />}</dd>
            <dt>Base owner</dt><dd><Owner name={image.image_owner} />{image.image_owner_by && <span className="quiet"> by {image.image_owner_by}</span>}</dd>
          </dl>
        </Block>
        <Block>
          <h2>Labels</h2>
          {labels.length === 0 ? <p className="quiet">It has none.</p> : <dl className="facts long">{labels.map(([key, value]) => [<dt key={key} className="mono">{key}</dt>, <dd key={`${key}=`}>{value}</dd>])}</dl>}
        </Block>
      </div>
    </Page>
  );
}
