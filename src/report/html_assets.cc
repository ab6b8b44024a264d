// Style: one accent and four severities, each with a letter beside its colour; light and dark from
// the same names; a table that becomes cards on a phone. Script: reads the rows out of the page,
// filters, sorts, shows them a hundred at a time, keeps its state in the address; every text goes
// in by textContent, so that no name becomes markup.
#include "report/html_assets.h"

namespace scantling::report {

const std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--panel:#f6f7f9;--line:#d9dde3;--text:#1b1f26;--dim:#5a6472;
--accent:#0b5cad;--c:#8f1230;--h:#a33c00;--m:#7a5a00;--l:#2d5f2e;--n:#5a6472;--ok:#1f6b34;--warn:#7a5a00}
@media (prefers-color-scheme:dark){:root{--bg:#14171c;--panel:#1d2128;--line:#343b46;--text:#e6e9ee;
--dim:#a2acba;--accent:#79b8ff;--c:#ff8fa6;--h:#ffab70;--m:#e8c84c;--l:#8fd694;--n:#a2acba;--ok:#8fd694;
--warn:#e8c84c}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,sans-serif;
overflow-wrap:anywhere}
main,header,footer{max-width:1200px;margin:0 auto;padding:0 16px}
header{padding-top:20px}
h1{font-size:20px;margin:0 0 4px}
h2{font-size:16px;margin:28px 0 8px}
p{margin:4px 0}
a{color:var(--accent)}
.dim{color:var(--dim)}
.warn{color:var(--warn)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:12px;margin:14px 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:10px 12px}
.card b{display:block;font-size:18px}
.verdict{display:inline-block;border:2px solid currentColor;border-radius:4px;padding:0 8px;
font-weight:700;text-transform:uppercase;font-size:13px;vertical-align:2px}
.stopped{color:var(--c)}.warned{color:var(--warn)}.passed{color:var(--ok)}
.gap{background:repeating-linear-gradient(135deg,transparent 0 6px,var(--line) 6px 7px)}
ol.steps{padding:0;margin:0;list-style:none;counter-reset:step}
details ol.steps{counter-reset:step 10}
ol.steps>li{counter-increment:step;border:1px solid var(--line);border-radius:6px;padding:8px 12px 8px 44px;
margin:0 0 8px;position:relative}
ol.steps>li:before{content:counter(step);position:absolute;left:12px;top:8px;font-weight:700;color:var(--accent)}
ol.steps>li.wait:before{content:"\2013"}
ol.steps ul{margin:4px 0 0;padding-left:18px}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:5px 8px;border-bottom:1px solid var(--line)}
thead th{position:sticky;top:0;background:var(--bg);z-index:1}
.plain td{min-width:88px}
.plain thead th{position:static}
details>summary{cursor:pointer;margin:8px 0}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible,td button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button:after{content:" \2191"}
th[aria-sort=descending] button:after{content:" \2193"}
td button{all:unset;cursor:pointer;text-decoration:underline dotted}
.tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:8px 0}
.tools input[type=search]{flex:1 1 200px;min-width:0}
.tools input,.tools select,.more{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);
border-radius:4px;padding:5px 8px;max-width:100%}
.level{display:inline-block;min-width:20px;text-align:center;border:1.5px solid currentColor;border-radius:3px;
font-weight:700;font-size:12px;padding:0 3px}
.critical{color:var(--c)}.high{color:var(--h)}.medium{color:var(--m)}.low{color:var(--l)}
.negligible,.unknown{color:var(--n);border-style:dashed}
.closed{opacity:.72}
.tag{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 5px;font-size:12px;
margin:0 4px 2px 0}
.tag.hot{border-color:var(--c);color:var(--c)}
.sortby{display:none}
footer{padding:24px 16px;color:var(--dim);font-size:13px}
@media (min-width:721px){
#rows{table-layout:fixed}
#rows th:nth-child(1){width:52px}
#rows th:nth-child(2){width:32%}
#rows th:nth-child(3){width:26%}
#rows th:nth-child(4){width:13%}
#rows th:nth-child(5){width:64px}
}
@media (max-width:720px){
.sortby{display:inline}
#rows thead,.plain thead{display:none}
table,tbody,tr,td{display:block;min-width:0}
tr{border:1px solid var(--line);border-radius:6px;margin:0 0 8px;padding:6px 8px}
td{border:0;padding:2px 0}
td:empty{display:none}
td[data-label]:before{content:attr(data-label) " ";color:var(--dim)}
}
)css";

const std::string_view kPageScript = R"js(
"use strict";
(function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  var levels = ["unknown", "negligible", "low", "medium", "high", "critical"];
  var letters = ["?", "N", "L", "M", "H", "C"];
  var fixes = ["unknown", "fixed", "not fixed", "will not be fixed", "put off"];
  var changes = ["", "introduced", "inherited", "there before", "new in the world"];
  var ID = 0, LEVEL = 1, WHERE = 2, FIX = 3, FIXED = 4, EPSS = 5, KEV = 6, CHANGE = 7, CLOSED = 8,
      TREATMENT = 9, DUE = 10, STAGE = 11, SUMMARY = 12;
  var rows = data.findings, where = data.components, chunk = 100;
  var state = {q: "", level: "0", change: "", fix: "", closed: "", sort: "rank", down: ""};
  var byId = function (id) { return document.getElementById(id); };
  var body = byId("body"), count = byId("count"), more = byId("more");
  var shown = [], next = 0, texts = [];

  function text(at) {
    if (texts[at] === undefined) {
      var row = rows[at], place = where[row[WHERE]];
      texts[at] = [row[ID], place[0], place[1], place[2], place[3], row[FIXED], row[SUMMARY],
                   row[TREATMENT]].join(" ").toLowerCase();
    }
    return texts[at];
  }

  function element(name, className, content) {
    var node = document.createElement(name);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  }

  function link(id) {
    if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(id)) return "";
    if (id.indexOf("CVE-") === 0) return "https://nvd.nist.gov/vuln/detail/" + id;
    if (id.indexOf("GHSA-") === 0) return "https://github.com/advisories/" + id;
    return id.indexOf("-") > 0 ? "https://osv.dev/vulnerability/" + id : "";
  }

  function percent(value) {
    return value < 0 ? "" : value < 0.005 ? "<1%" : Math.round(value * 100) + "%";
  }

  function tag(cell, content, className) {
    cell.appendChild(element("span", "tag" + (className ? " " + className : ""), content));
  }

  function draw(at) {
    var row = rows[at], place = where[row[WHERE]], tr = element("tr", row[CLOSED] ? "closed" : "");
    var cell = element("td");
    var badge = element("span", "level " + levels[row[LEVEL]], letters[row[LEVEL]]);
    badge.title = levels[row[LEVEL]];
    cell.appendChild(badge);
    tr.appendChild(cell);
    cell = element("td");
    var address = link(row[ID]);
    if (address) {
      var anchor = element("a", "", row[ID]);
      anchor.href = address;
      anchor.rel = "noopener noreferrer";
      cell.appendChild(anchor);
    } else {
      cell.textContent = row[ID];
    }
    if (row[SUMMARY]) cell.appendChild(element("div", "dim", row[SUMMARY]));
    tr.appendChild(cell);
    cell = element("td");
    var name = element("button", "", place[0]);
    name.type = "button";
    name.addEventListener("click", function () { set("q", place[0]); });
    cell.appendChild(name);
    cell.appendChild(document.createTextNode(" " + place[1]));
    cell.appendChild(element("div", "dim", place[3] + (place[4] ? (place[3] ? ", " : "") + "layer " + place[4] : "")));
    tr.appendChild(cell);
    cell = element("td", "", row[FIX] === 1 ? row[FIXED] : fixes[row[FIX]]);
    cell.dataset.label = "fix";
    tr.appendChild(cell);
    cell = element("td", "", percent(row[EPSS]));
    cell.dataset.label = "EPSS";
    tr.appendChild(cell);
    cell = element("td");
    if (row[KEV]) tag(cell, "exploited", "hot");
    if (row[STAGE]) tag(cell, row[STAGE] === "enforce" ? "stops" : row[STAGE], row[STAGE] === "enforce" ? "hot" : "");
    if (row[CHANGE]) tag(cell, changes[row[CHANGE]]);
    if (row[DUE]) tag(cell, "due " + row[DUE]);
    if (row[TREATMENT]) cell.appendChild(element("div", "dim", row[TREATMENT]));
    tr.appendChild(cell);
    return tr;
  }

  function append() {
    var part = document.createDocumentFragment(), end = Math.min(next + chunk, shown.length);
    for (; next < end; ++next) part.appendChild(draw(shown[next]));
    body.appendChild(part);
    more.hidden = next >= shown.length;
  }

  var orders = {
    rank: function (a, b) { return a - b; },
    level: function (a, b) { return rows[b][LEVEL] - rows[a][LEVEL] || a - b; },
    id: function (a, b) { return rows[a][ID] < rows[b][ID] ? -1 : rows[a][ID] > rows[b][ID] ? 1 : a - b; },
    component: function (a, b) {
      var x = where[rows[a][WHERE]][0], y = where[rows[b][WHERE]][0];
      return x < y ? -1 : x > y ? 1 : a - b;
    },
    fix: function (a, b) { return (rows[b][FIX] === 1) - (rows[a][FIX] === 1) || a - b; },
    epss: function (a, b) { return rows[b][EPSS] - rows[a][EPSS] || a - b; }
  };

  function show() {
    var words = state.q.toLowerCase().split(/\s+/).filter(Boolean), i, j, row;
    shown = [];
    for (i = 0; i < rows.length; ++i) {
      row = rows[i];
      if (row[LEVEL] < Number(state.level) || (row[CLOSED] && !state.closed)) continue;
      if (state.change && String(row[CHANGE]) !== state.change) continue;
      if (state.fix && row[FIX] !== 1) continue;
      for (j = 0; j < words.length && text(i).indexOf(words[j]) >= 0; ++j) {}
      if (j === words.length) shown.push(i);
    }
    shown.sort(orders[state.sort] || orders.rank);
    if (state.down) shown.reverse();
    body.textContent = "";
    next = 0;
    append();
    count.textContent = shown.length + " of " + rows.length + (rows.length === 1 ? " finding" : " findings");
    document.querySelectorAll("th[data-sort]").forEach(function (head) {
      head.setAttribute("aria-sort", head.dataset.sort !== state.sort ? "none" : state.down ? "descending" : "ascending");
    });
  }

  function keep() {
    var parts = [];
    Object.keys(state).forEach(function (key) {
      if (state[key] && !(key === "level" && state[key] === "0") && !(key === "sort" && state[key] === "rank")) {
        parts.push(key + "=" + encodeURIComponent(state[key]));
      }
    });
    try {
      history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
    } catch (error) { /* some readers of files allow no change of the address */ }
  }

  function fill() {
    ["q", "level", "change", "sort"].forEach(function (key) {
      if (byId(key)) byId(key).value = state[key];
    });
    byId("fix").checked = Boolean(state.fix);
    byId("closed").checked = Boolean(state.closed);
  }

  function set(key, value) {
    state[key] = value;
    fill();
    keep();
    show();
  }

  function read() {
    location.hash.slice(1).split("&").forEach(function (part) {
      var at = part.indexOf("="), key = part.slice(0, at);
      if (at > 0 && Object.prototype.hasOwnProperty.call(state, key)) {
        try { state[key] = decodeURIComponent(part.slice(at + 1)); } catch (error) { state[key] = ""; }
      }
    });
  }

  var typing = 0;
  byId("q").addEventListener("input", function (event) {
    clearTimeout(typing);
    typing = setTimeout(function () { set("q", event.target.value); }, 60);
  });
  ["level", "change", "sort"].forEach(function (key) {
    if (byId(key)) byId(key).addEventListener("change", function (event) {
      if (key === "sort") state.down = "";
      set(key, event.target.value);
    });
  });
  ["fix", "closed"].forEach(function (key) {
    byId(key).addEventListener("change", function (event) { set(key, event.target.checked ? "1" : ""); });
  });
  document.querySelectorAll("th[data-sort] button").forEach(function (button) {
    button.addEventListener("click", function () {
      var key = button.parentNode.dataset.sort;
      state.down = state.sort === key && !state.down ? "1" : "";
      set("sort", key);
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      byId("q").focus();
    }
  });
  window.addEventListener("hashchange", function () { read(); fill(); show(); });
  more.addEventListener("click", append);
  if ("IntersectionObserver" in window) {
    new IntersectionObserver(function (entries) {
      if (entries[0].isIntersecting && !more.hidden) append();
    }, {rootMargin: "600px"}).observe(more);
  }
  read();
  fill();
  show();
  byId("findings").hidden = false;
}());
)js";

}  // namespace scantling::report
