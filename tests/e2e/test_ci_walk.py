"""Follows docs/ci.md literally: every block of shell commands is run as it stands, in one folder, one after the other."""
import os
import re
import subprocess

import harness
import images
from harness import case, check
from images import ROOT, STORE, Skip

BLOCK = re.compile(r"(?:<!-- (?P<want>[^\n]*) -->\n)?```sh\n(?P<commands>.*?)```", re.S)


def blocks():
    """(section, commands, exit code of the last command, words that the output holds) for each block of the page."""
    with open(f"{ROOT}/docs/ci.md", encoding="utf-8") as file:
        text = file.read()
    for found in BLOCK.finditer(text):
        section = re.findall(r"^## (.*)$", text[:found.start()], re.M)[-1]
        want = dict(part.split(": ", 1) for part in (found["want"] or "").split("; ") if part)
        yield section, found["commands"], int(want.get("exit", 0)), [word for word in want.get("says", "").split(", ") if word]


def tools(folder):
    """A folder with "scantling", and with the real buildah kept to the tests' own storage."""
    os.makedirs(f"{folder}/bin")
    os.symlink(os.path.abspath(harness.program()), f"{folder}/bin/scantling")
    with open(f"{folder}/bin/buildah", "w", encoding="utf-8") as file:
        file.write(f"""#!/bin/sh
command=$1; shift
exec {images.shutil.which('buildah')} --root {STORE}/containers/root --runroot {STORE}/containers/run --storage-driver overlay \\
  $command --signature-policy {images.policy()} "$@"
""")
    os.chmod(f"{folder}/bin/buildah", 0o755)


def base():
    images.base_root()
    if not images.buildah("images", "--quiet", "--filter", "reference=localhost/scantling-base:test", check=False).strip():
        image_id = images.buildah("pull", "--quiet", "--signature-policy", images.policy(),
                                  f"oci:{STORE}/base/oci:{images.TAG}").strip().splitlines()[-1]
        images.buildah("tag", image_id, "localhost/scantling-base:test")


@case("docs/ci.md, word by word")
def walk():
    images.need("npm")
    if not images.buildah_works():
        raise Skip("buildah does not work here")
    base()
    folder = harness.fresh("walk")
    tools(folder)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SCANTLING_")}
    environment.update(
        PATH=f"{folder}/bin:{os.environ['PATH']}", HOME=folder, XDG_CACHE_HOME=f"{folder}/cache", XDG_CONFIG_HOME=f"{folder}/config",
        NO_COLOR="1",
        BUILD_OPTIONS="--isolation=chroot --network=host --pull-never --build-arg BASE=localhost/scantling-base:test")
    images.client("npm view", "npm", "view", "minimist@1.2.5", "version")
    place = folder
    count = 0
    for section, commands, code, words in blocks():
        script = f"set -eu\ncd {place}\n{commands}\npwd > {folder}/place\n"
        # The code of the last command counts; what follows it here must not hide it.
        result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=600, env=environment,
                                stdin=subprocess.DEVNULL)
        said = f"{section}:\n{commands}\n--- exit {result.returncode}, wanted {code}\n{result.stdout[-3000:]}\n{result.stderr[-2000:]}"
        check(result.returncode == code, said)
        for word in words:
            check(word in result.stdout + result.stderr, f"\"{word}\" is not in the output of {said}")
        if os.path.exists(f"{folder}/place"):
            with open(f"{folder}/place", encoding="utf-8") as file:
                place = file.read().strip()
        count += 1
    check(count >= 12, f"only {count} blocks were found in docs/ci.md")
