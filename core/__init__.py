"""Lightbox as a library: what the pages do, without a screen. Never imports streamlit.

Rooms import downwards only: cli > actions > jobs > studies > training | evaluation | explain >
datasets | models | metrics > images | store | figures > specs > settings > errors.
"""

__version__ = "0.1.0"
