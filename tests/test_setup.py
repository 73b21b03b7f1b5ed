"""Set-up: the right Python or a refusal in words, once and not again, with or without a network and a GPU.

The machine of these tests is made of small scripts on a path of their own, so they take milliseconds.
"""

import re
import shutil
import socket
import stat
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "cat", "cksum", "dirname", "basename", "sed", "mkdir", "rm", "cp", "chmod", "id", "env", "printf")
# A Python as far as set-up asks: its version, its venv module, pip. What pip is asked for is written to calls.txt.
PYTHON = """#!/bin/sh
case "$*" in
*version_info*) exit {right} ;;
*ensurepip*) exit {whole} ;;
*--version*) echo "Python 3.12.1" ;;
*"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
*"-m pip"*) echo "$*" >> calls.txt; case "$*" in *--no-index*) exit {offline} ;; *) exit {online} ;; esac ;;
esac
"""


class Machine:
    """A checkout with set-up in it, and a path that holds what a test puts there."""

    def __init__(self, folder):
        self.folder, self.bin = folder / "checkout", folder / "bin"
        (self.folder / ".ci").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / ".ci" / "setup", self.folder / ".ci" / "setup")
        for kind in ("", "-dev", "-gpu"):
            (self.folder / f"requirements{kind}.txt").write_text(f"package{kind}==1\n")
        for tool in filter(None, map(shutil.which, TOOLS)):
            (self.bin / Path(tool).name).symlink_to(tool)

    def put(self, name, script):
        path = self.bin / name
        path.write_text(script)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def put_python(self, name="python3", right=0, whole=0, offline=0, online=0):
        self.put(name, PYTHON.format(right=right, whole=whole, offline=offline, online=online))

    def set_up(self, kind="run", **environment):
        command = [str(self.folder / ".ci" / "setup"), kind]
        environment = {"PATH": str(self.bin), **environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)

    @property
    def installed(self):
        """What pip was asked to install, call by call."""
        calls = self.folder / "calls.txt"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_a_python_it_is_refused_in_words(machine):
    done = machine.set_up()
    assert done.returncode == 2
    assert "Lightbox needs Python 3.11, 3.12 or 3.13" in done.stderr


def test_a_python_of_another_version_is_no_python(machine):
    machine.put_python("python3", right=1)
    assert "Lightbox needs Python 3.11, 3.12 or 3.13" in machine.set_up().stderr
    assert not (machine.folder / ".venv").exists()


def test_a_name_on_the_path_that_does_not_run_is_passed_over(machine):
    machine.put("python3.13", "#!/bin/sh\necho 'not installed' >&2\nexit 127\n")  # a version manager's shim
    machine.put_python("python3.11")
    assert machine.set_up().returncode == 0


def test_a_python_without_venv_is_named_with_its_package(machine):
    machine.put_python("python3.12", whole=1)
    done = machine.set_up()
    assert done.returncode == 2
    assert "apt-get install python3.12-venv" in done.stderr


def test_a_python_that_was_asked_for_is_the_one_that_is_used(machine):
    machine.put_python("python3.13")
    done = machine.set_up(PYTHON="no-such-python")
    assert done.returncode == 2
    assert "none was found under the name no-such-python" in done.stderr


def test_the_pinned_requirements_are_installed_without_questions(machine):
    machine.put_python()
    assert machine.set_up().returncode == 0
    (call,) = machine.installed
    assert "-r requirements.txt" in call
    assert "requirements-dev" not in call
    assert "--no-input" in call


def test_a_second_time_does_nothing(machine):
    machine.put_python()
    machine.set_up()
    again = machine.set_up()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(machine.installed) == 1


def test_changed_requirements_are_installed(machine):
    machine.put_python()
    machine.set_up()
    (machine.folder / "requirements.txt").write_text("package==2\n")
    machine.set_up()
    assert len(machine.installed) == 2


def test_an_installation_that_failed_is_tried_again(machine):
    machine.put_python(online=1)
    done = machine.set_up()
    assert done.returncode == 2
    assert "The packages could not be installed." in done.stderr
    machine.put_python(online=0)
    shutil.copy(machine.bin / "python3", machine.folder / ".venv" / "bin" / "python")
    assert machine.set_up().returncode == 0
    assert len(machine.installed) == 2


def test_the_tests_need_more_and_the_app_then_nothing_else(machine):
    machine.put_python()
    machine.set_up("dev")
    machine.set_up("run")
    (call,) = machine.installed
    assert "-r requirements.txt -r requirements-dev.txt" in call


@pytest.mark.parametrize(("status", "file"), [(0, "requirements-gpu.txt"), (9, "requirements.txt")])
def test_a_gpu_is_used_where_nvidia_smi_answers(machine, status, file):
    machine.put_python()
    machine.put("nvidia-smi", f"#!/bin/sh\nexit {status}\n")
    machine.set_up()
    assert f"-r {file}" in machine.installed[0]


def test_the_gpu_can_be_left_out_and_asked_for(machine):
    machine.put_python()
    machine.put("nvidia-smi", "#!/bin/sh\nexit 0\n")
    machine.set_up(GPU="0")
    machine.set_up(GPU="1")
    assert ["-r requirements.txt" in call for call in machine.installed] == [True, False]


def test_a_bundle_is_used_before_the_network(machine):
    machine.put_python(online=1)
    (machine.folder / "wheels").mkdir()
    assert machine.set_up().returncode == 0
    (call,) = machine.installed
    assert "--no-index --find-links wheels" in call


def test_a_bundle_that_lacks_something_is_said_and_the_network_tried(machine):
    machine.put_python(offline=1)
    (machine.folder / "wheels").mkdir()
    done = machine.set_up()
    assert done.returncode == 0
    assert "wheels/ does not hold everything" in done.stderr
    assert ["--no-index" in call for call in machine.installed] == [True, False]


def made(*words, **environment):
    """What make would do."""
    command = ["make", "--dry-run", *words]
    environment = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_make_run_listens_here_unless_told_otherwise():
    assert '--host "127.0.0.1" --port "8501"' in made("run")
    assert '--host "0.0.0.0" --port "9000"' in made("run", "HOST=0.0.0.0", "PORT=9000")


def test_a_host_that_a_shell_happens_to_export_opens_nothing():
    assert '--host "127.0.0.1" --port "8501"' in made("run", HOST="0.0.0.0", PORT="80")


def test_make_test_leaves_out_only_the_soak():
    assert 'pytest -m "not soak"' in made("test")
    assert "pytest -m soak" in made("soak")


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ((), ["requirements.txt", "requirements-dev.txt"]),
        (("GPU=1",), ["requirements.txt", "requirements-dev.txt", "requirements-gpu.txt"]),
    ],
)
def test_a_bundle_holds_what_set_up_asks_for_as_wheels_where_it_looks(words, files):
    line = next(line for line in made("bundle", *words).replace("\\\n", " ").splitlines() if "pip download" in line)
    assert line.split("pip download")[0].strip() == ".venv/bin/python -m"
    assert "--only-binary :all:" in line  # a source would need a compiler, and the network, where it is carried to
    assert "--dest wheels " in line
    assert "--find-links wheels " in (ROOT / ".ci" / "setup").read_text()
    assert re.findall(r"-r (\S+)", line) == files
    assert all((ROOT / file).exists() for file in files)


def test_every_target_is_explained():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    explained = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert targets == set(re.findall(r"make ([a-z]+)", explained))


def test_app_and_worker_share_one_volume_and_one_image():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    app, worker = services["app"], services["worker"]
    assert app["image"] == worker["image"]
    assert app["volumes"] == worker["volumes"]
    assert app["volumes"][0].endswith(":/home/lightbox/data")
    assert app["environment"]["LIGHTBOX_START_WORKER"] == "0"
    assert worker["command"] == ["python", "-m", "core", "worker"]


@pytest.mark.journey
def test_make_run_starts_the_app_and_ends_with_it(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LIGHTBOX_HOME": str(tmp_path / "home")}
    environment["LIGHTBOX_START_WORKER"] = "0"
    command = ["make", "run", f"PORT={port}"]
    if not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("the tests run outside .venv, and set-up would make one: run them with make test")
    log = tmp_path / "log.txt"
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as running:
        try:
            assert answers(f"http://127.0.0.1:{port}/", running, 120), log.read_text()
            assert f"http://127.0.0.1:{port}/" in log.read_text()
            assert "?key=" not in log.read_text()
        finally:
            running.terminate()
    assert not answers(f"http://127.0.0.1:{port}/", None, 0)


def answers(address, running, timeout_s):
    """Whether an address answers within the time, while its program runs."""
    until = time.monotonic() + timeout_s
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            if time.monotonic() >= until or (running is not None and running.poll() is not None):
                return False
            time.sleep(0.1)
