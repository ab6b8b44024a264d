// Which address shows which page, and who may see it.
import { Component, type ReactNode, useEffect, useState } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { Problem } from "./api/client";
import { askProvider, useMe } from "./lib/me";
import { ChangesPage } from "./pages/changes";
import { ComponentsPage } from "./pages/components";
import { CoveragePage } from "./pages/coverage";
import { FindingsPage } from "./pages/findings";
import { ImagePage } from "./pages/image";
import { ImagesPage } from "./pages/images";
import { RunningPage } from "./pages/running";
import { SettingsPage } from "./pages/settings";
import { SignInPage } from "./pages/sign_in";
import { VulnerabilitiesPage } from "./pages/vulnerabilities";
import { VulnerabilityPage } from "./pages/vulnerability";
import { Frame } from "./ui/frame";
import { Empty, ErrorBox, Skeleton } from "./ui/states";

export function App() {
  return (
    <Fault>
      <Switch>
        <Route path="/sign-in/*?" component={SignInPage} />
        <Route component={Inside} />
      </Switch>
    </Fault>
  );
}

// Who came by a provider of identities is sent to it again, everybody else to the sign-in page.
function SessionOver({ here }: { here: string }) {
  const [again] = useState(askProvider);
  useEffect(() => {
    if (again) window.location.replace(`/sign-in/oidc?to=${encodeURIComponent(here)}`);
  }, [again, here]);
  if (again) return <Skeleton lines={24} />;
  return <Redirect to={here === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(here)}`} replace />;
}

function Inside() {
  const me = useMe();
  const [location] = useLocation();
  if (me.isPending) return <Skeleton lines={24} />;
  if (me.isError && me.error instanceof Problem && me.error.status === 401) {
    return <SessionOver here={window.location.pathname + window.location.search} />;
  }
  // With an earlier answer the page goes on; each of its parts says by itself what fails.
  if (!me.data) return <ErrorBox error={me.error} retry={() => void me.refetch()} />;
  return (
    <Frame>
      <Fault at={location}>
        <Switch>
          <Route path="/">
            <Redirect to="/images" replace />
          </Route>
          <Route path="/images" component={ImagesPage} />
          <Route path="/images/:digest/:tab?">{({ digest, tab }) => <ImagePage key={digest} digest={digest} tab={tab ?? "actions"} />}</Route>
          <Route path="/running" component={RunningPage} />
          <Route path="/vulnerabilities" component={VulnerabilitiesPage} />
          <Route path="/vulnerabilities/:id/:tab?">{({ id, tab }) => <VulnerabilityPage key={id} id={id} tab={tab ?? "where"} />}</Route>
          <Route path="/components" component={ComponentsPage} />
          <Route path="/findings" component={FindingsPage} />
          <Route path="/coverage" component={CoveragePage} />
          <Route path="/changes" component={ChangesPage} />
          <Route path="/settings/:tab?">{({ tab }) => <SettingsPage tab={tab ?? "owners"} />}</Route>
          <Route>
            <Empty title="There is no page at this address">
              <p>The search above finds images, vulnerabilities, components, workloads and owners.</p>
            </Empty>
          </Route>
        </Switch>
      </Fault>
    </Frame>
  );
}

// A fault of the page itself costs the part where it happened, until one goes elsewhere.
class Fault extends Component<{ at?: string; children: ReactNode }, { error: unknown; at: string | undefined }> {
  override state = { error: null as unknown, at: this.props.at };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  static getDerivedStateFromProps(props: { at?: string }, state: { at: string | undefined }) {
    return props.at === state.at ? null : { error: null, at: props.at };
  }
  override render() {
    return this.state.error === null ? this.props.children : <ErrorBox error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}
