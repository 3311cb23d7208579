"""Tensors with reverse-mode automatic differentiation on NumPy, under PyTorch's names.

>>> import autograd
>>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
>>> (x**2).sum().backward()
>>> x.grad
tensor([2., 4.])
"""

import warnings

from autograd import linalg as linalg
from autograd._tensor import Tensor as Tensor
from autograd._tensor import is_tensor as is_tensor
from autograd._tensor import numel as numel
from autograd._tensor import result_type as result_type
from autograd.core.broadcast import broadcast_to as broadcast_to
from autograd.core.differentiate import backward as backward
from autograd.core.differentiate import grad as grad
from autograd.core.primitive import primitive as primitive
from autograd.core.variable import Array as Array
from autograd.creation import (
    arange as arange,
)
from autograd.creation import (
    as_tensor as as_tensor,
)
from autograd.creation import (
    asarray as asarray,
)
from autograd.creation import (
    empty as empty,
)
from autograd.creation import (
    empty_like as empty_like,
)
from autograd.creation import (
    eye as eye,
)
from autograd.creation import (
    from_dlpack as from_dlpack,
)
from autograd.creation import (
    from_numpy as from_numpy,
)
from autograd.creation import (
    full as full,
)
from autograd.creation import (
    full_like as full_like,
)
from autograd.creation import (
    linspace as linspace,
)
from autograd.creation import (
    logspace as logspace,
)
from autograd.creation import (
    ones as ones,
)
from autograd.creation import (
    ones_like as ones_like,
)
from autograd.creation import (
    scalar_tensor as scalar_tensor,
)
from autograd.creation import (
    tensor as tensor,
)
from autograd.creation import (
    zeros as zeros,
)
from autograd.creation import (
    zeros_like as zeros_like,
)
from autograd.dtypes import (
    bool_ as bool,
)
from autograd.dtypes import (
    can_cast as can_cast,
)
from autograd.dtypes import (
    complex64 as cfloat,
)
from autograd.dtypes import (
    complex64 as complex64,
)
from autograd.dtypes import (
    complex128 as cdouble,
)
from autograd.dtypes import (
    complex128 as complex128,
)
from autograd.dtypes import (
    finfo as finfo,
)
from autograd.dtypes import (
    float16 as float16,
)
from autograd.dtypes import (
    float16 as half,
)
from autograd.dtypes import (
    float32 as float,
)
from autograd.dtypes import (
    float32 as float32,
)
from autograd.dtypes import (
    float64 as double,
)
from autograd.dtypes import (
    float64 as float64,
)
from autograd.dtypes import (
    get_default_dtype as get_default_dtype,
)
from autograd.dtypes import (
    iinfo as iinfo,
)
from autograd.dtypes import (
    int8 as int8,
)
from autograd.dtypes import (
    int16 as int16,
)
from autograd.dtypes import (
    int16 as short,
)
from autograd.dtypes import (
    int32 as int,
)
from autograd.dtypes import (
    int32 as int32,
)
from autograd.dtypes import (
    int64 as int64,
)
from autograd.dtypes import (
    int64 as long,
)
from autograd.dtypes import (
    promote_types as promote_types,
)
from autograd.dtypes import (
    set_default_dtype as set_default_dtype,
)
from autograd.dtypes import (
    uint8 as uint8,
)
from autograd.errors import (
    AnomalyError as AnomalyError,
)
from autograd.errors import (
    AutogradError as AutogradError,
)
from autograd.errors import (
    DeviceError as DeviceError,
)
from autograd.errors import (
    DimensionError as DimensionError,
)
from autograd.errors import (
    DTypeError as DTypeError,
)
from autograd.errors import (
    GraphError as GraphError,
)
from autograd.errors import (
    ShapeError as ShapeError,
)
from autograd.formatting import set_printoptions as set_printoptions
from autograd.gradcheck import GradcheckError as GradcheckError
from autograd.gradcheck import gradcheck as gradcheck
from autograd.gradcheck import gradgradcheck as gradgradcheck
from autograd.modes import (
    detect_anomaly as detect_anomaly,
)
from autograd.modes import (
    enable_grad as enable_grad,
)
from autograd.modes import (
    inference_mode as inference_mode,
)
from autograd.modes import (
    is_grad_enabled as is_grad_enabled,
)
from autograd.modes import (
    is_inference_mode_enabled as is_inference_mode_enabled,
)
from autograd.modes import (
    no_grad as no_grad,
)
from autograd.modes import (
    set_grad_enabled as set_grad_enabled,
)
from autograd.ops.activation import (
    celu as celu,
)
from autograd.ops.activation import (
    hardshrink as hardshrink,
)
from autograd.ops.activation import (
    prelu as prelu,
)
from autograd.ops.activation import (
    relu as relu,
)
from autograd.ops.activation import (
    selu as selu,
)
from autograd.ops.activation import (
    threshold as threshold,
)
from autograd.ops.arithmetic import (
    add as add,
)
from autograd.ops.arithmetic import (
    addcdiv as addcdiv,
)
from autograd.ops.arithmetic import (
    addcmul as addcmul,
)
from autograd.ops.arithmetic import (
    div as div,
)
from autograd.ops.arithmetic import (
    divide as divide,
)
from autograd.ops.arithmetic import (
    float_power as float_power,
)
from autograd.ops.arithmetic import (
    floor_divide as floor_divide,
)
from autograd.ops.arithmetic import (
    fmod as fmod,
)
from autograd.ops.arithmetic import (
    hypot as hypot,
)
from autograd.ops.arithmetic import (
    lerp as lerp,
)
from autograd.ops.arithmetic import (
    mul as mul,
)
from autograd.ops.arithmetic import (
    multiply as multiply,
)
from autograd.ops.arithmetic import (
    neg as neg,
)
from autograd.ops.arithmetic import (
    negative as negative,
)
from autograd.ops.arithmetic import (
    positive as positive,
)
from autograd.ops.arithmetic import (
    pow as pow,
)
from autograd.ops.arithmetic import (
    reciprocal as reciprocal,
)
from autograd.ops.arithmetic import (
    remainder as remainder,
)
from autograd.ops.arithmetic import (
    rsqrt as rsqrt,
)
from autograd.ops.arithmetic import (
    rsub as rsub,
)
from autograd.ops.arithmetic import (
    sqrt as sqrt,
)
from autograd.ops.arithmetic import (
    square as square,
)
from autograd.ops.arithmetic import (
    sub as sub,
)
from autograd.ops.arithmetic import (
    subtract as subtract,
)
from autograd.ops.arithmetic import (
    true_divide as true_divide,
)
from autograd.ops.comparison import (
    allclose as allclose,
)
from autograd.ops.comparison import (
    bitwise_and as bitwise_and,
)
from autograd.ops.comparison import (
    bitwise_left_shift as bitwise_left_shift,
)
from autograd.ops.comparison import (
    bitwise_not as bitwise_not,
)
from autograd.ops.comparison import (
    bitwise_or as bitwise_or,
)
from autograd.ops.comparison import (
    bitwise_right_shift as bitwise_right_shift,
)
from autograd.ops.comparison import (
    bitwise_xor as bitwise_xor,
)
from autograd.ops.comparison import (
    eq as eq,
)
from autograd.ops.comparison import (
    equal as equal,
)
from autograd.ops.comparison import (
    ge as ge,
)
from autograd.ops.comparison import (
    greater as greater,
)
from autograd.ops.comparison import (
    greater_equal as greater_equal,
)
from autograd.ops.comparison import (
    gt as gt,
)
from autograd.ops.comparison import (
    isclose as isclose,
)
from autograd.ops.comparison import (
    isfinite as isfinite,
)
from autograd.ops.comparison import (
    isin as isin,
)
from autograd.ops.comparison import (
    isinf as isinf,
)
from autograd.ops.comparison import (
    isnan as isnan,
)
from autograd.ops.comparison import (
    isneginf as isneginf,
)
from autograd.ops.comparison import (
    isposinf as isposinf,
)
from autograd.ops.comparison import (
    isreal as isreal,
)
from autograd.ops.comparison import (
    le as le,
)
from autograd.ops.comparison import (
    less as less,
)
from autograd.ops.comparison import (
    less_equal as less_equal,
)
from autograd.ops.comparison import (
    logical_and as logical_and,
)
from autograd.ops.comparison import (
    logical_not as logical_not,
)
from autograd.ops.comparison import (
    logical_or as logical_or,
)
from autograd.ops.comparison import (
    logical_xor as logical_xor,
)
from autograd.ops.comparison import (
    lt as lt,
)
from autograd.ops.comparison import (
    ne as ne,
)
from autograd.ops.comparison import (
    not_equal as not_equal,
)
from autograd.ops.contraction import (
    bilinear as bilinear,
)
from autograd.ops.contraction import (
    einsum as einsum,
)
from autograd.ops.contraction import (
    tensordot as tensordot,
)
from autograd.ops.conversion import (
    clone as clone,
)
from autograd.ops.convolution import (
    conv1d as conv1d,
)
from autograd.ops.convolution import (
    conv2d as conv2d,
)
from autograd.ops.convolution import (
    conv3d as conv3d,
)
from autograd.ops.convolution import (
    conv_transpose1d as conv_transpose1d,
)
from autograd.ops.convolution import (
    conv_transpose2d as conv_transpose2d,
)
from autograd.ops.convolution import (
    conv_transpose3d as conv_transpose3d,
)
from autograd.ops.cumulative import (
    cummax as cummax,
)
from autograd.ops.cumulative import (
    cummin as cummin,
)
from autograd.ops.cumulative import (
    cumprod as cumprod,
)
from autograd.ops.cumulative import (
    cumsum as cumsum,
)
from autograd.ops.cumulative import (
    logcumsumexp as logcumsumexp,
)
from autograd.ops.diagonals import (
    block_diag as block_diag,
)
from autograd.ops.diagonals import (
    diag as diag,
)
from autograd.ops.diagonals import (
    diag_embed as diag_embed,
)
from autograd.ops.diagonals import (
    diagflat as diagflat,
)
from autograd.ops.diagonals import (
    diagonal as diagonal,
)
from autograd.ops.diagonals import (
    diagonal_scatter as diagonal_scatter,
)
from autograd.ops.diagonals import (
    trace as trace,
)
from autograd.ops.diagonals import (
    tril as tril,
)
from autograd.ops.diagonals import (
    tril_indices as tril_indices,
)
from autograd.ops.diagonals import (
    triu as triu,
)
from autograd.ops.diagonals import (
    triu_indices as triu_indices,
)
from autograd.ops.differences import (
    diff as diff,
)
from autograd.ops.differences import (
    trapezoid as trapezoid,
)
from autograd.ops.differences import (
    trapz as trapz,
)
from autograd.ops.exponential import (
    erf as erf,
)
from autograd.ops.exponential import (
    erfc as erfc,
)
from autograd.ops.exponential import (
    exp as exp,
)
from autograd.ops.exponential import (
    exp2 as exp2,
)
from autograd.ops.exponential import (
    expm1 as expm1,
)
from autograd.ops.exponential import (
    log as log,
)
from autograd.ops.exponential import (
    log1p as log1p,
)
from autograd.ops.exponential import (
    log2 as log2,
)
from autograd.ops.exponential import (
    log10 as log10,
)
from autograd.ops.exponential import (
    logaddexp as logaddexp,
)
from autograd.ops.exponential import (
    logaddexp2 as logaddexp2,
)
from autograd.ops.exponential import (
    logit as logit,
)
from autograd.ops.exponential import (
    sigmoid as sigmoid,
)
from autograd.ops.exponential import (
    xlogy as xlogy,
)
from autograd.ops.extremes import (
    amax as amax,
)
from autograd.ops.extremes import (
    amin as amin,
)
from autograd.ops.extremes import (
    aminmax as aminmax,
)
from autograd.ops.extremes import (
    argmax as argmax,
)
from autograd.ops.extremes import (
    argmin as argmin,
)
from autograd.ops.extremes import (
    max as max,
)
from autograd.ops.extremes import (
    min as min,
)
from autograd.ops.filling import (
    fill as fill,
)
from autograd.ops.gathering import (
    argwhere as argwhere,
)
from autograd.ops.gathering import (
    gather as gather,
)
from autograd.ops.gathering import (
    index_select as index_select,
)
from autograd.ops.gathering import (
    masked_scatter as masked_scatter,
)
from autograd.ops.gathering import (
    masked_select as masked_select,
)
from autograd.ops.gathering import (
    nonzero as nonzero,
)
from autograd.ops.gathering import (
    take as take,
)
from autograd.ops.gathering import (
    take_along_dim as take_along_dim,
)
from autograd.ops.indexing import (
    index_put as index_put,
)
from autograd.ops.joining import (
    cat as cat,
)
from autograd.ops.joining import (
    chunk as chunk,
)
from autograd.ops.joining import (
    column_stack as column_stack,
)
from autograd.ops.joining import (
    concat as concat,
)
from autograd.ops.joining import (
    concatenate as concatenate,
)
from autograd.ops.joining import (
    dsplit as dsplit,
)
from autograd.ops.joining import (
    dstack as dstack,
)
from autograd.ops.joining import (
    hsplit as hsplit,
)
from autograd.ops.joining import (
    hstack as hstack,
)
from autograd.ops.joining import (
    row_stack as row_stack,
)
from autograd.ops.joining import (
    split as split,
)
from autograd.ops.joining import (
    split_with_sizes as split_with_sizes,
)
from autograd.ops.joining import (
    stack as stack,
)
from autograd.ops.joining import (
    tensor_split as tensor_split,
)
from autograd.ops.joining import (
    unbind as unbind,
)
from autograd.ops.joining import (
    vsplit as vsplit,
)
from autograd.ops.joining import (
    vstack as vstack,
)
from autograd.ops.linalg import (
    cdist as cdist,
)
from autograd.ops.linalg import (
    chain_matmul as chain_matmul,
)
from autograd.ops.linalg import (
    cross as cross,
)
from autograd.ops.linalg import (
    dist as dist,
)
from autograd.ops.linalg import (
    matrix_power as matrix_power,
)
from autograd.ops.linalg import (
    solve as solve,
)
from autograd.ops.magnitude import (
    abs as abs,
)
from autograd.ops.magnitude import (
    absolute as absolute,
)
from autograd.ops.magnitude import (
    clamp as clamp,
)
from autograd.ops.magnitude import (
    clamp_max as clamp_max,
)
from autograd.ops.magnitude import (
    clamp_min as clamp_min,
)
from autograd.ops.magnitude import (
    clip as clip,
)
from autograd.ops.magnitude import (
    copysign as copysign,
)
from autograd.ops.magnitude import (
    fmax as fmax,
)
from autograd.ops.magnitude import (
    fmin as fmin,
)
from autograd.ops.magnitude import (
    heaviside as heaviside,
)
from autograd.ops.magnitude import (
    maximum as maximum,
)
from autograd.ops.magnitude import (
    minimum as minimum,
)
from autograd.ops.magnitude import (
    sgn as sgn,
)
from autograd.ops.magnitude import (
    sign as sign,
)
from autograd.ops.normalization import (
    batch_norm as batch_norm,
)
from autograd.ops.normalization import (
    group_norm as group_norm,
)
from autograd.ops.normalization import (
    instance_norm as instance_norm,
)
from autograd.ops.normalization import (
    layer_norm as layer_norm,
)
from autograd.ops.normalization import (
    rms_norm as rms_norm,
)
from autograd.ops.norms import (
    logsumexp as logsumexp,
)
from autograd.ops.norms import (
    norm as norm,
)
from autograd.ops.products import (
    addbmm as addbmm,
)
from autograd.ops.products import (
    addmm as addmm,
)
from autograd.ops.products import (
    addmv as addmv,
)
from autograd.ops.products import (
    addr as addr,
)
from autograd.ops.products import (
    baddbmm as baddbmm,
)
from autograd.ops.products import (
    bmm as bmm,
)
from autograd.ops.products import (
    dot as dot,
)
from autograd.ops.products import (
    ger as ger,
)
from autograd.ops.products import (
    inner as inner,
)
from autograd.ops.products import (
    kron as kron,
)
from autograd.ops.products import (
    matmul as matmul,
)
from autograd.ops.products import (
    mm as mm,
)
from autograd.ops.products import (
    mv as mv,
)
from autograd.ops.products import (
    outer as outer,
)
from autograd.ops.products import (
    vdot as vdot,
)
from autograd.ops.rearranging import (
    adjoint as adjoint,
)
from autograd.ops.rearranging import (
    flip as flip,
)
from autograd.ops.rearranging import (
    fliplr as fliplr,
)
from autograd.ops.rearranging import (
    flipud as flipud,
)
from autograd.ops.rearranging import (
    moveaxis as moveaxis,
)
from autograd.ops.rearranging import (
    movedim as movedim,
)
from autograd.ops.rearranging import (
    permute as permute,
)
from autograd.ops.rearranging import (
    repeat_interleave as repeat_interleave,
)
from autograd.ops.rearranging import (
    roll as roll,
)
from autograd.ops.rearranging import (
    rot90 as rot90,
)
from autograd.ops.rearranging import (
    swapaxes as swapaxes,
)
from autograd.ops.rearranging import (
    swapdims as swapdims,
)
from autograd.ops.rearranging import (
    t as t,
)
from autograd.ops.rearranging import (
    tile as tile,
)
from autograd.ops.rearranging import (
    transpose as transpose,
)
from autograd.ops.reduction import (
    all as all,
)
from autograd.ops.reduction import (
    any as any,
)
from autograd.ops.reduction import (
    count_nonzero as count_nonzero,
)
from autograd.ops.reduction import (
    mean as mean,
)
from autograd.ops.reduction import (
    nanmean as nanmean,
)
from autograd.ops.reduction import (
    nansum as nansum,
)
from autograd.ops.reduction import (
    prod as prod,
)
from autograd.ops.reduction import (
    sum as sum,
)
from autograd.ops.rounding import (
    ceil as ceil,
)
from autograd.ops.rounding import (
    fix as fix,
)
from autograd.ops.rounding import (
    floor as floor,
)
from autograd.ops.rounding import (
    frac as frac,
)
from autograd.ops.rounding import (
    nan_to_num as nan_to_num,
)
from autograd.ops.rounding import (
    round as round,
)
from autograd.ops.rounding import (
    trunc as trunc,
)
from autograd.ops.scattering import (
    index_add as index_add,
)
from autograd.ops.scattering import (
    index_copy as index_copy,
)
from autograd.ops.scattering import (
    index_fill as index_fill,
)
from autograd.ops.scattering import (
    scatter as scatter,
)
from autograd.ops.scattering import (
    scatter_add as scatter_add,
)
from autograd.ops.scattering import (
    scatter_reduce as scatter_reduce,
)
from autograd.ops.scattering import (
    select_scatter as select_scatter,
)
from autograd.ops.scattering import (
    slice_scatter as slice_scatter,
)
from autograd.ops.selection import (
    masked_fill as masked_fill,
)
from autograd.ops.selection import (
    where as where,
)
from autograd.ops.shaping import (
    atleast_1d as atleast_1d,
)
from autograd.ops.shaping import (
    atleast_2d as atleast_2d,
)
from autograd.ops.shaping import (
    atleast_3d as atleast_3d,
)
from autograd.ops.shaping import (
    broadcast_shapes as broadcast_shapes,
)
from autograd.ops.shaping import (
    broadcast_tensors as broadcast_tensors,
)
from autograd.ops.shaping import (
    flatten as flatten,
)
from autograd.ops.shaping import (
    meshgrid as meshgrid,
)
from autograd.ops.shaping import (
    narrow as narrow,
)
from autograd.ops.shaping import (
    ravel as ravel,
)
from autograd.ops.shaping import (
    reshape as reshape,
)
from autograd.ops.shaping import (
    select as select,
)
from autograd.ops.shaping import (
    squeeze as squeeze,
)
from autograd.ops.shaping import (
    unflatten as unflatten,
)
from autograd.ops.shaping import (
    unsqueeze as unsqueeze,
)
from autograd.ops.softmax import (
    log_softmax as log_softmax,
)
from autograd.ops.softmax import (
    softmax as softmax,
)
from autograd.ops.sorting import (
    argsort as argsort,
)
from autograd.ops.sorting import (
    bincount as bincount,
)
from autograd.ops.sorting import (
    bucketize as bucketize,
)
from autograd.ops.sorting import (
    histc as histc,
)
from autograd.ops.sorting import (
    kthvalue as kthvalue,
)
from autograd.ops.sorting import (
    msort as msort,
)
from autograd.ops.sorting import (
    searchsorted as searchsorted,
)
from autograd.ops.sorting import (
    sort as sort,
)
from autograd.ops.sorting import (
    topk as topk,
)
from autograd.ops.sorting import (
    unique as unique,
)
from autograd.ops.sorting import (
    unique_consecutive as unique_consecutive,
)
from autograd.ops.statistics import (
    median as median,
)
from autograd.ops.statistics import (
    mode as mode,
)
from autograd.ops.statistics import (
    nanmedian as nanmedian,
)
from autograd.ops.statistics import (
    nanquantile as nanquantile,
)
from autograd.ops.statistics import (
    quantile as quantile,
)
from autograd.ops.statistics import (
    std as std,
)
from autograd.ops.statistics import (
    std_mean as std_mean,
)
from autograd.ops.statistics import (
    var as var,
)
from autograd.ops.statistics import (
    var_mean as var_mean,
)
from autograd.ops.trigonometric import (
    acos as acos,
)
from autograd.ops.trigonometric import (
    acosh as acosh,
)
from autograd.ops.trigonometric import (
    arccos as arccos,
)
from autograd.ops.trigonometric import (
    arccosh as arccosh,
)
from autograd.ops.trigonometric import (
    arcsin as arcsin,
)
from autograd.ops.trigonometric import (
    arcsinh as arcsinh,
)
from autograd.ops.trigonometric import (
    arctan as arctan,
)
from autograd.ops.trigonometric import (
    arctan2 as arctan2,
)
from autograd.ops.trigonometric import (
    arctanh as arctanh,
)
from autograd.ops.trigonometric import (
    asin as asin,
)
from autograd.ops.trigonometric import (
    asinh as asinh,
)
from autograd.ops.trigonometric import (
    atan as atan,
)
from autograd.ops.trigonometric import (
    atan2 as atan2,
)
from autograd.ops.trigonometric import (
    atanh as atanh,
)
from autograd.ops.trigonometric import (
    cos as cos,
)
from autograd.ops.trigonometric import (
    cosh as cosh,
)
from autograd.ops.trigonometric import (
    deg2rad as deg2rad,
)
from autograd.ops.trigonometric import (
    rad2deg as rad2deg,
)
from autograd.ops.trigonometric import (
    sin as sin,
)
from autograd.ops.trigonometric import (
    sinc as sinc,
)
from autograd.ops.trigonometric import (
    sinh as sinh,
)
from autograd.ops.trigonometric import (
    tan as tan,
)
from autograd.ops.trigonometric import (
    tanh as tanh,
)
from autograd.random import (
    Generator as Generator,
)
from autograd.random import (
    bernoulli as bernoulli,
)
from autograd.random import (
    get_rng_state as get_rng_state,
)
from autograd.random import (
    initial_seed as initial_seed,
)
from autograd.random import (
    manual_seed as manual_seed,
)
from autograd.random import (
    multinomial as multinomial,
)
from autograd.random import (
    normal as normal,
)
from autograd.random import (
    poisson as poisson,
)
from autograd.random import (
    rand as rand,
)
from autograd.random import (
    rand_like as rand_like,
)
from autograd.random import (
    randint as randint,
)
from autograd.random import (
    randint_like as randint_like,
)
from autograd.random import (
    randn as randn,
)
from autograd.random import (
    randn_like as randn_like,
)
from autograd.random import (
    randperm as randperm,
)
from autograd.random import (
    seed as seed,
)
from autograd.random import (
    set_rng_state as set_rng_state,
)

# As in PyTorch, 1 / 0 is infinity without a word. NumPy would warn, from within this package, where
# nobody can do anything about it; `detect_anomaly` is how to find out.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"(autograd|nn|optim)(\.|$)")
