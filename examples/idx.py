"""A reader of IDX files, the format of MNIST and its relatives, plain or compressed (gz, xz).

The format (Y. LeCun): two zero bytes, one for the type of the elements (8: unsigned bytes), one for
the number of dims, then each dim's size as a big-endian 32-bit integer, then the elements.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

OPENERS = {"": open, ".gz": gzip.open, ".xz": lzma.open}
UNSIGNED_BYTE = 8


class DataError(Exception):
    """A file of a data set is missing, damaged or of another format; the message says which and
    how."""


class Digits(NamedTuple):
    """A set of labelled images: ``images`` uint8 (N, H, W), ``labels`` uint8 (N,)."""

    images: np.ndarray
    labels: np.ndarray


def load(folder: Path, split: str) -> Digits:
    """The images and labels of ``split`` ("train" or "t10k") in ``folder``; raises DataError."""
    digests = checksums(folder)
    images = read(find(folder, f"{split}-images-idx3-ubyte"), dims=3, digests=digests)
    labels = read(find(folder, f"{split}-labels-idx1-ubyte"), dims=1, digests=digests)
    if len(images) != len(labels):
        raise DataError(f"{folder}: {split} has {len(images)} images but {len(labels)} labels")
    if not len(images):
        raise DataError(f"{folder}: {split} has no images")
    return Digits(images, labels)


def find(folder: Path, name: str) -> Path:
    """The file called ``name`` in ``folder``, with or without .gz or .xz."""
    for suffix in OPENERS:
        path = folder / (name + suffix)
        if path.is_file():
            return path
    found = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else "no such folder"
    raise DataError(f"{folder}: needs {name} (or {name}.gz, {name}.xz); found: {found}")


def checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 digests by file name that a SHA256SUMS in ``folder`` lists; none without one."""
    path = folder / "SHA256SUMS"
    if not path.is_file():
        return {}
    lines = [line.split() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    if any(len(line) != 2 for line in lines):
        raise DataError(f"{path}: each line must be a digest and a file name")
    return {name.lstrip("*"): digest for digest, name in lines}


def read(path: Path, dims: int, digests: dict[str, str] | None = None) -> np.ndarray:
    """The array in the IDX file ``path``: uint8 with ``dims`` dims.

    Checks the digest, if there is one, the header, and that the file is neither too short nor too
    long. Raises DataError.
    """
    check_digest(path, (digests or {}).get(path.name))
    try:
        with OPENERS.get(path.suffix, open)(path, "rb") as file:
            shape = read_header(path, file, dims)
            return read_elements(path, file, shape)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise DataError(f"{path}: can't be read: {error}") from error


def check_digest(path: Path, expected: str | None) -> None:
    """Raise DataError if the SHA-256 of the file isn't ``expected``."""
    if expected is None:
        return
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != expected:
        raise DataError(
            f"{path}: is damaged or another file: its SHA-256 is {actual}, SHA256SUMS says "
            f"{expected}"
        )


def read_header(path: Path, file: BinaryIO, dims: int) -> tuple[int, ...]:
    """The shape that the header announces."""
    header = file.read(4 + 4 * dims)
    expected = bytes((0, 0, UNSIGNED_BYTE, dims))
    if header[:4] != expected:
        raise DataError(
            f"{path}: begins with {header[:4].hex(' ') or 'nothing'}, but an IDX file of unsigned "
            f"bytes with {dims} dims begins with {expected.hex(' ')}"
        )
    if len(header) < 4 + 4 * dims:
        raise DataError(f"{path}: ends within its header, after {len(header)} bytes")
    return tuple(int(size) for size in np.frombuffer(header[4:], ">u4"))


def read_elements(path: Path, file: BinaryIO, shape: tuple[int, ...]) -> np.ndarray:
    """The elements, read in pieces: a header that lies can't make us allocate what isn't there."""
    expected = int(np.prod(shape, dtype=object))
    data = bytearray()
    while piece := file.read(min(1 << 20, expected + 1 - len(data))):
        data += piece
    if len(data) != expected:
        length = "more" if len(data) > expected else f"only {len(data)}"
        raise DataError(f"{path}: its header says {shape}, {expected} bytes, but it has {length}")
    return np.frombuffer(data, np.uint8).reshape(shape)
