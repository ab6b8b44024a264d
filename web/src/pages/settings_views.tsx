import { Link } from "wouter";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { useViews } from "../ui/views";
import { Block } from "../ui/block";

export function ViewsTab() {
  const { query, views, save } = useViews();
  if (query.isPending) return <Skeleton />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (views.length === 0) return <Empty title="No view is saved"><p>In a list: filter and sort, then Share, Keep as a view.</p></Empty>;
  return (
    <Block>
      <table>
        <thead><tr><th scope="col">View</th><th scope="col">Address</th><th scope="col"><span className="hidden-text">Do</span></th></tr></thead>
        <tbody>
          {views.map((view) => (
            <tr key={view.name}>
              <td><Link href={view.path ?? "/"}>{view.name}</Link></td>
              <td className="mono">{view.path}</td>
              <td><button type="button" className="small" aria-label={`Take out the view ${view.name}`} disabled={save.isPending} onClick={() => save.mutate(views.filter((one) => one !== view))}>Take out</button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {save.isError && <ErrorBox error={save.error} />}
    </Block>
  );
}
