"""A zip of real blood cells through every page, with settings typed in; the run keeps exactly what was typed."""

import zipfile

import pytest
from playwright.sync_api import expect

from core import actions
from core.errors import BadImage
from core.images import decode
from core.specs import DatasetState, JobState, Split
from tests.journeys.conftest import settle
from tests.journeys.walking import run_of, type_in, wait_for_end

pytestmark = pytest.mark.timeout(600)
IMAGES = {"Platelets": 361, "RBC": 1500, "WBC": 372}


@pytest.fixture
def archive(real_data, tmp_path):
    """The folder of blood cells as somebody would zip it."""
    folder, path = real_data("blood_cells_bccd"), tmp_path / "blood cells.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted(folder.rglob("*.*")):
            out.write(file, f"blood cells/{file.relative_to(folder)}")
    return path


def test_a_zip_through_every_page(archive, real_data, start_app, open_page):
    app = start_app(worker=True)
    page = open_page(f"{app.url}/data")
    page.locator(".st-key-data_way_files input[type=file]").set_input_files(archive)
    expect(page.locator(".st-key-data_accept")).to_be_visible(timeout=120_000)
    settle(page)
    shown = page.locator("[data-testid=stMain]")
    for name in IMAGES:
        expect(shown).to_contain_text(name)
    page.locator(".st-key-data_accept button").click()
    expect(page.locator(".st-key-data_go_on")).to_be_visible(timeout=30_000)
    data = actions.list_datasets(app.home)[0]
    assert data.state is DatasetState.ACCEPTED
    assert dict(zip(data.card.classes, (sum(counts.values()) for counts in data.card.counts), strict=True)) == IMAGES

    page.get_by_role("link", name="Prepare").click()
    expect(page.get_by_role("heading", name="Prepare")).to_be_visible()
    settle(page)
    type_in(page, f"prepare_{data.id}_resize_side_px", 32)
    page.locator(".st-key-prepare_go_on button").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    settle(page)

    for key, value in {
        "model_kernel_size": 5,
        "model_pool_size": 3,
        "model_dense_units_0": 48,
        "training_learning_rate": 0.0005,
        "training_epochs": 2,
    }.items():
        type_in(page, key, value)
    page.get_by_role("button", name="Start training").click()
    run_id = run_of(page)
    wait_for_end(page)
    run = actions.run(app.home, run_id)
    assert run.job.state is JobState.FINISHED
    config = run.config
    assert (config.model.kernel_size, config.model.pool_size, config.model.dense_units) == (5, 3, (48,))
    assert (config.training.learning_rate, config.training.epochs) == (0.0005, 2)
    assert config.recipe.side_px == 32

    page.locator(".st-key-train_to_results button").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    settle(page)
    report = actions.report(app.home, run_id, Split.VALIDATION)
    expect(shown).to_contain_text(f"{report.accuracy.value:.3f}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (CSV)").click()
    assert actions.DISCLAIMER in download.value.path().read_text()

    page.get_by_role("link", name="Predict").click()
    expect(page.get_by_role("heading", name="Predict")).to_be_visible()
    settle(page)
    image = next(real_data("blood_cells_bccd").glob("WBC/*"))
    page.locator(".st-key-predict_file input[type=file]").set_input_files(image)
    expect(page.locator(".st-key-predict_bars")).to_be_visible(timeout=60_000)

    page.locator(".st-key-predict_file input[type=file]").set_input_files(archive)
    with pytest.raises(BadImage) as refused:
        decode(archive.read_bytes(), name=archive.name, max_pixels=app.home.settings.max_image_pixels)
    told = page.get_by_role("alert").filter(has_text=refused.value.what)
    expect(told).to_be_visible(timeout=60_000)
    expect(told).to_contain_text(refused.value.remedy)
    expect(page.locator(".st-key-predict_bars")).to_have_count(0)
