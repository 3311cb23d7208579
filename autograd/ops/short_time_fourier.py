"""The short-time Fourier transform: the spectra of overlapping frames of a signal; and back.

The frames have ``n_fft`` elements and are ``hop_length`` (a quarter of that unless given) apart;
each is weighted by ``window``, of ``win_length`` (``n_fft`` unless given) elements with zeros
around them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to
from autograd.core.variable import array_of, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.arithmetic import square
from autograd.ops.complex_parts import view_as_real
from autograd.ops.fft import fft, ifft, irfft, rfft
from autograd.ops.padding import pad
from autograd.ops.rearranging import transpose
from autograd.ops.shaping import _fold, unfold


def stft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Any:
    """The spectra of overlapping frames of ``input``: ``(B?, L) -> (B?, frequencies, frames)``.

    ``center``: the frames are centered at multiples of ``hop_length``, for which ``input`` is
    padded by ``pad_mode`` on both sides; otherwise the first begins with ``input`` (with
    ``align_to_window``, its window does). ``normalized``: over the root of ``n_fft``. ``onesided``:
    only the frequencies of `rfft`, the default for real ``input`` and ``window``.
    ``return_complex=False`` gives real and imaginary parts in a new last dim; for real ``input`` it
    must be said.

    Raises ShapeError for lengths that don't fit, DTypeError for integers.

    >>> import autograd
    >>> x = autograd.ones(10)
    >>> autograd.stft(x, 4, window=autograd.hann_window(4), return_complex=True).shape
    (3, 11)
    """
    is_complex = _is_complex("stft", input) or (window is not None and _is_complex("stft", window))
    onesided = not is_complex if onesided is None else onesided
    if return_complex is None and not is_complex:
        raise ShapeError("stft: give return_complex, which for real signals has no default")
    _refuse_onesided("stft", onesided and is_complex)
    if center and align_to_window is not None:
        raise ShapeError("stft: align_to_window is for center=False; leave it out")
    hop, length = _lengths("stft", n_fft, hop_length, win_length)
    if array_of(input).ndim not in (1, 2):
        raise ShapeError(
            f"stft: input must have the shape (L,) or (B, L), got {array_of(input).shape}"
        )
    if center:
        input = pad(input, (n_fft // 2, n_fft // 2), pad_mode)
    size = array_of(input).shape[-1]
    span = length if align_to_window else n_fft
    if not 0 < span <= size:
        raise ShapeError(f"stft: a frame of {span} elements does not fit into a signal of {size}")
    if align_to_window:
        input = pad(input, _surroundings(n_fft, length))
    frames = unfold(input, -1, n_fft, hop)
    if window is not None:
        frames = frames * _centered("stft", window, n_fft, length)
    spectra = (rfft if onesided else fft)(frames, norm="ortho" if normalized else None)
    spectra = transpose(spectra, -1, -2)
    return view_as_real(spectra) if return_complex is False else spectra


def istft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Any:
    """The inverse of `stft`: ``(B?, frequencies, frames) -> (B?, L)``; real, or ``return_complex``.

    The frames are weighted by ``window``, added where they overlap, and divided by the sum of the
    squared windows there: the signal whose `stft` is nearest to ``input`` (Griffin and Lim 1984).
    ``length``: that of the signal, if the frames do not tell it. ``onesided``: whether ``input``
    has the frequencies of `rfft`; by default, if it has not ``n_fft``. Raises ShapeError where the
    windows leave gaps, DTypeError.

    >>> import autograd
    >>> x, window = autograd.arange(8.0), autograd.hann_window(4)
    >>> autograd.istft(autograd.stft(x, 4, window=window, return_complex=True), 4, window=window)
    tensor([0., 1., 2., 3., 4., 5., 6., 7.])
    """
    hop, win_length = _lengths("istft", n_fft, hop_length, win_length)
    if hop > win_length:
        raise ShapeError(f"istft: hop_length {hop} leaves gaps between windows of {win_length}")
    shape = _checked_spectra(input)
    onesided = shape[-2] != n_fft if onesided is None else onesided
    expected = n_fft // 2 + 1 if onesided else n_fft
    if shape[-2] != expected:
        raise ShapeError(
            f"istft: input must have {expected} frequencies, got {shape[-2]} in {shape}"
        )
    if window is not None and _is_complex("istft", window) and not return_complex:
        raise ShapeError("istft: a complex window gives complex signals; pass return_complex=True")
    _refuse_onesided("istft", onesided and return_complex)
    if window is None:
        window = np.ones(win_length, array_of(input).real.dtype)
    window = _centered("istft", window, n_fft, win_length)
    inverse = ifft if return_complex else irfft  # real signals follow from half of their spectrum
    frames = inverse(transpose(input, -1, -2), n_fft, norm="ortho" if normalized else None) * window
    squares = broadcast_to(square(window), (shape[-1], n_fft))
    start = n_fft // 2 if center else 0
    total = n_fft + hop * (shape[-1] - 1)
    end = total - start if length is None else min(start + length, total)
    weights = _overlapped(squares, hop)[start:end]
    if not np.all(np.abs(array_of(weights)) > 1e-11):
        raise ShapeError("istft: the windows leave gaps; take a smaller hop_length or center=True")
    signal = _overlapped(frames, hop)[..., start:end] / weights
    return signal if length is None else pad(signal, (0, start + length - end))


def _lengths(operation: str, n_fft: int, hop: int | None, length: int | None) -> tuple[int, int]:
    """``hop_length`` and ``win_length``."""
    hop, length = n_fft // 4 if hop is None else hop, n_fft if length is None else length
    if hop < 1:
        raise ShapeError(f"{operation}: hop_length must be at least 1, got {hop}")
    if not 0 < length <= n_fft:
        raise ShapeError(f"{operation}: win_length must be 1 to n_fft ({n_fft}), got {length}")
    return hop, length


def _surroundings(n_fft: int, length: int) -> tuple[int, int]:
    """How many zeros stand before and after a window."""
    return (n_fft - length) // 2, n_fft - length - (n_fft - length) // 2


def _centered(operation: str, window: Any, n_fft: int, length: int) -> Any:
    shape = array_of(window).shape
    if shape != (length,):
        raise ShapeError(f"{operation}: window must have the shape ({length},), got {shape}")
    return pad(window, _surroundings(n_fft, length))


def _checked_spectra(x: Any) -> tuple[int, ...]:
    """The shape of ``x``, if it is one of spectra."""
    shape: tuple[int, ...] = array_of(x).shape
    if not _is_complex("istft", x):
        raise DTypeError(
            f"istft: x must be complex, got {describe(unwrap(x))}; see view_as_complex"
        )
    if len(shape) < 2:
        raise DimensionError(f"istft: x must have frequencies and frames in its dims, got {shape}")
    if len(shape) > 3 or 0 in shape:
        raise ShapeError(f"istft: x must be (B?, frequencies, frames), none of them 0, got {shape}")
    return shape


def _overlapped(frames: Any, hop: int) -> Any:
    """The sum of frames that lie ``hop`` apart, each in the last dim of ``frames``."""
    *batch, count, size = array_of(frames).shape
    shape = (*batch, size + hop * (count - 1))
    return _fold(frames, shape=shape, dim=len(batch), size=size, step=hop)


def _is_complex(operation: str, x: Any) -> bool:
    array = array_of(x)
    if not hasattr(array, "dtype") or array.dtype.kind not in "fc":
        raise DTypeError(f"{operation}: needs floating or complex tensors, got {describe(array)}")
    return bool(array.dtype.kind == "c")


def _refuse_onesided(operation: str, refused: bool) -> None:
    if refused:
        raise ShapeError(f"{operation}: complex signals have no onesided spectrum; onesided=False")
