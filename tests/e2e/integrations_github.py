"""A small runner of GitHub's composite actions, for the tests of integrations/github: expressions, conditions, outputs, caches.

Shell steps are really run, as GitHub runs them (bash --noprofile --norc -eo pipefail). Steps that use an action are recorded; of them
actions/cache, cache/restore and cache/save do their work in a folder. Not handled: expressions beyond those that a composite action
of ours has (comparisons, && || !, format, hashFiles, cancelled), other shells, post steps of other actions.
"""
import glob
import json
import os
import re
import shutil
import subprocess

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|!|\(|\)|,)|([A-Za-z_][\w.-]*))")
STATUS = re.compile(r"\b(success|always|failure|cancelled)\(")


def text_of(value):
    if value is None:
        return ""
    return "true" if value is True else "false" if value is False else str(value)


class Runner:
    """One job's workspace. cache: a folder that outlives it; context: github.*, runner.* as nested dictionaries."""

    def __init__(self, folder, action_file, action, context, cache):
        self.folder, self.action, self.cache = folder, action, cache
        self.action_path = os.path.dirname(action_file)
        self.workspace, self.temp = f"{folder}/workspace", f"{folder}/temp"
        for place in (self.workspace, self.temp, cache):
            os.makedirs(place, exist_ok=True)
        self.context = {**context, "runner": {"temp": self.temp, "os": "Linux"}, "steps": {}}
        self.event = f"{self.temp}/event.json"
        with open(self.event, "w", encoding="utf-8") as file:
            json.dump(context["github"]["event"], file)
        self.summary, self.log, self.used, self.ran = "", "", [], []

    def look_up(self, name):
        value = self.context
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def evaluate(self, expression):
        out, at = [], 0
        expression = expression.strip()
        while at < len(expression):
            found = TOKEN.match(expression, at)
            if not found:
                raise AssertionError(f"the expression {expression} at {at}")
            at = found.end()
            literal, sign, name = found.groups()
            if literal:
                out.append(repr(literal[1:-1].replace("''", "'")))
            elif sign:
                out.append({"&&": " and ", "||": " or ", "!": " not "}.get(sign, sign))
            elif name in ("true", "false"):
                out.append(name.capitalize())
            elif expression[at:at + 1] == "(":
                out.append(f"functions[{name!r}]")
            else:
                out.append(f"look_up({name!r})")
        functions = {"cancelled": lambda: False, "always": lambda: True,
                     "format": lambda form, *values: re.sub(r"\{(\d+)\}", lambda m: text_of(values[int(m[1])]), form),
                     "hashFiles": lambda *patterns: "".join(
                         path for pattern in patterns for path in glob.glob(f"{self.workspace}/{pattern}"))}
        return eval("".join(out), {"__builtins__": {}, "functions": functions, "look_up": self.look_up})  # noqa: S307  our own file

    def fill(self, value):
        value = text_of(value)
        return re.sub(r"\$\{\{(.*?)\}\}", lambda m: text_of(self.evaluate(m[1])), value)

    def place(self, path):
        return os.path.join(self.workspace, path)

    def use(self, step):
        """Records the step; keeps and restores what the cache actions do."""
        settings = {key: self.fill(value) for key, value in step.get("with", {}).items()}
        name = step["uses"].split("@")[0]
        self.used.append((name, settings))
        if not name.startswith("actions/cache"):
            return
        kept = {entry.replace("%", "/"): f"{self.cache}/{entry}" for entry in os.listdir(self.cache)}
        path = self.place(settings["path"])
        if name != "actions/cache/save":
            prefixes = [settings["key"], *settings.get("restore-keys", "").split()]
            match = next((key for prefix in prefixes for key in sorted(kept, reverse=True) if key.startswith(prefix)), None)
            if match:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                copy = shutil.copytree if os.path.isdir(kept[match]) else shutil.copy
                copy(kept[match], path)
        if name != "actions/cache/restore":
            self.saves = getattr(self, "saves", []) + [(settings["key"], path, name == "actions/cache")]
            if name == "actions/cache/save":
                self.save(*self.saves.pop())

    def save(self, key, path, _=None):
        target = f"{self.cache}/{key.replace('/', '%')}"
        if os.path.exists(path) and not os.path.exists(target):
            (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, target)

    def shell(self, step, environment):
        names = {name: f"{self.temp}/{name.lower()}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")}
        for path in names.values():
            open(path, "w").close()
        script = f"{self.temp}/step.sh"
        with open(script, "w", encoding="utf-8") as file:
            file.write(step["run"])
        github = self.context["github"]
        result = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script], cwd=self.workspace, stdin=subprocess.DEVNULL, timeout=300,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**environment, **names, "RUNNER_TEMP": self.temp, "GITHUB_WORKSPACE": self.workspace, "GITHUB_EVENT_PATH": self.event,
                 "GITHUB_ACTION_PATH": self.action_path, "GITHUB_REPOSITORY": github["repository"], "CI": "true", "GITHUB_ACTIONS": "true",
                 "GITHUB_API_URL": github.get("api_url", ""), **{k: self.fill(v) for k, v in step.get("env", {}).items()}})
        self.log += result.stdout
        with open(names["GITHUB_STEP_SUMMARY"], encoding="utf-8") as file:
            self.summary += file.read()
        with open(names["GITHUB_OUTPUT"], encoding="utf-8") as file:
            outputs = dict(line.rstrip("\n").split("=", 1) for line in file)
        if "id" in step:
            self.context["steps"][step["id"]] = {"outputs": outputs}
        return result.returncode

    def run(self, inputs, environment):
        """Runs the action; gives the exit code of the first step that failed, or 0."""
        unknown = set(inputs) - set(self.action["inputs"])
        missing = [name for name, what in self.action["inputs"].items() if what.get("required") and name not in inputs]
        if unknown or missing:
            raise AssertionError(f"inputs: {unknown} unknown, {missing} missing")
        self.context["inputs"] = {name: inputs.get(name, self.fill(what.get("default", ""))) for name, what in self.action["inputs"].items()}
        failed = 0
        for step in self.action["runs"]["steps"]:
            condition = text_of(step.get("if", "")).strip().removeprefix("${{").removesuffix("}}")
            if failed and not STATUS.search(condition):
                continue
            if condition and not self.evaluate(condition):
                continue
            self.ran.append(step["name"])
            code = 0
            if "uses" in step:
                self.use(step)
            else:
                code = self.shell(step, environment)
            if code and not step.get("continue-on-error"):
                failed = failed or code
        for key, path, at_end in getattr(self, "saves", []):
            if at_end and not failed:  # a cache is kept at the end of a job that succeeded
                self.save(key, path)
        return failed
