"""Where a source lies is kept beside its look, never in the store; what is not ours is never deleted."""

import pytest

from core.errors import DataGone
from core.jobs.sources import KEPT, forget_source, keep_labelling, keep_source, kept_source, labelling_of, source_of
from core.specs import JobKind, Labelling, Origin, OriginKind

BY_TAG = Labelling(label=Origin(kind=OriginKind.TAG, name="Modality"))


@pytest.fixture
def job(place):
    """Submit a job on the data set ds_a: `job(source=...)`."""

    def submit(**payload):
        place.store.submit("imp_a", JobKind.IMPORT, "ds_a", payload)
        return place.store.job("imp_a")

    return submit


def test_a_source_and_its_labelling_come_back_as_they_were_kept(place, job, tmp_path):
    (tmp_path / "DOE^JANE").mkdir()
    keep_source(place.settings, "ds_a", tmp_path / "DOE^JANE", ours=False)
    keep_labelling(place.settings, "ds_a", BY_TAG)
    kept = job(**KEPT)
    assert source_of(place.settings, kept) == tmp_path / "DOE^JANE"
    assert labelling_of(place.settings, kept) == BY_TAG
    assert "DOE" not in str(kept.payload)


def test_without_a_word_labels_are_in_the_folders(place, job):
    assert labelling_of(place.settings, job(**KEPT)) == Labelling()


def test_practice_data_has_no_source(place, job):
    assert source_of(place.settings, job(source=None)) is None


def test_a_job_of_an_earlier_version_names_its_source_itself(place, job, tmp_path):
    (tmp_path / "a.zip").touch()
    assert source_of(place.settings, job(source=str(tmp_path / "a.zip"))) == tmp_path / "a.zip"


@pytest.mark.parametrize("kept", [True, False])
def test_a_source_that_is_gone_is_told_in_words(place, job, tmp_path, kept):
    if kept:
        keep_source(place.settings, "ds_a", tmp_path / "DOE.zip", ours=True)
    with pytest.raises(DataGone, match="not on the server") as gone:
        source_of(place.settings, job(**KEPT))
    assert "DOE" not in str(gone.value)


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("folder", [True, False])
def test_only_an_upload_is_deleted_with_what_was_noted_of_it(place, tmp_path, ours, folder):
    source = tmp_path / "source"
    source.mkdir() if folder else source.touch()
    keep_source(place.settings, "ds_a", source, ours=ours)
    keep_source(place.settings, "ds_ab", source, ours=False)
    place.settings.look_dir("ds_a").mkdir()
    forget_source(place.settings, "ds_a")
    assert source.exists() is not ours
    assert kept_source(place.settings, "ds_a") is None
    assert [path.name for path in (place.settings.home / "looks").iterdir()] == ["ds_ab.source.json"]


def test_a_link_among_the_uploads_is_deleted_and_not_what_it_leads_to(place, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    keep_source(place.settings, "ds_a", tmp_path / "link", ours=True)
    forget_source(place.settings, "ds_a")
    assert (tmp_path / "precious").exists()
    assert not (tmp_path / "link").exists()
