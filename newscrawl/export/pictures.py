"""Pictures that stand beside the posts: under which address, and in which folder of the site."""

from pathlib import PurePosixPath

from newscrawl.archive import Archive
from newscrawl.archive.image_files import ImageFiles, path_of
from newscrawl.config import Config
from newscrawl.export.files import Tree
from newscrawl.items import Article


class LocalPictures:
    """The stored pictures of one site; none at all where the configuration leaves them remote.

    A picture that was never stored, or whose file is gone, stays at its publisher.
    """

    def __init__(
        self, archive: Archive, config: Config, tree: Tree, folder: PurePosixPath | None
    ) -> None:
        """``folder``: where the site's generator publishes files as they are, None for none."""
        self._images = archive.images
        self._files = ImageFiles(archive.images_folder)
        self._base = config.site.image_base
        self._tree = tree
        self._folder = folder if config.output.images == "local" else None
        self._shown: set[PurePosixPath] = set()

    def may_show(self, article: Article) -> bool:
        """Whether a picture of the article may stand beside the posts, now or later."""
        return self._folder is not None and bool(article.images)

    def addresses(self, article: Article) -> dict[str, str]:
        """Return where the article's pictures are in the site: publisher's address -> ours."""
        if self._folder is None or not article.images:
            return {}
        found = {}
        for url, picture in self._images.of_article(article.url_hash or "").items():
            if self._files.has(picture):
                path = path_of(picture)
                self._shown.add(path)
                found[url] = f"{self._base}/{path}"
        return found

    def place(self) -> None:
        """Put the files of all addresses given since the last call into the site.

        What stands there under a picture's name is left as it is: the name says what it
        held, and whoever changed it meant to.
        """
        if self._folder is None:
            return
        for path in sorted(self._shown):
            self._tree.link(self._files.folder / path, self._folder / path)
        self._shown.clear()
