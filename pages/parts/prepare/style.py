"""The look of the Prepare page that no other page shares."""

from __future__ import annotations

STYLE = """<style>
@media (min-width: 641px) and (min-height: 700px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-prepare_evidence) { position: sticky; top: 3rem; }
}
[class*="st-key-prepare_step_"] [data-testid="stButtonGroup"] button { height: auto; }
[class*="st-key-prepare_step_"] [data-testid="stButtonGroup"] button p { white-space: normal; text-align: left; }
.st-key-prepare_stages [data-testid="stImage"] img { aspect-ratio: 1; object-fit: contain; background: #000; }
.lb-came img{width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:.4rem;display:block}
.lb-came.small img{image-rendering:pixelated}
</style>"""
"""The image stays in view while the steps are scrolled; words of a choice wrap; small images keep sharp pixels."""
