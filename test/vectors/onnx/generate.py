"""Writes cases.json beside this file: small ONNX models of our own with the outputs of ONNX Runtime.

    python3 -m venv venv && venv/bin/pip install onnx onnxruntime numpy
    venv/bin/python test/vectors/onnx/generate.py

Last run with onnx 1.23.2, onnxruntime 1.31.1. Weights and inputs come from a seeded generator.
"""

import base64
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(20240607)
cases = []


def real(*shape):
    return random.normal(size=shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def case(name, nodes, inputs, constants=None, opset=17, batch="batch", samples=3, initializers=()):
    """`inputs`: name -> per-sample shape. `batch`: a symbolic length, 1, or None for a model without a batch axis."""
    lead = [] if batch is None else [batch]
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, lead + list(s)) for n, s in inputs.items()]
    outputs = [helper.make_empty_tensor_value_info(n) for n in nodes[-1].output]
    stored = [numpy_helper.from_array(array, n) for n, array in (constants or {}).items()] + list(initializers)
    graph = helper.make_graph(nodes, name, values, outputs, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    data = {n: real(samples, *s) for n, s in inputs.items()}
    runs = []
    if batch == "batch":
        runs = session.run(None, data)
    else:
        # One sample at a time; a batch of 1 is removed from the front again.
        single = [{n: a[i] if batch is None else a[i : i + 1] for n, a in data.items()} for i in range(samples)]
        results = [session.run(None, one) for one in single]
        runs = [np.concatenate(r) if batch == 1 else np.stack(r) for r in zip(*results)]
    cases.append(
        {
            "name": name,
            "model": base64.b64encode(model.SerializeToString()).decode(),
            "inputs": [tensor(a) for a in data.values()],
            "outputs": [tensor(a) for a in runs],
        }
    )


def tensor(array):
    flat = [float(np.format_float_positional(x, unique=True)) if x.dtype == np.float32 else int(x) for x in array.ravel()]
    return {"shape": list(array.shape), "data": flat}


def node(operator, inputs, outputs=("y",), **attributes):
    return helper.make_node(operator, list(inputs), list(outputs), **attributes)


case(
    "mlp",
    [
        node("Gemm", ["x", "w1", "b1"], ["h1"], transB=1),
        node("Relu", ["h1"], ["h2"]),
        node("Gemm", ["h2", "w2", "b2"], ["h3"], transB=1),
        node("Softmax", ["h3"], axis=1),
    ],
    {"x": [6]},
    {"w1": real(5, 6), "b1": real(5), "w2": real(4, 5), "b2": real(4)},
    batch=1,
)
case("gemmScaled", [node("Gemm", ["x", "w", "b"], alpha=0.5, beta=-2.0)], {"x": [4]}, {"w": real(4, 3), "b": real(1, 3)})
case("gemmWithoutBias", [node("Gemm", ["x", "w"], transB=1)], {"x": [4]}, {"w": real(3, 4)})
case("gemmScalarBias", [node("Gemm", ["x", "w", "b"])], {"x": [4]}, {"w": real(4, 3), "b": real(1)})
case("gemmTransposedLeft", [node("Gemm", ["x", "w"], transA=1)], {"x": [4, 2]}, {"w": real(4, 3)}, batch=None)
case("matmulRank3", [node("MatMul", ["x", "w"], ["h"]), node("Add", ["h", "b"])], {"x": [2, 4]}, {"w": real(4, 3), "b": real(3)})
case("matmulStacked", [node("MatMul", ["x", "w"])], {"x": [2, 2, 4]}, {"w": real(2, 4, 3)})
case("matmulOfTwoInputs", [node("MatMul", ["x", "z"])], {"x": [2, 4], "z": [4, 3]})
case("matmulVector", [node("MatMul", ["x", "w"])], {"x": [2, 4]}, {"w": real(4)})
case("addBroadcast", [node("Add", ["x", "c"])], {"x": [3, 4]}, {"c": real(3, 1)})
case("subConstantFirst", [node("Sub", ["c", "x"])], {"x": [3, 4]}, {"c": real(4)})
case("mulOfInputs", [node("Mul", ["x", "z"])], {"x": [3, 4], "z": [1, 4]})
case("divByConstant", [node("Div", ["x", "c"])], {"x": [5]}, {"c": np.float32([2, -3, 0.5, 7, 9])})
for name in ["Relu", "Sigmoid", "Tanh", "Identity"]:
    case(name.lower(), [node(name, ["x"])], {"x": [7]})
case("leakyReluDefault", [node("LeakyRelu", ["x"])], {"x": [7]})
case("leakyRelu", [node("LeakyRelu", ["x"], alpha=0.3)], {"x": [7]}, opset=9)
case("clipAttributes", [node("Clip", ["x"], min=-0.5, max=0.5)], {"x": [9]}, opset=9)
case("clipInputs", [node("Clip", ["x", "lo", "hi"])], {"x": [9]}, {"lo": np.float32(-0.25), "hi": np.float32(np.inf)})
case("clipUpperOnly", [node("Clip", ["x", "", "hi"])], {"x": [9]}, {"hi": np.float32(0.25)})
case("softmaxLast", [node("Softmax", ["x"])], {"x": [3, 4]})
case("softmaxMiddle", [node("Softmax", ["x"], axis=1)], {"x": [3, 4]})
case("softmaxFlattened", [node("Softmax", ["x"])], {"x": [3, 4]}, opset=11)
case("logSoftmax", [node("LogSoftmax", ["x"], axis=-1)], {"x": [5]})
case("argmax", [node("ArgMax", ["x"], axis=1, keepdims=0)], {"x": [6]})
case("argmaxKept", [node("ArgMax", ["x"], axis=-2)], {"x": [4, 3]})
case("flatten", [node("Flatten", ["x"])], {"x": [2, 3, 2]})
case("flattenLast", [node("Flatten", ["x"], axis=-1)], {"x": [6]})
case("reshapeCopied", [node("Reshape", ["x", "s"])], {"x": [2, 6]}, {"s": ints(0, 3, -1)})
case("reshapeOpen", [node("Reshape", ["x", "s"])], {"x": [2, 6]}, {"s": ints(-1, 12)})
case("reshapeTraced", [node("Reshape", ["x", "s"])], {"x": [2, 6]}, {"s": ints(1, 12)}, batch=1)
case("squeezeAttribute", [node("Squeeze", ["x"], axes=[2])], {"x": [3, 1, 2]}, opset=11)
case("squeezeInput", [node("Squeeze", ["x", "a"])], {"x": [3, 1, 2]}, {"a": ints(-2)})
case("unsqueezeAttribute", [node("Unsqueeze", ["x"], axes=[1, 3])], {"x": [3]}, opset=11)
case("unsqueezeInput", [node("Unsqueeze", ["x", "a"])], {"x": [3]}, {"a": ints(-1)})
case("transpose", [node("Transpose", ["x"], perm=[0, 3, 1, 2])], {"x": [2, 3, 4]})
case("dropout", [node("Dropout", ["x", "r"])], {"x": [4]}, {"r": np.float32(0.5)})
case("castThere", [node("Cast", ["x"], ["i"], to=TensorProto.INT32), node("Cast", ["i"], to=TensorProto.FLOAT)], {"x": [6]})
statistics = {"g": real(3), "b": real(3), "m": real(3), "v": np.abs(real(3)) + np.float32(0.1)}
case("batchNormalization", [node("BatchNormalization", ["x", "g", "b", "m", "v"], epsilon=0.01)], {"x": [3, 2, 2]}, statistics)
case("sliceInputs", [node("Slice", ["x", "f", "t", "a", "s"])], {"x": [5, 4]}, {"f": ints(-1, 1), "t": ints(-(2**62), 3), "a": ints(1, 2), "s": ints(-2, 1)})
case("sliceAttributes", [node("Slice", ["x"], axes=[1], starts=[1], ends=[2**62])], {"x": [5]}, opset=9)
case("concat", [node("Concat", ["x", "z"], axis=-1)], {"x": [2, 3], "z": [2, 1]})
case("gather", [node("Gather", ["x", "i"], axis=1)], {"x": [4, 2]}, {"i": np.array([[3, -4], [1, 1]], dtype=np.int64)})
case(
    "flattenOfTracedView",
    [
        node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "zero"], ["n"], axis=0),
        node("Unsqueeze", ["n", "axes"], ["n1"]),
        node("Concat", ["n1", "rest"], ["target"], axis=0),
        node("Reshape", ["x", "target"], ["flat"]),
        node("Gemm", ["flat", "w", "b"]),
    ],
    {"x": [2, 3]},
    {"zero": np.int64(0), "axes": ints(0), "rest": ints(-1), "w": real(6, 2), "b": real(2)},
)
case(
    "foldedWeights",
    [
        node("Transpose", ["w"], ["wt"], perm=[1, 0]),
        node("Mul", ["wt", "half"], ["ws"]),
        node("MatMul", ["x", "ws"], ["h"]),
        node("Constant", [], ["b"], value=numpy_helper.from_array(real(3))),
        node("Add", ["h", "b"]),
    ],
    {"x": [4]},
    {"w": real(3, 4), "half": np.float32(0.5)},
)
case("withoutBatch", [node("MatMul", ["w", "x"], ["h"]), node("Softmax", ["h"], axis=0)], {"x": [4, 2]}, {"w": real(3, 4)}, batch=None)
half = numpy_helper.from_array(real(4, 3).astype(np.float16), "w")
case("halfWeights", [node("Cast", ["w"], ["wf"], to=TensorProto.FLOAT), node("MatMul", ["x", "wf"])], {"x": [4]}, initializers=[half])
double = numpy_helper.from_array(random.normal(size=(4, 3)), "w")
case("doubleWeights", [node("Cast", ["w"], ["wf"], to=TensorProto.FLOAT), node("MatMul", ["x", "wf"])], {"x": [4]}, initializers=[double])
bytes_ = numpy_helper.from_array(random.integers(-128, 128, size=(4, 3)).astype(np.int8), "w")
case("byteWeights", [node("Cast", ["w"], ["wf"], to=TensorProto.FLOAT), node("MatMul", ["x", "wf"])], {"x": [4]}, initializers=[bytes_])
typed = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], real(12).tolist())
case("typedField", [node("MatMul", ["x", "w"])], {"x": [4]}, initializers=[typed])

path = pathlib.Path(__file__).with_name("cases.json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(f"{len(cases)} cases, onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
