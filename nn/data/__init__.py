"""Data sets, and loaders that make batches of them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nn.data.collate import (
    default_collate as default_collate,
    default_convert as default_convert,
)
from nn.data.dataset import (
    ChainDataset as ChainDataset,
    ConcatDataset as ConcatDataset,
    Dataset as Dataset,
    IterableDataset as IterableDataset,
    StackDataset as StackDataset,
    Subset as Subset,
    TensorDataset as TensorDataset,
    random_split as random_split,
)
from nn.data.fetching import WorkerInfo as WorkerInfo, get_worker_info as get_worker_info
from nn.data.loader import DataLoader as DataLoader
from nn.data.randomness import get_generator as get_generator
from nn.data.sampler import (
    BatchSampler as BatchSampler,
    DistributedSampler as DistributedSampler,
    RandomSampler as RandomSampler,
    Sampler as Sampler,
    SequentialSampler as SequentialSampler,
    SubsetRandomSampler as SubsetRandomSampler,
    WeightedRandomSampler as WeightedRandomSampler,
)

if TYPE_CHECKING:
    from nn.data import cifar as cifar, idx as idx, transforms as transforms
    from nn.data.downloading import download as download
    from nn.data.files import DataError as DataError
    from nn.data.images import (
        CIFAR10 as CIFAR10,
        CIFAR100 as CIFAR100,
        KMNIST as KMNIST,
        MNIST as MNIST,
        FashionMNIST as FashionMNIST,
        ImageDataset as ImageDataset,
    )

# What not every program uses is imported when it is first asked for.
_LATER = {
    "CIFAR10": "images",
    "CIFAR100": "images",
    "DataError": "files",
    "FashionMNIST": "images",
    "ImageDataset": "images",
    "KMNIST": "images",
    "MNIST": "images",
    "download": "downloading",
}


def __getattr__(name: str) -> Any:
    if name in ("cifar", "idx", "transforms"):
        return importlib.import_module(f"nn.data.{name}")
    if name not in _LATER:
        raise AttributeError(f"module 'nn.data' has no attribute {name!r}")
    return getattr(importlib.import_module(f"nn.data.{_LATER[name]}"), name)
