"""Front matter as others read it: PyYAML, Ruby's Psych (Jekyll) and js-yaml (Hexo)."""

import json
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import frontmatter

from tests.sites.builders import HEXO_TOOLS, hexo

FrontMatter = dict[str, Any]

_RUBY = (
    "require 'psych'; require 'json'; require 'date'; print JSON.generate(Dir[ARGV[0] + '/*'].map {"
    " |f| [File.basename(f), Psych.safe_load(File.read(f).split(/^---\\n/)[1],"
    " permitted_classes: [Time, Date]).transform_values { |v| v.is_a?(Time) ? v.to_i : v }]"
    " }.to_h)"
)
_NODE = (
    "const fs = require('fs'), yaml = require('js-yaml');"
    "const dir = process.argv[1], read = {};"
    "for (const name of fs.readdirSync(dir)) {"
    " const found = yaml.load(fs.readFileSync(`${dir}/${name}`, 'utf8').split(/^---\\n/m)[1]);"
    " if (found.date instanceof Date) found.date = found.date.getTime() / 1000;"
    " read[name] = found; }"
    "process.stdout.write(JSON.stringify(read));"
)


def _by_pyyaml(posts: Path) -> Mapping[str, FrontMatter]:
    return {path.name: frontmatter.load(str(path)).metadata for path in posts.iterdir()}


def _by_psych(posts: Path) -> Mapping[str, FrontMatter]:
    return _by_program(["ruby", "-e", _RUBY, str(posts)], posts)


def _by_js_yaml(posts: Path) -> Mapping[str, FrontMatter]:
    hexo()  # comes with it
    return _by_program(["node", "-e", _NODE, str(posts)], HEXO_TOOLS)


def _by_program(command: list[str], folder: Path) -> Mapping[str, FrontMatter]:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    found: dict[str, FrontMatter] = json.loads(done.stdout)
    return found


YAML_READERS: Mapping[str, Callable[[Path], Mapping[str, FrontMatter]]] = {
    "pyyaml": _by_pyyaml,
    "psych": _by_psych,
    "js-yaml": _by_js_yaml,
}
"""Each returns the front matter of every post in a folder, by its file name."""


def instant(value: Any) -> datetime:
    """Return the instant that a reader of YAML made of a date, whatever type it chose."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, int):
        return datetime.fromtimestamp(value).astimezone()
    if "GMT" in value:
        return parsedate_to_datetime(value)
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S %z")
