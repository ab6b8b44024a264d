"""The templates of integrations/ without running them: their vendors' schemas, actionlint, shellcheck, and rules of ours.

Schemas: those that pip's check-jsonschema carries (GitHub's workflows and actions, GitLab, Azure Pipelines, CircleCI), and Tekton's own, out of
its Go module; pre-commit itself reads its manifest (integrations_run.py). Not checked: Jenkins's declarative model beyond
Groovy's syntax, Kubernetes' part of Tekton's types, and expressions of Azure. What a registry does not give is skipped by name.
"""
import glob
import json
import os
import re
import shutil
import subprocess

import yaml

from harness import case, check, fresh
from images import ROOT, Skip, call, client, need

HERE = os.path.join(ROOT, "integrations")
CHECK_JSONSCHEMA = "check-jsonschema==0.39.0"
TEKTON = "github.com/tektoncd/pipeline@v0.68.0"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
SCHEMAS = {"github/action.yml": "github-actions", "github/example-workflow.yml": "github-workflows",
           "gitlab/scantling.gitlab-ci.yml": "gitlab-ci", "azure/azure-pipelines.yml": "azure-pipelines",
           "circleci/config.yml": "circle-ci"}


class Loader(yaml.SafeLoader):
    """YAML 1.2's booleans ("on" is a key of GitHub's), and no key twice."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def mapping(loader, node, deep=False):
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    check(not twice, f"{node.start_mark}: the keys {sorted(twice)} stand twice")
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


Loader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: mapping(loader, node, True))


def load(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return yaml.load(file, Loader)


def text(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def jenkins_scripts():
    """The shell scripts of the Jenkinsfile, as Groovy hands them on."""
    source = text("jenkins/Jenkinsfile")
    check(not re.search(r'\bsh\s*\(?\s*"|script:\s*"', source), "a shell script in double quotes: Groovy would put values into it")
    found = re.findall(r"'''(.*?)'''", source, re.S) + re.findall(r"\bsh '([^'\n]+)'", source)
    return [script.replace("\\\\", "\\") for script in found]


def scripts():
    """(what, shell, text) of every script in the templates."""
    yield "scantling-comment", "sh", text("scantling-comment")
    yield "pre-commit/scantling-check", "sh", text("pre-commit/scantling-check")
    for step in load("github/action.yml")["runs"]["steps"]:
        if "run" in step:
            yield f"github/action.yml: {step['name']}", "bash", step["run"]
    for name, job in load("github/example-workflow.yml")["jobs"].items():
        for step in job["steps"]:
            if "run" in step:
                yield f"github/example-workflow.yml: {name}: {step['name']}", "bash", step["run"]
    for name, job in load("gitlab/scantling.gitlab-ci.yml").items():
        if isinstance(job, dict) and "script" in job:
            yield f"gitlab: {name}", "sh", "\n".join(job["script"])
    for number, script in enumerate(jenkins_scripts()):
        yield f"jenkins: script {number + 1}", "sh", script
    for step in load("azure/azure-pipelines.yml")["jobs"][0]["steps"]:
        if "bash" in step:
            yield f"azure: {step['displayName']}", "bash", step["bash"]
    for name, job in load("circleci/config.yml")["jobs"].items():
        for step in job["steps"]:
            if isinstance(step, dict) and "run" in step:
                yield f"circleci: {name}: {step['run']['name']}", "bash", step["run"]["command"]
    for step in load("tekton/task.yaml")["spec"]["steps"]:
        yield f"tekton/task.yaml: {step['name']}", "sh", step["script"]
    for task in load("tekton/example-pipelinerun.yaml")["spec"]["pipelineSpec"]["tasks"]:
        for step in task.get("taskSpec", {}).get("steps", []):
            yield f"tekton/example-pipelinerun.yaml: {step['name']}", "sh", step["script"]


def schema(name):
    folder = os.path.join(ROOT, "build/e2e-pip/check-jsonschema")
    place = os.path.join(folder, f"check_jsonschema/builtin_schemas/vendor/{name}.json")
    if not os.path.exists(place):
        client("pip install check-jsonschema", "/usr/bin/python3", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
               "--no-compile", "--root-user-action=ignore", "--target", folder, CHECK_JSONSCHEMA)
    with open(place, encoding="utf-8") as file:
        return json.load(file)


def follows(name, schema_name):
    try:
        import jsonschema
    except ImportError as error:
        raise Skip("python3-jsonschema is not installed") from error
    rules = schema(schema_name)
    validator = jsonschema.validators.validator_for(rules)(rules)
    # JSON has texts as keys.
    document = json.loads(json.dumps(load(name)))
    faults = [f"{name}: {list(e.absolute_path)[:8]}: {e.message[:300]}" for e in validator.iter_errors(document)]
    check(not faults, "\n".join(faults[:10]))
    # The schema is no formality: a template with a field that does not exist fails.
    broken = {**document, "jobs": 1, "runs": 1, "image": [1], "version": [1]}
    check(list(validator.iter_errors(broken)), f"{schema_name} accepts anything")


def add_schema_cases():
    for name, schema_name in SCHEMAS.items():
        case(f"integrations: {name} follows the schema {schema_name}")(lambda name=name, schema_name=schema_name: follows(name, schema_name))


add_schema_cases()


@case("integrations: every YAML file parses and has no key twice")
def parses():
    names = sorted(os.path.relpath(path, HERE) for pattern in ("**/*.yml", "**/*.yaml", "**/.*.yaml")
                   for path in glob.glob(f"{HERE}/{pattern}", recursive=True))
    check(len(names) >= 8, f"only {names}")
    for name in names:
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            check(list(yaml.load_all(file, Loader)), f"{name} is empty")


@case("integrations: actionlint finds nothing in GitHub's workflow and action")
def actionlint():
    need("go")
    tool = os.path.join(ROOT, "build/e2e-go/actionlint")
    if not os.path.exists(tool):
        client("go install actionlint", "go", "install", ACTIONLINT,
               env={"GOBIN": os.path.dirname(tool), "GOFLAGS": "-p=1", "CGO_ENABLED": "0"})
    folder = fresh("workflow")
    os.makedirs(f"{folder}/.github/workflows")
    os.makedirs(f"{folder}/scantling/integrations")
    shutil.copy(f"{HERE}/github/example-workflow.yml", f"{folder}/.github/workflows/image.yml")
    shutil.copytree(f"{HERE}/github", f"{folder}/scantling/integrations/github")
    call("git", "init", "-q", folder)
    result = subprocess.run([tool, "-no-color"], cwd=folder, capture_output=True, text=True, timeout=120)
    check(result.returncode == 0, result.stdout + result.stderr)
    # It did read the action: a misspelt input is an error.
    place = f"{folder}/.github/workflows/image.yml"
    with open(place, encoding="utf-8") as file:
        broken = file.read().replace("          policy:", "          polcy:")
    with open(place, "w", encoding="utf-8") as file:
        file.write(broken)
    result = subprocess.run([tool, "-no-color"], cwd=folder, capture_output=True, text=True, timeout=120)
    check(result.returncode == 1 and "polcy" in result.stdout, "a misspelt input was not found")


@case("integrations: shellcheck finds nothing in the scripts")
def shellcheck():
    need("shellcheck")
    count = 0
    for what, shell, script in scripts():
        count += 1
        result = subprocess.run(["shellcheck", "--shell", shell, "--exclude", "SC2096", "-"], input=script, capture_output=True, text=True,
                                timeout=60)
        check(result.returncode == 0, f"{what}:\n{result.stdout}{result.stderr}")
        if shell == "sh":
            result = subprocess.run(["dash", "-n"], input=script, capture_output=True, text=True, timeout=60)
            check(result.returncode == 0, f"{what}: dash: {result.stderr}")
    check(count >= 15, f"only {count} scripts were found")


@case("integrations: nothing from outside is put into a script")
def no_injection():
    for what, _, script in scripts():
        check("${{" not in script, f"{what}: an expression of GitHub or Azure inside a script")
        check("<<" not in script.replace("<<<", ""), f"{what}: an expression of CircleCI inside a script")
        if what.startswith("azure"):
            macros = re.findall(r"\$\([A-Za-z_]+(?:\.[A-Za-z_.]+)?\)", script)
            check(not macros, f"{what}: the macros {macros}")
        if what.startswith("tekton"):
            check(not re.search(r"\$\((params|workspaces|results|context|tasks)\b", script), f"{what}: a variable of Tekton inside a script")
    source = text("github/example-workflow.yml")
    check("pull_request_target" not in source, "pull_request_target gives a fork's code a token that may write")


@case("integrations: actions are pinned by commit, rights are named")
def pinned():
    for name in ("github/action.yml", "github/example-workflow.yml"):
        for use in re.findall(r"uses: (.*)", text(name)):
            check(use.startswith("./") or re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+(\.\d+)*", use), f"{name}: {use}")
    workflow = load("github/example-workflow.yml")
    check(workflow["permissions"] == {}, "the workflow has rights of its own")
    check(workflow["jobs"]["image"]["permissions"] == {"contents": "read", "pull-requests": "write", "security-events": "write"},
          "other rights than the documented ones")


@case("integrations: scripts use the formats and options that the program has")
def options():
    with open(f"{ROOT}/src/cli/settings_table.cc", encoding="utf-8") as file:
        settings = re.findall(r'\{"([a-z-]+)"', file.read())
    with open(f"{ROOT}/src/report/formats.cc", encoding="utf-8") as file:
        formats = re.findall(r'^ +\{"([a-z0-9-]+)", "\.', file.read(), re.M)
    for what, _, script in [*scripts(), ("make/scantling.mk", "", text("make/scantling.mk"))]:
        for option in re.findall(r"(?<![\w-])--(?:against|save-baseline|baselines|cache-dir|cache-bytes|link|policy|db|dockerfile|exceptions|vex"
                                 r"|agreements|environment|team|history)\b", script):
            check(option[2:] in settings, f"{what}: there is no option {option}")
        for form in re.findall(r"-o ([a-z-]+)=|(?<=[\s;])([a-z-]+)=(?:report|summary|comment|annotations|junit)\.", script):
            name = form[0] or form[1]
            check(name in formats, f"{what}: there is no format {name}")


TASK = {"description", "displayName", "params", "workspaces", "results", "steps", "sidecars", "stepTemplate", "volumes"}
STEP = {"name", "displayName", "image", "imagePullPolicy", "script", "command", "args", "workingDir", "env", "envFrom", "securityContext",
        "computeResources", "volumeMounts", "onError", "timeout", "results", "params", "ref", "when", "workspaces", "stdoutConfig", "stderrConfig"}


def tekton_task(what, spec, names=None):
    check(set(spec) <= TASK, f"{what}: {set(spec) - TASK}")
    declared = {f"params.{p['name']}" for p in spec.get("params", [])} | {f"workspaces.{w['name']}" for w in spec.get("workspaces", [])} | \
               {f"results.{r['name']}" for r in spec.get("results", [])} | (names or set())
    for step in spec["steps"]:
        check(set(step) <= STEP and "image" in step, f"{what}: {set(step) - STEP}")
        for variable in re.findall(r"\$\(([a-z]+\.[\w-]+)[\w.-]*\)", json.dumps(step)):
            check(variable in declared, f"{what}: $({variable}) is not declared")
        for entry in step.get("env", []):
            check(isinstance(entry["value"], str), f"{what}: {entry}")
    for parameter in spec.get("params", []):
        check(set(parameter) <= {"name", "type", "description", "default", "enum", "properties"}, f"{what}: {parameter}")
        check(isinstance(parameter.get("default", ""), str), f"{what}: {parameter}")


@case("integrations: Tekton's task and run follow Tekton's own types")
def tekton_types():
    try:
        import jsonschema
    except ImportError as error:
        raise Skip("python3-jsonschema is not installed") from error
    need("go")
    home = json.loads(client("go mod download tektoncd/pipeline", "go", "mod", "download", "-json", TEKTON, cwd=fresh("go")))["Dir"]
    with open(f"{home}/pkg/apis/pipeline/v1/swagger.json", encoding="utf-8") as file:
        definitions = json.load(file)["definitions"]
    for definition in definitions.values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    # Kubernetes' types are not in this file; a parameter's value is written as what it is.
    for name in set(re.findall(r'#/definitions/([\w./-]+)', json.dumps(definitions))) - set(definitions):
        definitions[name] = {}
    definitions["v1.ParamValue"] = {"type": ["string", "array", "object"]}
    for name, kind in (("tekton/task.yaml", "v1.Task"), ("tekton/example-pipelinerun.yaml", "v1.PipelineRun")):
        validator = jsonschema.Draft4Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions})
        document = load(name)
        faults = [f"{name}: {list(e.absolute_path)[:8]}: {e.message[:300]}" for e in validator.iter_errors(document)]
        check(not faults, "\n".join(faults[:10]))
        check(list(validator.iter_errors({**document, "spec": {**document["spec"], "nonsense": 1}})), "any field is accepted")


@case("integrations: Tekton's task and run are as documented, and fit each other")
def tekton():
    task, run = load("tekton/task.yaml"), load("tekton/example-pipelinerun.yaml")
    for document, kind in ((task, "Task"), (run, "PipelineRun")):
        check((document["apiVersion"], document["kind"]) == ("tekton.dev/v1", kind), "another version or kind")
        name = document["metadata"].get("name") or document["metadata"]["generateName"].rstrip("-")
        check(re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name), name)
    tekton_task("task.yaml", task["spec"])
    spec = run["spec"]
    check(set(spec) <= {"params", "workspaces", "pipelineSpec", "pipelineRef", "taskRunTemplate", "timeouts"}, str(set(spec)))
    pipeline = spec["pipelineSpec"]
    for kind in ("params", "workspaces"):
        check([x["name"] for x in spec[kind]] == [x["name"] for x in pipeline[kind]], f"the run and the pipeline differ in their {kind}")
    names = {x["name"] for x in pipeline["workspaces"]}
    done = set()
    for each in pipeline["tasks"]:
        check(set(each) <= {"name", "taskRef", "taskSpec", "params", "workspaces", "runAfter", "when", "timeout", "retries"}, str(set(each)))
        check(set(each.get("runAfter", [])) <= done, f"{each['name']} runs after what is not there")
        check({w["workspace"] for w in each["workspaces"]} <= names, f"{each['name']}: a workspace that is not there")
        done.add(each["name"])
        body = each.get("taskSpec") or task["spec"]
        if "taskSpec" in each:
            tekton_task(each["name"], body)
        else:
            check(each["taskRef"]["name"] == task["metadata"]["name"], "the run names another task")
        given = {p["name"] for p in each.get("params", [])}
        wanted = {p["name"] for p in body.get("params", [])}
        required = {p["name"] for p in body.get("params", []) if "default" not in p}
        check(required <= given <= wanted, f"{each['name']}: parameters {given}, wanted {required}")
        places = {w["name"] for w in each["workspaces"]}
        check({w["name"] for w in body["workspaces"] if not w.get("optional")} <= places <= {w["name"] for w in body["workspaces"]},
              f"{each['name']}: workspaces {places}")


@case("integrations: the Jenkinsfile compiles as Groovy 2.4, which is Jenkins's")
def groovy():
    need("java")
    jar = os.path.join(ROOT, "build/e2e-maven/groovy-all-2.4.21.jar")
    if not os.path.exists(jar):
        client("mvn dependency:copy groovy-all", "mvn", "-q", "-B", "dependency:copy", "-Dartifact=org.codehaus.groovy:groovy-all:2.4.21",
               f"-DoutputDirectory={os.path.dirname(jar)}")
    folder = fresh("groovy")
    compiler = ("java", "-cp", jar, "org.codehaus.groovy.tools.FileSystemCompiler", "-d", folder)
    shutil.copy(f"{HERE}/jenkins/Jenkinsfile", f"{folder}/Jenkinsfile.groovy")
    call(*compiler, f"{folder}/Jenkinsfile.groovy")
    with open(f"{folder}/Broken.groovy", "w", encoding="utf-8") as file:
        file.write(text("jenkins/Jenkinsfile").replace("error(", "error((", 1))
    result = subprocess.run([*compiler, f"{folder}/Broken.groovy"], capture_output=True, timeout=120)
    check(result.returncode != 0, "a bracket that does not close compiled")


@case("integrations: the Jenkinsfile's brackets and quotes close")
def brackets():
    source = re.sub(r"'''.*?'''", "''", text("jenkins/Jenkinsfile"), flags=re.S)
    source = re.sub(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", "''", source)
    source = re.sub(r"//[^\n]*", "", source)
    stack = []
    for sign in re.findall(r"[(){}\[\]'\"]", source.replace("''", "")):
        check(sign not in "'\"", "a quote that does not close")
        if sign in "({[":
            stack.append(sign)
        else:
            check(stack and stack.pop() + sign in ("()", "{}", "[]"), f"a {sign} that closes nothing")
    check(not stack, f"{stack} does not close")
    for section in ("agent", "stages", "post", "environment"):
        check(re.search(rf"^  {section}\b", source, re.M), f"no section {section}")


@case("integrations: the image has what the program is linked with")
def image_packages():
    from harness import program
    need("ldd")
    wanted = set()
    for library in re.findall(r"=> (/\S+)", call("ldd", program())):
        found = subprocess.run(["dpkg", "-S", library, os.path.realpath(library), "/usr" + library], capture_output=True, text=True).stdout
        names = {line.split(":")[0] for line in found.splitlines()}
        check(names, f"no package has {library}")
        wanted |= names
    listed = set(re.findall(r"[\w.+-]+", text("image/Dockerfile").split("--no-install-recommends", 1)[1].split("&&")[0]))
    missing = wanted - listed - {"libc6", "libgcc-s1"}  # libstdc++6 depends on these
    check(not missing, f"integrations/image/Dockerfile does not install {sorted(missing)}")
