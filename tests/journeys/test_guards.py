"""Patients and copies that stand on two sides of the split: found on the page, settled by clicks, told in the card."""

import csv
import io
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import expect

from core import actions
from core.specs import DatasetState, Labelling, Origin, OriginKind, Split
from tests.journeys.conftest import settle
from tests.journeys.walking import NARROW_PX, assert_nothing_is_cut_off, wait_for

pytestmark = pytest.mark.timeout(300)
SOURCE = "chest_xray_hannover"
COPIES = 8
DONE_MS = 60_000


def column(name):
    return Origin(kind=OriginKind.COLUMN, name=name)


BY_TABLE = Labelling(
    label=column("projection"),
    split=Origin(),
    patient=column("patient_id"),
    table="data.csv",
    image_column="image_id",
)


@pytest.fixture
def archive(real_data, tmp_path):
    """The chest X-rays with their table; of the first of them a turned copy each, said to be of somebody else."""
    folder, path = real_data(SOURCE), tmp_path / "chest.zip"
    with (folder / "data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    copied = [row for row in rows if (folder / "images" / f"{row['image_id']}.png").exists()][:COPIES]
    with zipfile.ZipFile(path, "w") as out:
        for image in sorted((folder / "images").iterdir()):
            out.write(image, f"images/{image.name}")
        for number, row in enumerate(copied):
            turned = Image.open(folder / "images" / f"{row['image_id']}.png").transpose(Image.Transpose.ROTATE_90)
            data = io.BytesIO()
            turned.save(data, "PNG")
            out.writestr(f"images/copy{number}.png", data.getvalue())
            rows.append(row | {"image_id": f"copy{number}", "patient_id": f"somebody{number}"})
        table = io.StringIO()
        writer = csv.DictWriter(table, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        out.writestr("data.csv", table.getvalue())
    return path


def test_patients_and_copies_are_kept_on_one_side(archive, start_app, open_page):
    app = start_app(worker=True)
    actions.ensure_worker(app.home)
    data_id = actions.import_dataset(app.home, archive, "Chest", labelling=BY_TABLE)
    wait_for(lambda: actions.dataset(app.home, data_id).state is DatasetState.REVIEW)
    page = open_page(f"{app.url}/data?data={data_id}")
    _patients(page, app.home, data_id)
    _copies(page, app.home, data_id)
    _ticking(page, app.home, data_id)

    page.locator(f".st-key-data_positive_{data_id}").get_by_text("pa", exact=True).click()
    settle(page)
    page.locator(".st-key-data_accept button").click()
    expect(page.locator(".st-key-data_go_on")).to_be_visible(timeout=30_000)
    row = actions.dataset(app.home, data_id)
    assert row.state is DatasetState.ACCEPTED
    _open(page, "Changes")
    for change in row.card.changes:
        expect(page.locator("[data-testid=stMain]")).to_contain_text(change.what)
    page.set_viewport_size({"width": NARROW_PX, "height": 900})
    for part in ("Changes", "All images", "Copies and leaks", "Overview"):
        _open(page, part)
        assert_nothing_is_cut_off(page)


def _patients(page, home, data_id):
    """Nobody is torn apart; by image somebody is, and it is said; one click, and nobody is."""
    card = actions.dataset(home, data_id).card
    assert sum(card.patients_per_split.values()) == card.patients
    review = page.locator("[data-testid=stMain]")
    expect(review).to_contain_text(f"Patients: Training {card.patients_per_split[Split.TRAIN]}")
    page.get_by_text("Nothing: every image by itself").click()
    expect(page.get_by_role("button", name="Keep patients together")).to_be_visible(timeout=DONE_MS)
    torn = actions.dataset(home, data_id).card
    assert torn.split.by == "image"
    assert sum(torn.patients_per_split.values()) > torn.patients
    page.get_by_role("button", name="Keep patients together").click()
    expect(page.get_by_role("button", name="Keep patients together")).to_have_count(0, timeout=DONE_MS)
    settle(page)
    assert actions.dataset(home, data_id).card == card


def _copies(page, home, data_id):
    """One click puts a group on one side, another leaves all copies out, and a third takes that back."""
    crossing = [group for group in actions.suspects(home, data_id) if group.crossing]
    assert len(crossing) > 1, "the seed of the split must tear two copies off"
    _open(page, "Copies and leaks", len(crossing))
    page.locator(".st-key-data_group_0_train button").click()
    _wait_for_revision(page, home, data_id, 2)
    assert all(actions.item(home, data_id, number).split is Split.TRAIN for number in crossing[0].item_ids)
    expect(page.locator(".st-key-data_section")).to_contain_text(f"Copies and leaks · {len(crossing) - 1}")

    images = actions.dataset(home, data_id).card.images
    page.locator(f".st-key-data_near_{data_id} label").click()
    settle(page)
    page.locator(".st-key-data_settle_drop button").click()
    _wait_for_revision(page, home, data_id, 3)
    assert actions.dataset(home, data_id).card.images == images - COPIES
    assert actions.suspects(home, data_id) == ()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".st-key-data_section")).to_contain_text(f"Copies and leaks · {len(crossing) - 1}")
    assert actions.dataset(home, data_id).card.images == images


def _ticking(page, home, data_id):
    """By keyboard: two images are ticked and get a class that is typed in, which is then taken back."""
    _open(page, "All images")
    first = page.locator(".picker input").first
    first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator(".st-key-data_ticked_do")).to_contain_text("2 images ticked")
    page.locator(".st-key-data_label button").click()
    page.locator(".st-key-data_label_class input").fill("oblique <b>")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Give 2 images this class").click()
    _wait_for_revision(page, home, data_id, 3)
    card = actions.dataset(home, data_id).card
    assert sum(card.counts[card.classes.index("oblique <b>")].values()) == 2
    expect(page.locator(".picker")).to_contain_text("oblique <b>")
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: actions.dataset(home, data_id).card.revision == 2)
    settle(page)


def _open(page, part, count=None):
    """Go to a part of the review."""
    name = part if count is None else f"{part} · {count}"
    page.locator(".st-key-data_section").get_by_text(name).click()
    settle(page)


def _wait_for_revision(page, home, data_id, number):
    """Wait until the change is made, and the page says so."""
    wait_for(lambda: actions.dataset(home, data_id).card.revision == number)
    what = actions.dataset(home, data_id).card.changes[-1].what
    expect(page.locator(".st-key-data_last_change")).to_contain_text(what, timeout=DONE_MS)
    settle(page)
