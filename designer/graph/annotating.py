"""What operations do to notes and sections."""

from collections.abc import Iterable

from designer.graph.annotations import NOTES, Note, NoteChanges, Section, SectionChanges
from designer.graph.document import INPUTS, part_at
from designer.graph.operations import Plain, Refused
from designer.graph.wiring import Wiring


class Annotating(Wiring):
    """The tables of notes and sections are in a document only while there are some."""

    # Notes

    def _add_note(self, note: Note) -> list[Plain]:
        notes = self.document.setdefault("notes", {})
        if note.id in notes:
            raise Refused("duplicate_id", f"There is a note `{note.id}` already.")
        notes[note.id] = self._in_section(note.plain())
        return [{"op": "remove_note", "id": note.id}]

    def _remove_note(self, id: str) -> list[Plain]:
        note = self._note(id)
        del self.document["notes"][id]
        if not self.document["notes"]:
            del self.document["notes"]
        return [{"op": "add_note", "note": note}]

    def _update_note(self, id: str, changes: NoteChanges) -> list[Plain]:
        note, given = self._note(id), _given(changes.model_dump(exclude_unset=True))
        self.document["notes"][id] = note | given
        return [{"op": "update_note", "id": id, "changes": {key: note[key] for key in given}}]

    def _note(self, id: str) -> Plain:
        note = self.document.get("notes", {}).get(id)
        if note is None:
            raise Refused("unknown_note", f"There is no note `{id}`; perhaps somebody deleted it.")
        return note

    # Sections

    def _add_section(self, section: Section) -> list[Plain]:
        sections = self.document.setdefault("sections", {})
        if section.id in sections:
            raise Refused("duplicate_id", f"There is a group `{section.id}` already.")
        sections[section.id] = section.model_dump()
        return [{"op": "remove_section", "id": section.id}]

    def _remove_section(self, id: str) -> list[Plain]:
        section, members = self._section(id), self._members(id)
        for member in members:
            self._put(member, None)
        del self.document["sections"][id]
        if not self.document["sections"]:
            del self.document["sections"]
        back = [{"op": "join", "section": id, "members": members}] if members else []
        return [{"op": "add_section", "section": section}, *back]

    def _update_section(self, id: str, changes: SectionChanges) -> list[Plain]:
        section, given = self._section(id), _given(changes.model_dump(exclude_unset=True))
        self.document["sections"][id] = section | given
        return [{"op": "update_section", "id": id, "changes": {key: section[key] for key in given}}]

    def _join(self, section: str | None, members: Iterable[str]) -> list[Plain]:
        """Members that are gone are passed over, as in a move. What undoes it says for each where it was before."""
        if section is not None:
            self._section(section)
        before: dict[str | None, list[str]] = {}
        for member in members:
            table, key = part_at(member)
            part = self.document.get(table, {}).get(key)  # type: ignore[attr-defined]
            if part is not None and part.get("section") != section:
                before.setdefault(part.get("section"), []).append(member)
                self._put(member, section)
        return [{"op": "join", "section": old, "members": left} for old, left in before.items()]

    def _put(self, member: str, section: str | None) -> None:
        table, key = part_at(member)
        parts: dict[str, Plain] = self.document[table]  # type: ignore[literal-required]
        rest = {name: value for name, value in parts[key].items() if name != "section"}
        parts[key] = rest if section is None else rest | {"section": section}

    def _members(self, section: str) -> list[str]:
        tables = (
            ("", self.document["nodes"]),
            (f"{INPUTS}.", self.document["inputs"]),
            (f"{NOTES}.", self.document.get("notes", {})),
        )
        return [
            prefix + key for prefix, parts in tables for key, part in parts.items() if part.get("section") == section
        ]

    def _section(self, id: str) -> Plain:
        section = self.document.get("sections", {}).get(id)
        if section is None:
            raise Refused("unknown_section", f"There is no group `{id}`; perhaps somebody took it apart.")
        return section

    def _in_section(self, part: Plain) -> Plain:
        """A new part without its section where that is gone: what comes back after it was deleted may outlive it."""
        if "section" in part and part["section"] not in self.document.get("sections", {}):
            return {key: value for key, value in part.items() if key != "section"}
        return part


def _given(changes: Plain) -> Plain:
    if any(value is None for value in changes.values()):
        raise Refused("malformed", "A change cannot be null.")
    return changes
