"""Sphinx: pages in Markdown, the reference from docstrings. `make docs` builds with -W."""

import re
import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]

project, version = _project["name"], _project["version"]
author, copyright = "The minglm authors", "2026, the minglm authors"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Generalized linear models for neural data",
    "page_width": "1080px",
    "fixed_sidebar": True,
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_inherit_docstrings = False


def _plain(text):
    """Text as it stands, `code` apart, with nothing that reStructuredText would take for markup."""
    code_or_text = re.split(r"(`+[^`]+`+)", text)
    escaped = [re.sub(r"([*|_`\\])", r"\\\1", part) for part in code_or_text[::2]]
    code = ["``" + part.strip("`") + "``" for part in code_or_text[1::2]]
    return "".join(a + b for a, b in zip(escaped, [*code, ""], strict=True))


def read_docstring(app, what, name, obj, options, lines):
    """Docstrings here are plain text in which an indented block is code or a formula."""
    text = "\n".join(lines).strip("\n")
    blocks = []
    for paragraph in re.split(r"\n{2,}", text):
        if paragraph.startswith("    "):
            blocks.append("::\n\n" + re.sub(r"^", "    ", paragraph, flags=re.M))
        elif re.match(r"- ", paragraph):
            blocks.append(_plain(paragraph))
        else:
            blocks.append(_plain(re.sub(r"\n +", "\n", paragraph)))
    lines[:] = "\n\n".join(blocks).splitlines() + [""]


def setup(app):
    app.connect("autodoc-process-docstring", read_docstring)
