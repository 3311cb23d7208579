"""What the tests of the examples share."""

import numpy as np
import pytest

import autograd
from tests.nn.data.test_idx import encode


@pytest.fixture
def restored_seed():
    state = autograd.get_rng_state()
    yield
    autograd.set_rng_state(state)


@pytest.fixture
def digits(tmp_path):
    """Two "digits" that a net can learn: bright above, bright below."""
    generator = np.random.default_rng(0)
    for split, count in (("train", 640), ("t10k", 100)):
        labels = generator.integers(0, 2, count).astype(np.uint8)
        images = generator.integers(0, 60, (count, 28, 28)).astype(np.uint8)
        images[labels == 0, :14] += 150
        images[labels == 1, 14:] += 150
        (tmp_path / f"{split}-images-idx3-ubyte").write_bytes(encode(images))
        (tmp_path / f"{split}-labels-idx1-ubyte").write_bytes(encode(labels))
    return tmp_path
