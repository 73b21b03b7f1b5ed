"""No button above a chart sends it anywhere."""

import pytest

from core.figures import BUTTONS, NO_BUTTONS


@pytest.mark.parametrize("config", [BUTTONS, NO_BUTTONS], ids=["buttons", "no buttons"])
def test_a_chart_knows_no_server(config):
    assert config["showSendToCloud"] is False
    assert config["plotlyServerURL"] == ""


def test_the_buttons_are_named_one_by_one():
    named = [button for group in BUTTONS["modeBarButtons"] for button in group]
    assert named == ["toImage", "zoom2d", "pan2d", "resetScale2d"]
    assert NO_BUTTONS["displayModeBar"] is False
