"""Time from `streamlit run app.py` until the server answers, and until the first page can be used in Chromium.

The home is empty and the browser is open already. Usable means: the page's script has run to its end, and the button
*Try it with practice data* can be clicked. One start that is not counted brings the files into memory (a warm disk);
then the median of five. No worker is started, as it would compete for the processor while it loads TensorFlow; with
`--worker` it is, as in everyday use.
"""

import argparse
import time

from playwright.sync_api import Browser, Error

from benchmarks.measuring import chromium, machine, new_app, seconds
from tests.journeys.conftest import SETTLED

BUTTON = ".st-key-home_try button:not([disabled])"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--worker", action="store_true", help="let the app start its worker meanwhile")
    arguments = parser.parse_args()
    with chromium() as browser:
        measured = [measure(browser, worker=arguments.worker) for _ in range(arguments.runs + 1)][1:]
    answering, usable = map(list, zip(*measured, strict=True))
    print(machine())
    print(f"server answers: {seconds(answering)}")
    print(f"first page usable: {seconds(usable)}")


def measure(browser: Browser, *, worker: bool) -> tuple[float, float]:
    """Seconds until the server answers, and until its first page can be used."""
    with new_app(worker=worker) as app:
        page = browser.new_page()
        began = time.perf_counter()
        app.start(wait=False)
        while not _arrives(page, app.url):
            time.sleep(0.005)
        answered = time.perf_counter() - began
        page.wait_for_selector(SETTLED)
        page.wait_for_selector(BUTTON)
        usable = time.perf_counter() - began
        page.close()
    return answered, usable


def _arrives(page, url: str) -> bool:
    try:
        page.goto(url, wait_until="commit")
    except Error:  # nobody listens there yet
        return False
    return True


if __name__ == "__main__":
    main()
