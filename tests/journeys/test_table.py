"""A table beside the images in a real browser: columns chosen, patients kept apart; and several files at once."""

import json
import zipfile

import pytest
from playwright.sync_api import expect

from core import actions
from core.images import encode_png
from core.specs import DatasetState, OriginKind
from tests.journeys.conftest import end, settle
from tests.journeys.running import RunningApp
from tests.journeys.walking import wait_for

pytestmark = pytest.mark.timeout(180)
LOOKED_MS = 60_000
IMPORTED_MS = 90_000
UPLOAD = ".st-key-data_way_files .upload"


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    """One app with a worker for both tables: starting a worker is most of the time they take."""
    running = RunningApp(tmp_path_factory.mktemp("working"), worker=True)
    yield running.start()
    end([running])


@pytest.fixture
def chests(real_data, tmp_path):
    """The chest radiographs and their table as somebody would zip them."""
    folder, path = real_data("chest_xray_hannover"), tmp_path / "chest xray.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted(folder.rglob("*.png")):
            out.write(file, f"chests/{file.relative_to(folder)}")
        out.write(folder / "data.csv", "chests/data.csv")
    return path


def pick(page, key, option):
    """Choose an option of the list of this key by the word that it begins with."""
    field = page.locator(f".st-key-{key} input")
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option).first.click()
    settle(page)


def test_a_table_says_class_and_patient_and_no_patient_is_in_two_splits(chests, working, open_page):
    app = working
    page = open_page(f"{app.url}/data")
    show_ways(page)
    page.locator(f"{UPLOAD} input[type=file]").set_input_files(chests)
    expect(page.locator(".st-key-data_choose_import")).to_be_visible(timeout=LOOKED_MS)
    settle(page)
    row = actions.list_datasets(app.home)[0]
    shown = page.locator("[data-testid=stMain]")
    expect(shown).to_contain_text("makes a result look better than it is")

    page.goto(f"{app.url}/data?data={row.id}")  # a link to what waits leads back to it
    settle(page)
    pick(page, f"data_{row.id}_label_column", "projection")
    pick(page, f"data_{row.id}_patient_column", "projection")
    expect(shown).to_contain_text("The column projection is chosen twice")
    expect(page.locator(".st-key-data_choose_import button")).to_be_disabled()
    pick(page, f"data_{row.id}_patient_column", "patient_id")
    expect(page.locator(".st-key-data_choose_import button")).to_be_enabled()
    expect(shown).to_contain_text("71")  # patients, counted in the table by hand: cut -d, -f1 | sort -u

    page.locator(".st-key-data_choose_import button").click()
    expect(page.locator(".st-key-data_accept")).to_be_visible(timeout=IMPORTED_MS)
    settle(page)
    data = actions.dataset(app.home, row.id)
    assert data.state is DatasetState.REVIEW
    assert set(data.card.classes) == {"ap", "pa"}
    assert sum(data.card.patients_per_split.values()) == data.card.patients, "a patient in two splits counts twice"
    expect(shown).to_contain_text(f"{data.card.patients}")
    assert not list(app.home.settings.uploads_dir.iterdir()), "the upload is deleted once it is imported"

    show_ways(page)
    page.locator(f"{UPLOAD} input[type=file]").set_input_files(chests)
    expect(page.locator(".st-key-data_same")).to_contain_text("imported before", timeout=LOOKED_MS)
    page.locator(".st-key-data_same_open button").click()
    expect(page.locator(".st-key-data_accept")).to_be_visible()
    assert actions.list_datasets(app.home)[0].id == row.id, "the second one is gone"
    wait_for(lambda: not list(app.home.settings.uploads_dir.iterdir()))


def test_a_table_with_semicolons_and_a_fault_is_said_in_words(working, open_page, tmp_path, rng_images):
    path = tmp_path / "cells.zip"
    rows = [f"{name};{'ill' if at % 2 else 'well'};P{at // 3}" for at, name in enumerate(rng_images)]
    table = "\r\n".join(["Bild;Befund;Patient", *rows, f"{rows[0].replace('well', 'ill')}", "gone;ill;P9"])
    with zipfile.ZipFile(path, "w") as out:
        for name, png in rng_images.items():
            out.writestr(f"images/{name}.png", png)
        out.writestr("Befunde.csv", table.encode("cp1252"))
    app = working
    page = open_page(f"{app.url}/data")
    show_ways(page)
    page.locator(f"{UPLOAD} input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-data_choose_import")).to_be_visible(timeout=LOOKED_MS)
    settle(page)
    row = actions.list_datasets(app.home)[0]
    proposal = actions.look(app.home, row.id).proposal
    assert (proposal.label.kind, proposal.label.name) == (OriginKind.COLUMN, "Befund")
    found = actions.preview_labelling(app.home, row.id, proposal).findings
    assert found
    shown = page.locator("[data-testid=stMain]")
    for finding in found:
        expect(shown).to_contain_text(finding.what)
        expect(shown).to_contain_text(finding.remedy)
    assert page.locator("[data-testid=stException]").count() == 0


@pytest.fixture
def rng_images():
    """Twelve small images, each different, by name."""
    import numpy as np

    rng = np.random.default_rng(3)
    return {f"zelle_{at}": encode_png(rng.integers(0, 256, (16, 16), dtype=np.uint8)) for at in range(12)}


def test_several_files_and_a_folder_arrive_under_their_own_names(app, open_page, tmp_path, rng_images):
    folder = tmp_path / "cells"
    (folder / "ill").mkdir(parents=True)
    for name, png in rng_images.items():
        (folder / "ill" / name).write_bytes(png)  # without an ending, as DICOM files often are
    (folder / ".DS_Store").write_bytes(b"left by a system")
    (folder / "empty.png").write_bytes(b"")
    page = open_page(f"{app.url}/data")
    show_ways(page)
    page.locator(f"{UPLOAD} input[type=file]").set_input_files(sorted((folder / "ill").iterdir()))
    assert arrived(app) == sorted(rng_images)

    page = open_page(f"{app.url}/data")
    show_ways(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a whole folder").click()
    chooser.value.set_files(folder)
    assert arrived(app, baskets=2) == sorted(f"cells/ill/{name}" for name in rng_images)


def test_a_cancelled_basket_leaves_nothing_behind(app, open_page, tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(bytes(8_000_000))
    page = open_page(f"{app.url}/data")
    show_ways(page)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 10_000_000},
    )
    before = set(app.home.settings.uploads_dir.iterdir())
    page.locator(f"{UPLOAD} input[type=file]").set_input_files(sorted(tmp_path.glob("*.png")))
    expect(page.locator(f"{UPLOAD} .name")).to_contain_text("2 of 3")
    page.locator(UPLOAD).get_by_role("button", name="Cancel").click()
    expect(page.locator(UPLOAD).get_by_role("alert")).to_contain_text("cancelled")
    wait_for(lambda: set(app.home.settings.uploads_dir.iterdir()) == before)


def show_ways(page):
    """Turn to the ways in where a data set is in hand."""
    page.locator(f"{UPLOAD}, .st-key-data_view").first.wait_for()
    if not page.locator(UPLOAD).count():
        page.get_by_role("radio", name="Bring in more data").click()
    expect(page.locator(UPLOAD)).to_be_visible()


def arrived(app, baskets=1):
    """What the files of the newest closed basket are called, once so many have been closed."""

    def closed():
        found = sorted(
            app.home.settings.uploads_dir.glob("*/.lightbox-names.json"), key=lambda file: file.stat().st_ctime
        )
        return found if len(found) == baskets else None

    return sorted(json.loads(wait_for(closed)[-1].read_text()).values())
