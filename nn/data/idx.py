"""A reader of IDX files, the format of MNIST and its relatives, plain or compressed (gz, xz).

The format (Y. LeCun): two zero bytes, one for the type of the elements (8: unsigned bytes), one for
the number of dims, then each dim's size as a big-endian 32-bit integer, then the elements.
"""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from nn.data.files import DataError, MissingDataError, check_digest, checksums, names_in

Bytes = np.ndarray[Any, np.dtype[np.uint8]]

UNSIGNED_BYTE = 8
_MEMORY = 100_000_000  # bytes that decompression may take; the highest preset of xz takes 65 MB


class XzFile:
    """What an xz file contains, as `lzma.open` would read it; but the file can't have more memory
    allocated than any serious one needs."""

    def __init__(self, path: Path, mode: str) -> None:
        self._compressed = path.read_bytes()
        self._decompressor = lzma.LZMADecompressor(memlimit=_MEMORY)

    def __enter__(self) -> XzFile:
        return self

    def __exit__(self, *error: object) -> None:
        self._compressed = b""

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, or what is left of them."""
        if self._decompressor.eof:
            return b""
        given, self._compressed = self._compressed, b""
        piece = self._decompressor.decompress(given, size)
        if not piece and not self._decompressor.eof:
            raise EOFError("it ends in the middle")
        return piece


OPENERS: dict[str, Any] = {"": open, ".gz": gzip.open, ".xz": XzFile}


class Digits(NamedTuple):
    """A set of labelled images: ``images`` uint8 (N, H, W), ``labels`` uint8 (N,)."""

    images: Bytes
    labels: Bytes


def load(folder: Path, split: str, digests: Mapping[str, str] | None = None) -> Digits:
    """The images and labels of ``split`` ("train" or "t10k") in ``folder``.

    ``digests``: the SHA-256 by file name, of the files that must have one, besides those that a
    SHA256SUMS in ``folder`` lists. Raises DataError.
    """
    digests = {**checksums(folder), **(digests or {})}
    images = read(find(folder, f"{split}-images-idx3-ubyte"), dims=3, digests=digests)
    labels = read(find(folder, f"{split}-labels-idx1-ubyte"), dims=1, digests=digests)
    if len(images) != len(labels):
        raise DataError(f"{folder}: {split} has {len(images)} images but {len(labels)} labels")
    if not len(images):
        raise DataError(f"{folder}: {split} has no images")
    return Digits(images, labels)


def find(folder: Path, name: str) -> Path:
    """The file called ``name`` in ``folder``, with or without .gz or .xz. Raises DataError."""
    for suffix in OPENERS:
        path = folder / (name + suffix)
        if path.is_file():
            return path
    raise MissingDataError(
        f"{folder}: needs {name} (or {name}.gz, {name}.xz); found: {names_in(folder)}"
    )


def read(path: Path, dims: int, digests: Mapping[str, str] | None = None) -> Bytes:
    """The array in the IDX file ``path``: uint8 with ``dims`` dims.

    Checks the digest, if there is one, the header, and that the file is neither too short nor too
    long. Raises DataError.
    """
    check_digest(path, (digests or {}).get(path.name))
    try:
        with OPENERS.get(path.suffix, open)(path, "rb") as file:
            shape = read_header(path, file, dims)
            return read_elements(path, file, shape)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError) as error:
        raise DataError(f"{path}: can't be read: {error}") from error


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


def read_elements(path: Path, file: BinaryIO, shape: tuple[int, ...]) -> Bytes:
    """The elements, read in pieces: a header that lies can't make us allocate what isn't there."""
    expected = int(np.prod(shape, dtype=object))
    data = bytearray()
    while piece := file.read(min(1 << 20, expected + 1 - len(data))):
        data += piece
    if len(data) != expected:
        length = "more" if len(data) > expected else f"only {len(data)}"
        raise DataError(f"{path}: its header says {shape}, {expected} bytes, but it has {length}")
    return np.frombuffer(data, np.uint8).reshape(shape)
