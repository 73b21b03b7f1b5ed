"""The Dockerfile's own steps, carried out without an engine: not as root, in an empty environment, in an empty folder.

What an engine would add (the base image, layers, the network of containers) is not tested here, and the README says so.
"""

import fnmatch
import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
HOME = "/home/lightbox"
NOBODY = 65534
# How this machine reaches packages is no part of the image: an engine hands it to a build, too.
OF_THE_NETWORK = re.compile(r"(PIP_.*|.*_proxy|.*_PROXY|SSL_CERT_FILE)")


def instructions():
    """The Dockerfile as (instruction, arguments), with continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def ignored(path):
    """Whether .dockerignore keeps a path of the project out of the image; the last pattern that fits decides."""
    answer = False
    for pattern in (ROOT / ".dockerignore").read_text().splitlines():
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.removeprefix("!").removeprefix("**/")
        parts = ["/".join(path.parts[: i + 1]) for i in range(len(path.parts))]
        names = path.parts if "**/" in pattern else parts
        if any(fnmatch.fnmatch(name, wanted) for name in names):
            answer = not pattern.startswith("!")
    return answer


class Image:
    """A folder in which the steps are carried out as an unprivileged user, in place of an image."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.home = folder / "home"
        self.work = folder
        self.environment = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.home)}
        self.arguments, self.commands, self.unprivileged = {}, {}, False
        self.volume = None

    def place(self, text):
        """A step's text with this image's folder and port in the place of the container's."""
        return text.replace(HOME, str(self.home)).replace("8501", str(self.port))

    def variables(self, **more):
        """The environment of a step: its own and nothing of the tests'."""
        network = {name: value for name, value in os.environ.items() if OF_THE_NETWORK.fullmatch(name)}
        return network | self.environment | more

    def run(self, command, timeout_s=600, **more):
        """A command of this image, to its end."""
        done = subprocess.run(command, **self.how(**more), capture_output=True, text=True, timeout=timeout_s)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def how(self, **more):
        """How a process of this image is started."""
        return {"cwd": self.work, "env": self.variables(**more), **unprivileged()}

    def carry_out(self, name, text):
        """One instruction."""
        if name == "ARG":
            key, _, value = text.partition("=")
            self.arguments[key] = value
        elif name == "RUN" and not self.unprivileged:
            assert re.fullmatch(r"useradd --create-home --uid \d+ lightbox", text), "only this one step is for root"
            self.home.mkdir()
            own(self.home)
        elif name == "USER":
            self.unprivileged = True
        elif name == "WORKDIR":
            self.work = Path(self.place(text))
            assert self.work.is_dir(), f"{text} would be made by root"
        elif name == "ENV":
            key, _, value = self.place(text).partition("=")
            self.environment[key] = value.replace("$PATH", self.environment["PATH"])
        elif name == "RUN":
            self.run(["/bin/sh", "-c", self.place(text)], **self.arguments)
        elif name == "COPY":
            self.copy(*text.split())
        elif name in ("CMD", "HEALTHCHECK"):
            self.commands[name] = json.loads(self.place(text[text.index("[") :]))
        elif name == "VOLUME":
            self.volume = Path(self.place(text))
        else:
            assert name in ("FROM", "EXPOSE"), f"{name} is not known to this test"

    def copy(self, option, *names):
        """COPY, as .dockerignore allows."""
        assert option == "--chown=lightbox"
        for name in names[:-1]:
            assert name == "." or not ignored(Path(name)), f".dockerignore keeps {name} out"
            sources = ROOT.iterdir() if name == "." else [ROOT / name]
            for source in (path for path in sources if not ignored(path.relative_to(ROOT))):
                target = self.work / source.name
                if source.is_dir():
                    shutil.copytree(source, target, ignore=_ignore, dirs_exist_ok=True)
                else:
                    shutil.copy(source, target)
                own(target)


def _ignore(folder, names):
    return [name for name in names if ignored((Path(folder) / name).relative_to(ROOT))]


def unprivileged():
    """For subprocess: another user than root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def own(path):
    """Give a path and what is below it to the user of the steps."""
    if os.getuid() == 0:
        for each in [path, *path.rglob("*")]:
            os.chown(each, NOBODY, NOBODY, follow_symlinks=False)


def base_python():
    """A Python that the unprivileged user may run and that can make a virtual environment, as the base image's can."""
    check = "import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    names = [
        sys._base_executable,
        *(shutil.which(f"python3{minor}", path="/usr/local/bin:/usr/bin") for minor in ("", ".13", ".12", ".11")),
    ]
    for name in filter(None, names):
        try:
            done = subprocess.run([name, "-c", check], **unprivileged(), cwd="/", capture_output=True, timeout=60)
        except PermissionError:
            continue
        if done.returncode == 0:
            return name
    pytest.skip("no Python that another user than root may run: install python3 and python3-venv")


@pytest.fixture
def folder():
    """An empty folder that another user can reach, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="lightbox-image-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@contextmanager
def service(image, command, log, **environment):
    """A program of the image beside the test; ended with it."""
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, **image.how(**environment))
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def link_in(log, process, timeout_s=60):
    """The link with the key, as the app printed it."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"http://\S+\?key=(\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    pytest.fail(f"no link was printed:\n{log.read_text()}")


def status_of(address, opener=None):
    """The status with which an address answers."""
    try:
        return (opener or urllib.request.build_opener()).open(address, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def test_nothing_of_this_machine_goes_into_the_image():
    assert ignored(Path(".venv/bin/python"))
    assert ignored(Path(".git/config"))
    assert ignored(Path("tests/conftest.py"))
    assert ignored(Path("core/cli/__pycache__/main.pyc"))
    assert ignored(Path("lightbox.db"))
    assert not ignored(Path("core/cli/main.py"))
    assert not ignored(Path("pages/parts/curves/curves.js"))


def test_the_image_is_told_by_arguments_what_it_is_built_on_and_for():
    steps = instructions()
    assert steps[0] == ("ARG", "PYTHON_IMAGE=python:3.12-slim")
    assert steps[1] == ("FROM", "${PYTHON_IMAGE}")
    assert ("ARG", "GPU=0") in steps
    assert steps.index(("USER", "lightbox")) < next(i for i, step in enumerate(steps) if step[0] == "COPY")


@pytest.mark.journey
@pytest.mark.timeout(1200)
def test_the_steps_of_the_dockerfile_make_a_lightbox_that_runs(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        image = Image(folder, probe.getsockname()[1])
    (folder / "bin").mkdir()
    (folder / "bin" / "python").write_text(f'#!/bin/sh\nexec {base_python()} "$@"\n')
    (folder / "bin" / "python").chmod(0o755)
    for name, text in instructions():
        image.carry_out(name, text)

    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    apart = {"LIGHTBOX_START_WORKER": services["app"]["environment"]["LIGHTBOX_START_WORKER"]}
    log = folder / "app.log"
    with (
        service(image, image.commands["CMD"], log, **apart) as app,
        service(image, services["worker"]["command"], folder / "worker.log"),
    ):
        key = link_in(log, app)
        image.run(image.commands["HEALTHCHECK"], timeout_s=30)
        address = f"http://127.0.0.1:{image.port}/"
        assert status_of(address) == 401
        keeper = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        assert status_of(f"{address}?key={key}", urllib.request.build_opener(keeper)) == 200
        brought = json.loads(image.run(["python", "-m", "core", "import", "--practice", "--json"], 300, **apart))
        assert brought["state"] == "accepted"
    assert (image.volume / "lightbox.db").exists()
    checks = json.loads(image.run(["python", "-m", "core", "doctor", "--json"], 300))["checks"]
    assert next(check for check in checks if check["name"] == "Training step")["ok"]
