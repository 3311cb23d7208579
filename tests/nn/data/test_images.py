"""The well-known data sets, read from small files in their formats."""

from __future__ import annotations

import gzip
import io
import tarfile

import numpy as np
import pytest

from autograd.errors import DTypeError, ShapeError
from nn import data
from nn.data import cifar
from tests.nn.data.test_idx import encode


@pytest.fixture
def digits(tmp_path, generator):
    images = generator.integers(0, 256, (6, 28, 28)).astype(np.uint8)
    labels = np.arange(6, dtype=np.uint8)
    for split in ("train", "t10k"):
        (tmp_path / f"{split}-images-idx3-ubyte").write_bytes(encode(images))
        (tmp_path / f"{split}-labels-idx1-ubyte").write_bytes(encode(labels))
    return tmp_path, images


@pytest.mark.parametrize("kind", [data.MNIST, data.FashionMNIST, data.KMNIST])
def test_digits_are_read_and_loaded(digits, kind):
    folder, expected = digits
    dataset = kind(folder, train=False, transform=data.transforms.ToFloat(), download=True)
    assert len(kind.classes) == 10
    ((images, labels),) = data.DataLoader(dataset, batch_size=6)
    np.testing.assert_allclose(images.numpy()[:, 0], expected / 255, rtol=1e-6)
    assert labels.tolist() == [0, 1, 2, 3, 4, 5]
    image, label = dataset[2]
    assert np.array_equal(image, images[2])
    assert label == 2


def test_the_files_of_another_set_are_refused(digits):
    folder, images = digits
    (folder / "train-images-idx3-ubyte").unlink()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(encode(images)))
    for download in (False, True):
        with pytest.raises(data.DataError, match="damaged or another file"):
            data.FashionMNIST(folder, download=download)


def test_labels_that_do_not_exist_are_refused(digits):
    folder, _ = digits
    (folder / "t10k-labels-idx1-ubyte").write_bytes(encode(np.full(6, 10, np.uint8)))
    with pytest.raises(data.DataError, match="t10k has label 10, but there are only 10 classes"):
        data.MNIST(folder, train=False)


def test_missing_files_are_named_with_what_to_do(tmp_path):
    for kind in (data.MNIST, data.CIFAR10, data.CIFAR100):
        with pytest.raises(FileNotFoundError, match=r"needs .*found: \[\]; pass download=True"):
            kind(tmp_path)


def records(generator, labels):
    pixels = generator.integers(0, 256, (len(labels), 3072)).astype(np.uint8)
    rows = [np.array(labels, np.uint8).reshape(len(labels), -1), pixels]
    return np.concatenate(rows, 1).tobytes(), pixels.reshape(-1, 3, 32, 32)


def contents(layout, generator):
    made, images = {}, {}
    for i, name in enumerate((*layout.train, *layout.test)):
        labels = [i, 3] if layout.labels == 1 else [(9, i), (8, 3)]
        made[name], images[name] = records(generator, labels)
    made[layout.names] = "\n".join(f"class{i}" for i in range(10)).encode() + b"\n"
    return made, images


def unpacked(folder, files):
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("kind", [data.CIFAR10, data.CIFAR100])
def test_cifar_is_read_from_a_folder_or_an_archive(
    tmp_path, generator, kind, archived, monkeypatch
):
    layout = kind.layout
    files, images = contents(layout, generator)
    if archived:
        with tarfile.open(tmp_path / layout.archive, "w:gz") as tar:
            for name, content in files.items():
                entry = tarfile.TarInfo(f"{layout.folder}/{name}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        with pytest.raises(data.DataError, match="damaged or another file"):
            kind(tmp_path)
        monkeypatch.setattr(kind, "digests", {})
    else:
        unpacked(tmp_path / layout.folder, files)
    train, test = kind(tmp_path, download=True), kind(tmp_path, train=False)
    assert len(train) == 2 * len(layout.train)
    expected = np.concatenate([images[name] for name in layout.train])
    np.testing.assert_array_equal(train.images, expected)
    np.testing.assert_array_equal(test.images, images[layout.test[0]])
    assert train.labels.tolist() == [n for i in range(len(layout.train)) for n in (i, 3)]
    assert train.classes[3] == "class3"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda bytes_: bytes_[:-1], "not a whole number of records of 3073 bytes"),
        (lambda bytes_: b"", "0 bytes"),
        (lambda bytes_: b"\x0a" + bytes_[1:], "label 10, but there are only 10 classes"),
    ],
)
def test_damaged_cifar_files(tmp_path, generator, damage, message):
    files, _ = contents(cifar.CIFAR10, generator)
    files["test_batch.bin"] = damage(files["test_batch.bin"])
    unpacked(tmp_path / "cifar-10-batches-bin", files)
    data.CIFAR10(tmp_path)
    with pytest.raises(data.DataError, match=message):
        data.CIFAR10(tmp_path, train=False)
    (tmp_path / "cifar-10-batches-bin" / "data_batch_3.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"data_batch_3.bin"):
        data.CIFAR10(tmp_path)


def test_a_damaged_archive(tmp_path, monkeypatch):
    monkeypatch.setattr(data.CIFAR10, "digests", {})
    for content in (b"", b"<html>", gzip.compress(b"x" * 5000)[:-20]):
        (tmp_path / "cifar-10-binary.tar.gz").write_bytes(content)
        with pytest.raises(data.DataError, match="can't be read"):
            data.CIFAR10(tmp_path)


class Dimmed(data.transforms.Transform):
    def apply(self, images):
        return images // 2


@pytest.mark.parametrize(
    "transform",
    [
        None,
        Dimmed(),
        data.transforms.Compose([Dimmed(), data.transforms.ToFloat()]),
        lambda image: image[:, ::-1],  # would exchange the channels of a batch
        data.transforms.Compose([Dimmed(), lambda image: image[0] + image.max()]),
    ],
)
@pytest.mark.parametrize("target", [None, lambda label: label % 2])
def test_a_transform_does_to_a_batch_what_it_does_to_each_image(generator, transform, target):
    images = generator.integers(0, 256, (10, 3, 5, 4)).astype(np.uint8)
    dataset = data.ImageDataset(images, np.arange(10), transform, target)
    (batch,) = data.DataLoader(dataset, 10)
    for i, (image, label) in enumerate(dataset[i] for i in range(10)):
        assert np.array_equal(batch[0][i], image)
        assert batch[1][i] == label
    assert batch[1].dtype == "int64"


def test_a_target_transform_that_makes_one_label_of_all():
    dataset = data.ImageDataset(np.zeros((4, 1, 2, 2)), range(4), None, lambda label: 7)
    assert dataset[0][1] == 7
    with pytest.raises(ShapeError, match=r"target_transform made \(\) of 2 labels"):
        list(data.DataLoader(dataset, 2))


def test_images_and_labels_must_fit():
    with pytest.raises(ShapeError, match="ImageDataset: needs images"):
        data.ImageDataset(np.zeros((2, 1, 3, 3)), [1, 2, 3])
    with pytest.raises(DTypeError, match="labels must be integers, got float64"):
        data.ImageDataset(np.zeros((2, 1, 3, 3)), [0.5, 2])
    with pytest.raises(ShapeError, match="ImageDataset: needs images"):
        data.ImageDataset(np.zeros((2, 3, 3)), [1, 2])
