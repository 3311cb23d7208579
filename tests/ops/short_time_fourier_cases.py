"""Rows for autograd/ops/short_time_fourier.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import short_time_fourier as ops
from tests.cases import Bad, Case, Input

SIGNAL = Input((2, 20))
WINDOW = np.array([0.5, 1.0, 2.0, 1.0, 0.25])
ONES = np.ones(20)
SPECTRA = np.ones((5, 6), np.complex128)
AS_PAIRS = {"return_complex": False}


def frames(x: Any, n_fft: int, hop_length: int, **ignored: Any) -> Any:
    """`stft` of uncentered frames, one by one, as pairs of real and imaginary parts."""
    starts = range(0, x.shape[-1] - n_fft + 1, hop_length)
    spectra = [np.fft.rfft(x[..., start : start + n_fft]) for start in starts]
    stacked = np.stack(spectra, -1)
    return np.stack([stacked.real, stacked.imag], -1)


def of_real(x: Any, *args: Any, **params: Any) -> Any:
    """`istft` of real numbers taken as complex: rows have real arguments."""
    return ops.istft(x * (1 + 0.5j), *args, **params)


def bad(args: Any, message: str, error: type[Exception] = ShapeError, **params: Any) -> Bad:
    return Bad(args, error, message, params)


CASES: list[Case] = [
    Case(
        "stft",
        ops.stft,
        [SIGNAL, 6],
        {"hop_length": 3, "center": False} | AS_PAIRS,
        oracle=frames,
        bad=[
            bad([ONES, 8], "give return_complex"),
            bad([ONES, 8, 0], "hop_length must be at least 1", **AS_PAIRS),
            bad([ONES, 8, 2, 9], "win_length must be 1 to n_fft", **AS_PAIRS),
            bad([ONES, 8, 2, 6, np.ones(8)], "window must have the shape", **AS_PAIRS),
            bad([ONES, 30], "does not fit", center=False, **AS_PAIRS),
            bad([np.ones((1, 1, 9)), 4], "must have the shape", **AS_PAIRS),
            bad([ONES, 8], "align_to_window is for", align_to_window=True, **AS_PAIRS),
            bad([ONES * 1j, 8], "no onesided spectrum", onesided=True),
            bad([np.arange(20), 8], "needs floating", DTypeError, **AS_PAIRS),
        ],
    ),
    Case("stft", ops.stft, [SIGNAL, 6], AS_PAIRS),
    Case("stft", ops.stft, [SIGNAL, 7, 2], {"onesided": False, "normalized": True} | AS_PAIRS),
    Case("stft", ops.stft, [SIGNAL, 8, 2, 5, Input((5,))], {"pad_mode": "circular"} | AS_PAIRS),
    Case(
        "stft",
        ops.stft,
        [SIGNAL, 8, 2, 5, Input((5,))],
        {"center": False, "align_to_window": True} | AS_PAIRS,
    ),
    Case(
        "istft",
        ops.istft,
        [SPECTRA, 8],
        differentiable=False,
        bad=[
            bad([ONES, 8], "must be complex", DTypeError),
            bad([ONES * 1j, 8], "frequencies and frames", DimensionError),
            bad([np.ones((1, 1, 5, 2)) * 1j, 8], "must be"),
            bad([SPECTRA[:, :0], 8], "none of them 0"),
            bad([SPECTRA, 10], "must have 6 frequencies, got 5"),
            bad([SPECTRA, 8, 9], "leaves gaps between windows"),
            bad([SPECTRA, 8, 2], "leave gaps", window=np.zeros(8)),
            bad([SPECTRA, 8, 2], "a complex window", window=np.ones(8) * 1j),
            bad([SPECTRA, 8], "no onesided spectrum", return_complex=True),
        ],
    ),
    Case("istft", of_real, [Input((2, 5, 4)), 8, 2, 5, WINDOW], torch=None, oracle=of_real),
]
