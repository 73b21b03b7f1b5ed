"""A card is described anew from its table: ids, copies, splits, patients, findings; whatever was changed in it."""

import pandas as pd
import pytest

from core.datasets import Shelf
from core.datasets.describing import content_digest, described, split_facts
from core.datasets.table import completed
from core.specs import Finding, Severity, Split, SplitConfig
from tests.core.sources.sources import class_folders, rules

NOTE = Finding(severity=Severity.NOTE, rule="not_an_image", what="1 file.", remedy="None.")


@pytest.fixture
def shelf(make_zip, bring_in):
    return bring_in(make_zip(class_folders({"a": 20, "b": 20})))


def test_a_table_as_it_is_gives_its_card_again(shelf):
    told = {"source": shelf.card.source, "source_digest": shelf.card.source_digest, "names_kept": False}
    card, items = described(shelf.items, shelf.card.classes, findings=shelf.card.findings, **told)
    assert card == shelf.card
    pd.testing.assert_frame_equal(items, shelf.items)


def test_fewer_images_are_numbered_and_divided_anew(shelf):
    kept = shelf.items[shelf.items["item_id"] % 2 == 0]
    card, items = described(kept, ("a", "b"), split=SplitConfig(seed=3), source="x")
    assert items["item_id"].tolist() == list(range(20))
    # 10 images a class; 70/15/15: 7 + 1.5 + 1.5
    assert [card.count(split) for split in Split] == [14, 3, 3]
    assert card.images == 20
    assert card.bytes_on_disk == kept["bytes"].sum()
    assert card.content_digest != shelf.card.content_digest
    assert "few_images" in rules(card)


def test_findings_that_follow_from_the_images_are_not_carried_over(shelf):
    stale = [
        Finding(severity=Severity.WARNING, rule=rule, what="Stale.", remedy="None.")
        for rule in ("few_images", "patient_in_two_splits", "shortcut", "burned_in_text")
    ]
    card, _ = described(shelf.items, ("a", "b"), findings=[NOTE, *stale], source="x")
    assert card.findings[0] == NOTE
    assert set(rules(card)) == {NOTE.rule, "no_patients"}


def test_that_nobody_is_known_is_said_until_somebody_is_and_stays_when_the_split_changes(shelf):
    assert "no_patients" in rules(shelf.card)
    assert "no_patients" in rules(shelf.resplit(SplitConfig(seed=1)))
    known = shelf.items.assign(patient=[f"p{number % 20}" for number in range(40)])
    assert "no_patients" not in rules(described(known, ("a", "b"), findings=shelf.card.findings, source="x")[0])
    assert "no_patients" not in rules(described(shelf.items, ("a", "b"), source="x", synthetic=True)[0])


def test_patients_are_counted_as_a_whole_and_per_split(shelf):
    patients = [f"p{number % 4}" for number in range(36)] + [""] * 4
    card, items = described(shelf.items.assign(patient=patients), ("a", "b"), source="x")
    assert card.patients == 4
    assert sum(card.patients_per_split.values()) == 4  # nobody is in two
    facts = split_facts(items.assign(split="train"), 2)
    assert facts["patients_per_split"] == {Split.TRAIN: 4, Split.VALIDATION: 0, Split.TEST: 0}
    assert "no_patient" in rules(card)
    assert described(shelf.items, ("a", "b"), source="x")[0].patients is None


def test_other_values_under_the_same_pixels_are_other_content(shelf):
    plain = content_digest(shelf.items, ("a", "b"))
    valued = shelf.items.assign(tone_slope=1.0, tone_intercept=-1024.0)
    assert content_digest(valued, ("a", "b")) != plain
    assert described(valued, ("a", "b"), source="x")[0].windowed
    assert not shelf.card.windowed


def test_text_in_the_pixels_is_hinted_at_most_likely_first(shelf):
    hints = [0.0] * 38 + [0.8, 0.9]
    finding = rules(described(shelf.items.assign(text_hint=hints), ("a", "b"), source="x")[0])["burned_in_text"]
    assert finding.where == ("b/19.png", "b/18.png")
    assert finding.what.startswith("2 images seem to have text")


def test_a_table_of_an_earlier_version_is_read_and_divided(shelf):
    old = ["item_id", "name", "class_index", "given_split", "width", "height", "channels", "bit_depth", "bytes"]
    old += ["digest", "pixel_digest", "file", "brightness", "contrast", "sharpness", "split"]
    shelf.items[old].to_parquet(shelf.folder / "items.parquet", index=False)
    again = Shelf(shelf.folder)
    assert set(again.items.columns) == set(shelf.items.columns)
    assert again.items["source_file"].tolist() == list(range(40))
    assert again.resplit(SplitConfig(seed=2)).counts == shelf.resplit(SplitConfig(seed=2)).counts
    # without fingerprints no copies can be looked for, and the groups that are known stay
    grouped = completed(again.items.assign(near_group=[0, 0] + [-1] * 38))
    assert described(grouped, ("a", "b"), source="x")[1]["near_group"].tolist() == [0, 0] + [-1] * 38
