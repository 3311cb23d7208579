"""A reader of the binary version of CIFAR-10 and CIFAR-100.

The format (A. Krizhevsky): one record after the other, each a byte for each label, then 3072 bytes:
the red, the green and the blue channel of an image of 32 x 32, row by row.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nn.data.files import DataError, MissingDataError, check_digest, names_in

_IMAGE = (3, 32, 32)
_PIXELS = 3 * 32 * 32


class Layout(NamedTuple):
    """Which files there are, and what a record has before its image."""

    archive: str
    folder: str
    train: tuple[str, ...]
    test: tuple[str, ...]
    names: str
    labels: int  # bytes; the last one is the label


CIFAR10 = Layout(
    "cifar-10-binary.tar.gz",
    "cifar-10-batches-bin",
    tuple(f"data_batch_{i}.bin" for i in range(1, 6)),
    ("test_batch.bin",),
    "batches.meta.txt",
    labels=1,
)
CIFAR100 = Layout(
    "cifar-100-binary.tar.gz",
    "cifar-100-binary",
    ("train.bin",),
    ("test.bin",),
    "fine_label_names.txt",
    labels=2,  # a coarse one, and the fine one
)


def load(
    root: Path, layout: Layout, train: bool, digests: Mapping[str, str]
) -> tuple[Any, Any, tuple[str, ...]]:
    """Images uint8 (N, 3, 32, 32), labels uint8 (N,), and the names of the classes."""
    files = layout.train if train else layout.test
    contents = _read(root, layout, (*files, layout.names), digests)
    names = tuple(contents[layout.names].decode("utf-8", "replace").split())
    parts = [_parse(root / name, contents[name], layout.labels, len(names)) for name in files]
    images, labels = zip(*parts)
    return np.concatenate(images), np.concatenate(labels), names


def is_there(root: Path, layout: Layout) -> bool:
    """Whether ``root`` has the archive or an unpacked one."""
    return _unpacked(root, layout) is not None or (root / layout.archive).is_file()


def _unpacked(root: Path, layout: Layout) -> Path | None:
    for folder in (root / layout.folder, root):
        if (folder / layout.test[0]).is_file():
            return folder
    return None


def _read(
    root: Path, layout: Layout, files: tuple[str, ...], digests: Mapping[str, str]
) -> dict[str, bytes]:
    """The contents of ``files``, in the folder or in the archive."""
    folder, archive = _unpacked(root, layout), root / layout.archive
    try:
        if folder is not None:
            return {name: (folder / name).read_bytes() for name in files}
        if not archive.is_file():
            raise MissingDataError(
                f"{root}: needs {layout.archive} or a folder {layout.folder}; found: "
                f"{names_in(root)}"
            )
        check_digest(archive, digests.get(archive.name))
        # No other compression is tried: an xz file can have any amount of memory allocated.
        with tarfile.open(archive, "r:gz") as tar:
            return {name: _member(tar, f"{layout.folder}/{name}") for name in files}
    except FileNotFoundError as error:
        if isinstance(error, DataError):
            raise
        raise MissingDataError(f"{error.filename}: there is no such file") from None
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{folder or archive}: can't be read: {error}") from error


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(f"{name} is no file")
    return file.read()


def _parse(path: Path, data: bytes, labels: int, classes: int) -> tuple[Any, Any]:
    """The images and the labels of the records in ``data``."""
    size = labels + _PIXELS
    if not data or len(data) % size:
        raise DataError(
            f"{path}: {len(data)} bytes are not a whole number of records of {size} bytes"
        )
    records = np.frombuffer(data, np.uint8).reshape(-1, size)
    found = records[:, labels - 1]
    if found.max() >= classes:
        raise DataError(f"{path}: has label {found.max()}, but there are only {classes} classes")
    return records[:, labels:].reshape(-1, *_IMAGE), found
