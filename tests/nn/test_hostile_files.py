"""Whatever is in a file, what reads it returns what a file of its kind says, or raises the error
that it documents: it never crashes, and never takes more memory than the file accounts for.
"""

from __future__ import annotations

import copy
import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import autograd
import nn
from autograd.errors import AutogradError
from nn import data
from nn.checkpoint import _sealed
from nn.data import cifar, idx
from tests.nn.checkpoint_programs import Part
from tests.nn.data.test_idx import encode

fuzzed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
SLACK = 2_000_000  # bytes: of the reader itself


def read(reader: Callable[[], Any], errors: type[Exception], most: float) -> Any:
    """What ``reader`` returns, or None after one of ``errors``; it may take ``most`` bytes."""
    tracemalloc.start()
    try:
        return reader()
    except errors:
        return None
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < most + SLACK


# What is done to a file: where (a share of its length), how much is taken out, and what is put in.
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=4
)


def edited(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, removed, put in changes:
        place = int(share * len(content))
        content = content[:place] + put + content[place + removed :]
    return content


def test_edits_damage_what_they_should():
    assert edited(b"abcdef", [(0.5, 2, b"xyz"), (0, 1, b"")]) == b"bcxyzf"


# -- images ----------------------------------------------------------------------------------------

MOST = {"": 10_000, ".gz": 200_000, ".xz": 100_000_000}  # bytes
COMPRESSORS = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}


@fuzzed
@given(changes=edits, suffix=st.sampled_from([*COMPRESSORS]), twice=st.booleans())
def test_idx_files(tmp_path, changes, suffix, twice):
    """``twice``: what is compressed is edited, not the compressed file."""
    content = encode(np.arange(60, dtype=np.uint8).reshape(3, 4, 5))
    compress = COMPRESSORS[suffix]
    content = compress(edited(content, changes)) if twice else edited(compress(content), changes)
    path = tmp_path / f"images{suffix}"
    path.write_bytes(content)
    array = read(lambda: idx.read(path, dims=3), data.DataError, MOST[suffix])
    assert array is None or (array.ndim, array.dtype) == (3, np.uint8)


def records(layout: cifar.Layout) -> dict[str, bytes]:
    images = {name: bytes(2 * (layout.labels + 3072)) for name in (*layout.train, *layout.test)}
    return images | {layout.names: b"cat dog"}


@fuzzed
@given(changes=edits, layout=st.sampled_from([cifar.CIFAR10, cifar.CIFAR100]), twice=st.booleans())
def test_cifar_archives(tmp_path, changes, layout, twice):
    """As if they had no digest, which keeps all of these out."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content in records(layout).items():
            entry = tarfile.TarInfo(f"{layout.folder}/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    content = archive.getvalue()
    compress = COMPRESSORS[".gz"]
    content = compress(edited(content, changes)) if twice else edited(compress(content), changes)
    (tmp_path / layout.archive).write_bytes(content)
    read(
        lambda: cifar.load(tmp_path, layout, False, {}),
        data.DataError,
        10 * len(archive.getvalue()),
    )


@fuzzed
@given(changes=edits, kind=st.sampled_from([data.CIFAR10, data.CIFAR100]), names=st.booleans())
def test_cifar_files(tmp_path, changes, kind, names):
    content, edited_name = records(kind.layout), kind.layout.test[0]
    if names:
        edited_name = kind.layout.names
    content[edited_name] = edited(content[edited_name], changes)
    for name, file in content.items():
        (tmp_path / name).write_bytes(file)
    found = read(lambda: kind(tmp_path, train=False), data.DataError, 100_000)
    assert found is None or found.labels.max() < len(found.classes)


def test_compressed_files_that_ask_for_memory(tmp_path):
    """A dictionary of 4 GiB, which would be allocated before anything is read."""
    content = bytearray(lzma.compress(encode(np.zeros(9, np.uint8))))
    content[16] = 40  # its size; a checksum of the block's header follows
    content[20:24] = zlib.crc32(content[12:20]).to_bytes(4, "little")
    (tmp_path / "labels.xz").write_bytes(content)
    with pytest.raises(data.DataError, match="can't be read: Memory usage limit"):
        idx.read(tmp_path / "labels.xz", dims=1)


def test_an_archive_is_not_tried_with_other_compressions(tmp_path):
    """Those of xz can ask for any amount of memory."""
    (tmp_path / cifar.CIFAR10.archive).write_bytes(lzma.compress(bytes(20_000)))
    with pytest.raises(data.DataError, match="can't be read: not a gzip file"):
        cifar.load(tmp_path, cifar.CIFAR10, False, {})


# -- weights ---------------------------------------------------------------------------------------


@fuzzed
@given(changes=edits)
def test_weights(tmp_path, changes):
    path = tmp_path / "weights"
    nn.save({"x": np.ones((2, 3), np.float32), "y": np.arange(5), "z": np.ones(2) > 0}, path)
    path.write_bytes(edited(path.read_bytes(), changes))
    read(lambda: nn.load(path), AutogradError, 10 * path.stat().st_size)


sizes = st.one_of(st.integers(-1, 5), st.integers(2**30, 2**66))
shapes = st.one_of(st.lists(sizes, max_size=4), st.lists(st.just(1), min_size=60, max_size=70))


@fuzzed
@given(shape=shapes, length=sizes, dtype=st.sampled_from(["F32", "BF16", "C64", "F8_E4M3", "X"]))
def test_headers_that_lie(tmp_path, shape, length, dtype):
    entry = {"dtype": dtype, "shape": shape, "data_offsets": [0, length]}
    header = json.dumps({"x": entry}).encode()
    content = bytes(min(max(length, 0), 50))
    (tmp_path / "x").write_bytes(len(header).to_bytes(8, "little") + header + content)
    found = read(lambda: nn.load(tmp_path / "x"), AutogradError, 10_000)
    assert found is None or list(found["x"].shape) == shape


@pytest.mark.parametrize("shape", [[1] * 65, [2**62, 0], [2**63, 0]])
def test_shapes_that_no_array_can_have(tmp_path, shape):
    length = 0 if 0 in shape else 4
    header = json.dumps({"x": {"dtype": "F32", "shape": shape, "data_offsets": [0, length]}})
    content = len(header).to_bytes(8, "little") + header.encode() + bytes(length)
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(AutogradError, match=r"load: x in .* can't be an array"):
        nn.load(tmp_path / "x")


# -- manifests -------------------------------------------------------------------------------------

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3),
        st.sampled_from(["$tuple", "$tensor", "$dict", "model.weight", "random.python.words"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["$tuple", "$tensor", "$array", "$number", "$float", "$dict",
                             "$Counter", "$OrderedDict", "metadata", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """All that can be exchanged in ``value``: the list or dict that holds it, and where."""
    if not isinstance(value, (list, dict)):
        return []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


class Exchanged(Part):
    """Anything is a state of it."""

    def state_dict(self) -> Any:
        return {"a": (1, float("nan")), "b": {3: autograd.ones(2)}, "c": [np.float32(2), "text"]}


@fuzzed
@given(share=st.floats(0, 1, exclude_max=True), value=values, remove=st.booleans())
def test_manifests_whose_checksum_is_right(tmp_path_factory, share, value, remove):
    folder = tmp_path_factory.mktemp("run")
    parts = {"model": nn.Dense(1, 1), "generator": autograd.Generator(1), "part": Exchanged()}
    checkpoint = nn.Checkpoint(folder)
    path = checkpoint.save(1, **parts)
    body = json.loads(path.read_text())
    del body["sha256"]
    found = places(body)
    holder, key = found[int(share * len(found))]
    if remove:
        del holder[key]
    else:
        holder[key] = value
    path.write_bytes(_sealed(copy.deepcopy(body)))
    before = autograd.get_rng_state().tolist(), repr(parts["model"].state_dict())

    def load() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return checkpoint.load(**parts, random_state=False)

    restored = read(load, AutogradError, 100_000)
    assert autograd.get_rng_state().tolist() == before[0]
    assert restored is not None or repr(parts["model"].state_dict()) == before[1]


def test_a_manifest_that_is_too_deep(tmp_path):
    """To be read, but not to have its checksum computed."""
    folder: Path = tmp_path
    checkpoint = nn.Checkpoint(folder)
    path = checkpoint.save(1)
    path.write_text('{"sha256": "0", "x": ' + "[" * 980 + "]" * 980 + "}")
    with pytest.raises(AutogradError, match="the manifest is damaged"):
        checkpoint.load()
