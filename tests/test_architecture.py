"""The house keeps its plan: who imports whom, what a process loads, how long a file is, what the README says."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.pages.bench import bring_in, zip_of
from tests.pages.trained import finished_run

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = [*sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]
ROOMS = sorted(path for path in [*(ROOT / "core").glob("*/__init__.py"), *(ROOT / "pages").glob("*/__init__.py")])
HEAVY = ("keras", "tensorflow", "jax", "torch", "shap", "lime", "sklearn", "scipy")
# Draws every page as Streamlit does, with a data set and a run in hand, and prints what that has loaded.
DRAW = """
import sys
from streamlit.testing.v1 import AppTest
for name in ("home", "data", "prepare", "train", "results", "predict"):
    app = AppTest.from_file(f"pages/{{name}}.py", default_timeout=60)
    app.query_params["data"], app.query_params["run"] = "{data}", "{run}"
    app.run()
    assert not app.exception, (name, app.exception)
print(*{{module.partition(".")[0] for module in sys.modules}})
"""
# Where the environment is touched beside settings.py, and why.
ENVIRONMENT_READERS = {
    "core/settings.py": "the only reader of LIGHTBOX_*",
    "core/images/reader_child.py": "hands a reader process where programs and libraries lie, and nothing of ours",
    "core/jobs/environment.py": "hands the environment on to the worker, with the variables of its libraries",
    "core/training/precision.py": "looks whether somebody has told oneDNN which instructions it may use",
}
# Requirements that no line imports, and what needs them.
NEEDED_UNSEEN = {
    "defusedxml": "openpyxl reads XML through it when it is there",
    "pyarrow": "pandas reads and writes Parquet with it",
    "pylibjpeg": "pydicom finds the next through it",
    "pylibjpeg-openjpeg": "pydicom decodes JPEG 2000 with it",
}


# Imported only where the user has chosen another backend of Keras, and installed it.
OTHER_BACKENDS = {"jax", "torch"}


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def imports(path):
    """The top-level names of every module that a file imports, wherever in the file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def fresh(code, timeout_s=120):
    """What a new interpreter prints."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_rooms_import_downwards_only():
    fresh("from importlinter.cli import lint_imports; raise SystemExit(lint_imports())")


def test_the_pages_process_loads_no_learning_library():
    parts = [f"pages.{folder.name}" for folder in (ROOT / "pages").iterdir() if (folder / "__init__.py").exists()]
    modules = ", ".join(["core.actions", "core.figures", "core.specs", *parts])
    loaded = fresh(f"import sys, {modules}; print(*sorted({{m.partition('.')[0] for m in sys.modules}}))").split()
    assert "pydantic" in loaded
    assert not set(HEAVY) & set(loaded)


def test_every_page_can_be_drawn_without_a_learning_library(home, tmp_path, monkeypatch):
    dataset_id = bring_in(home, zip_of(tmp_path, {"a": 10, "b": 10}), accept=True)
    run_id = finished_run(home, dataset_id)
    monkeypatch.setenv("LIGHTBOX_START_WORKER", "0")
    loaded = fresh(DRAW.format(run=run_id, data=dataset_id)).split()
    assert {"cv2", "pandas", "plotly"} <= set(loaded)
    assert not set(HEAVY) & set(loaded)


def test_the_command_line_answers_help_without_loading_the_library():
    loaded = fresh("import sys, core.cli; print(*{m.partition('.')[0] for m in sys.modules})").split()
    assert not {"pandas", "sqlalchemy", "numpy", "streamlit", *HEAVY} & set(loaded)


@pytest.mark.parametrize("path", CORE, ids=relative)
def test_the_library_knows_no_screen(path):
    assert not {"streamlit", "starlette", "pages"} & set(imports(path))


def test_one_file_reads_the_environment():
    readers = {relative(path) for path in CORE if _reads_environment(parsed(path))}
    assert readers == set(ENVIRONMENT_READERS)


@pytest.mark.parametrize("path", ROOMS, ids=relative)
def test_every_room_has_a_doorplate(path):
    tree = parsed(path)
    doorplate = ast.get_docstring(tree)
    assert doorplate, "no docstring: what lives here, what may it import, what does it promise?"
    assert len(doorplate.splitlines()) <= 5
    public = next((node.value for node in tree.body if isinstance(node, ast.Assign) and _is_all(node)), None)
    assert public is not None, "no __all__"
    names = ast.literal_eval(public)
    assert set(names) <= _names_bound(tree)
    assert list(names) == sorted(names, key=_isort_order)


def test_every_folder_of_the_library_is_a_room():
    for folder in (ROOT / "core").iterdir():
        if folder.is_dir() and any(folder.glob("*.py")):
            assert (folder / "__init__.py").exists(), f"{folder.name} has no doorplate"


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=relative)
def test_a_file_is_one_idea_told_in_its_first_line(path):
    text = path.read_text(encoding="utf-8")
    if not text.strip():
        return
    assert ast.get_docstring(parsed(path)), "no first line"
    assert text.count("\n") <= (160 if path in PAGES else 260)
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 50, f"{node.name} is long"


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=relative)
def test_nothing_is_left_for_later_and_no_error_is_swallowed(path):
    assert not re.search(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b", path.read_text(encoding="utf-8"))
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: bare except"
            assert not all(isinstance(line, ast.Pass) for line in node.body), f"line {node.lineno}: swallowed"


def test_every_direct_import_is_required_and_every_requirement_is_imported():
    used = {d for path in [*CORE, *PAGES] for d in _distributions(imports(path))}
    assert used | set(NEEDED_UNSEEN) == required("requirements.in")


def test_what_tests_and_benchmarks_import_is_required():
    paths = [p for folder in ("tests", "benchmarks", "docs") for p in (ROOT / folder).rglob("*.py")]
    used = {d for path in paths for d in _distributions(imports(path))}
    assert used <= required("requirements.in") | required("requirements-dev.in")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-gpu"])
def test_every_requirement_is_pinned(name):
    lines = (ROOT / f"{name}.txt").read_text().splitlines()
    pinned = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z-]+\])?==[0-9]", line) for line in pinned)
    assert required(f"{name}.in") <= {re.split(r"[=\[]", line)[0] for line in pinned}


def test_the_gpu_requirements_pin_the_same_versions():
    def pins(name):
        return {line for line in (ROOT / name).read_text().splitlines() if "==" in line and "tensorflow" not in line}

    assert pins("requirements.txt") <= pins("requirements-gpu.txt")


def required(name):
    """The distributions that a requirements file names, in lower case."""
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return {re.split(r"[=<>~\[ ]", line)[0].lower() for line in lines if line and not line.startswith("-")}


def _distributions(modules):
    known = importlib.metadata.packages_distributions()
    own = {"core", "pages", "tests", "benchmarks", "docs"}
    for module in set(modules) - own - OTHER_BACKENDS - sys.stdlib_module_names:
        yield known[module][0].lower()


def _reads_environment(tree):
    """Whether `os.environ` is read or `os.getenv` called; setting a variable for a child is no reading."""
    written = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb") and id(node) not in written
        for node in ast.walk(tree)
    )


def _is_all(node):
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def _names_bound(tree):
    bound = set()
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Assign):
            bound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            bound.add(node.target.id)
    return bound


def _isort_order(name):
    """Constants, then classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
