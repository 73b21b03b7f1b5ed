"""A public data set by its name, fetched from where it is published; without a network it says so at once."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from pages.parts import numbers, page, session

OFFLINE = (
    "This server may not fetch anything from the network (setting `LIGHTBOX_NETWORK`). Download a set elsewhere, and"
    " upload its file."
)
ABOUT = {
    "PathMNIST": "colon tissue under the microscope, 9 kinds",
    "DermaMNIST": "skin lesions, 7 kinds",
    "OCTMNIST": "retinal OCT, 4 findings",
    "PneumoniaMNIST": "chest X-rays, pneumonia or not",
    "RetinaMNIST": "eye fundus, 5 grades of retinopathy",
    "BreastMNIST": "breast ultrasound, malignant or not",
    "BloodMNIST": "blood cells, 8 kinds",
    "TissueMNIST": "kidney cells, 8 kinds",
    "OrganAMNIST": "abdominal CT, axial, 11 organs",
    "OrganCMNIST": "abdominal CT, coronal, 11 organs",
    "OrganSMNIST": "abdominal CT, sagittal, 11 organs",
}
"""What the sets of MedMNIST show, as their publishers describe them."""


def show() -> str | None:
    """The list of public sets and the button that fetches one; the id of the data set that has begun, or None."""
    home = session.home()
    st.markdown("#### A public data set")
    if not home.settings.network:
        st.caption(OFFLINE)
        return None
    chosen = _chosen()
    if chosen is None or not st.button("Fetch it", key="data_public", icon=":material/cloud_download:"):
        return None
    try:
        return actions.fetch_public_set(home, chosen.key)
    except LightboxError as error:
        page.show_error(error)
        return None


def _chosen() -> actions.PublicSet | None:
    """The set that is chosen by its name and its size; both stand in its title: `PneumoniaMNIST, 28 px`."""
    families: dict[str, dict[str, actions.PublicSet]] = {}
    for each in actions.public_sets():
        name, _, side = each.title.partition(", ")
        families.setdefault(name, {})[side] = each
    smallest = min(families, key=lambda family: min(each.images for each in families[family].values()), default=None)
    name = st.selectbox(
        "Set to fetch",
        list(families),
        index=list(families).index(smallest) if smallest is not None else None,
        format_func=lambda family: f"{family} · {ABOUT.get(family, 'images')}",
        key="data_public_set",
        help="Published collections to learn with and to compare on. Choose the one nearest to your own question.",
    )
    if name is None:
        return None
    sides = families[name]
    side = st.segmented_control(
        "Width and height of its images",
        list(sides),
        default=next(iter(sides)),
        key="data_public_side",
        required=True,
        wrap=True,
        help="How large the images are. Larger ones show more detail, and take longer to fetch and to train on.",
    )
    chosen = sides.get(str(side), next(iter(sides.values())))
    size = f", {numbers.size(chosen.bytes)} to fetch" if chosen.bytes else ""
    st.caption(
        f"{numbers.count(chosen.images, 'image')}{size}. Licence {page.safe(chosen.licence)};"
        f" described at {page.safe(chosen.source)}."
    )
    return chosen
