// Settings, each with its own address.
import { AuditTab, SessionsTab, TokensTab, UsersTab } from "./settings_access";
import { ChannelsTab } from "./settings_channels";
import { JobsTab } from "./settings_jobs";
import { OwnersTab } from "./settings_owners";
import { RegistriesTab } from "./settings_registries";
import { PasswordTab } from "./settings_password";
import { ViewsTab } from "./settings_views";
import { Empty } from "../ui/states";
import { Tabs } from "../ui/tabs";
import { Page } from "../ui/block";

const tabs = [
  { id: "owners", to: "/settings/owners", name: "Owners" },
  { id: "registries", to: "/settings/registries", name: "Registries" },
  { id: "notifications", to: "/settings/notifications", name: "Notifications" },
  { id: "views", to: "/settings/views", name: "Saved views" },
  { id: "tokens", to: "/settings/tokens", name: "Tokens" },
  { id: "users", to: "/settings/users", name: "Users" },
  { id: "sessions", to: "/settings/sessions", name: "Sessions" },
  { id: "password", to: "/settings/password", name: "Password" },
  { id: "audit", to: "/settings/audit", name: "Audit log" },
  { id: "jobs", to: "/settings/jobs", name: "Jobs" },
];

export function SettingsPage({ tab }: { tab: string }) {
  return (
    <div className="detail">
      <div className="detail-head"><h1>Settings</h1></div>
      <Tabs tabs={tabs} current={tab} />
      <Page>
        {tab === "owners" ? <OwnersTab /> : tab === "registries" ? <RegistriesTab /> : tab === "notifications" ? <ChannelsTab /> : tab === "password" ? <PasswordTab /> : tab === "views" ? <ViewsTab /> : tab === "tokens" ? <TokensTab /> : tab === "users" ? <UsersTab /> : tab === "sessions" ? <SessionsTab /> : tab === "audit" ? <AuditTab /> : tab === "jobs" ? <JobsTab /> : <Empty title="There is no such setting" />}
      </Page>
    </div>
  );
}
