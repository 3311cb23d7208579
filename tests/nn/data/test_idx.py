"""The IDX reader reads what is right, and says what is wrong with the rest."""

from __future__ import annotations

import gzip
import lzma
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from examples import digits
from nn.data import idx
from nn.data.files import DataError, checksums

IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def encode(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes()


@pytest.mark.parametrize(
    ("suffix", "compress"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)]
)
def test_reads_plain_and_compressed_files(tmp_path, suffix, compress):
    path = tmp_path / f"images{suffix}"
    path.write_bytes(compress(encode(IMAGES)))
    np.testing.assert_array_equal(idx.read(path, dims=3), IMAGES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins with nothing"),
        (b"\x1f\x8b\x08\x00", "begins with 1f 8b 08 00"),
        (encode(IMAGES[0]), "with 3 dims begins with 00 00 08 03"),
        (encode(IMAGES)[:10], "ends within its header"),
        (encode(IMAGES)[:-1], "24 bytes, but it has only 23"),
        (encode(IMAGES) + b"\0", "24 bytes, but it has more"),
        (bytes((0, 0, 8, 3)) + b"\xff" * 12, "but it has only 0"),
        # No elements, but sizes that no array can have.
        (bytes((0, 0, 8, 3)) + b"\0" * 4 + b"\xff" * 8, "can't be read: array is too big"),
        (bytes((0, 0, 8, 3)) + b"\xff" * 8 + b"\0" * 4, "can't be read: cannot reshape"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path, content, message):
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        idx.read(path, dims=3)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("suffix", "compress"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_damaged_compressed_file_is_a_data_error(tmp_path, suffix, compress):
    path = tmp_path / f"images{suffix}"
    path.write_bytes(compress(encode(np.zeros((9, 50, 50), np.uint8)))[:-9])
    with pytest.raises(DataError, match="can't be read"):
        idx.read(path, dims=3)


def test_a_header_that_lies_costs_no_memory(tmp_path):
    path = tmp_path / "images"
    path.write_bytes(bytes((0, 0, 8, 3)) + b"\x7f" * 12 + b"x" * 100)
    tracemalloc.start()
    with pytest.raises(DataError, match="but it has only 100"):
        idx.read(path, dims=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def write_set(folder: Path, images: np.ndarray, labels: np.ndarray) -> None:
    (folder / "train-images-idx3-ubyte").write_bytes(encode(images))
    (folder / "train-labels-idx1-ubyte").write_bytes(encode(labels))


def test_images_and_labels_must_be_as_many(tmp_path):
    write_set(tmp_path, IMAGES, np.zeros(3, np.uint8))
    with pytest.raises(DataError, match="2 images but 3 labels"):
        idx.load(tmp_path, "train")


def test_a_missing_file_is_named_with_what_is_there(tmp_path):
    (tmp_path / "something.txt").write_text("")
    with pytest.raises(DataError, match=r"needs train-images.*found: \['something.txt'\]"):
        idx.load(tmp_path, "train")
    with pytest.raises(DataError, match="no such folder"):
        idx.load(tmp_path / "nowhere", "train")


def test_a_wrong_checksum_is_refused(tmp_path):
    write_set(tmp_path, IMAGES, np.zeros(2, np.uint8))
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  train-images-idx3-ubyte\n")
    with pytest.raises(DataError, match="damaged or another file"):
        idx.load(tmp_path, "train")


def test_the_embedded_mnist_is_whole():
    folder = digits.DATA
    assert set(checksums(folder)) == {path.name for path in folder.glob("*.xz")}
    test = idx.load(folder, "t10k")
    assert test.images.shape == (10_000, 28, 28)
    # The number of each digit in the test set, as published with the set.
    assert np.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=60), suffix=st.sampled_from(["", ".gz", ".xz"]))
def test_any_bytes_give_an_array_or_a_data_error(tmp_path, content, suffix):
    path = tmp_path / f"fuzzed{suffix}"
    path.write_bytes(content)
    try:
        array = idx.read(path, dims=1)
    except DataError:
        return
    assert encode(array) == content
