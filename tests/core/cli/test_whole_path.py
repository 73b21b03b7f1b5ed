"""From a zip to a prediction at the command line, with the worker that it starts itself."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import psutil
import pytest

from core import actions
from core.cli import main
from core.images import encode_png
from core.specs import Split

ROOT = Path(__file__).parents[3]
CLASSES = ("dark", "<b>light")
PER_CLASS = 20

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture
def say(capsys, own_environment):
    """Say a command with `--json`: its exit status and its one object. The worker it starts is ended afterwards."""

    def said(*words):
        status = main([*map(str, words), "--json"])
        return status, json.loads(capsys.readouterr().out)

    yield said
    with actions.open_home().store as store:
        for worker in store.live_workers(silent_s=60):
            psutil.Process(worker.pid).terminate()
            psutil.Process(worker.pid).wait(30)


@pytest.fixture
def archive(tmp_path):
    """A zip of two classes that a network of one filter can tell apart: dark and light noise, 12 px."""
    path, random = tmp_path / "two.zip", np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as out:
        for name, least in zip(CLASSES, (0, 128), strict=True):
            for number in range(PER_CLASS):
                pixels = random.integers(least, least + 128, (12, 12), dtype=np.uint8)
                out.writestr(f"{name}/{number}.png", encode_png(pixels))
    return path


def test_from_a_zip_to_a_prediction(say, archive, tmp_path):
    status, brought = say("import", archive, "--name", "Two", "--positive", "dark")
    assert (status, brought["state"], brought["name"]) == (0, "accepted", "Two")
    card = brought["card"]
    assert card["images"] == 2 * PER_CLASS
    assert card["classes"][card["positive_class"]] == "dark"

    small = ["--set", "filters=4", "--set", "dense_units=8", "--set", "epochs=2", "--set", "batch_size=8"]
    status, run = say("train", brought["dataset_id"], *small, "--wait")
    assert (status, run["state"]) == (0, "finished")
    assert run["config"]["model"]["filters"] == [4]
    assert run["summary"]["epochs_done"] == 2
    assert (run["summary"]["precision"], run["summary"]["batch_size"]) == ("float32", 8)
    assert "too small to gain" in run["summary"]["precision_words"]
    assert run["test_opened"] == 0

    # 15 % of 20 images of a class are 3, so each split but training holds 6
    status, report = say("report", run["run_id"])
    assert (status, report["split"], report["images"]) == (0, Split.VALIDATION.value, 6)
    status, report = say("report", run["run_id"], "--split", "test")
    assert (status, report["split"], report["images"], report["test_opened"]) == (0, "test", 6, 1)
    assert say("report", run["run_id"], "--split", "test")[1]["test_opened"] == 2

    image, text = tmp_path / "image.png", tmp_path / "text.png"
    image.write_bytes(encode_png(np.full((12, 12), 200, dtype=np.uint8)))
    text.write_text("no image")
    status, said = say("predict", run["run_id"], image, text)
    answered, refused = said["answers"]
    assert status == 2, "one of the files was refused"
    assert sum(answered["probabilities"]) == pytest.approx(1)
    assert answered["predicted"] == answered["classes"][answered["predicted_class"]]
    assert refused["error"]["what"]
    assert refused["error"]["remedy"]

    rows = subprocess.run([sys.executable, "-m", "core", "runs"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run["run_id"] in rows.stdout
    assert "finished" in rows.stdout


def test_a_refused_archive_leaves_nothing_behind(say, tmp_path):
    broken, single = tmp_path / "broken.zip", tmp_path / "single.zip"
    broken.write_bytes(b"PK\x03\x04 and then nothing that a zip would hold")
    with zipfile.ZipFile(single, "w") as out:
        for number in range(10):
            out.writestr(f"only/{number}.png", encode_png(np.full((8, 8), number, dtype=np.uint8)))
    for path in (broken, single):
        status, said = say("import", path)
        assert status == 2
        assert said["error"]["what"]
        assert said["error"]["remedy"]
    assert say("datasets")[1] == {"datasets": []}
    folder = actions.open_home().settings.home / "datasets"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_run_whose_images_are_gone_ends_with_1_in_words(say, archive):
    dataset_id = say("import", archive)[1]["dataset_id"]
    folder = actions.open_home().settings.dataset_dir(dataset_id)
    folder.rename(folder.with_name("elsewhere"))
    status, said = say("train", dataset_id, "--wait")
    assert status == 1
    assert said["error"]["kind"] == "data_gone"


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_breastmnist_from_import_to_prediction(say, real_data, tmp_path, loss):
    """One sigmoid unit under binary cross-entropy, and under the mean squared error."""
    source = real_data("medmnist/breastmnist.npz")
    status, brought = say("import", source)
    assert (status, brought["card"]["images"]) == (0, 546 + 78 + 156)
    status, run = say("train", brought["dataset_id"], "--set", f"loss={loss}", "--set", "epochs=6", "--wait")
    assert (status, run["state"], run["config"]["training"]["loss"]) == (0, "finished", loss)
    status, report = say("report", run["run_id"], "--split", "test")
    assert (status, report["images"], sum(map(sum, report["confusion"]))) == (0, 156, 156)
    # of the validation images 57 of 78 are of one class: whoever always says that one is right in .731 of them
    assert run["summary"]["val_accuracy"] >= 57 / 78 - 0.02

    image = tmp_path / "image.png"
    with np.load(source) as arrays:
        image.write_bytes(encode_png(arrays["test_images"][0]))
    status, said = say("predict", run["run_id"], image)
    (answer,) = said["answers"]
    assert status == 0
    assert len(answer["probabilities"]) == 2
    assert sum(answer["probabilities"]) == pytest.approx(1)


def test_from_a_folder_with_a_table_to_a_revision_and_an_export(say, tmp_path):
    folder, random = tmp_path / "DOE^JANE", np.random.default_rng(0)
    folder.mkdir()
    rows = ["file;finding;patient_id"]
    for number in range(24):
        (folder / f"scan_{number}.png").write_bytes(encode_png(random.integers(0, 256, (12, 12), dtype=np.uint8)))
        rows.append(f"scan_{number};{('sick', 'well')[number % 2]};DOE{number // 2}")
    (folder / "data.csv").write_text("\n".join(rows))
    by_table = ("--label-column", "finding", "--patient-column", "patient_id")

    status, seen = say("look", folder)
    assert (status, seen["look"]["images"], seen["look"]["same_as"]) == (0, 24, "")
    assert seen["look"]["proposal"]["label"] == {"kind": "column", "name": "finding"}
    assert seen["preview"]["patients"] == 12

    status, brought = say("import", folder, *by_table, "--seed", "3")
    card = brought["card"]
    assert (status, card["images"], card["patients"], card["split"]["seed"]) == (0, 24, 12, 3)
    assert (brought["name"], folder.exists()) == ("Data set 1", True)
    assert say("look", folder)[1]["look"]["same_as"] == brought["dataset_id"]

    status, revised = say("revise", brought["dataset_id"], "--exclude", "0-3", "--rename-class", "well=healthy")
    assert (status, revised["state"], revised["name"]) == (0, "accepted", "Data set 1 (revision 2)")
    assert (revised["card"]["images"], revised["card"]["classes"]) == (20, ["sick", "healthy"])
    assert revised["card"]["parent"] == brought["dataset_id"]

    status, exported = say("export", revised["dataset_id"], "--into", tmp_path / "out.zip")
    with zipfile.ZipFile(exported["file"]) as archive:
        assert status == 0
        assert sum(name.endswith(".png") for name in archive.namelist()) == 20

    status, refused = say("revise", brought["dataset_id"], "--exclude", "99")
    assert (status, refused["error"]["kind"]) == (2, "not_found")
    assert [row["dataset_id"] for row in say("datasets")[1]["datasets"]] == [
        revised["dataset_id"],
        brought["dataset_id"],
    ]
