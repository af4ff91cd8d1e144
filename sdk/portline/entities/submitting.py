"""What makes an object one that the client can upload: it writes itself into a folder, which lasts as long as it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portline.entities.yaml import Files


class Submittable:
    """Jobs as objects. As text they are their YAML; in a notebook, a picture of the graph."""

    _files: "Files | None" = None

    @property
    def base_path(self) -> Path:
        """The folder that it was written to, with links to all that it needs."""
        from portline.entities.yaml import Files

        self._files = Files(self)  # anew each time: it may have been changed since
        return self._files.folder

    def _to_dict(self) -> dict[str, Any]:
        if self._files is None:
            _ = self.base_path
        assert self._files is not None
        return self._files.content

    def dump(self, folder: str | Path) -> Path:
        """Write `pipeline.yml` with its components, code and data into a folder, and answer the file.

        Raises PortlineError where something else than a folder is there.
        """
        from portline.entities.yaml import write

        return write(self, Path(folder))

    def picture(self) -> str:
        """The graph as SVG."""
        from portline.dsl.picture import svg
        from portline.entities.yaml import inline

        return svg(inline(self))

    def _repr_svg_(self) -> str:
        return self.picture()

    def _repr_html_(self) -> str:
        return f'<div style="overflow:auto;max-width:100%">{self.picture()}</div>'

    def __str__(self) -> str:
        from portline.entities.yaml import inline, text

        return text(inline(self))
