"""The guards catch what they are there for."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from tests.kernels.guards import Guards, guarding


@pytest.mark.parametrize("place", [-1, 12])
def test_a_write_beyond_an_array_is_caught(place: int) -> None:
    guards = Guards()
    array = guards.empty((3, 4), np.float32)
    np.lib.stride_tricks.as_strided(array, (1,))[...] = 0
    guards.check()
    buffer, inside, _ = guards.buffers[0]
    buffer[inside.start + place * 4] = 0
    with pytest.raises(AssertionError, match="outside"):
        guards.check()


def test_a_change_of_an_input_is_caught() -> None:
    guards = Guards()
    array = guards.array(np.ones((2, 3)), strided=True)
    guards.check()
    array[1, 2] = 2
    with pytest.raises(AssertionError, match="input"):
        guards.check()


def test_what_kernels_allocate_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.kernels.compiled import common

    def fault() -> None:
        with guarding(monkeypatch.setattr) as guards:
            common.allocate((2,), np.float32)
            buffer, inside, _ = guards.buffers[0]
            buffer[inside.stop] = 1

    with pytest.raises(AssertionError, match="outside"):
        fault()


def test_arrays_lie_in_memory_as_asked() -> None:
    guards = Guards()
    values = np.arange(24.0).reshape(2, 3, 4)
    array = guards.array(values, order=(0, 2, 1))
    np.testing.assert_array_equal(array, values)
    assert array.transpose(0, 2, 1).flags.c_contiguous
    like = guards.empty((5, 6, 7), np.float32, array)
    assert like.shape == (5, 6, 7)
    assert like.transpose(0, 2, 1).flags.c_contiguous
    assert np.isnan(like).all()
