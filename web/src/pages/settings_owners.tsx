// The rules of ownership: the first that matches decides.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas, get, send } from "../api/client";
import { useMay } from "../lib/me";
import { ErrorBox, Skeleton } from "../ui/states";
import { Block } from "../ui/block";

type Owners = Schemas["Owners"];
type Rule = NonNullable<Owners["rules"]>[number];
const patterns = ["repository", "namespace", "cluster", "environment"] as const;
const roles = ["application", "image", "platform", "security"] as const;

export function OwnersTab() {
  const owners = useQuery({ queryKey: ["/api/v1/owners"], queryFn: ({ signal }) => get("/api/v1/owners", { signal }) });
  if (owners.isPending) return <Skeleton />;
  if (owners.isError) return <ErrorBox error={owners.error} retry={() => void owners.refetch()} />;
  return <Editor key={JSON.stringify(owners.data)} kept={owners.data} />;
}

const labelsText = (rule: Rule) => Object.entries(rule.labels ?? {}).map(([key, value]) => `${key}=${value}`).join(", ");

function parseLabels(text: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [key = "", ...value] = part.split("=");
    if (key.trim()) out[key.trim()] = value.join("=").trim() || "*";
  }
  return out;
}

function Editor({ kept }: { kept: Owners }) {
  const may = useMay("security");
  const cache = useQueryClient();
  const [label, setLabel] = useState(kept.owner_label ?? "");
  const [code, setCode] = useState<NonNullable<Owners["codeowners"]>>(kept.codeowners ?? "last");
  const [rules, setRules] = useState<Rule[]>(kept.rules ?? []);
  const save = useMutation({
    mutationFn: () => {
      // Empty patterns match everything and are left out.
      const body: Owners = { codeowners: code, rules: rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => (typeof value === "object" ? Object.keys(value).length > 0 : value))) as Rule) };
      if (label) body.owner_label = label;
      return send("PUT", "/api/v1/owners", { body });
    },
    onSuccess: () => cache.invalidateQueries(),
  });
  const change = (index: number, part: Partial<Rule>) => setRules(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  const move = (index: number, by: number) => {
    const next = [...rules];
    const [rule] = next.splice(index, 1);
    if (rule) next.splice(index + by, 0, rule);
    setRules(next);
  };
  return (
    <>
      <p>Who owns what runs. The first rule of a role whose patterns all match decides; * is any text. What no rule matches is a gap.</p>
      <fieldset disabled={!may} className="plain-fieldset">
        <p><label>Label or annotation whose value is the owner, before all rules <input value={label} placeholder="none, e.g. team" onChange={(event) => setLabel(event.target.value)} /></label></p>
        <p><label>What CODEOWNERS or a record of a build says of an image <select value={code} onChange={(event) => setCode(event.target.value as typeof code)}><option value="last">counts when no rule matches</option><option value="first">goes before the rules: whoever may submit is trusted</option><option value="off">does not count</option></select></label></p>
        <Block>
          <table>
            <thead><tr><th scope="col">Owner</th><th scope="col">Role</th>{patterns.map((one) => <th key={one} scope="col">{one[0]?.toUpperCase() + one.slice(1)}</th>)}<th scope="col">Labels</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
            <tbody>
              {rules.map((rule, index) => (
                // The rules have no name: their place is what tells them apart.
                <tr key={index}>
                  <td><input aria-label={`Owner of rule ${index + 1}`} size={12} value={rule.owner} onChange={(event) => change(index, { owner: event.target.value })} /></td>
                  <td><select aria-label={`Role of rule ${index + 1}`} value={rule.role ?? "application"} onChange={(event) => change(index, { role: event.target.value as Rule["role"] & string })}>{roles.map((one) => <option key={one}>{one}</option>)}</select></td>
                  {patterns.map((one) => <td key={one}><input aria-label={`${one} of rule ${index + 1}`} size={one === "repository" ? 20 : 6} placeholder="*" value={rule[one] ?? ""} onChange={(event) => change(index, { [one]: event.target.value })} /></td>)}
                  <td><input aria-label={`Labels of rule ${index + 1}`} size={10} placeholder="key=pattern" defaultValue={labelsText(rule)} onBlur={(event) => change(index, { labels: parseLabels(event.target.value) })} /></td>
                  <td className="row-actions">
                    <button type="button" className="small" aria-label={`Move rule ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)}>↑</button>
                    <button type="button" className="small" aria-label={`Move rule ${index + 1} down`} disabled={index === rules.length - 1} onClick={() => move(index, 1)}>↓</button>
                    <button type="button" className="small" aria-label={`Take out rule ${index + 1}`} title="Take out" onClick={() => setRules(rules.filter((_, at) => at !== index))}>×</button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {rules.length === 0 && <p className="quiet">There is no rule: only the label tells owners.</p>}
        </Block>
        {may ? (
          <p className="row-actions">
            <button type="button" onClick={() => setRules([...rules, { owner: "" }])}>Add a rule</button>
            <button type="button" className="primary" disabled={save.isPending || rules.some((rule) => !rule.owner.trim())} onClick={() => save.mutate()}>Save</button>
            <span role="status">{save.isSuccess ? "Saved" : ""}</span>
          </p>
        ) : (
          <p className="quiet">The roles security and admin change them.</p>
        )}
      </fieldset>
      {save.isError && <ErrorBox error={save.error} />}
    </>
  );
}
