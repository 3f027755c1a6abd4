"""Chromium driven by Playwright (needs the virtual environment); used by end-to-end tests and screenshots."""
import contextlib
import re
import shutil

from playwright.sync_api import sync_playwright

from .settings import SCREENSHOTS
from .shell import SetupError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FIRST = 90_000  # milliseconds that the first page may take: Odoo makes its bundles, perhaps on a busy machine
STEP = 20_000  # milliseconds that an element may take to appear


@contextlib.contextmanager
def chromium():
    """Debian's Chromium without a window; ended with the block."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        raise SetupError("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def sign_in(browser, server, login, path="/odoo", size=(1366, 900), dark=False, password=None, **context_options):
    """A page of its own, signed in as a user (password: the login, when none is given) and opened at `path`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="en-US", timezone_id="Europe/Prague", **context_options)
    context.set_default_timeout(STEP)
    cookies = {"session_id": server.session_cookie(login, password), **({"color_scheme": "dark"} if dark else {})}
    context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    if dark:
        _darken(context, server)
    page = context.new_page()
    page.goto(server.url + path, timeout=FIRST)
    return page


def _darken(context, server):
    """Serve the dark bundle in place of the light one: Community ships it, but nothing in it switches to it."""
    def swap(route):
        route.fulfill(response=route.fetch(url=f"{server.url}/web/assets/any/web.assets_web_dark.min.css"))

    context.route(re.compile(r"/web/assets/[^/]+/web\.assets_web(\.min)?\.css"), swap)


def photograph(page, title):
    """Save what a page shows under `.dev/screenshots/`; returns the file."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', title)}.png"
    page.screenshot(path=str(file))
    return file
