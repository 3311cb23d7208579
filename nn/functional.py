"""The functions behind the modules, stateless, under PyTorch's names and with its signatures."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import random
from autograd.core.variable import make, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.activation import (
    celu as celu,
    elu as elu,
    gelu as gelu,
    glu as glu,
    hardshrink as hardshrink,
    hardsigmoid as hardsigmoid,
    hardswish as hardswish,
    hardtanh as hardtanh,
    leaky_relu as leaky_relu,
    logsigmoid as logsigmoid,
    mish as mish,
    prelu as prelu,
    relu as relu,
    relu6 as relu6,
    selu as selu,
    silu as silu,
    softplus as softplus,
    softshrink as softshrink,
    softsign as softsign,
    tanhshrink as tanhshrink,
    threshold as threshold,
)
from autograd.ops.adaptive_pooling import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_avg_pool3d as adaptive_avg_pool3d,
    adaptive_max_pool1d as adaptive_max_pool1d,
    adaptive_max_pool2d as adaptive_max_pool2d,
    adaptive_max_pool3d as adaptive_max_pool3d,
    lp_pool1d as lp_pool1d,
    lp_pool2d as lp_pool2d,
    lp_pool3d as lp_pool3d,
)
from autograd.ops.arithmetic import mul
from autograd.ops.classification import cross_entropy as cross_entropy, nll_loss as nll_loss
from autograd.ops.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from autograd.ops.exponential import sigmoid as sigmoid
from autograd.ops.indexing import getitem
from autograd.ops.loss import (
    binary_cross_entropy as binary_cross_entropy,
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    huber_loss as huber_loss,
    kl_div as kl_div,
    l1_loss as l1_loss,
    mse_loss as mse_loss,
    smooth_l1_loss as smooth_l1_loss,
)
from autograd.ops.normalization import (
    batch_norm as batch_norm,
    group_norm as group_norm,
    instance_norm as instance_norm,
    layer_norm as layer_norm,
    local_response_norm as local_response_norm,
    normalize as normalize,
    rms_norm as rms_norm,
)
from autograd.ops.padding import pad as pad
from autograd.ops.pooling import (
    avg_pool1d as avg_pool1d,
    avg_pool2d as avg_pool2d,
    avg_pool3d as avg_pool3d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from autograd.ops.products import linear as linear
from autograd.ops.selection import where
from autograd.ops.softmax import (
    log_softmax as log_softmax,
    one_hot as one_hot,
    softmax as softmax,
    softmin as softmin,
)
from autograd.ops.trigonometric import tanh as tanh
from autograd.ops.windows import fold as fold, unfold as unfold


def dropout(x: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Each element 0 with probability ``p``, the others times ``1 / (1 - p)``; ``x`` unless
    ``training``.

    Draws from the library's own generator. ``inplace`` is accepted and ignored. Raises ShapeError
    for ``p`` outside [0, 1].
    """
    if not 0 <= p <= 1:
        raise ShapeError(f"dropout: p must be between 0 and 1, got {p}")
    return mul(x, random.dropout_mask(x, p)) if training and p else x


def embedding(x: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The rows of ``weight`` (vectors, size) at the integers ``x``: ``(..., size)``.

    The row at ``padding_idx`` gets no gradient. Raises DTypeError for other than integers.
    """
    if unwrap(x).dtype.kind not in "iu":
        raise DTypeError(
            f"embedding: the indices must be integers, got {unwrap(x).dtype}; convert them: "
            "x.long()"
        )
    count = unwrap(weight).shape[0]
    if np.any(unwrap(x) < 0) or np.any(unwrap(x) >= count):
        raise DimensionError(f"embedding: the indices must be from 0 to {count - 1}")
    rows = getitem(weight, x)
    if padding_idx is None:
        return rows
    is_padding = make(np.equal(unwrap(x), padding_idx % count)[..., None])
    return where(is_padding, make(unwrap(rows)), rows)
