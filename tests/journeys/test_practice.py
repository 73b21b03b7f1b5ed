"""Practice data: one click to a trained model; the page is reloaded, the server is killed, and nothing is lost."""

import re

import pytest
from playwright.sync_api import expect

from core import actions
from core.specs import JobState, Split
from tests.journeys.conftest import end, settle
from tests.journeys.running import RunningApp
from tests.journeys.walking import (
    NARROW_PX,
    assert_curves_are_complete,
    assert_nothing_is_cut_off,
    run_of,
    wait_for_end,
    wait_for_points,
)

pytestmark = pytest.mark.timeout(600)
TRAINED_WITHIN_S = 120  # what the first page promises; waiting in the queue is not counted, as other programs may run
PAGES = ["/", "/data?data={data}", "/prepare?data={data}", "/train?data={data}", "/train?run={run}"]
PAGES += ["/results?run={run}", "/predict?run={run}"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One app with a worker for the whole file."""
    app = RunningApp(tmp_path_factory.mktemp("practice"), worker=True)
    yield app.start()
    end([app])


def test_from_the_first_click_to_a_prediction(trained, open_page):
    page = open_page(trained.url)
    page.get_by_role("button", name="Try it with practice data").click()
    run_id = run_of(page)
    wait_for_points(page)
    expect(page.get_by_text("Synthetic data").first).to_be_visible()

    page.reload()
    settle(page)
    assert run_of(page) == run_id
    wait_for_end(page)
    assert_curves_are_complete(page, trained.home, run_id)
    run = actions.run(trained.home, run_id)
    brought = actions.import_job(trained.home, run.config.dataset_id)
    assert brought.ended_at - brought.started_at + run.job.ended_at - run.job.started_at < TRAINED_WITHIN_S

    page.locator(".st-key-train_to_results button").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    settle(page)
    accuracy = actions.report(trained.home, run_id, Split.VALIDATION).accuracy.value
    expect(page.locator("[data-testid=stMain]")).to_contain_text(f"{accuracy:.3f}")
    page.get_by_role("button", name="Open the test split").click()
    page.get_by_role("button", name="Open it now").click()
    expect(page.get_by_text("The test split of this run was opened 1 time.")).to_be_visible(timeout=60_000)
    found = actions.report(trained.home, run_id, Split.TEST)
    assert found.images == 90  # 15 % of 600
    assert 0.85 <= found.accuracy.value <= 0.98
    expect(page.locator("[data-testid=stMain]")).to_contain_text(f"{found.accuracy.value:.3f}")

    page.get_by_role("link", name="Predict").click()
    expect(page.get_by_role("heading", name="Predict")).to_be_visible()
    settle(page)
    page.get_by_text("A test image", exact=True).click()
    page.get_by_role("button", name="Ask").first.click()
    expect(page.locator(".st-key-predict_bars")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("not a medical device").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_cut_off_in_a_narrow_window(trained, open_page, address, dark):
    run = actions.list_runs(trained.home)[-1]
    page = open_page(trained.url + address.format(data=run.config.dataset_id, run=run.id), width=NARROW_PX, dark=dark)
    assert_nothing_is_cut_off(page)


def test_the_server_is_killed_during_training_and_the_curves_are_complete(trained, open_page):
    """A second run, longer, so that the server is away in the middle of it; a colleague watches it by the link."""
    earlier = actions.list_runs(trained.home)[0]
    training = earlier.config.training.model_copy(update={"epochs": 15, "seed": 1})
    run_id = actions.start_training(trained.home, earlier.config.model_copy(update={"training": training}), "Killed")
    page, colleague = (open_page(f"{trained.url}/train?run={run_id}") for _ in range(2))
    wait_for_points(page)
    assert actions.run(trained.home, run_id).job.state is JobState.RUNNING

    trained.restart()
    page.errors.clear()  # the browser says that the server was away
    wait_for_end(page)
    wait_for_end(colleague)
    page.errors.clear()
    assert actions.run(trained.home, run_id).job.attempt == 1  # the run never noticed
    assert_curves_are_complete(page, trained.home, run_id)
    assert_curves_are_complete(colleague, trained.home, run_id)


def test_a_second_start_waits_its_turn_visibly_and_a_stop_keeps_the_best_weights(trained, open_page):
    config = actions.list_runs(trained.home)[0].config
    training = config.training.model_copy(update={"epochs": 500})
    long, short = (
        actions.start_training(trained.home, config.model_copy(update={"training": given}), name)
        for given, name in ((training, "Long"), (training.model_copy(update={"epochs": 1}), "Short"))
    )
    waiting = open_page(f"{trained.url}/train?run={short}")
    expect(waiting.get_by_text("It waits for 1 run before it.")).to_be_visible()

    page = open_page(f"{trained.url}/train?run={long}")
    page.wait_for_function(  # an epoch is over, so that there are best weights
        """() => (document.querySelector(".lb-curves-chart")?.data?.[2]?.x?.length || 0) > 0""", timeout=120_000
    )
    page.get_by_role("button", name="Stop").click()
    wait_for_end(page)
    stopped = actions.run(trained.home, long)
    assert stopped.job.state is JobState.STOPPED
    assert actions.model_path(trained.home, long).exists()
    expect(page.get_by_text(re.compile("weights of epoch [0-9]+ were kept"))).to_be_visible()
    wait_for_end(waiting)
    assert actions.run(trained.home, short).job.state is JobState.FINISHED
