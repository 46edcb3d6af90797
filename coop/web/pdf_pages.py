"""The pages of a PDF, reduced to what draws them: whatever is not named here as drawing something goes."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, StreamObject

OF_A_PAGE = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit"})
OF_RESOURCES = frozenset({"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/ProcSet"})
MARKS = frozenset(
    {
        *("/Widget", "/FreeText", "/Stamp", "/Highlight", "/Underline"),
        *("/StrikeOut", "/Ink", "/Square", "/Circle", "/Line"),
    }
)
"""What lies on a page and only shows something. Links lead away, and files hang on other marks."""
OF_LOOKS = frozenset({"/N", "/D", "/R"})
OF_A_MARK = frozenset(
    {
        *("/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C"),
        *("/Border", "/BS", "/CA", "/QuadPoints", "/InkList", "/L"),
    }
)
DRAWS_NOTHING = frozenset(
    {
        *("/A", "/AA", "/PA", "/Next", "/JS", "/JavaScript", "/OpenAction", "/URI", "/Launch", "/Names"),
        *("/AF", "/EF", "/RF", "/EmbeddedFiles", "/Metadata", "/PieceInfo", "/OPI", "/Ref", "/Alternates"),
        *("/OC", "/Properties", "/Parent", "/P", "/Pg", "/Annots", "/AcroForm", "/StructParent", "/StructParents"),
    }
)
ELSEWHERE = frozenset({"/F", "/FFilter", "/FDecodeParms"})
"""By these a stream would be read from a file beside the PDF."""
TYPES_LEFT_OUT = frozenset({"/Action", "/Filespec", "/EmbeddedFile", "/Catalog", "/Pages", "/Page", "/Annot"})
ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/URI", "/GoTo", "/GoToR", "/GoToE", "/GoToDp", "/GoTo3DView", "/Thread", "/Named"),
        *("/SubmitForm", "/ImportData", "/ResetForm", "/Hide", "/Sound", "/Movie", "/Rendition", "/SetOCGState"),
        *("/RichMediaExecute", "/Trans"),
    }
)


class Part(Enum):
    """What a dictionary is to the one that leads to it."""

    PLAIN = "plain"
    RESOURCES = "resources"
    LOOKS = "looks"
    NAMED = "named"
    """Its names are the writer's own: a letter, a font or the state of a box may well be called /A."""


def only_drawn(page: DictionaryObject) -> None:
    """Take from a page, and from all that it leads to, whatever does not draw it. Changes what was read."""
    sent = _value(page, "/Annots")
    marks = [mark for mark in sent if _is_mark(mark.get_object())] if isinstance(sent, ArrayObject) else []
    _keep(page, OF_A_PAGE)
    for mark in marks:
        written = mark.get_object()["/Subtype"] == "/FreeText"
        _keep(mark.get_object(), OF_A_MARK | {"/Contents"} if written else OF_A_MARK)
    _clear([page, *(mark.get_object() for mark in marks)])
    if marks:
        page[NameObject("/Annots")] = ArrayObject(marks)


def _is_mark(thing: Any) -> bool:
    return isinstance(thing, DictionaryObject) and _name(thing, "/Subtype") in MARKS


def _value(thing: DictionaryObject, name: str) -> Any:
    return thing.get(name, NullObject()).get_object()


def _name(thing: DictionaryObject, of: str) -> str:
    """The name that stands there; nothing where something else does, as in a font that has a letter called /S."""
    found = _value(thing, of)
    return found if isinstance(found, NameObject) else ""


def _keep(thing: DictionaryObject, names: frozenset[str]) -> None:
    for name in thing.keys() - names:
        del thing[name]


def _clear(starts: list[DictionaryObject]) -> None:
    waiting: list[tuple[Any, Part]] = [(start, Part.PLAIN) for start in starts]
    seen: dict[tuple[int, Part], Any] = {}
    while waiting:
        thing, part = waiting.pop()
        if (id(thing), part) in seen:
            continue
        seen[id(thing), part] = thing
        if isinstance(thing, DictionaryObject):
            _narrow(thing, part)
            waiting.extend(_parts(thing, part))
        elif isinstance(thing, ArrayObject):
            thing[:] = [NullObject() if _acts(one.get_object()) else one for one in thing]
            waiting.extend((one.get_object(), Part.PLAIN) for one in thing)


def _narrow(thing: DictionaryObject, part: Part) -> None:
    if part is Part.RESOURCES:
        _keep(thing, OF_RESOURCES)
    elif part is Part.LOOKS:
        _keep(thing, OF_LOOKS)
    elif part is Part.PLAIN:
        nothing = DRAWS_NOTHING | ELSEWHERE if isinstance(thing, StreamObject) else DRAWS_NOTHING
        _keep(thing, frozenset(thing.keys() - nothing))
    _keep(thing, frozenset(name for name in thing if not _acts(thing[name])))


def _acts(thing: Any) -> bool:
    """Is this an action, a file, or the document itself, wherever it was put?"""
    if not isinstance(thing, DictionaryObject):
        return False
    return _name(thing, "/Type") in TYPES_LEFT_OUT or _name(thing, "/S") in ACTIONS


def _parts(thing: DictionaryObject, part: Part) -> Iterator[tuple[Any, Part]]:
    for name in thing:
        yield thing[name], _part(name, thing[name], part)


def _part(name: str, value: Any, of: Part) -> Part:
    if of is Part.RESOURCES:
        return Part.NAMED
    if of is Part.LOOKS:
        return Part.PLAIN if isinstance(value, StreamObject) else Part.NAMED
    if of is Part.NAMED:
        return Part.PLAIN
    return {"/Resources": Part.RESOURCES, "/AP": Part.LOOKS, "/CharProcs": Part.NAMED}.get(name, Part.PLAIN)
