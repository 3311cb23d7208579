"""Tensors with reverse-mode automatic differentiation on NumPy, under PyTorch's names.

>>> import autograd
>>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
>>> (x**2).sum().backward()
>>> x.grad
tensor([2., 4.])
"""

# Over 400 lines, for it is one list, to be searched rather than read.

import importlib
import os
import warnings
from typing import TYPE_CHECKING, Any

from numpy import dtype as dtype

from autograd import (
    distributions as distributions,
    fft as fft,
    linalg as linalg,
    special as special,
)
from autograd._gradcheck import (
    GradcheckError as GradcheckError,
    gradcheck as gradcheck,
    gradgradcheck as gradgradcheck,
)
from autograd._tensor import (
    Tensor as Tensor,
    is_tensor as is_tensor,
    numel as numel,
    result_type as result_type,
)
from autograd.checkpointing import checkpoint as checkpoint
from autograd.core.broadcast import broadcast_to as broadcast_to
from autograd.core.differentiate import backward as backward, grad as grad
from autograd.core.primitive import primitive as primitive
from autograd.core.variable import Array as Array
from autograd.creation import (
    arange as arange,
    empty as empty,
    empty_like as empty_like,
    eye as eye,
    full as full,
    full_like as full_like,
    linspace as linspace,
    logspace as logspace,
    ones as ones,
    ones_like as ones_like,
    scalar_tensor as scalar_tensor,
    zeros as zeros,
    zeros_like as zeros_like,
)
from autograd.devices import (
    accelerator as accelerator,
    backends as backends,
    cuda as cuda,
    device as device,
)
from autograd.dtypes import (
    bool_ as bool,
    can_cast as can_cast,
    complex64 as cfloat,
    complex64 as complex64,
    complex128 as cdouble,
    complex128 as complex128,
    finfo as finfo,
    float16 as float16,
    float16 as half,
    float32 as float,
    float32 as float32,
    float64 as double,
    float64 as float64,
    get_default_dtype as get_default_dtype,
    iinfo as iinfo,
    int8 as int8,
    int16 as int16,
    int16 as short,
    int32 as int,
    int32 as int32,
    int64 as int64,
    int64 as long,
    promote_types as promote_types,
    set_default_dtype as set_default_dtype,
    uint8 as uint8,
)
from autograd.errors import (
    AnomalyError as AnomalyError,
    AutogradError as AutogradError,
    DeviceError as DeviceError,
    DimensionError as DimensionError,
    DTypeError as DTypeError,
    GraphError as GraphError,
    ShapeError as ShapeError,
)
from autograd.formatting import set_printoptions as set_printoptions
from autograd.from_data import (
    as_tensor as as_tensor,
    asarray as asarray,
    from_dlpack as from_dlpack,
    from_numpy as from_numpy,
    tensor as tensor,
)
from autograd.generator import (
    Generator as Generator,
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)
from autograd.inquiries import (
    get_device as get_device,
    is_complex as is_complex,
    is_floating_point as is_floating_point,
    is_nonzero as is_nonzero,
    is_same_size as is_same_size,
    is_signed as is_signed,
)
from autograd.layouts import empty_permuted as empty_permuted, empty_strided as empty_strided
from autograd.memory import keep_freed_memory
from autograd.modes import (
    detect_anomaly as detect_anomaly,
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled,
    is_inference_mode_enabled as is_inference_mode_enabled,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from autograd.operations import zero_ as zero_
from autograd.ops.activation import (
    celu as celu,
    hardshrink as hardshrink,
    prelu as prelu,
    relu as relu,
    selu as selu,
    threshold as threshold,
)
from autograd.ops.adaptive_pooling import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_max_pool1d as adaptive_max_pool1d,
)
from autograd.ops.arithmetic import (
    add as add,
    addcdiv as addcdiv,
    addcmul as addcmul,
    div as div,
    divide as divide,
    float_power as float_power,
    floor_divide as floor_divide,
    fmod as fmod,
    hypot as hypot,
    lerp as lerp,
    mul as mul,
    multiply as multiply,
    neg as neg,
    negative as negative,
    positive as positive,
    pow as pow,
    reciprocal as reciprocal,
    remainder as remainder,
    rsqrt as rsqrt,
    rsub as rsub,
    sqrt as sqrt,
    square as square,
    sub as sub,
    subtract as subtract,
    true_divide as true_divide,
)
from autograd.ops.bessel import i0 as i0
from autograd.ops.cholesky_factors import (
    cholesky as cholesky,
    cholesky_inverse as cholesky_inverse,
    cholesky_solve as cholesky_solve,
)
from autograd.ops.combining import (
    cartesian_prod as cartesian_prod,
    combinations as combinations,
    meshgrid as meshgrid,
)
from autograd.ops.comparison import (
    allclose as allclose,
    bitwise_and as bitwise_and,
    bitwise_left_shift as bitwise_left_shift,
    bitwise_not as bitwise_not,
    bitwise_or as bitwise_or,
    bitwise_right_shift as bitwise_right_shift,
    bitwise_xor as bitwise_xor,
    eq as eq,
    equal as equal,
    ge as ge,
    greater as greater,
    greater_equal as greater_equal,
    gt as gt,
    isclose as isclose,
    isfinite as isfinite,
    isin as isin,
    isinf as isinf,
    isnan as isnan,
    isneginf as isneginf,
    isposinf as isposinf,
    isreal as isreal,
    le as le,
    less as less,
    less_equal as less_equal,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
    lt as lt,
    ne as ne,
    not_equal as not_equal,
)
from autograd.ops.complex_parts import (
    angle as angle,
    complex as complex,
    conj as conj,
    conj_physical as conj_physical,
    imag as imag,
    is_conj as is_conj,
    is_neg as is_neg,
    polar as polar,
    real as real,
    resolve_conj as resolve_conj,
    resolve_neg as resolve_neg,
    view_as_complex as view_as_complex,
    view_as_real as view_as_real,
)
from autograd.ops.contraction import bilinear as bilinear, einsum as einsum, tensordot as tensordot
from autograd.ops.conversion import clone as clone
from autograd.ops.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from autograd.ops.covariance import corrcoef as corrcoef, cov as cov
from autograd.ops.cumulative import (
    cummax as cummax,
    cummin as cummin,
    cumprod as cumprod,
    cumsum as cumsum,
    logcumsumexp as logcumsumexp,
)
from autograd.ops.determinants import det as det, logdet as logdet, slogdet as slogdet
from autograd.ops.diagonals import (
    block_diag as block_diag,
    diag as diag,
    diag_embed as diag_embed,
    diagflat as diagflat,
    diagonal as diagonal,
    diagonal_scatter as diagonal_scatter,
    trace as trace,
    tril as tril,
    tril_indices as tril_indices,
    triu as triu,
    triu_indices as triu_indices,
)
from autograd.ops.differences import (
    cumulative_trapezoid as cumulative_trapezoid,
    diff as diff,
    gradient as gradient,
    trapezoid as trapezoid,
    trapz as trapz,
)
from autograd.ops.distances import cdist as cdist, dist as dist, renorm as renorm
from autograd.ops.error_functions import erf as erf, erfc as erfc, erfinv as erfinv
from autograd.ops.exponential import (
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    logaddexp as logaddexp,
    logaddexp2 as logaddexp2,
    logit as logit,
    sigmoid as sigmoid,
    xlogy as xlogy,
)
from autograd.ops.extremes import (
    amax as amax,
    amin as amin,
    aminmax as aminmax,
    argmax as argmax,
    argmin as argmin,
    max as max,
    min as min,
)
from autograd.ops.filling import fill as fill
from autograd.ops.float_parts import (
    frexp as frexp,
    ldexp as ldexp,
    nextafter as nextafter,
    signbit as signbit,
)
from autograd.ops.gamma import (
    digamma as digamma,
    lgamma as lgamma,
    mvlgamma as mvlgamma,
    polygamma as polygamma,
)
from autograd.ops.gathering import (
    argwhere as argwhere,
    gather as gather,
    index_select as index_select,
    masked_scatter as masked_scatter,
    masked_select as masked_select,
    nonzero as nonzero,
    nonzero_static as nonzero_static,
    take as take,
    take_along_dim as take_along_dim,
    unravel_index as unravel_index,
)
from autograd.ops.histograms import histogram as histogram, histogramdd as histogramdd
from autograd.ops.incomplete_gamma import igamma as igamma, igammac as igammac
from autograd.ops.indexing import index_put as index_put, put as put
from autograd.ops.integers import gcd as gcd, lcm as lcm
from autograd.ops.inverses import inverse as inverse, solve as solve
from autograd.ops.joining import (
    cat as cat,
    chunk as chunk,
    column_stack as column_stack,
    concat as concat,
    concatenate as concatenate,
    dsplit as dsplit,
    dstack as dstack,
    hsplit as hsplit,
    hstack as hstack,
    row_stack as row_stack,
    split as split,
    split_with_sizes as split_with_sizes,
    stack as stack,
    tensor_split as tensor_split,
    unbind as unbind,
    unsafe_chunk as unsafe_chunk,
    unsafe_split as unsafe_split,
    unsafe_split_with_sizes as unsafe_split_with_sizes,
    vsplit as vsplit,
    vstack as vstack,
)
from autograd.ops.least_squares import pinverse as pinverse
from autograd.ops.linalg import chain_matmul as chain_matmul, cross as cross
from autograd.ops.lu_factors import lu_unpack as lu_unpack
from autograd.ops.magnitude import (
    abs as abs,
    absolute as absolute,
    clamp as clamp,
    clamp_max as clamp_max,
    clamp_min as clamp_min,
    clip as clip,
    copysign as copysign,
    fmax as fmax,
    fmin as fmin,
    heaviside as heaviside,
    maximum as maximum,
    minimum as minimum,
    sgn as sgn,
    sign as sign,
)
from autograd.ops.matrix_functions import matrix_exp as matrix_exp, matrix_power as matrix_power
from autograd.ops.normalization import (
    batch_norm as batch_norm,
    group_norm as group_norm,
    instance_norm as instance_norm,
    layer_norm as layer_norm,
    rms_norm as rms_norm,
)
from autograd.ops.norms import logsumexp as logsumexp, norm as norm
from autograd.ops.pixels import (
    channel_shuffle as channel_shuffle,
    native_channel_shuffle as native_channel_shuffle,
    pixel_shuffle as pixel_shuffle,
    pixel_unshuffle as pixel_unshuffle,
)
from autograd.ops.pooling import (
    avg_pool1d as avg_pool1d,
    max_pool1d as max_pool1d,
    max_pool1d_with_indices as max_pool1d_with_indices,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from autograd.ops.products import (
    addbmm as addbmm,
    addmm as addmm,
    addmv as addmv,
    addr as addr,
    baddbmm as baddbmm,
    bmm as bmm,
    dot as dot,
    ger as ger,
    inner as inner,
    kron as kron,
    matmul as matmul,
    mm as mm,
    mv as mv,
    outer as outer,
    vdot as vdot,
)
from autograd.ops.rearranging import (
    adjoint as adjoint,
    flip as flip,
    fliplr as fliplr,
    flipud as flipud,
    moveaxis as moveaxis,
    movedim as movedim,
    permute as permute,
    repeat_interleave as repeat_interleave,
    roll as roll,
    rot90 as rot90,
    swapaxes as swapaxes,
    swapdims as swapdims,
    t as t,
    tile as tile,
    transpose as transpose,
)
from autograd.ops.reduction import (
    all as all,
    any as any,
    count_nonzero as count_nonzero,
    mean as mean,
    nanmean as nanmean,
    nansum as nansum,
    prod as prod,
    sum as sum,
)
from autograd.ops.rounding import (
    ceil as ceil,
    fix as fix,
    floor as floor,
    frac as frac,
    nan_to_num as nan_to_num,
    round as round,
    trunc as trunc,
)
from autograd.ops.scattering import (
    scatter as scatter,
    scatter_add as scatter_add,
    scatter_reduce as scatter_reduce,
)
from autograd.ops.selection import masked_fill as masked_fill, where as where
from autograd.ops.shaping import (
    atleast_1d as atleast_1d,
    atleast_2d as atleast_2d,
    atleast_3d as atleast_3d,
    broadcast_shapes as broadcast_shapes,
    broadcast_tensors as broadcast_tensors,
    flatten as flatten,
    narrow as narrow,
    narrow_copy as narrow_copy,
    ravel as ravel,
    reshape as reshape,
    select as select,
    squeeze as squeeze,
    unflatten as unflatten,
    unsqueeze as unsqueeze,
)
from autograd.ops.short_time_fourier import istft as istft, stft as stft
from autograd.ops.similarity import (
    cosine_similarity as cosine_similarity,
    pairwise_distance as pairwise_distance,
    pdist as pdist,
)
from autograd.ops.slices import (
    index_add as index_add,
    index_copy as index_copy,
    index_fill as index_fill,
    index_reduce as index_reduce,
    select_scatter as select_scatter,
    slice_scatter as slice_scatter,
)
from autograd.ops.softmax import log_softmax as log_softmax, softmax as softmax
from autograd.ops.solving import triangular_solve as triangular_solve
from autograd.ops.sorting import (
    argsort as argsort,
    bincount as bincount,
    bucketize as bucketize,
    histc as histc,
    kthvalue as kthvalue,
    msort as msort,
    searchsorted as searchsorted,
    sort as sort,
    topk as topk,
    unique as unique,
    unique_consecutive as unique_consecutive,
)
from autograd.ops.statistics import (
    median as median,
    mode as mode,
    nanmedian as nanmedian,
    nanquantile as nanquantile,
    quantile as quantile,
    std as std,
    std_mean as std_mean,
    var as var,
    var_mean as var_mean,
)
from autograd.ops.striding import (
    as_strided as as_strided,
    as_strided_scatter as as_strided_scatter,
)
from autograd.ops.superseded import lu as lu, lu_solve as lu_solve, qr as qr, svd as svd
from autograd.ops.trigonometric import (
    acos as acos,
    acosh as acosh,
    arccos as arccos,
    arccosh as arccosh,
    arcsin as arcsin,
    arcsinh as arcsinh,
    arctan as arctan,
    arctan2 as arctan2,
    arctanh as arctanh,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    cos as cos,
    cosh as cosh,
    deg2rad as deg2rad,
    rad2deg as rad2deg,
    sin as sin,
    sinc as sinc,
    sinh as sinh,
    tan as tan,
    tanh as tanh,
)
from autograd.random import (
    bernoulli as bernoulli,
    multinomial as multinomial,
    normal as normal,
    poisson as poisson,
    rand as rand,
    rand_like as rand_like,
    randint as randint,
    randint_like as randint_like,
    randn as randn,
    randn_like as randn_like,
    randperm as randperm,
)
from autograd.size import Size as Size
from autograd.threads import (
    get_num_threads as get_num_threads,
    set_num_threads as set_num_threads,
)
from autograd.windows import (
    bartlett_window as bartlett_window,
    blackman_window as blackman_window,
    hamming_window as hamming_window,
    hann_window as hann_window,
    kaiser_window as kaiser_window,
)

# As in PyTorch, 1 / 0 is infinity without a word. NumPy would warn, from within this package, where
# nobody can do anything about it; `detect_anomaly` is how to find out.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"(autograd|nn|optim)(\.|$)")


if TYPE_CHECKING:
    from autograd.drawing import draw as draw
    from autograd.profiling import profile as profile

_LATER = {"draw": "autograd.drawing", "profile": "autograd.profiling"}


def __getattr__(name: str) -> Any:
    """``nn``, ``optim`` and ``autograd``, for programs that say ``torch.nn.Linear``; `nn.save` and
    `nn.load`, for those that say ``torch.save(model.state_dict(), path)``.

    They lie above this package, so they are imported when they are first asked for; so does
    ``autograd.func``. So are the ``kernels``, `draw` and `profile`, which few programs use.
    """
    if name in ("nn", "optim", "autograd"):
        return importlib.import_module(name)
    if name in ("save", "load"):
        return getattr(importlib.import_module("nn"), name)
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in ("func", "kernels", "utils"):
        return importlib.import_module(f"autograd.{name}")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


keep_freed_memory()
if KERNELS := os.environ.get("RETROGRAD_KERNELS"):
    importlib.import_module("autograd.kernels").use(KERNELS)
