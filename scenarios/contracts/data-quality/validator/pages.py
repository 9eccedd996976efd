"""HTML data docs of a validation, by Great Expectations' own renderers, as pages that load nothing and run nothing."""

import os
import re
from pathlib import Path

from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

_style = """<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #ddd; padding: .3rem .5rem; text-align: left; vertical-align: top }
ul { padding-left: 1.2rem } .badge { background: #eee; border-radius: .3rem; padding: 0 .3rem } nav, .modal { display: none }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd } td, th { border-color: #444 } .badge { background: #333 } }
</style>"""

# What the templates fetch from elsewhere, what they run, and what leads away.
_foreign = re.compile(r"<script\b.*?</script\s*>|<link\b[^>]*>|<img\b[^>]*>|<style\b.*?</style\s*>|<footer\b.*?</footer\s*>", re.S | re.I)


def page_of(result) -> str:
    document = ValidationResultsPageRenderer(run_info_at_end=True).render(result)
    html = DefaultJinjaPageView().render(document)
    return _foreign.sub("", html).replace("</head>", f"{_style}</head>", 1)


def write_page(folder: Path, name: str, html: str) -> None:
    """Whole or not at all, whoever is killed meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.draft"
    draft.write_text(html, encoding="utf-8")
    os.replace(draft, folder / name)
