"""A learner's first minutes, in a real browser: open the lesson, run it, read a check, validate."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
LESSON = "04_current_injection"
PICTURES = ROOT / ".cache" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="no Chromium and chromedriver here"),
]


@contextlib.contextmanager
def jupyterlab(home, lessons):
    """The address of a JupyterLab served as `make lab` does, for somebody with an empty home."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    mine = ("JUPYTER", "IPYTHON", "XDG_", "MINGLM_", "PYTEST")
    env = {k: v for k, v in os.environ.items() if not k.startswith(mine)}
    env |= {"HOME": str(home), "JUPYTER_CONFIG_PATH": str(ROOT / "binder" / "jupyter")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=learner"]
    command += [f"--ServerApp.root_dir={lessons}"]
    with open(home / "server.log", "w") as log:
        server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api/status?token=learner", timeout=5).close()
                break
            assert server.poll() is None, (home / "server.log").read_text()
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@contextlib.contextmanager
def chromium(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (
        "headless=new no-sandbox disable-gpu disable-quic no-first-run disable-dev-shm-usage "
        "disable-background-networking disable-component-update disable-sync "
        f"window-size=1400,1000 user-data-dir={profile}"
    ).split():
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


class Learner:
    """Does what a learner's hands do, and waits like one."""

    def __init__(self, driver):
        self.driver = driver

    def find(self, selector, text=None, seconds=60):
        """The first visible element for a CSS selector, whose text is exactly ``text`` if given."""

        def look(driver):
            with contextlib.suppress(WebDriverException):
                for element in driver.find_elements(By.CSS_SELECTOR, selector):
                    if element.is_displayed() and text in (None, element.text.strip()):
                        return element

        return WebDriverWait(self.driver, seconds).until(look, f"{selector} {text or ''}")

    def click(self, selector, text=None):
        self.find(selector, text).click()

    def scroll_to(self, text, selector=".jp-OutputArea-output"):
        """Bring the first output that holds ``text`` into view; what is drawn there is returned."""
        code = """
            const all = [...document.querySelectorAll(arguments[0])];
            const one = all.find(e => e.outerHTML.includes(arguments[1]));
            one?.scrollIntoView({block: "center"});
            return one;"""
        look = lambda driver: driver.execute_script(code, selector, text)
        element = WebDriverWait(self.driver, 30).until(look, f"no output with {text}")
        time.sleep(1)
        return element

    def wait_until_idle(self, seconds=180):
        time.sleep(1)
        self.find(".jp-Notebook-ExecutionIndicator[data-status=idle]", seconds=seconds)

    def screenshot(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(PICTURES / f"{name}.png")

    def save(self, path):
        before = path.stat().st_mtime_ns
        self.find(".jp-Notebook").send_keys(Keys.CONTROL, "s")
        WebDriverWait(self.driver, 30).until(lambda _: path.stat().st_mtime_ns > before)
        time.sleep(0.5)
        return nbformat.read(path, as_version=4)


def solve_first_exercise(path):
    """Type the solution of the lesson's first exercise into the notebook; the exercise's name."""
    source = (ROOT / "solutions" / LESSON / f"{LESSON}.py").read_text(encoding="utf-8")
    cell_of_source = r'^# %% exercise="(\w+)".*\n((?:(?!# %%).*\n)*)'
    name, answer = re.search(cell_of_source, source, re.M).groups()
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
    cell.source = re.sub(r"^ *### (BEGIN|END) SOLUTION\n", "", answer, flags=re.M).strip()
    nbformat.write(notebook, path)
    return name


def shown(cell):
    """What stands under a cell, as one text."""
    return json.dumps(cell.get("outputs", []))


def test_a_learner_opens_runs_and_validates_a_lesson(tmp_path):
    home, lessons = tmp_path / "home", tmp_path / "lessons"
    home.mkdir()
    shutil.copytree(ROOT / "lessons", lessons)
    path = lessons / LESSON / f"{LESSON}.ipynb"
    solved = solve_first_exercise(path)
    with jupyterlab(home, lessons) as address, chromium(tmp_path / "profile") as driver:
        me = Learner(driver)
        driver.get(f"{address}/lab/tree/{LESSON}/{LESSON}.ipynb?token=learner")
        me.find(".jp-Notebook .jp-Cell")
        me.wait_until_idle()
        time.sleep(3)  # questions asked at the first start come late
        me.screenshot("opened")
        assert not driver.find_elements(By.CSS_SELECTOR, ".jp-Dialog, .jp-toast-button")
        assert "grader" not in me.find(".lm-MenuBar").text.lower()

        me.click(".lm-MenuBar-itemLabel", "Run")
        me.click(".lm-Menu-itemLabel", "Run All Cells")
        me.wait_until_idle()
        cells = me.save(path).cells
        stops = [shown(c) for c in cells if "not attempted" in shown(c)]
        assert len(stops) == 1, "Run All Cells stops at the first exercise that is still open"
        assert "Traceback" not in stops[0]
        figure = me.scroll_to("<img").find_element(By.CSS_SELECTOR, "img")
        assert int(figure.get_attribute("naturalWidth")) > 300
        assert len(figure.get_attribute("alt")) > 20
        me.screenshot("figure")
        me.scroll_to(f"{solved}: passed")
        me.screenshot("passed")
        me.scroll_to("not attempted")
        me.screenshot("not-attempted")

        me.click(".jp-NotebookPanel-toolbar *", "Validate")
        me.find(".jp-Dialog-header", seconds=240)
        me.screenshot("validated")
        verdict = me.find(".jp-Dialog").text
        assert "not attempted" in verdict and "passed" not in verdict
        errors = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE"]
        assert not errors, json.dumps(errors, indent=1)
