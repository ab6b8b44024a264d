// Parts of one thing, each with its own address.
import { count as format } from "../lib/format";
import { A } from "./bits";

interface TabInfo {
  id: string;
  to: string;
  name: string;
  count?: number | undefined;
}

export function Tabs({ tabs, current }: { tabs: TabInfo[]; current: string }) {
  return (
    <nav className="tabs" aria-label="Parts">
      {tabs.map((one) => (
        <A key={one.id} to={one.to} className={one.id === current ? "current" : ""}>
          {one.name}
          {one.count === undefined ? "" : ` ${format(one.count)}`}
        </A>
      ))}
    </nav>
  );
}
