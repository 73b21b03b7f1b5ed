"""The server says by which links it can be reached."""

import re

import pytest
from streamlit import config

from pages.http import life, place


@pytest.fixture
def listening(home, monkeypatch):
    """Listen on an address with a key, as far as the links are concerned."""

    def listen(address, key=""):
        options = {"server.address": address, "server.port": 8501, "server.sslCertFile": None}
        monkeypatch.setattr(config, "get_option", options.__getitem__)
        keyed = home.settings.model_copy(update={"access_key": key})
        place.use_home(type(home)(keyed, home.store))
        return life.links()

    yield listen
    place.use_home(None)


def test_on_loopback_there_is_one_link_without_a_key(listening):
    assert listening("127.0.0.1") == ["http://127.0.0.1:8501/"]
    assert listening("::1") == ["http://[::1]:8501/"]


@pytest.mark.parametrize("every", ["0.0.0.0", "::", "", None])
def test_on_every_address_the_first_link_is_this_machines(listening, every):
    first, *others = listening(every, "secret-key")
    assert first == "http://127.0.0.1:8501/?key=secret-key"
    assert all(re.fullmatch(r"http://[\d.]+:8501/\?key=secret-key", link) for link in others)


def test_a_key_of_odd_characters_survives_in_the_link(listening):
    # & and # would end it, + would become a space
    assert listening("10.0.0.5", "a&b#c+d e") == ["http://10.0.0.5:8501/?key=a%26b%23c%2Bd%20e"]
