"""All images of a data set: paged, ticked, given a class, left out; and the larger changes, with what they made."""

import pytest

from core import actions
from core.specs import DatasetState, Split
from pages.parts.data import gallery as data_gallery
from pages.parts.picker import picker
from tests.pages.bench import SCRIPT, a_home, page, words
from tests.pages.planted import change_now, import_now, picture, two_classes, zip_of_pictures


@pytest.fixture
def home(tmp_path):
    with a_home(tmp_path) as home:
        yield home


class Browser:
    """Plays the browser: says what is ticked, and in which turn, as the grid's script does."""

    def __init__(self):
        self.ids, self.turn, self.drawn = None, None, []

    def tick(self, *ids):
        """Ticks these in the grid as it is drawn next."""
        self.ids, self.turn = ids, None

    def piece(self, *, data, **_options):
        self.drawn.append(data)
        if self.turn is None:
            self.turn = data["turn"]
        told = {"turn": self.turn, "ids": self.ids} if self.ids is not None else None
        return type("Result", (), {"chosen": told})


@pytest.fixture
def browser(monkeypatch):
    playing = Browser()
    monkeypatch.setattr(picker, "_piece", playing.piece)
    return playing


def shown(section="images"):
    app = page("data").run()
    app.segmented_control(key="data_section").set_value(section).run()
    assert not app.exception
    return app


def card_of(home, dataset_id):
    return actions.dataset(home, dataset_id).card


def planted(home, tmp_path, each=20, **options):
    return import_now(home, zip_of_pictures(tmp_path, two_classes(each)), **options)


def says(app, sentence):
    return any(sentence in caption.value for caption in app.caption)


def test_the_gallery_pages(home, tmp_path):
    planted(home, tmp_path)
    app = shown()
    assert says(app, "Images 1 to 24 of 40, page 1 of 2")
    app.button(key="data_on").click().run()
    assert says(app, "Images 25 to 40 of 40, page 2 of 2")
    app.selectbox(key="data_gallery_class").set_value(0).run()
    assert says(app, "Images 1 to 20 of 20, page 1 of 1")
    app.selectbox(key="data_gallery_split").set_value("test").run()
    assert says(app, "Images 1 to 3 of 3, page 1 of 1")  # 15 % of 20


def test_a_tile_says_class_and_split_and_tells_the_rest(home, tmp_path, browser):
    dataset_id = planted(home, tmp_path)
    item = actions.gallery(home, dataset_id, class_index=1).items[0]
    tile = data_gallery.tile(item, card_of(home, dataset_id))
    assert tile.lines == ("b", item.split.label)
    assert "16 × 16 px" in tile.about
    shown()
    data = browser.drawn[-1]
    assert len(data["tiles"]) == 24
    assert data["small"]  # single pixels of 16 px are to be seen
    version = f"v={card_of(home, dataset_id).content_digest[:12]}"
    assert all(version in tile["src"] and version in tile["href"] for tile in data["tiles"])


def test_ticked_images_are_left_out_and_come_back(home, tmp_path, browser):
    dataset_id = planted(home, tmp_path)
    app = shown()
    assert says(app, "Tick images to give them another class")
    browser.tick(0, 5)
    app.run()
    assert "2 images ticked" in words(app)
    app.button(key="data_exclude").click().run()
    assert change_now(home).images == 38
    app.run()
    assert says(app, "of 38, page 1 of 2")
    app.button(key="data_undo").click().run()
    assert card_of(home, dataset_id).images == 40


def test_ticked_images_get_another_class(home, tmp_path, browser):
    planted(home, tmp_path)
    app = shown()
    browser.tick(0, 1, 2)  # of class a
    app.run()
    assert app.button(key="data_label_sure").disabled
    app.selectbox(key="data_label_class").set_value("b").run()
    app.button(key="data_label_sure").click().run()
    card = change_now(home)
    assert [sum(counts.values()) for counts in card.counts] == [17, 23]
    app.run()
    assert says(app, "Tick images to give them another class")  # numbers of the content before count no more


def test_ticked_images_are_put_into_a_split(home, tmp_path, browser):
    dataset_id = planted(home, tmp_path)
    app = shown()
    browser.tick(*range(10))
    app.run()
    app.button(key="data_place_test").click().run()
    change_now(home)
    splits = {actions.item(home, dataset_id, number).split for number in range(10)}
    assert splits == {Split.TEST}


def test_all_images_of_a_choice_are_ticked_on_all_pages(home, tmp_path, browser):
    planted(home, tmp_path, each=30)
    app = shown()
    browser.tick(0)
    app.selectbox(key="data_gallery_class").set_value(0).run()
    app.button(key="data_tick_all").click().run()
    app.run()
    assert "30 images ticked" in words(app)
    app.button(key="data_untick").click().run()
    assert says(app, "Tick images to give them another class")


def test_changing_an_accepted_set_is_said_to_make_a_revision(home, tmp_path, browser):
    dataset_id = planted(home, tmp_path, accept=True)
    app = shown()
    browser.tick(0)
    app.run()
    assert says(app, "a change makes a revision of it")
    app.button(key="data_exclude").click().run()
    child = next(row for row in actions.list_datasets(home) if row.id != dataset_id)
    assert change_now(home).images == 39
    assert actions.dataset(home, child.id).state is DatasetState.REVIEW
    assert card_of(home, dataset_id).images == 40


def test_a_balanced_sample_is_taken(home, tmp_path):
    dataset_id = planted(home, tmp_path)
    app = shown("changes")
    assert "as they came in" in words(app)
    assert app.button(key="data_sample").disabled  # both classes have 20: nothing to take
    app.number_input(key=f"data_sample_per_class_{dataset_id}").set_value(10).run()
    assert says(app, "About 20 of 40 images would stay")
    app.button(key="data_sample").click().run()
    card = change_now(home)
    assert [sum(counts.values()) for counts in card.counts] == [10, 10]
    app.run()
    assert card.changes[-1].what in words(app)  # in the table of changes


def test_the_folds_of_an_accepted_set_are_revisions_one_click_each(home, tmp_path):
    dataset_id = planted(home, tmp_path, accept=True)
    app = shown("changes")
    app.number_input(key=f"data_draw_folds_{dataset_id}").set_value(5).run()
    app.button(key="data_draw_split").click().run()
    first = change_now(home)
    assert (first.split.folds, first.split.fold) == (5, 1)
    child = next(row for row in actions.list_datasets(home) if row.id != dataset_id)
    actions.accept(home, child.id)
    app.run()
    app.segmented_control(key="data_section").set_value("changes").run()
    assert says(app, "There is fold 1 of 5 in this family")
    assert app.button(key="data_draw_fold").label == "Make a revision with fold 2"
    app.button(key="data_draw_fold").click().run()
    second = change_now(home)
    assert (second.split.fold, second.count(Split.TEST)) == (2, first.count(Split.TEST))


def test_another_data_set_is_merged_in(home, tmp_path):
    other = planted(home, tmp_path)
    actions.rename_dataset(home, other, f"Other {SCRIPT}")
    dataset_id = import_now(
        home,
        zip_of_pictures(
            tmp_path,
            {f"a/{n}.png": p for n, p in enumerate(_more())} | {f"c/{n}.png": p for n, p in enumerate(_more(50))},
        ),
    )
    app = shown("changes")
    assert app.selectbox(key=f"data_merge_with_{dataset_id}").value == other
    app.button(key="data_merge").click().run()
    card = change_now(home)
    assert (card.images, set(card.classes)) == (60, {"a", "b", "c"})
    assert card_of(home, other).images == 40
    app.run()
    assert "<script>" not in words(app)


def _more(first=0):
    return [picture(1000 + first + number) for number in range(10)]


def test_a_class_is_renamed_and_two_are_put_together(home, tmp_path):
    dataset_id = planted(home, tmp_path)
    app = shown("changes")
    assert app.button(key="data_rename_class").disabled
    app.text_input(key=f"data_rename_to_{dataset_id}").set_value(SCRIPT).run()
    app.button(key="data_rename_class").click().run()
    card = change_now(home)
    assert SCRIPT in card.classes
    app.run()
    assert "<script>" not in words(app)
    app.text_input(key=f"data_rename_to_{dataset_id}").set_value("b").run()
    assert says(app, "become one class") == (
        app.selectbox(key=f"data_rename_class_{dataset_id}").value == card.classes.index(SCRIPT)
    )


def test_an_export_is_asked_for_watched_and_downloaded(home, tmp_path):
    dataset_id = planted(home, tmp_path)
    app = shown("changes")
    app.button(key="data_export").click().run()
    (job,) = home.store.jobs(kind="export")
    assert job.subject_id == dataset_id
    assert [button for button in app.button if button.key == "data_export_cancel"]
    job = home.store.claim("data", "test")
    path = home.settings.export_file(dataset_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a zip")
    home.store.finish(job.id, {}, attempt=job.attempt)
    app.run()
    assert not app.exception
    assert f'href="/api/exports/{dataset_id}?token=' in words(app)


def test_the_family_and_its_runs_are_listed(home, tmp_path, browser):
    dataset_id = planted(home, tmp_path, accept=True)
    browser.tick(0)
    shown().button(key="data_exclude").click().run()
    change_now(home)
    app = shown("changes")
    said = words(app)
    assert "Revisions and their runs" in said
    assert "as it came in" in said
    app.button(key=f"data_revision_{dataset_id}_take").click().run()
    assert not app.exception
    assert dataset_id in app.query_params["data"]
