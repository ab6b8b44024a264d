#!/usr/bin/python3
"""Checks documents against their formats' specifications, as far as these can be said in a few rules of our own words.

  check.py < DOCUMENTS       each: a line "FORMAT LABEL BYTES", then that many bytes

SARIF 2.1.0 with GitHub's limits; GitLab's security report 15.0.7 and code quality; JUnit by Jenkins' junit-10.xsd; CSV by
RFC 4180; HTML by Python's parser; GitHub's workflow commands. Exit 1 and a line per fault.
"""
import csv
import html.parser
import io
import json
import re
import sys
import xml.etree.ElementTree

FAULTS = []
RELATIVE = re.compile(r"(?:[A-Za-z0-9\-._~/@+!]|%[0-9A-F]{2})+")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


class Fault(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Fault(what)


def text(value, least=0, most=1 << 30):
    need(isinstance(value, str) and least <= len(value) <= most, f"not a text of {least} to {most}: {str(value)[:80]!r}")


def unique(values, what):
    need(len(set(values)) == len(values), f"{what} are not unique")


def sarif(document):
    log = json.loads(document)
    need(log["version"] == "2.1.0" and len(log["runs"]) == 1, "version or runs")
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    text(driver["name"], 1)
    rules = driver["rules"]
    unique([rule["id"] for rule in rules], "rule ids")
    for rule in rules:
        text(rule["id"], 0, 255)
        text(rule["shortDescription"]["text"], 0, 1024)
        text(rule["fullDescription"]["text"], 1, 1024)
        text(rule["help"]["text"], 1)
        need(rule["defaultConfiguration"]["level"] in ("note", "warning", "error"), "level")
        need(rule["properties"]["precision"] in ("very-high", "high", "medium", "low"), "precision")
        need(len(rule["properties"]["tags"]) <= 20 and "security" in rule["properties"]["tags"], "tags")
        if "security-severity" in rule["properties"]:
            need(0 < float(rule["properties"]["security-severity"]) <= 10, "security-severity")
        if "helpUri" in rule:
            need(rule["helpUri"].startswith("https://"), "helpUri")
    for result in run["results"]:
        need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex")
        text(result["message"]["text"], 1)
        need(len(result["locations"]) == 1, "locations")
        place = result["locations"][0]["physicalLocation"]
        need(RELATIVE.fullmatch(place["artifactLocation"]["uri"]), f"uri {place['artifactLocation']['uri'][:80]}")
        need(not place["artifactLocation"]["uri"].startswith("/"), "absolute uri")
        need(place["region"]["startLine"] >= 1, "startLine")
        prints = result["partialFingerprints"]
        need(re.fullmatch(r"[0-9a-f]{16}:1", prints["primaryLocationLineHash"]), "primaryLocationLineHash")
        need(result.get("baselineState", "new") in ("new", "unchanged", "updated", "absent"), "baselineState")
    unique([result["partialFingerprints"]["scantlingFinding/v1"] for result in run["results"]], "fingerprints")


def gitlab_container_scanning(document):
    report = json.loads(document)
    need(re.fullmatch(r"15\.0\.\d+", report["version"]), "version")
    scan = report["scan"]
    need(scan["type"] == "container_scanning" and scan["status"] == "success", "type or status")
    for key in ("start_time", "end_time"):
        need(TIME.fullmatch(scan[key]), key)
    for key in ("analyzer", "scanner"):
        for member in ("id", "name", "version"):
            text(scan[key][member], 1)
        text(scan[key]["vendor"]["name"], 1)
    for message in scan.get("messages", []):
        need(message["level"] in ("info", "warn", "fatal"), "level")
        text(message["value"], 1)
    for one in report["vulnerabilities"]:
        need(UUID.fullmatch(one["id"]), "id")
        text(one["name"], 0, 255)
        text(one["description"], 0, 1048576)
        text(one["solution"], 0, 7000)
        need(one["severity"] in ("Info", "Unknown", "Low", "Medium", "High", "Critical"), "severity")
        need(one["identifiers"], "no identifier")
        for identifier in one["identifiers"]:
            for member in ("type", "name", "value"):
                text(identifier[member], 1)
            need(identifier.get("url", "https://x").startswith("https://"), "url")
        for link in one["links"]:
            need(link["url"].startswith("https://"), "link")
        text(one["location"]["dependency"]["package"]["name"])
        text(one["location"]["dependency"]["version"])
        text(one["location"]["operating_system"], 1)
        text(one["location"]["image"], 1)
    unique([one["id"] for one in report["vulnerabilities"]], "ids")
    need(report["remediations"] == [], "remediations")


def gitlab_code_quality(document):
    issues = json.loads(document)
    need(isinstance(issues, list), "not a list")
    for issue in issues:
        text(issue["description"], 1)
        text(issue["check_name"], 1)
        need(re.fullmatch(r"[0-9a-f]{64}", issue["fingerprint"]), "fingerprint")
        need(issue["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity")
        text(issue["location"]["path"], 1)
        need(not issue["location"]["path"].startswith("./"), "path")
        need(issue["location"]["lines"]["begin"] >= 1, "begin")
    unique([issue["fingerprint"] for issue in issues], "fingerprints")


def junit(document):
    root = xml.etree.ElementTree.fromstring(document)
    need(root.tag == "testsuites", "root")
    for suite in root:
        need(suite.tag == "testsuite", suite.tag)
        text(suite.attrib["name"])
        need(TIME.fullmatch(suite.attrib["timestamp"]), "timestamp")
        counts = {"tests": 0, "failures": 0, "skipped": 0, "errors": 0}
        for one in suite:
            need(one.tag == "testcase" and "name" in one.attrib and "classname" in one.attrib, "testcase")
            counts["tests"] += 1
            need(len(one) <= 1, "more than one outcome")
            for outcome in one:
                need(outcome.tag in ("failure", "skipped", "system-out"), outcome.tag)
                counts["failures"] += outcome.tag == "failure"
                counts["skipped"] += outcome.tag == "skipped"
        for key, value in counts.items():
            need(int(suite.attrib[key]) == value, f"{key}: {suite.attrib[key]} is said, {value} are there")


def csv_table(document):
    need(document.endswith("\r\n"), "end of line")
    rows = list(csv.reader(io.StringIO(document, newline=""), strict=True))
    for row in rows:
        need(len(row) == len(rows[0]), f"{len(row)} cells, {len(rows[0])} columns")
        for cell in row:
            need(not cell or cell[0] not in "=+-@\t\r", f"a formula: {cell[:40]!r}")
            need("\n" not in cell and "\r" not in cell, "a line end in a cell")


class Page(html.parser.HTMLParser):
    ALLOWED = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "span", "p", "main", "div", "b", "ol", "li",
               "ul", "table", "thead", "tbody", "tr", "th", "td", "section", "input", "select", "option", "label", "button",
               "noscript", "script", "footer", "a", "details", "summary"}

    def __init__(self):
        super().__init__()
        self.script = None
        self.data = ""

    def handle_starttag(self, tag, attrs):
        need(tag in self.ALLOWED, f"element {tag}")
        for name, value in attrs:
            need(not name.startswith("on"), f"attribute {name}")
            need(name not in ("src", "srcset", "action", "formaction", "style"), f"attribute {name}")
            need(name != "href" or re.match(r"https?://", value or ""), f"href {value}")
        self.script = dict(attrs).get("id") if tag == "script" else None

    def handle_endtag(self, tag):
        if tag == "script":
            self.script = None

    def handle_data(self, data):
        if self.script == "data":
            self.data += data


def html_page(document):
    page = Page()
    page.feed(document)
    page.close()
    data = json.loads(page.data)
    for row in data["findings"]:
        need(len(row) == 13, "cells of a row")
        need(0 <= row[2] < len(data["components"]), "component of a row")


def github(document):
    for line in document.splitlines():
        if line.startswith("::"):
            match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.+)", line)
            need(match, f"command {line[:80]!r}")
            for part in match[2].split(","):
                need(re.fullmatch(r"(file|line|title)=[^=:,]*(=[^:,]*)*", part), f"property {part[:80]!r}")


CHECKS = {"sarif": sarif, "gitlab-container-scanning": gitlab_container_scanning, "gitlab-code-quality": gitlab_code_quality,
          "junit": junit, "csv": csv_table, "html": html_page, "github": github}


def main():
    stream = sys.stdin.buffer
    count = 0
    while header := stream.readline():
        name, label, size = header.decode().split(" ")
        body = stream.read(int(size)).decode()
        count += 1
        try:
            CHECKS[name](body)
        except Fault as fault:
            FAULTS.append(f"{name} of {label}: {fault}")
        except (KeyError, IndexError, TypeError, ValueError, xml.etree.ElementTree.ParseError, csv.Error) as error:
            FAULTS.append(f"{name} of {label}: {type(error).__name__}: {error}")
    print("\n".join(FAULTS) or f"{count} documents")
    return 1 if FAULTS or not count else 0


if __name__ == "__main__":
    sys.exit(main())
