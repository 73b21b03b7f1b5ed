"""The look keeps its promises in figures: contrast in both themes, one palette, nothing from elsewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from core.figures import ACCENT, CATEGORICAL, contrast

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = {name: CONFIG["theme"][name] for name in ("light", "dark")}
OURS = [path for path in (ROOT / "pages").rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")]


@pytest.mark.parametrize("name", THEMES)
def test_text_and_accent_can_be_read(name):
    theme = THEMES[name]
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["primaryColor"], background) >= 4.5
        assert contrast(theme["linkColor"], background) >= 4.5


def test_the_app_and_the_charts_share_their_colours():
    assert THEMES["light"]["primaryColor"].lower() == ACCENT.lower()
    assert [colour.lower() for colour in CONFIG["theme"]["chartCategoricalColors"]] == [c.lower() for c in CATEGORICAL]


def test_nothing_is_fetched_from_elsewhere():
    assert OURS
    for path in OURS:
        addresses = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text(encoding="utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["logger"]["hideWelcomeMessage"] is True
    assert "url" not in CONFIG["theme"]["font"].lower()


def test_text_from_elsewhere_never_becomes_markup():
    for path in OURS:
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text(encoding="utf-8"))


def test_the_server_is_set_for_one_machine_and_for_speed():
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["maxUploadSize"] == 50
    assert CONFIG["server"]["enableStaticServing"] is False
    assert CONFIG["runner"]["postScriptGC"] is False
