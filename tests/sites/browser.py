"""A real browser on loopback: the built site on one side, the rest of the web on the other.

Every host that is not the site's resolves to one TLS server of ours, which gives a picture to
whoever asks and writes down what was asked: no test reaches a network, and whatever a page
asks for elsewhere is seen.
"""

import datetime
import os
import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

PHONE, DESKTOP = 390, 1280
PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="800" height="450">
<rect width="800" height="450" fill="#9db4c8"/><path d="M0 450 280 160l160 160 90-80 270 210z"
fill="#5d7a94"/><circle cx="620" cy="110" r="50" fill="#f3e3b3"/></svg>"""
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--ignore-certificate-errors",
)


class Elsewhere(ThreadingHTTPServer):
    """The rest of the web. ``asked``: each request's ``host/path`` and its Referer."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Picture)
        self.asked: list[tuple[str, str | None]] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder))
        self.socket = context.wrap_socket(self.socket, True, do_handshake_on_connect=False)

    def handle_error(self, *_: Any) -> None:
        """A browser that leaves in the middle of an answer is no fault of the page."""


class _Picture(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        address = f"{self.headers['Host']}{self.path}"
        self.server.asked.append((address, self.headers["Referer"]))
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen of the tests."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing on the screen of the tests."""


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve ``folder``, which may be filled later, on loopback; yield the port."""
    handler = partial(_Quiet, directory=str(folder))
    with _running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield server.server_port


@contextmanager
def elsewhere(folder: Path) -> Iterator[Elsewhere]:
    """Stand in for every other host; ``folder`` takes its certificate."""
    server = Elsewhere(folder)
    with _running(server):
        yield server


@contextmanager
def browser(profile: Path, beyond: Elsewhere) -> Iterator[webdriver.Chrome]:
    """Yield a browser that reaches 127.0.0.1, and ``beyond`` for every other host.

    Skips (in CI: fails) where there is no Chromium with its driver.
    """
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        reason = "Chromium is not installed: run scripts/install-browser.sh"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    rules = f"MAP * 127.0.0.1:{beyond.server_port}, EXCLUDE 127.0.0.1"
    options.add_argument(f"--host-resolver-rules={rules}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=Service(executable_path=driver))
    try:
        window.set_page_load_timeout(60)
        _leave_start_page(window)
        yield window
    finally:
        window.quit()


def _leave_start_page(window: webdriver.Chrome) -> None:
    """Close the page that Debian's browser begins with, which asks for things elsewhere."""
    first = window.current_window_handle
    window.switch_to.new_window("tab")
    tab = window.current_window_handle
    window.switch_to.window(first)
    window.close()
    window.switch_to.window(tab)


def resize(window: webdriver.Chrome, width: int, *, dark: bool = False) -> None:
    """Show pages as a screen of this width (CSS pixels) does; a narrow one is a phone."""
    phone = width < 600
    screen = {"width": width, "height": 844 if phone else 900, "mobile": phone}
    window.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {**screen, "deviceScaleFactor": 2 if phone else 1}
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def complaints(window: webdriver.Chrome) -> list[str]:
    """Return what the console has had to say since it was last asked: errors and warnings."""
    log: list[dict[str, str]] = window.execute("getLog", {"type": "browser"})["value"]
    return [each["message"] for each in log if each["level"] in ("SEVERE", "WARNING")]


def overflow(window: webdriver.Chrome) -> int:
    """Return by how many pixels the page is wider than its screen."""
    script = (
        "const page = document.documentElement;"
        "return Math.max(page.scrollWidth, document.body.scrollWidth) - page.clientWidth;"
    )
    width = window.execute_script(script)
    assert isinstance(width, int)
    return width


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    """Return a file with a fresh key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "elsewhere.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path
