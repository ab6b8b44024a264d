import assert from "node:assert/strict";
import { test } from "node:test";
import { filterValues, nextSort, parseFilter, readList, readScope, scopeOnly, toggleFilter, toggleValue, withScope, writeList, writeScope } from "./url";

test("an address holds the whole state of a list", () => {
  const state = { filters: [{ field: "owner", value: "team shop" }, { field: "critical", value: ">=1" }, { field: "gap", value: "!none" }], q: "a&b=c#d%", sort: "-risk,name", columns: ["name", "risk"], vulnerability: "CVE-2026-1", row: "sha256:ab", preview: true };
  const search = writeList("", state);
  assert.deepEqual(readList(search), state);
  assert.deepEqual(readList(`?${search}`), state);
});

test("changing a part leaves the others, and what belongs to others", () => {
  const search = "in_cluster=eu&days=7&filter=a:b&filter=c:d&sort=-x";
  const next = writeList(search, { sort: "", row: "r" });
  assert.equal(next, "in_cluster=eu&days=7&filter=a:b&filter=c:d&row=r");
  assert.equal(writeList(next, { filters: [], row: "" }), "in_cluster=eu&days=7");
});

test("hostile and broken addresses give an empty state", () => {
  for (const search of ["", "?", "filter=", "filter=nocolon", "filter=:x", "preview=yes", "%E0%A4%A", "columns=,,"]) {
    const state = readList(search);
    assert.deepEqual([state.filters, state.sort, state.columns, state.preview], [[], "", [], false], search);
  }
  assert.deepEqual(parseFilter("purl:pkg:deb/x@1:2"), { field: "purl", value: "pkg:deb/x@1:2" });
  assert.deepEqual(parseFilter("owner:"), { field: "owner", value: "" });
});

test("the scope goes along, the rest stays", () => {
  const search = "in_environment=prod&as_of=2026-01-02T03:04:05Z&filter=a:b&row=r";
  assert.equal(scopeOnly(search), "in_environment=prod&as_of=2026-01-02T03:04:05Z");
  assert.equal(withScope("/running?filter=gap:none", search), "/running?filter=gap:none&in_environment=prod&as_of=2026-01-02T03:04:05Z");
  assert.equal(withScope("/images?in_environment=dev", search), "/images?in_environment=dev&as_of=2026-01-02T03:04:05Z");
  assert.equal(withScope("/images", "filter=a:b"), "/images");
  assert.deepEqual(readScope(writeScope(search, { environment: "", cluster: "eu 1" })), { environment: "", cluster: "eu 1", owner: "", as_of: "2026-01-02T03:04:05Z" });
});

test("a click on a value filters by it, and once more does not", () => {
  const one = toggleFilter([{ field: "a", value: "1" }], "b", "2");
  assert.deepEqual(one, [{ field: "a", value: "1" }, { field: "b", value: "2" }]);
  assert.deepEqual(toggleFilter(one, "b", "2"), [{ field: "a", value: "1" }]);
  assert.deepEqual(toggleFilter(one, "b", "3"), [{ field: "a", value: "1" }, { field: "b", value: "3" }]);
});

test("several values of a field", () => {
  assert.deepEqual(filterValues("!a|b"), { values: ["a", "b"], not: true });
  let filters = toggleValue([], "a", "1");
  filters = toggleValue(filters, "a", "2");
  assert.deepEqual(filters, [{ field: "a", value: "1|2" }]);
  assert.deepEqual(toggleValue(toggleValue(filters, "a", "1"), "a", "2"), []);
  assert.deepEqual(toggleValue([{ field: "a", value: "!1" }], "a", "2"), [{ field: "a", value: "!1|2" }]);
  assert.deepEqual(toggleValue([{ field: "a", value: ">5" }], "a", "2"), [{ field: "a", value: "2" }]);
});

test("three clicks on a head: one way, the other, as at first", () => {
  for (const descending of [true, false]) {
    const first = nextSort("", "risk", descending);
    const second = nextSort(first, "risk", descending);
    assert.equal(first, descending ? "-risk" : "risk");
    assert.equal(second, descending ? "risk" : "-risk");
    assert.equal(nextSort(second, "risk", descending), "");
    assert.equal(nextSort("-risk,name", "name", descending), descending ? "-name" : "name");
  }
});
