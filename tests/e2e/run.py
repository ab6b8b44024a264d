#!/usr/bin/python3
"""Runs the end-to-end tests: the real program on real images, compared with the ecosystems' own tools.

  tests/e2e/run.py [WORD ...] [--json FILE]      only the cases whose name holds a WORD; the results as JSON too
  tests/e2e/run.py --half server|scanner         the cases about the program's server, or all others: two halves that may run at once

SCANTLING_PROGRAM names the program (default build/release/bin/scantling). Images are kept in build/e2e-images/.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness  # noqa: E402
import integrations_lint  # noqa: E402,F401
import integrations_run  # noqa: E402,F401
import test_access  # noqa: E402,F401
import test_bad_input  # noqa: E402,F401
import test_ci  # noqa: E402,F401
import test_ci_walk  # noqa: E402,F401
import test_commands  # noqa: E402,F401
import test_demo  # noqa: E402,F401
import test_faults  # noqa: E402,F401
import test_formats  # noqa: E402,F401
import test_formats_sbom  # noqa: E402,F401
import test_formats_vex  # noqa: E402,F401
import test_codeowners  # noqa: E402,F401
import test_hostile  # noqa: E402,F401
import test_images  # noqa: E402,F401
import test_mail  # noqa: E402,F401
import test_merge  # noqa: E402,F401
import test_program_walk  # noqa: E402,F401
import test_registries  # noqa: E402,F401
import test_registry  # noqa: E402,F401
import test_running  # noqa: E402,F401
import test_server  # noqa: E402,F401
import test_sign_on  # noqa: E402,F401
import test_web  # noqa: E402,F401

SERVER = {"test_access", "test_codeowners", "test_demo", "test_faults", "test_hostile", "test_mail", "test_program_walk", "test_registries", "test_running",
          "test_server", "test_sign_on", "test_web"}

if __name__ == "__main__":
    sys.exit(harness.main(SERVER))
