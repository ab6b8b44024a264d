import type { Image } from "../api/client";
import { bytes, count, gapWords, nextStep, risk } from "../lib/format";
import { A, Digest, ImageName, Num, Owner, SeverityCounts, Tag, Time, Unknown, useMoment } from "../ui/bits";
import { FirstRun } from "../ui/first_run";
import type { Column } from "../ui/column";
import { DataTable } from "../ui/table";

// Without an inventory there is no number of findings, whatever the fold counts.
export const judged = (image: Image): boolean => image.scanned != null && image.gap !== "unsupported_distribution";

export function Next({ image }: { image: Image }) {
  const step = nextStep(image, useMoment());
  return step ? <span className={step.urgent ? "next urgent" : "next"}>{step.text}</span> : <span className="quiet">nothing to do</span>;
}

// Copies, with the sign of those that nobody has heard of lately.
function Runs({ image }: { image: Image }) {
  return (
    <>
      {image.unknown ? <Unknown why={`${count(image.unknown)} more of which nobody has heard lately: they may still run`} /> : null} <Num value={image.running} />
    </>
  );
}

function level(field: "critical" | "high" | "medium" | "low" | "negligible" | "unrated", label: string, hidden = false): Column<Image> {
  return {
    field,
    label,
    title: `${field} findings`,
    kind: "number",
    width: 42,
    hidden,
    needs: ["scanned", "gap"],
    render: (image) => <Num value={judged(image) ? image[field] : null} why={image.gap_detail ?? gapWords[image.gap ?? ""] ?? "not scanned"} />,
  };
}

const columns: Column<Image>[] = [
  { field: "", key: "next", label: "Do next", kind: "text", width: 204, needs: ["gap", "scanned", "kev", "kev_due", "fixable", "runs"], render: (image) => <Next image={image} /> },
  {
    field: "name",
    label: "Image",
    kind: "text",
    width: 236,
    click: false,
    needs: ["digest"],
    render: (image) => <A to={`/images/${image.digest}`}><ImageName name={image.name} digest={image.digest} /></A>,
  },
  { field: "owner", label: "Owner", kind: "text", width: 96, facet: true, render: (image) => <Owner name={image.owner} /> },
  { field: "running", label: "Runs", title: "running copies", kind: "number", width: 62, needs: ["unknown"], render: (image) => <Runs image={image} /> },
  { field: "runs", label: "Runs at all", kind: "flag", width: 80, facet: true, hidden: true },
  { field: "unknown", label: "Silent", title: "copies whose reporter is silent", kind: "number", width: 56, hidden: true },
  level("critical", "C"),
  level("high", "H"),
  level("medium", "M"),
  level("low", "L", true),
  level("negligible", "N", true),
  level("unrated", "?", true),
  { field: "kev", label: "KEV", title: "known to be exploited", kind: "number", width: 52, needs: ["scanned", "gap"], render: (image) => (judged(image) && image.kev ? <b className="bad num">{image.kev}</b> : <Num value={judged(image) ? image.kev : null} />) },
  { field: "fixable", label: "Fixable", title: "findings with a fix", kind: "number", width: 62, needs: ["scanned", "gap"], render: (image) => <Num value={judged(image) ? image.fixable : null} /> },
  { field: "from_base", label: "From base", title: "findings that the base brought", kind: "number", width: 80, hidden: true, needs: ["scanned", "gap"], render: (image) => <Num value={judged(image) ? image.from_base : null} /> },
  { field: "accepted", label: "Accepted", kind: "number", width: 72, hidden: true },
  { field: "findings", label: "Findings", kind: "number", width: 72, hidden: true, needs: ["scanned", "gap"], render: (image) => <Num value={judged(image) ? image.findings : null} /> },
  { field: "risk", label: "Risk", kind: "real", width: 58, needs: ["scanned", "gap"], render: (image) => (judged(image) && image.risk != null ? <span className="num">{risk(image.risk)}</span> : <Unknown />) },
  { field: "gap", label: "Seen", title: "what is missing", kind: "text", width: 100, facet: true, needs: ["gap_detail"], render: (image) => <span title={image.gap_detail ?? ""}><Tag value={gapWords[image.gap ?? ""] ?? image.gap ?? ""} tone={image.gap === "none" ? "good" : image.gap === "no_owner" ? "plain" : "warn"} /></span> },
  { field: "state", label: "Scan", kind: "text", width: 130, facet: true, hidden: true, needs: ["state_detail", "state_since"], render: (image) => <span title={image.state_detail ?? ""}>{image.state === "failed" ? <Tag value="failed" tone="bad" /> : image.state}{image.state !== "ok" && <span className="quiet"> <Time at={image.state_since} none="" /></span>}</span> },
  { field: "base", label: "Base", kind: "text", width: 120, facet: true, render: (image) => image.base ? <ImageName name={image.base} /> : <Unknown why="the base is not known" /> },
  { field: "distro", label: "Distribution", kind: "text", width: 100, facet: true, hidden: true },
  { field: "platform", label: "Platform", kind: "text", width: 90, facet: true, hidden: true },
  { field: "environments", label: "Environments", kind: "texts", width: 110, facet: true, hidden: true },
  { field: "clusters", label: "Clusters", kind: "texts", width: 110, facet: true, hidden: true },
  { field: "namespaces", label: "Namespaces", kind: "texts", width: 110, facet: true, hidden: true },
  { field: "repositories", label: "Repositories", kind: "texts", width: 160, facet: true, hidden: true },
  { field: "image_owner", label: "Base owner", kind: "text", width: 100, facet: true, hidden: true },
  { field: "components", label: "Components", kind: "number", width: 84, hidden: true, needs: ["scanned"], render: (image) => <Num value={image.scanned ? image.components : null} /> },
  { field: "layers", label: "Layers", kind: "number", width: 60, hidden: true, needs: ["scanned"], render: (image) => <Num value={image.scanned ? image.layers : null} /> },
  { field: "size_bytes", label: "Size", kind: "number", width: 70, hidden: true, needs: ["scanned"], render: (image) => (image.size_bytes ? <span className="num">{bytes(image.size_bytes)}</span> : <Unknown />) },
  { field: "unread_files", label: "Unread", title: "files that were not read", kind: "number", width: 60, hidden: true, needs: ["scanned"], render: (image) => <Num value={image.scanned ? image.unread_files : null} /> },
  { field: "digest", label: "Digest", kind: "text", width: 170, hidden: true, click: false, render: (image) => <Digest digest={image.digest} /> },
  { field: "created", label: "Built", kind: "time", width: 100, hidden: true },
  { field: "first_seen", label: "First seen", kind: "time", width: 100, hidden: true },
  { field: "scanned", label: "Scanned", kind: "time", width: 100, hidden: true, render: (image) => <Time at={image.scanned} none="never" /> },
];

function Preview({ image }: { image: Image }) {
  return (
    <>
      <h3><ImageName name={image.name} digest={image.digest} /></h3>
      <p><Next image={image} /></p>
      {judged(image) ? <SeverityCounts counts={image as Partial<Record<"critical", number>>} /> : <p><Unknown /> {image.gap_detail}</p>}
      <dl className="facts">
        <dt>Digest</dt><dd><Digest digest={image.digest} /></dd>
        <dt>Names</dt><dd>{image.names?.join(", ") || "none"}</dd>
        <dt>Owner</dt><dd><Owner name={image.owner} /></dd>
        <dt>Runs</dt><dd><Num value={image.running} /> in {image.clusters?.join(", ") || "no cluster"}</dd>
        <dt>Base</dt><dd>{image.base || <Unknown />}</dd>
        <dt>Distribution</dt><dd>{image.distro || <Unknown />}</dd>
        <dt>Scanned</dt><dd><Time at={image.scanned} /></dd>
      </dl>
    </>
  );
}

export function ImagesPage() {
  return (
    <DataTable<Image>
      path="/api/v1/images"
      noun="images"
      columns={columns}
      id={(image) => image.digest ?? ""}
      idFields={["digest"]}
      order="what runs first, exploited ones before, then by risk"
      href={(image) => `/images/${image.digest}`}
      preview={(image) => <Preview image={image} />}
      scope={{ environment: "environments", cluster: "clusters", owner: "owner" }}
      empty={<FirstRun what="image" />}
    />
  );
}
