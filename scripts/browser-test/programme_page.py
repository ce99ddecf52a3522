"""The page of a programme, looked at by a browser."""

import json
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from rehearsal import PEOPLE, Rehearsal

HOME = Path(os.environ["HOME_OF_TEST"])
# In seconds; the page asks every ten.
PATIENCE = 60


def browser(profile: str) -> webdriver.Chrome:
    """A browser without a window, a past or a wish to call home."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
        f"--user-data-dir={profile}", "--window-size=1100,1400",
    ]:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Page:
    """The page, as it is seen."""

    def __init__(self, driver: webdriver.Chrome, url: str):
        self.driver, self.url = driver, url
        self.asked = []
        driver.get(url)

    def text(self, name: str) -> str:
        # In one step: the page may draw itself anew between two.
        return self.driver.execute_script("return document.getElementById(arguments[0])?.innerText ?? ''", name)

    def wait_for(self, name: str, text: str) -> None:
        WebDriverWait(self.driver, PATIENCE, 0.1).until(
            lambda _: text in self.text(name), f"{name} never says {text!r}: {self.text(name)!r}")

    def requests(self) -> list:
        """The addresses that were asked for so far."""
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.asked.append(message["params"]["request"]["url"])
        return self.asked

    def style(self, name: str) -> str:
        return self.driver.execute_script(f"return getComputedStyle(document.body).{name}")


def shows_a_sign_in_without_a_reload(page: Page, rehearsal: Rehearsal) -> None:
    page.wait_for("n-wait", str(PEOPLE))
    assert page.text("n-over") == "0", page.text("n-over")
    assert rehearsal.org in page.text("about"), page.text("about")
    page.driver.execute_script("window.here = true")
    rehearsal.sign_in(0)
    rehearsal.sign_in(1)
    page.wait_for("n-over", "2")
    page.wait_for("n-wait", str(PEOPLE - 2))
    page.wait_for("percent", f"of {PEOPLE} people")
    page.wait_for("groups", f"2 of {PEOPLE}")
    assert page.driver.execute_script("return window.here === true"), "the page was loaded anew"


def says_in_words_what_it_draws(page: Page) -> None:
    pictures = page.driver.execute_script(
        "return [...document.querySelectorAll('main svg[role=img]')].map(picture =>"
        " [...picture.querySelectorAll(':scope > title, :scope > desc')].map(part => part.textContent))")
    assert len(pictures) >= 4, pictures
    for words in pictures:
        assert len(words) == 2 and all(words), words


def bears_the_dark(page: Page) -> None:
    light = page.style("backgroundColor"), page.style("color")
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    dark = page.style("backgroundColor"), page.style("color")
    assert light != dark and contrast(*light) >= 7 and contrast(*dark) >= 7, (light, dark)
    page.driver.save_screenshot(str(HOME / "programme-dark.png"))
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG has it."""
    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1:-1].split(",")[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    dim, bright = sorted([light(one), light(other)])
    return (bright + 0.05) / (dim + 0.05)


def fits_a_phone(page: Page) -> None:
    size = {"width": 340, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wide = page.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 340, f"{wide} pixels on a window of 340"
    page.driver.save_screenshot(str(HOME / "programme-phone.png"))
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def asks_nobody_else(page: Page) -> None:
    own = urlsplit(page.url).netloc
    web = [url for url in page.requests() if urlsplit(url).scheme in ("http", "https", "ws", "wss")]
    assert len(web) >= 4, web
    strangers = [url for url in web if urlsplit(url).netloc != own]
    assert not strangers, strangers


def says_nothing_in_the_console(page: Page) -> None:
    lines = page.driver.get_log("browser")
    assert not lines, lines


def tells_the_end_of_its_server(page: Page, rehearsal: Rehearsal) -> None:
    rehearsal.page_process.terminate()
    rehearsal.page_process.wait(timeout=30)
    page.wait_for("trouble", "does not answer")
    assert page.text("n-over") == "2", "the last numbers stay"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="muster-browser-") as folder:
        (Path(folder) / "work").mkdir()
        rehearsal = Rehearsal(Path(folder) / "work")
        driver = browser(str(Path(folder) / "profile"))
        try:
            page = Page(driver, rehearsal.page)
            checks = [
                lambda: shows_a_sign_in_without_a_reload(page, rehearsal),
                lambda: says_in_words_what_it_draws(page),
                lambda: driver.save_screenshot(str(HOME / "programme.png")),
                lambda: bears_the_dark(page),
                lambda: fits_a_phone(page),
                lambda: asks_nobody_else(page),
                lambda: says_nothing_in_the_console(page),
                lambda: tells_the_end_of_its_server(page, rehearsal),
            ]
            for check in checks:
                check()
        except BaseException:
            driver.save_screenshot(str(HOME / "failed.png"))
            raise
        finally:
            driver.quit()
            rehearsal.end()
    print(f"the page of a programme in a browser: ok; pictures in {HOME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
