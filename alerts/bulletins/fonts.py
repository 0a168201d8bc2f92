"""Which fonts print a text: found on the system or named by a setting, and really holding every character."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.bulletins.cmap import characters
from index.problems import Unusable

# Families as Chinese offices print: songti for text, heiti for headings; the system's own first.
SONG = r"Noto Serif CJK SC|Source Han Serif (SC|CN)|思源宋体|FangSong|仿宋|Songti SC|SimSun|宋体|STSong"
HEI = r"Noto Sans CJK SC|Source Han Sans (SC|CN)|思源黑体|SimHei|黑体|Microsoft YaHei|PingFang SC|WenQuanYi.*|Heiti SC"
_MOST = 4  # families of one stack
ADVICE = (
    "请安装中文字体（Debian/Ubuntu：fonts-noto-cjk），或以 YUJING_FONT 指定一个中文字体文件 · "
    "install a Chinese font (Debian/Ubuntu: fonts-noto-cjk) or name a font file in YUJING_FONT"
)


@dataclass(frozen=True, slots=True)
class Face:
    """One upright face of a font file."""

    family: str
    weight: int
    file: Path
    index: int


@dataclass(frozen=True, slots=True)
class Family:
    """All upright faces of one family. `has` is what every one of them has: any may be picked for a weight."""

    name: str
    faces: tuple[Face, ...]

    @property
    def has(self) -> frozenset[int]:
        """The code points every face has."""
        return frozenset.intersection(*(characters(face.file, face.index) for face in self.faces))


@dataclass(frozen=True, slots=True)
class Fonts:
    """The families to set a text in: the first that has a character prints it."""

    body: tuple[str, ...]
    heads: tuple[str, ...]
    files: tuple[Path, ...]

    def gather(self, folder: Path) -> None:
        """Put just these files into a folder, so that no other font can slip in."""
        for at, file in enumerate(self.files):
            place = folder / f"{at}{file.suffix}"
            try:
                place.symlink_to(file.resolve())
            except OSError:  # a system that lets nobody link
                shutil.copyfile(file, place)


def find(text: str, named: Path | None = None, folders: Sequence[Path] | None = None) -> Fonts:
    """Fonts that have every character of a text.

    `named` is the operator's own file, used first; `folders` are looked into instead of the system's.
    Raises Unusable, saying what helps, if the file is no font or no font has a Chinese or any other character.
    """
    own = _named(named) if named else []
    needed = {ord(c) for c in text if _inked(c)}
    known = [*own, *_families(tuple(folders) if folders is not None else None)]
    body = _stack(needed, known, own, SONG)
    heads = _stack(needed, known, own, HEI)
    files = dict.fromkeys(face.file for family in (*body, *heads) for face in family.faces)
    return Fonts(tuple(f.name for f in body), tuple(f.name for f in heads), tuple(files))


def _inked(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _stack(needed: set[int], known: Sequence[Family], own: Sequence[Family], preferred: str) -> list[Family]:
    """Families that have all that is needed: the operator's, else the preferred, then what fills the gaps."""
    ordered = sorted(known, key=lambda f: (f not in own, not re.fullmatch(preferred, f.name), f.name))
    liked = [f for f in ordered if f in own or re.fullmatch(f"{SONG}|{HEI}", f.name)]
    stack: list[Family] = []
    missing = set(needed)
    han = {point for point in needed if unicodedata.name(chr(point), "").startswith("CJK UNIFIED")}
    for candidates, want in ((liked, han), (ordered, han), (ordered, needed)):
        while (wanted := missing & want) and len(stack) < _MOST:
            best = max(candidates, key=lambda f: len(wanted & f.has), default=None)
            if best is None or not wanted & best.has:
                break
            stack.append(best)
            missing -= best.has
    if missing:
        raise Unusable(_lack(missing, han))
    return stack


def _lack(missing: Iterable[int], han: set[int]) -> str:
    lacking = sorted(missing)
    if han and han <= set(lacking):
        return f"PDF: 没有找到中文字体 · no Chinese font was found. {ADVICE}"
    shown = "、".join(f"{chr(point)} (U+{point:04X})" for point in lacking[:8])
    return f"PDF: 现有字体缺字 · no font has {len(lacking)} character(s): {shown}. {ADVICE}"


def _named(file: Path) -> list[Family]:
    """The families of one file, looked at alone."""
    if not file.is_file():
        raise Unusable(f"YUJING_FONT: 没有这个文件 · no such file: {file}")
    with TemporaryDirectory() as folder:
        Fonts((), (), (file,)).gather(Path(folder))
        found = _read((Path(folder),))
    faces = [Face(face.family, face.weight, file, face.index) for family in found for face in family.faces]
    if not faces:
        raise Unusable(f"YUJING_FONT: 不是可用的字体文件 · not a font file: {file}")
    return _grouped(faces)


@cache
def _families(folders: tuple[Path, ...] | None) -> tuple[Family, ...]:
    return tuple(_read(folders))


def _read(folders: tuple[Path, ...] | None) -> list[Family]:
    import typst  # noqa: PLC0415

    found = typst.Fonts(
        include_system_fonts=folders is None, include_embedded_fonts=False, font_paths=list(folders or ())
    )
    upright = (f for f in found.fonts() if f.style == "normal" and f.path)
    return _grouped([Face(f.family, f.weight, Path(str(f.path)), f.index) for f in upright])


def _grouped(faces: Iterable[Face]) -> list[Family]:
    by_name: dict[str, list[Face]] = {}
    for face in faces:
        by_name.setdefault(face.family, []).append(face)
    return [Family(name, tuple(same)) for name, same in sorted(by_name.items())]
