"""The functions behind the modules, stateless, under PyTorch's names and with its signatures."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import random
from autograd.core.variable import make, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.activation import celu as celu
from autograd.ops.activation import elu as elu
from autograd.ops.activation import gelu as gelu
from autograd.ops.activation import glu as glu
from autograd.ops.activation import hardshrink as hardshrink
from autograd.ops.activation import hardsigmoid as hardsigmoid
from autograd.ops.activation import hardswish as hardswish
from autograd.ops.activation import hardtanh as hardtanh
from autograd.ops.activation import leaky_relu as leaky_relu
from autograd.ops.activation import logsigmoid as logsigmoid
from autograd.ops.activation import mish as mish
from autograd.ops.activation import prelu as prelu
from autograd.ops.activation import relu as relu
from autograd.ops.activation import relu6 as relu6
from autograd.ops.activation import selu as selu
from autograd.ops.activation import silu as silu
from autograd.ops.activation import softplus as softplus
from autograd.ops.activation import softshrink as softshrink
from autograd.ops.activation import softsign as softsign
from autograd.ops.activation import tanhshrink as tanhshrink
from autograd.ops.activation import threshold as threshold
from autograd.ops.adaptive_pooling import adaptive_avg_pool1d as adaptive_avg_pool1d
from autograd.ops.adaptive_pooling import adaptive_avg_pool2d as adaptive_avg_pool2d
from autograd.ops.adaptive_pooling import adaptive_avg_pool3d as adaptive_avg_pool3d
from autograd.ops.adaptive_pooling import adaptive_max_pool1d as adaptive_max_pool1d
from autograd.ops.adaptive_pooling import adaptive_max_pool2d as adaptive_max_pool2d
from autograd.ops.adaptive_pooling import adaptive_max_pool3d as adaptive_max_pool3d
from autograd.ops.adaptive_pooling import lp_pool1d as lp_pool1d
from autograd.ops.adaptive_pooling import lp_pool2d as lp_pool2d
from autograd.ops.adaptive_pooling import lp_pool3d as lp_pool3d
from autograd.ops.arithmetic import mul
from autograd.ops.classification import cross_entropy as cross_entropy
from autograd.ops.classification import nll_loss as nll_loss
from autograd.ops.convolution import conv1d as conv1d
from autograd.ops.convolution import conv2d as conv2d
from autograd.ops.convolution import conv3d as conv3d
from autograd.ops.convolution import conv_transpose1d as conv_transpose1d
from autograd.ops.convolution import conv_transpose2d as conv_transpose2d
from autograd.ops.convolution import conv_transpose3d as conv_transpose3d
from autograd.ops.exponential import sigmoid as sigmoid
from autograd.ops.indexing import getitem
from autograd.ops.loss import binary_cross_entropy as binary_cross_entropy
from autograd.ops.loss import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from autograd.ops.loss import huber_loss as huber_loss
from autograd.ops.loss import kl_div as kl_div
from autograd.ops.loss import l1_loss as l1_loss
from autograd.ops.loss import mse_loss as mse_loss
from autograd.ops.loss import smooth_l1_loss as smooth_l1_loss
from autograd.ops.normalization import batch_norm as batch_norm
from autograd.ops.normalization import group_norm as group_norm
from autograd.ops.normalization import instance_norm as instance_norm
from autograd.ops.normalization import layer_norm as layer_norm
from autograd.ops.normalization import local_response_norm as local_response_norm
from autograd.ops.normalization import normalize as normalize
from autograd.ops.normalization import rms_norm as rms_norm
from autograd.ops.padding import pad as pad
from autograd.ops.pooling import avg_pool1d as avg_pool1d
from autograd.ops.pooling import avg_pool2d as avg_pool2d
from autograd.ops.pooling import avg_pool3d as avg_pool3d
from autograd.ops.pooling import max_pool1d as max_pool1d
from autograd.ops.pooling import max_pool2d as max_pool2d
from autograd.ops.pooling import max_pool3d as max_pool3d
from autograd.ops.products import linear as linear
from autograd.ops.selection import where
from autograd.ops.softmax import log_softmax as log_softmax
from autograd.ops.softmax import one_hot as one_hot
from autograd.ops.softmax import softmax as softmax
from autograd.ops.softmax import softmin as softmin
from autograd.ops.trigonometric import tanh as tanh
from autograd.ops.windows import fold as fold
from autograd.ops.windows import unfold as unfold


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
