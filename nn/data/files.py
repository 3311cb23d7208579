"""The files of data sets: what is wrong with them, and whether they are the right ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograd.errors import AutogradError


class DataError(AutogradError):
    """A file of a data set is missing, damaged or of another format; the message says which and
    how."""


class MissingDataError(DataError, FileNotFoundError):
    """A file of a data set is not there."""


def names_in(folder: Path) -> list[str] | str:
    """The files in ``folder``, for messages."""
    if not folder.is_dir():
        return "no such folder"
    names = sorted(path.name for path in folder.glob("[!.]*"))
    return names if len(names) <= 20 else [*names[:20], f"and {len(names) - 20} more"]


def checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 digests by file name that a SHA256SUMS in ``folder`` lists; none without one."""
    path = folder / "SHA256SUMS"
    if not path.is_file():
        return {}
    lines = [line.split() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    if any(len(line) != 2 for line in lines):
        raise DataError(f"{path}: each line must be a digest and a file name")
    return {name.lstrip("*"): digest for digest, name in lines}


def digest_of(path: Path) -> str:
    """The SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_digest(path: Path, expected: str | None) -> None:
    """Raise DataError if the SHA-256 of the file isn't ``expected``."""
    if expected is None:
        return
    actual = digest_of(path)
    if actual != expected.lower():
        raise DataError(
            f"{path}: is damaged or another file: its SHA-256 is {actual}, but should be "
            f"{expected}; remove it, and get it anew"
        )
