"""A real Chromium: how it is found and started, what a page must not do, and the audit of its accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, Request, Response

# Every window would make two more pages, for suggestions below its address bar, and these take as long as a test's own.
# The others are what Playwright switches off, whose list this one replaces.
SWITCHED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # the tests may run as root, where Chromium's own sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(SWITCHED_OFF)}",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCALE = "fr-FR"
TIMEOUT_MS = 10_000

AXE = Path(__file__).with_name("axe.min.js")
_RUN_AXE = """
async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    v => `${v.id} (${v.impact}): ${v.help}\\n` + v.nodes.map(n => `      ${n.html}\\n      ${n.failureSummary}`).join('\\n')
)
"""


class BrowserMissing(RuntimeError):
    """There is no Chromium on this machine."""


def find_chromium() -> str:
    """Return the path of the machine's Chromium; without one the tests fail, they are never skipped."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise BrowserMissing("Chromium is missing: run 'make test-setup', or sudo apt-get install chromium")


def start_browser(playwright: Playwright) -> Browser:
    """Start Chromium without a window."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))


class Watch:
    """Notes what a page must never do: fail to run, break the security policy, ask another address for anything."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self.complaints: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of `context`."""
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # An answer of 4xx is written to the console too, and may be what the test is about.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._base_url, "data:", "blob:", "about:")):
            self.complaints.append(f"request to another address: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"the server failed: {response.status} {response.url}")


@contextmanager
def watched_context(browser: Browser, base_url: str, **options: Any) -> Iterator[BrowserContext]:
    """Yield a fresh browser profile in French; at the end, what its pages did wrong is an error."""
    settings: dict[str, Any] = {"base_url": base_url, "locale": LOCALE, "timezone_id": "Europe/Paris"}
    settings |= {"viewport": DESKTOP, "reduced_motion": "reduce"} | options
    context = browser.new_context(**settings)
    context.set_default_timeout(TIMEOUT_MS)
    watch = Watch(base_url)
    watch.follow(context)
    try:
        yield context
    finally:
        context.close()
    if watch.complaints:
        raise AssertionError("the pages did what they must not:\n" + "\n".join(f"  - {c}" for c in watch.complaints))


def accessibility_violations(page: Page, prepare: Callable[[Page], None] | None = None) -> list[str]:
    """Return what axe-core finds on the page that `page` shows, opened anew as the same user and in the same window.

    The audit needs a page without the security policy, which would stop it from reading the colours and so hide
    violations. State that an address does not carry (an open menu) is made again by `prepare`.
    """
    browser = page.context.browser
    if browser is None:
        raise Error("the page belongs to no browser")
    context = browser.new_context(
        bypass_csp=True,
        storage_state=page.context.storage_state(),
        locale=LOCALE,
        timezone_id="Europe/Paris",
        viewport=page.viewport_size,
        reduced_motion="reduce",
    )
    try:
        audited = context.new_page()
        audited.goto(page.url)
        if prepare is not None:
            prepare(audited)
        audited.add_script_tag(path=AXE)
        found: list[str] = audited.evaluate(_RUN_AXE)
    finally:
        context.close()
    return found
