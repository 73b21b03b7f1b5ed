"""What a labelling refuses, in words."""

import pytest

from core.errors import BadSetting
from core.images import LABEL_TAGS
from core.specs import FREE_TEXT_TAGS, GROUP_TAGS, Labelling


@pytest.mark.parametrize("tag", GROUP_TAGS)
def test_a_tag_that_tells_people_apart_is_no_class(tag):
    with pytest.raises(BadSetting, match=f"{tag} tells people and examinations apart and cannot be the class"):
        Labelling.checked({"label": {"kind": "tag", "name": tag}})
    assert Labelling.checked({"patient": {"kind": "tag", "name": tag}}).patient.name == tag


def test_free_text_is_among_the_tags_that_may_be_the_class():
    assert set(FREE_TEXT_TAGS) < set(LABEL_TAGS)
    assert not set(GROUP_TAGS) & set(LABEL_TAGS)
    assert Labelling.checked({"label": {"kind": "tag", "name": FREE_TEXT_TAGS[0]}}).label.name == FREE_TEXT_TAGS[0]
