"""Transforms: of one image and of batches, and reproducible."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from nn.data import DataLoader, ImageDataset, transforms

IMAGES = np.arange(4 * 2 * 3 * 5, dtype=np.float32).reshape(4, 2, 3, 5)


def seeded(seed=0):
    return autograd.Generator(seed=seed)


def test_bytes_become_floats_from_0_to_1():
    x = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    result = transforms.ToFloat()(x)
    np.testing.assert_allclose(result.ravel(), np.arange(256) / 255, rtol=1e-6)
    assert result.dtype == transforms.ToFloat()(x.astype("float64")).dtype == np.float32
    with pytest.raises(DTypeError, match="ToFloat: needs uint8"):
        transforms.ToFloat()(x.astype("int64"))


def test_normalize():
    result = transforms.Normalize([1.0, 2.0], [2.0, 4.0])(IMAGES)
    np.testing.assert_allclose(result[:, 0], (IMAGES[:, 0] - 1) / 2)
    np.testing.assert_allclose(result[:, 1], (IMAGES[:, 1] - 2) / 4)
    assert result.dtype == np.float32
    with pytest.raises(DTypeError, match="needs floating"):
        transforms.Normalize([0.0], [1.0])(IMAGES.astype(np.uint8))
    with pytest.raises(ShapeError, match=r"3 means.*2 channels"):
        transforms.Normalize([0.0] * 3, [1.0] * 3)(IMAGES)
    with pytest.raises(ShapeError, match="positive deviation"):
        transforms.Normalize([0.0], [0.0])


@pytest.mark.parametrize("padding", [2, (1, 2), (1, 2, 3, 0)])
@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_padding_agrees_with_pytorch(padding, mode):
    torch = pytest.importorskip("torch")
    left, top, right, bottom = transforms.Pad(padding).padding
    names = {"edge": "replicate"}
    expected = torch.nn.functional.pad(
        torch.tensor(IMAGES), (left, right, top, bottom), names.get(mode, mode)
    )
    result = transforms.Pad(padding, padding_mode=mode)(IMAGES)
    np.testing.assert_array_equal(result, expected.numpy())


def test_flips():
    flipped, kept = transforms.RandomHorizontalFlip(1.0), transforms.RandomHorizontalFlip(0.0)
    np.testing.assert_array_equal(flipped(IMAGES), IMAGES[..., ::-1])
    np.testing.assert_array_equal(flipped(IMAGES[0]), IMAGES[0, ..., ::-1])
    np.testing.assert_array_equal(kept(IMAGES), IMAGES)
    many = np.broadcast_to(IMAGES[0], (1000, 2, 3, 5))
    result = transforms.RandomHorizontalFlip(0.3, seeded())(many)
    assert 250 < (result[:, 0, 0, 0] != 0).sum() < 350


def test_crops_are_parts_of_their_image():
    many = np.repeat(IMAGES[:1], 500, axis=0)
    result = transforms.RandomCrop((2, 3), generator=seeded())(many)
    parts = {IMAGES[0, :, i : i + 2, j : j + 3].tobytes() for i in range(2) for j in range(3)}
    assert {part.tobytes() for part in result} == parts
    one = transforms.RandomCrop((2, 3), generator=seeded())(IMAGES[0])
    assert one.tobytes() in parts
    padded = transforms.RandomCrop((3, 5), padding=2, generator=seeded())(IMAGES)
    assert padded.shape == IMAGES.shape
    with pytest.raises(ShapeError, match=r"can't take \(4, 4\) of float32"):
        transforms.RandomCrop(4)(IMAGES)


def test_inputs_stay_and_tensors_stay_tensors():
    before = IMAGES.copy()
    chain = transforms.Compose(
        [
            transforms.Pad(1, fill=7),
            transforms.RandomCrop(3, generator=seeded()),
            transforms.RandomHorizontalFlip(generator=seeded()),
            transforms.Normalize([0.5], [2.0]),
        ]
    )
    assert isinstance(chain(autograd.tensor(IMAGES)), autograd.Tensor)
    assert isinstance(chain(IMAGES), np.ndarray)
    chain(IMAGES)[...] = -1
    np.testing.assert_array_equal(IMAGES, before)
    assert "Pad(padding=(1, 1, 1, 1)" in repr(chain)


@pytest.mark.parametrize("shape", [(3, 5), (1, 4, 2, 3, 5)])
def test_only_images_are_taken(shape):
    with pytest.raises(ShapeError, match=r"RandomHorizontalFlip: needs images \(C, H, W\)"):
        transforms.RandomHorizontalFlip()(np.zeros(shape))


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_loaders_seed_decides_what_is_random(workers):
    images = np.arange(40 * 16, dtype=np.uint8).reshape(40, 1, 4, 4)
    transform = transforms.Compose(
        [transforms.RandomCrop(4, padding=2), transforms.RandomHorizontalFlip()]
    )

    def epochs(seed, num_workers):
        loader = DataLoader(
            ImageDataset(images, np.arange(40), transform),
            batch_size=8,
            shuffle=True,
            num_workers=num_workers,
            generator=seeded(seed),
        )
        return [[x.numpy().tobytes() for x, _ in loader] for _ in range(2)]

    assert epochs(1, workers) == epochs(1, 0)
    assert epochs(1, workers) != epochs(2, 0)
    first, second = epochs(1, workers)
    assert not set(first) & set(second)
