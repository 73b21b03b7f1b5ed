"""Whatever is changed in whatever order: the table, the card and the files agree, patients stay whole, undo undoes."""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from core.datasets import Shelf
from core.datasets.describing import content_digest, described
from core.datasets.together import write_both
from core.errors import RefusedInput
from core.revisions.revising import revise, undo
from core.specs import Edits, Exclude, Place, Relabel, RenameClass, Sample, SettleCopies, Split

IMAGES = 48

ids = st.lists(st.integers(0, IMAGES - 1), min_size=1, max_size=20).map(tuple)
labels = st.sampled_from(["a", "b", "c", "new"])
edits = st.one_of(
    st.builds(Exclude, item_ids=ids),
    st.builds(Relabel, item_ids=ids, label=labels),
    st.builds(RenameClass, class_index=st.integers(0, 2), label=labels),
    st.builds(Place, item_ids=ids, split=st.sampled_from(Split)),
    st.builds(SettleCopies, how=st.sampled_from(["drop", "together"]), near=st.booleans()),
    st.builds(Sample, per_class=st.integers(4, 20), seed=st.integers(0, 3)),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A shelf of 48 images of 3 classes: 16 patients, some pixels twice, some nearly so, two of them contradictory."""
    folder = tmp_path_factory.mktemp("made") / "ds"
    folder.mkdir()
    rng = np.random.default_rng(0)
    number = np.arange(IMAGES)
    pixels = np.where(number % 6 == 5, number - 1, number)
    items = pd.DataFrame(
        {
            "name": [f"{n}.png" for n in number],
            "class_index": np.where(number == 5, 2, number // 4 % 3),
            "given_split": "",
            "patient": [f"p{n // 3}" for n in number],
            "width": 8,
            "height": 8,
            "channels": 1,
            "bit_depth": 8,
            "bytes": 10,
            "digest": [f"{n:064x}" for n in pixels],
            "pixel_digest": [f"{n:064x}" for n in pixels],
            "file": [f"00/{n:062x}" for n in pixels],
            "brightness": rng.normal(0.5, 0.1, IMAGES),
            "contrast": 0.2,
            "sharpness": 1.0,
            "near_group": np.where(number % 10 < 2, number // 10, -1),
        }
    )
    card, items = described(items, ("a", "b", "c"), source="made")
    write_both(folder, items, card)
    (folder / "originals" / "00").mkdir(parents=True)
    for file in set(items["file"]):
        (folder / "originals" / file).write_bytes(file.encode())
    return folder


@given(st.lists(edits, min_size=1, max_size=3).map(tuple), st.booleans())
@checked(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_table_card_and_files_agree_after_any_change(made, settings, tmp_path, changes, beside):
    home = tmp_path / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(made, home / "ds")
    before, folder = Shelf(home / "ds"), home / ("child" if beside else "ds")
    try:
        revise(before, Edits(edits=changes), folder, settings, lambda _: None, lambda: False, None)
    except RefusedInput:
        assert Shelf(home / "ds").card == before.card
        assert folder.exists() is not beside
        return
    after = Shelf(folder)
    items, card = after.items, after.card
    assert items["item_id"].tolist() == list(range(card.images))
    assert sorted(set(items["class_index"])) == list(range(len(card.classes)))
    assert len(card.classes) == len(set(card.classes)) > 1
    assert set(items["split"]) == {"train", "val", "test"}
    assert items.groupby("patient")["split"].nunique().max() == 1
    assert card.content_digest == content_digest(items, card.classes)
    assert [card.count(split) for split in Split] == [int((items["split"] == split.value).sum()) for split in Split]
    assert all(after.original(item_id) == file.encode() for item_id, file in enumerate(items["file"]))
    assert (card.revision, len(card.changes)) == (2, 1)
    assert Shelf(home / "ds").card.revision == (1 if beside else 2)
    if not beside:
        assert undo(after) == before.card
        pd.testing.assert_frame_equal(Shelf(folder).items, before.items)
