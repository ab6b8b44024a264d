// What a list is made of: its endpoint, and a column for each field of the API that it shows.
import type { ReactNode } from "react";
import type { Schemas } from "../api/client";

export type Kind = "text" | "texts" | "number" | "real" | "flag" | "time";
export type ListPath = "/api/v1/images" | "/api/v1/running" | "/api/v1/vulnerabilities" | "/api/v1/components" | "/api/v1/findings" | "/api/v1/images/{digest}/findings" | "/api/v1/vulnerabilities/{id}/findings";
export type Page<Row> = Omit<Schemas["Page"], "items"> & { items?: Row[] };

export interface Column<Row> {
  field: string; // of the API; "" = made of others, and not sorted by
  key?: string; // where `field` is "" or used twice
  label: string;
  title?: string; // in full
  kind: Kind;
  width: number; // pixels; the columns share what is left in these proportions
  render?: (row: Row) => ReactNode;
  value?: (text: string) => ReactNode; // how each of several texts is drawn
  needs?: string[]; // fields that `render` reads beside its own
  hidden?: boolean; // until chosen
  facet?: boolean; // its values can be counted
  click?: boolean; // false: a click on the value does not filter by it
}

export const keyOf = <Row,>(column: Column<Row>): string => column.key ?? column.field;
