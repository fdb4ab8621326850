"""Sites of the generators around our posts: begun from a template, and looked over later.

The templates are the folders ``jekyll/``, ``hexo/`` and ``hugo/`` beside this file, and
``shared/`` for what all three show with. A site that was begun belongs to its user: nothing
here writes into it again.
"""

from newscrawl.sites.check import Checked, check_site
from newscrawl.sites.findings import Finding
from newscrawl.sites.generators import GENERATORS, SiteError
from newscrawl.sites.start import Started, start_site

__all__ = [
    "GENERATORS",
    "Checked",
    "Finding",
    "SiteError",
    "Started",
    "check_site",
    "start_site",
]
