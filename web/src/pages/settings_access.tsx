import { Empty } from "../ui/states";
export function TokensTab() { return <Empty title="Tokens" />; }
export function UsersTab() { return <Empty title="Users" />; }
export function SessionsTab() { return <Empty title="Sessions" />; }
export function AuditTab() { return <Empty title="Audit" />; }
