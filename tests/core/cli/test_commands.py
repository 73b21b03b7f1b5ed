"""Each command without a worker: what it prints, what it refuses, with which exit status."""

import json

import pytest

from core import actions
from core.cli import follow, main
from core.errors import NoAnswer
from core.metrics import classification_report
from core.specs import Answer, DatasetCard, DatasetState, JobState, Split, Task


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_START_WORKER", "0")


@pytest.fixture
def home():
    """The home that the commands open, too."""
    opened = actions.open_home()
    yield opened
    opened.store.close()


@pytest.fixture
def data(home):
    """The id of an accepted data set without files, with a hostile name."""
    counts = ({Split.TRAIN: 7, Split.VALIDATION: 2, Split.TEST: 1},) * 2
    sizes = {"median_width_px": 16, "median_height_px": 16, "min_side_px": 16, "max_side_px": 16}
    card = DatasetCard(source="drawn", classes=("a", "b"), counts=counts, images=20, grey=True, **sizes)
    home.store.add_dataset("ds_a", "cells \x1b[31m", Task.CLASSIFICATION)
    home.store.set_card("ds_a", card)
    home.store.move_dataset("ds_a", {DatasetState.IMPORTING}, DatasetState.ACCEPTED)
    return "ds_a"


@pytest.fixture
def say(capsys):
    """Say a command: its exit status, and what it wrote to both streams."""

    def said(*words):
        status = main(words)
        written = capsys.readouterr()
        return status, written.out, written.err

    return said


def test_an_empty_home_says_what_to_do_first(say, home):
    assert say("datasets") == (0, "There is no data set yet. Bring one in with: python -m core import PATH\n", "")
    assert say("runs") == (0, "There is no run yet. Start one with: python -m core train DATASET\n", "")


def test_data_sets_are_listed_and_their_names_cannot_steer_the_terminal(say, data):
    status, out, _ = say("datasets")
    assert status == 0
    assert out.splitlines() == [
        "id    state     images  classes  name",
        "ds_a  accepted      20        2  cells \\x1b[31m",
    ]


def test_data_sets_as_json_carry_their_card(say, data):
    (row,) = json.loads(say("datasets", "--json")[1])["datasets"]
    assert (row["dataset_id"], row["task"], row["state"]) == ("ds_a", "classification", "accepted")
    assert row["card"]["counts"][0] == {"train": 7, "val": 2, "test": 1}


def test_train_queues_a_run_with_the_settings_that_were_typed(say, home, data):
    status, out, _ = say("train", data, "--set", "kernel_size=5", "--set", "learning_rate=3e-4", "--name", "Mine")
    run = actions.run(home, out.strip())
    assert status == 0
    assert (run.name, run.job.state) == ("Mine", JobState.QUEUED)
    assert (run.config.model.kernel_size, run.config.training.learning_rate) == (5, 3e-4)


def test_train_as_json_names_the_run(say, home, data):
    run = json.loads(say("train", data, "--json")[1])
    assert actions.run(home, run["run_id"]).config.dataset_id == run["dataset_id"] == data
    assert run["state"] == "queued"
    assert run["disclaimer"] == actions.DISCLAIMER


def test_a_refused_setting_ends_with_2_and_queues_nothing(say, home, data):
    status, out, err = say("train", data, "--set", "kernel_size=12")
    assert (status, out) == (2, "")
    assert err == "Kernel size (kernel_size) cannot be '12'. Choose a whole number from 1 to 11 px.\n"
    assert actions.list_runs(home) == []


def test_a_net_that_cannot_be_built_is_refused_before_it_is_queued(say, home, data):
    # 16 px through five blocks of pool 4: 16, 4, 1, and the third block would halve one pixel
    status, _, err = say("train", data, "--set", "filters=8,8,8,8,8", "--set", "pool_size=4")
    assert status == 2
    assert "block 3" in err.lower()
    assert actions.list_runs(home) == []


def test_a_refusal_as_json_is_the_same_two_sentences(say, data):
    status, out, err = say("train", data, "--set", "kernel_size=12", "--json")
    assert (status, err) == (2, "")
    assert json.loads(out) == {
        "error": {
            "kind": "bad_setting",
            "what": "Kernel size (kernel_size) cannot be '12'.",
            "remedy": "Choose a whole number from 1 to 11 px.",
        }
    }


@pytest.mark.parametrize(
    "words",
    [
        ("train", "ds_none"),
        ("report", "run_none"),
        ("report", "run_none", "--split", "test"),
        ("predict", "run_none", "image.png"),
        ("stop", "run_none"),
        ("resume", "run_none"),
        ("delete", "run_none"),
        ("delete", "ds_none"),
        ("import", "no_such_file.zip"),
    ],
)
def test_what_is_not_there_is_refused(say, home, words):
    status, _, err = say(*words)
    assert status == 2
    assert err.count(".") >= 2, "one sentence says what, one says what to do"


def test_a_data_set_that_is_not_accepted_cannot_be_trained_on(say, home):
    home.store.add_dataset("ds_b", "B", Task.CLASSIFICATION)
    status, _, err = say("train", "ds_b")
    assert status == 2
    assert "B is importing" in err


@pytest.mark.parametrize("synthetic", [True, False])
def test_reports_and_answers_as_text_end_with_the_disclaimer(say, home, data, tmp_path, monkeypatch, synthetic):
    home.store.set_card(data, home.store.dataset(data).card.model_copy(update={"synthetic": synthetic}))
    run_id = say("train", data)[1].strip()
    said = {"classes": ("a", "b"), "positive_class": 1, "split": Split.VALIDATION, "loss": "mse"}
    measured = classification_report([0, 1], [[0.9, 0.1], [0.2, 0.8]], synthetic=synthetic, **said)
    answer = Answer(
        run_id=run_id, name="x", classes=("a", "b"), probabilities=(0.9, 0.1), predicted_class=0, seconds=0.1
    )
    monkeypatch.setattr(actions, "report", lambda *asked: measured)
    monkeypatch.setattr(actions, "predict", lambda *asked: actions.Prediction(answer, b"", b""))
    image = tmp_path / "x.png"
    image.touch()
    for words in (("report", run_id), ("predict", run_id, str(image))):
        last = say(*words)[1].splitlines()[-1]
        assert last.startswith(actions.DISCLAIMER)
        assert ("synthetic" in last) is synthetic


def test_a_run_that_has_not_ended_has_no_report(say, data):
    run_id = say("train", data)[1].strip()
    status, _, err = say("report", run_id)
    assert status == 2
    assert "has not ended yet" in err


def test_a_waiting_run_is_stopped_at_once_and_cannot_be_stopped_twice(say, home, data):
    run_id = say("train", data)[1].strip()
    assert say("stop", run_id)[0] == 0
    assert actions.run(home, run_id).job.state is JobState.STOPPED
    assert say("stop", run_id)[0] == 2


def test_a_stopped_run_goes_on_as_a_new_one_where_it_has_left_a_checkpoint(say, home, data):
    run_id = say("train", data, "--name", "Mine")[1].strip()
    say("stop", run_id)
    status, _, err = say("resume", run_id)
    assert (status, "no checkpoint" in err) == (2, True)
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True)
    (folder / "checkpoint.npz").write_bytes(b"everything")
    status, new, _ = say("resume", run_id)
    assert status == 0
    assert actions.run(home, new.strip()).name == "Mine (continued)"


def test_runs_are_listed_with_dashes_for_what_is_not_known(say, data):
    run_id = say("train", data, "--name", "Mine")[1].strip()
    header, row = say("runs")[1].splitlines()
    assert header.split()[0] == "id"
    assert row.split() == [run_id, "ds_a", "queued", "-", "-", "-", "-", "Mine"]


def test_nothing_is_deleted_without_yes(say, home, data):
    status, _, err = say("delete", data)
    assert status == 2
    assert "20 images with their labels and split are deleted" in err
    assert "--yes" in err
    assert actions.dataset(home, data).id == data


def test_a_data_set_and_a_run_are_deleted_with_yes(say, home, data):
    run_id = say("train", data)[1].strip()
    assert say("delete", data, "--yes")[0] == 2, "it is in use by the waiting run"
    say("stop", run_id)
    assert say("delete", run_id, "--yes")[0] == 0
    assert say("delete", data, "--yes", "--json")[0] == 0
    assert actions.list_runs(home) == []
    assert actions.list_datasets(home) == []


def test_a_variable_that_cannot_be_used_is_refused(say, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_FILES", "many")
    status, _, err = say("datasets")
    assert status == 2
    assert "LIGHTBOX_MAX_FILES" in err


def test_waiting_ends_when_no_worker_shows_itself(home, data, say, monkeypatch):
    run_id = say("train", data)[1].strip()
    monkeypatch.setattr(follow, "LOOK_FOR_WORKER_S", 0.0)
    monkeypatch.setattr(follow, "NO_WORKER_S", 0.0)
    with pytest.raises(NoAnswer, match="no worker is alive"):
        follow.follow(home, lambda: actions.run(home, run_id).job)


@pytest.mark.parametrize(
    "words",
    [(), ("nonsense",), ("import",), ("report", "run_a", "--split", "other"), ("report", "run_a", "--split", "train")],
)
def test_a_command_that_does_not_exist_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m core" in capsys.readouterr().err
