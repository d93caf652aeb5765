"""Writes cases.json: quantised TensorFlow Lite models of one operator each, with what the reference kernels compute.

    python3 -m venv venv && venv/bin/pip install tensorflow-cpu==2.21.0
    venv/bin/python generate.py

Models are built here, field by field, from seeded random numbers, so that every kernel is met with 8-bit integers of
both kinds, with scales that make roundings meet ties and saturations, and with biases of dead channels. Functions of one
integer see all 256 of them.
"""

import base64
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import flatbuffers
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

RNG = np.random.default_rng(20)
TYPES = {"int8": schema.TensorType.INT8, "uint8": schema.TensorType.UINT8, "int32": schema.TensorType.INT32}
NUMPY = {"int8": np.int8, "uint8": np.uint8, "int32": np.int32}
ACTIVATION = {"none": 0, "relu": 1, "relu_n1_to_1": 2, "relu6": 3}
SAMPLES = 3


class Model:
    """A model of one operator. Tensors are numbered in the order in which they are added."""

    def __init__(self):
        self.tensors, self.buffers = [], [schema.BufferT()]

    def tensor(self, kind, shape, scale=None, zero_point=0, data=None, axis=0):
        tensor = schema.TensorT()
        tensor.name = f"t{len(self.tensors)}".encode()
        tensor.shape, tensor.type = list(shape), TYPES[kind]
        if scale is not None:
            scales = np.atleast_1d(np.float32(scale))
            quantization = schema.QuantizationParametersT()
            quantization.scale = scales
            quantization.zeroPoint = np.full(len(scales), zero_point, np.int64)
            quantization.quantizedDimension = axis
            tensor.quantization = quantization
        tensor.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.asarray(data, NUMPY[kind]).tobytes(), np.uint8)
            self.buffers.append(buffer)
            tensor.buffer = len(self.buffers) - 1
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def build(self, operator, inputs, output, computed, options=None):
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, operator)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        step = schema.OperatorT()
        step.opcodeIndex, step.inputs, step.outputs = 0, list(inputs), [output]
        if options is not None:
            step.builtinOptions = options
            step.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, [step]
        graph.inputs, graph.outputs = list(computed), [output]
        model = schema.ModelT()
        model.version, model.operatorCodes, model.subgraphs, model.buffers = 3, [code], [graph], self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())


def limits(kind):
    info = np.iinfo(NUMPY[kind])
    return info.min, info.max


def random_integers(kind, shape):
    lo, hi = limits(kind)
    return RNG.integers(lo, hi + 1, shape).astype(NUMPY[kind])


def zero_point(kind):
    lo, hi = limits(kind)
    return int(RNG.integers(lo + 20, hi - 20))


def run(model, inputs):
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(model_content=model, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    for detail, value in zip(interpreter.get_input_details(), inputs):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


CASES = []


def case(name, model, inputs):
    """`inputs`: for each input of the model, its samples one after the other."""
    outputs = [run(model, [values[i : i + 1] for values in inputs]) for i in range(len(inputs[0]))]
    encode = lambda array: base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    CASES.append(
        {
            "name": name,
            "model": base64.b64encode(model).decode(),
            "inputs": [{"type": values.dtype.name, "data": encode(values)} for values in inputs],
            "output": {"type": outputs[0].dtype.name, "data": encode(np.concatenate([o.ravel() for o in outputs]))},
        }
    )


def convolution(name, kind, operator, activation, stride, padding, output_scale, multiplier=1, dilation=1, dead=False):
    model = Model()
    depthwise = operator == "DEPTHWISE_CONV_2D"
    shape, channels = (7, 6, 3), 3 * multiplier if depthwise else 4
    x = model.tensor(kind, (1, *shape), 0.05, zero_point(kind))
    filter_shape = (1, 3, 2, channels) if depthwise else (channels, 3, 2, 3)
    weights = random_integers(kind, filter_shape)
    axis = 3 if depthwise else 0
    if kind == "int8":
        weights = np.maximum(weights, -127)
        scales = RNG.uniform(0.002, 0.02, channels).astype(np.float32)
        w_zero = 0
    else:
        scales, w_zero = np.float32([0.011]), zero_point(kind)
    bias = RNG.integers(-2000, 2000, channels)
    if dead:
        weights = np.moveaxis(weights, axis, 0).copy()
        weights[1:3], bias[1:3], scales[1:3] = 0, [2**30, -(2**30) + 64], [4e-9, 7e-9]
        weights = np.moveaxis(weights, 0, axis)
    w = model.tensor(kind, filter_shape, scales, w_zero, weights, axis)
    b = model.tensor("int32", (channels,), np.float32(0.05) * scales, 0, bias)
    spatial = [-(-n // stride) if padding == 0 else -(-(n - dilation * (k - 1)) // stride) for n, k in zip(shape, (3, 2))]
    y = model.tensor(kind, (1, *spatial, channels), output_scale, zero_point(kind))
    options = schema.DepthwiseConv2DOptionsT() if depthwise else schema.Conv2DOptionsT()
    options.padding, options.strideH, options.strideW = padding, stride, stride
    options.dilationHFactor = options.dilationWFactor = dilation
    options.fusedActivationFunction = ACTIVATION[activation]
    if depthwise:
        options.depthMultiplier = multiplier
    case(name, model.build(operator, (x, w, b), y, [x], options), [random_integers(kind, (SAMPLES, *shape))])


def dense(name, kind, activation, input_scale, weight_scale, output_scale, with_bias=True, length=17):
    model = Model()
    x = model.tensor(kind, (1, length), input_scale, zero_point(kind))
    weights = random_integers(kind, (5, length))
    w = model.tensor(kind, (5, length), weight_scale, 0 if kind == "int8" else zero_point(kind), weights)
    inputs = [x, w]
    if with_bias:
        bias = RNG.integers(-900, 900, 5)
        inputs.append(model.tensor("int32", (5,), np.float32(input_scale) * np.float32(weight_scale), 0, bias))
    y = model.tensor(kind, (1, 5), output_scale, zero_point(kind))
    options = schema.FullyConnectedOptionsT()
    options.fusedActivationFunction = ACTIVATION[activation]
    case(name, model.build("FULLY_CONNECTED", inputs, y, [x], options), [random_integers(kind, (24, length))])


def binary(name, kind, operator, options, scales, activation="none", constant=False, shapes=((4, 5), (4, 5))):
    model = Model()
    options.fusedActivationFunction = ACTIVATION[activation]
    left = model.tensor(kind, (1, *shapes[0]), scales[0], zero_point(kind))
    right_data = random_integers(kind, shapes[1]) if constant else None
    right_shape = shapes[1] if constant else (1, *shapes[1])
    right = model.tensor(kind, right_shape, scales[1], zero_point(kind), right_data)
    y = model.tensor(kind, (1, *shapes[0]), scales[2], zero_point(kind))
    computed = [left] if constant else [left, right]
    values = [random_integers(kind, (12, *shape)) for shape in shapes[: len(computed)]]
    case(name, model.build(operator, (left, right), y, computed, options), values)


def unary(name, kind, operator, input_scale, output_scale, output_zero=None, options=None, output_kind=None):
    model = Model()
    output_kind = output_kind or kind
    x = model.tensor(kind, (1, 256), input_scale, zero_point(kind))
    y = model.tensor(output_kind, (1, 256), output_scale, zero_point(output_kind) if output_zero is None else output_zero)
    lo, hi = limits(kind)
    values = np.arange(lo, hi + 1).astype(NUMPY[kind])[None]
    case(name, model.build(operator, (x,), y, [x], options), [values])


def pool(name, kind, operator, padding, activation, size, stride, shape):
    model = Model()
    zero = zero_point(kind)
    x = model.tensor(kind, (1, *shape), 0.043, zero)
    spatial = [-(-n // stride) if padding == 0 else (n - size) // stride + 1 for n in shape[:2]]
    y = model.tensor(kind, (1, *spatial, shape[2]), 0.043, zero)
    options = schema.Pool2DOptionsT()
    options.padding, options.strideH, options.strideW = padding, stride, stride
    options.filterHeight = options.filterWidth = size
    options.fusedActivationFunction = ACTIVATION[activation]
    case(name, model.build(operator, (x,), y, [x], options), [random_integers(kind, (SAMPLES, *shape))])


def mean(name, kind, keep, scales):
    model = Model()
    x = model.tensor(kind, (1, 5, 3, 4), scales[0], zero_point(kind))
    axes = model.tensor("int32", (2,), data=[1, 2])
    y = model.tensor(kind, (1, 1, 1, 4) if keep else (1, 4), scales[1], zero_point(kind))
    options = schema.ReducerOptionsT()
    options.keepDims = keep
    case(name, model.build("MEAN", (x, axes), y, [x], options), [random_integers(kind, (20, 5, 3, 4))])


def pad(name, kind):
    model = Model()
    zero = zero_point(kind)
    x = model.tensor(kind, (1, 3, 4, 2), 0.1, zero)
    amounts = model.tensor("int32", (4, 2), data=[[0, 0], [1, 2], [0, 1], [0, 0]])
    y = model.tensor(kind, (1, 6, 5, 2), 0.1, zero)
    case(name, model.build("PAD", (x, amounts), y, [x], schema.PadOptionsT()), [random_integers(kind, (2, 3, 4, 2))])


def concatenation(name, kind, scales, zeros):
    model = Model()
    left = model.tensor(kind, (1, 4, 3), scales[0], zeros[0])
    right = model.tensor(kind, (1, 4, 2), scales[1], zeros[1])
    y = model.tensor(kind, (1, 4, 5), scales[2], zeros[2])
    options = schema.ConcatenationOptionsT()
    options.axis = 2
    values = [random_integers(kind, (9, 4, 3)), random_integers(kind, (9, 4, 2))]
    case(name, model.build("CONCATENATION", (left, right), y, [left, right], options), values)


def softmax(name, kind, scale, beta):
    model = Model()
    x = model.tensor(kind, (1, 12), scale, zero_point(kind))
    y = model.tensor(kind, (1, 12), 1 / 256, limits(kind)[0])
    options = schema.SoftmaxOptionsT()
    options.beta = beta
    case(name, model.build("SOFTMAX", (x,), y, [x], options), [random_integers(kind, (25, 12))])


for kind in ("int8", "uint8"):
    lowest = limits(kind)[0]
    convolution(f"{kind} convolution, same padding, ReLU6", kind, "CONV_2D", "relu6", 2, 0, 0.04)
    convolution(f"{kind} convolution, valid, dilated", kind, "CONV_2D", "none", 1, 1, 0.3, dilation=2)
    convolution(f"{kind} depthwise convolution", kind, "DEPTHWISE_CONV_2D", "relu", 1, 0, 0.11)
    convolution(f"{kind} depthwise convolution, two outputs each", kind, "DEPTHWISE_CONV_2D", "none", 2, 0, 0.13, 2)
    dense(f"{kind} dense", kind, "none", 0.031, 0.0072, 0.17)
    dense(f"{kind} dense, ReLU, no bias", kind, "relu", 0.031, 0.0093, 0.21, with_bias=False)
    dense(f"{kind} dense with ties", kind, "none", 0.5, 0.0625, 1.0, length=6)
    add = schema.AddOptionsT
    binary(f"{kind} addition", kind, "ADD", add(), (0.031, 0.022, 0.05))
    binary(f"{kind} addition of equal scales, ReLU", kind, "ADD", add(), (0.03, 0.03, 0.04), "relu")
    binary(f"{kind} addition of a constant", kind, "ADD", add(), (0.02, 0.05, 0.06), constant=True, shapes=((4, 5), (5,)))
    binary(f"{kind} subtraction", kind, "SUB", schema.SubOptionsT(), (0.017, 0.029, 0.033))
    binary(f"{kind} multiplication", kind, "MUL", schema.MulOptionsT(), (0.02, 0.03, 0.05), "relu6")
    unary(f"{kind} ReLU", kind, "RELU", 0.05, 0.031)
    unary(f"{kind} ReLU6", kind, "RELU6", 0.07, 0.0236)
    unary(f"{kind} ReLU from -1 to 1", kind, "RELU_N1_TO_1", 0.02, 0.009)
    leaky = schema.LeakyReluOptionsT()
    leaky.alpha = 0.3
    unary(f"{kind} leaky ReLU", kind, "LEAKY_RELU", 0.05, 0.041, options=leaky)
    unary(f"{kind} logistic", kind, "LOGISTIC", 0.06, 1 / 256, lowest)
    unary(f"{kind} tanh", kind, "TANH", 0.025, 1 / 128, 0 if kind == "int8" else 128)
    unary(f"{kind} hard swish", kind, "HARD_SWISH", 0.047, 0.031)
    unary(f"{kind} hard swish, wide", kind, "HARD_SWISH", 0.21, 0.18)
    unary(f"{kind} to the other type", kind, "QUANTIZE", 0.05, 0.05, output_kind="uint8" if kind == "int8" else "int8")
    unary(f"{kind} to another scale", kind, "QUANTIZE", 0.05, 0.033)
    pool(f"{kind} average pool", kind, "AVERAGE_POOL_2D", 1, "none", 3, 2, (7, 5, 3))
    pool(f"{kind} average pool of 2x2, ReLU", kind, "AVERAGE_POOL_2D", 1, "relu", 2, 2, (4, 6, 2))
    pool(f"{kind} max pool, same padding", kind, "MAX_POOL_2D", 0, "none", 3, 2, (6, 5, 2))
    pool(f"{kind} max pool, ReLU6", kind, "MAX_POOL_2D", 1, "relu6", 2, 2, (4, 6, 2))
    mean(f"{kind} mean", kind, True, (0.04, 0.027))
    mean(f"{kind} mean without its axes", kind, False, (0.04, 0.04))
    pad(f"{kind} padding", kind)
    zero = zero_point(kind)
    concatenation(f"{kind} concatenation", kind, (0.1, 0.1, 0.1), (zero, zero, zero))
    softmax(f"{kind} softmax", kind, 0.08, 1.0)

convolution("int8 convolution with dead channels", "int8", "CONV_2D", "none", 1, 0, 0.1, dead=True)
dense("int8 dense, scale per output", "int8", "none", 0.02, RNG.uniform(0.003, 0.01, 5), 0.09)
concatenation("uint8 concatenation of different scales", "uint8", (0.1, 0.037, 0.08), (11, 140, 90))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(entry) for entry in CASES) + "\n]\n")
print(len(CASES), "cases")
