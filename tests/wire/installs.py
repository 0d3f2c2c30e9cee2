"""SDKs in folders of their own, pinned, installed once; without its tool a test is skipped."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vedette" / "wire"
PROGRAMS: Final = Path(__file__).parent / "programs"
INSTALL_WITHIN_S: Final = 400
RUN_WITHIN_S: Final = 90


def python_with(name: str, *packages: str) -> Path:
    """Return the interpreter of an environment that has these packages and nothing else."""

    def install(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)], within_s=INSTALL_WITHIN_S)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q"]
        run([*pip, "--disable-pip-version-check", *packages], within_s=INSTALL_WITHIN_S)

    return _installed(name, packages, install) / "bin" / "python"


def node_with(name: str, *packages: str) -> Path:
    """Return a folder whose `node_modules` has these packages."""
    need("npm", "node")

    def install(folder: Path) -> None:
        (folder / "package.json").write_text('{"private": true}\n')
        words = ["npm", "install", "--no-audit", "--no-fund", "--save-exact", *packages]
        run(words, folder=folder, within_s=INSTALL_WITHIN_S)

    return _installed(name, packages, install)


def run_node(
    installed: Path, program: str, *words: str, environment: dict[str, str] | None = None
) -> str:
    """Run a program of ours with the packages of a folder; return what it printed."""
    modules = {"NODE_PATH": str(installed / "node_modules")}
    return run(["node", str(PROGRAMS / program), *words], environment=modules | (environment or {}))


def go_program(name: str, *modules: str) -> Path:
    """Return the compiled program of the folder `programs/<name>`, built with these modules."""
    need("go")
    source = PROGRAMS / name / "main.go"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]

    def build(folder: Path) -> None:
        shutil.copy(source, folder / "main.go")
        run(["go", "mod", "init", "shop.example/checkout"], folder=folder)
        run(["go", "get", *modules], folder=folder, within_s=INSTALL_WITHIN_S)
        run(["go", "mod", "tidy"], folder=folder, within_s=INSTALL_WITHIN_S)
        run(["go", "build", "-o", "program", "."], folder=folder, within_s=INSTALL_WITHIN_S)

    return _installed(f"{name}-{digest}", modules, build) / "program"


def java_with(name: str, coordinates: str) -> Path:
    """Return a folder of jars: an artifact of Maven Central and all that it needs."""
    need("mvn", "javac", "java")

    def install(folder: Path) -> None:
        copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
        (folder / "pom.xml").write_text(_pom(coordinates))
        run(["mvn", "-q", "-B", copy, "-DoutputDirectory=jars"], folder, INSTALL_WITHIN_S)

    return _installed(name, [coordinates], install) / "jars"


def need(*commands: str) -> None:
    """Skip the test if one of these commands is not on this machine."""
    missing = [each for each in commands if shutil.which(each) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}")


def run(
    words: Sequence[str],
    folder: Path | None = None,
    within_s: float = RUN_WITHIN_S,
    environment: dict[str, str] | None = None,
) -> str:
    """Run a program to its end; return what it printed, or fail with what it complained of."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=_own_environment() | (environment or {}),
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    assert done.returncode == 0, f"{words[:3]} said: {(done.stderr or done.stdout)[-3000:]}"
    return done.stdout


def _own_environment() -> dict[str, str]:
    """Return our environment without what would set an SDK up behind the test's back."""
    prefixes = ("SENTRY_", "OTEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def _installed(name: str, pinned: Sequence[str], install: Callable[[Path], None]) -> Path:
    folder = CACHE / name
    done = folder / ".installed"
    wanted = "\n".join(pinned)
    with _alone(name):
        if not done.is_file() or done.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            install(folder)
            done.write_text(wanted)
    return folder


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one process at a time install a thing."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pom(coordinates: str) -> str:
    group, artifact, version = coordinates.split(":")
    return f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId><artifactId>checkout</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""
