"""The data sets of images that everybody knows: read from a local folder, which can be filled from
the internet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from autograd.core.variable import unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.from_data import as_tensor
from nn.data import cifar, idx
from nn.data.dataset import Dataset, sample_of
from nn.data.downloading import download as fetch
from nn.data.files import DataError, MissingDataError
from nn.data.transforms import takes_batches

Transform = Callable[[Any], Any]


def _of_idx_files(*digests: str) -> dict[str, str]:
    """The SHA-256 digests by file name."""
    parts = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return {f"{part}-ubyte.gz": digest for part, digest in zip(parts, digests)}


# The digests below are those that TensorFlow Datasets publishes for the files at these addresses.


class ImageDataset(Dataset[tuple[Any, Any]]):
    """Labelled images in memory: ``images`` (N, C, H, W) and ``labels`` int64 (N,).

    Sample ``i`` is an image (C, H, W) as a tensor, and its label. ``transform`` is called with each
    image, an array; those of `nn.data.transforms` with all images of a batch (N, C, H, W) at once.
    ``target_transform`` is called with a label, or with an array of those of a batch. Raises
    ShapeError for arrays that don't fit, and DTypeError for labels that aren't integers.

    >>> import numpy
    >>> dataset = ImageDataset(numpy.zeros((2, 1, 28, 28), numpy.uint8), [3, 7])
    >>> image, label = dataset[1]
    >>> image.shape, label
    ((1, 28, 28), 7)
    """

    classes: tuple[str, ...] = ()

    def __init__(
        self,
        images: Any,
        labels: Any,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        self.images = np.asarray(unwrap(images))
        self.labels = _integers(type(self).__name__, unwrap(labels))
        self.transform = transform
        self.target_transform = target_transform
        if self.images.ndim != 4 or self.labels.shape != self.images.shape[:1]:
            raise ShapeError(
                f"{type(self).__name__}: needs images (N, C, H, W) and labels (N,), got "
                f"{self.images.shape} and {self.labels.shape}"
            )

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        label: Any = int(self.labels[index])
        if self.target_transform is not None:
            label = self.target_transform(label)
        return self._transformed(self.images[index]), label

    def __getitems__(self, indices: Any) -> Any:
        if not takes_batches(self.transform):
            return [sample_of(self, index) for index in indices]
        chosen = np.asarray(indices)
        labels: Any = self.labels[chosen]
        if self.target_transform is not None:
            labels = self.target_transform(labels)
            if np.shape(labels)[:1] != chosen.shape:
                raise ShapeError(
                    f"{type(self).__name__}: target_transform made {np.shape(labels)} of "
                    f"{len(chosen)} labels; it is given an array of them, and must return as many"
                )
        return self._transformed(self.images[chosen]), as_tensor(labels)

    def __len__(self) -> int:
        return len(self.images)

    def _transformed(self, images: Any) -> Any:
        return as_tensor(images if self.transform is None else self.transform(images))


def _integers(name: str, labels: Any) -> Any:
    array = np.asarray(labels)
    if array.size and array.dtype.kind not in "iu":
        raise DTypeError(f"{name}: the labels must be integers, got {array.dtype}")
    return array.astype(np.int64)


class MNIST(ImageDataset):
    """Handwritten digits: 60,000 to train with, 10,000 to test (``train=False``), (1, 28, 28).

    They are read from the IDX files in the folder ``root``, plain or compressed (.gz, .xz). What is
    missing is fetched with ``download``; give each data set a folder of its own, for their files
    have the same names. Raises DataError for files that are missing, damaged, or of another set.
    """

    classes = tuple("0123456789")
    sources: ClassVar[tuple[str, ...]] = (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    digests: ClassVar[Mapping[str, str]] = _of_idx_files(
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    )

    def __init__(
        self,
        root: str | os.PathLike[str],
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        self.root, self.train = Path(root), train
        split = "train" if train else "t10k"
        if download:
            for name in (f"{split}-images-idx3-ubyte", f"{split}-labels-idx1-ubyte"):
                _fetch_unless_there(type(self), self.root, name)
        try:
            digits = idx.load(self.root, split, self.digests)
        except MissingDataError as error:
            raise _with_remedy(type(self), error) from None
        if digits.labels.max() >= len(self.classes):
            raise DataError(
                f"{self.root}: {split} has label {digits.labels.max()}, but there are only "
                f"{len(self.classes)} classes"
            )
        super().__init__(digits.images[:, None], digits.labels, transform, target_transform)


class FashionMNIST(MNIST):
    """Pieces of clothing, in the form of `MNIST`."""

    classes = (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    )
    sources = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
    digests: ClassVar[Mapping[str, str]] = _of_idx_files(
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    )


class KMNIST(MNIST):
    """Characters of cursive Japanese (Kuzushiji), in the form of `MNIST`."""

    classes = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    sources = ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",)
    digests: ClassVar[Mapping[str, str]] = _of_idx_files(
        "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
    )


class CIFAR10(ImageDataset):
    """Small photographs of ten kinds of things: 50,000 to train with, 10,000 to test, (3, 32, 32).

    They are read from the *binary* version, either unpacked in the folder ``root`` or the archive
    itself, which ``download`` fetches. (The Python version consists of pickles, which could run
    any code.) Raises DataError for files that are missing or damaged.
    """

    layout: ClassVar[cifar.Layout] = cifar.CIFAR10
    sources: ClassVar[tuple[str, ...]] = ("https://www.cs.toronto.edu/~kriz/",)
    digests: ClassVar[Mapping[str, str]] = {
        "cifar-10-binary.tar.gz": (
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
        )
    }

    def __init__(
        self,
        root: str | os.PathLike[str],
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        self.root, self.train = Path(root), train
        if download and not cifar.is_there(self.root, self.layout):
            _fetch(type(self), self.root / self.layout.archive)
        try:
            images, labels, names = cifar.load(self.root, self.layout, train, self.digests)
        except MissingDataError as error:
            raise _with_remedy(type(self), error) from None
        self.classes = names
        super().__init__(images, labels, transform, target_transform)


class CIFAR100(CIFAR10):
    """`CIFAR10` with a hundred kinds of things."""

    layout = cifar.CIFAR100
    digests: ClassVar[Mapping[str, str]] = {
        "cifar-100-binary.tar.gz": (
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"
        )
    }


def _fetch_unless_there(kind: type[MNIST], root: Path, name: str) -> None:
    try:
        idx.find(root, name)
    except MissingDataError:
        _fetch(kind, root / f"{name}.gz")


def _fetch(kind: type[MNIST] | type[CIFAR10], path: Path) -> None:
    """Download ``path`` from the first source that has it."""
    failures = []
    for source in kind.sources:
        try:
            fetch(source + path.name, path, kind.digests.get(path.name))
            return
        except DataError as error:
            failures.append(str(error))
    raise DataError(f"{kind.__name__}: " + "\n".join(failures))


def _with_remedy(kind: type[MNIST] | type[CIFAR10], error: Exception) -> MissingDataError:
    return MissingDataError(
        f"{kind.__name__}: {error}; pass download=True, or put the files there yourself: they are "
        f"published at {kind.sources[0]}"
    )
