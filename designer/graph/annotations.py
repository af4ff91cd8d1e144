"""What people lay on the canvas beside nodes: notes in Markdown, and sections that hold nodes together.

A section has no place of its own: it is drawn around its members, each of which names it. The UI calls it a group.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NOTES, SECTIONS = "$notes", "$sections"
"""What the ids of notes and sections begin with, where those of nodes may stand too: `$notes.ID`."""

Color = Literal["yellow", "blue", "green", "pink", "violet", "gray"]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,254}$")]
_Place = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Width = Annotated[float, Field(ge=120, le=2000, allow_inf_nan=False)]
_Height = Annotated[float, Field(ge=64, le=2000, allow_inf_nan=False)]
_Text = Annotated[str, StringConstraints(max_length=20_000)]
_Title = Annotated[str, StringConstraints(max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Note(_Part):
    """A sticky note. `text` is Markdown."""

    id: Id
    text: _Text = ""
    x: _Place = 0
    y: _Place = 0
    width: _Width = 240
    height: _Height = 160
    color: Color = "yellow"
    section: Id | None = None

    def plain(self) -> dict[str, Any]:
        """As the document holds it: `section` only where it is in one."""
        return self.model_dump(exclude={"section"} if self.section is None else set())


class NoteChanges(_Part):
    text: _Text | None = None
    x: _Place | None = None
    y: _Place | None = None
    width: _Width | None = None
    height: _Height | None = None
    color: Color | None = None


class Section(_Part):
    id: Id
    title: _Title = ""
    color: Color = "gray"


class SectionChanges(_Part):
    title: _Title | None = None
    color: Color | None = None
