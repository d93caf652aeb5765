"""Writes cases.json: quantised ONNX models of a few operators, with what ONNX Runtime computes.

    python3 -m venv venv && venv/bin/pip install onnxruntime==1.31.1 onnx numpy
    venv/bin/python generate.py

Operators between DequantizeLinear and QuantizeLinear run one by one (no graph optimisation), as ONNX defines them; the
fused kernels of ONNX Runtime round some sums otherwise. QLinear operators are kernels of their own.
"""

import base64
import json
import os

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

RNG = np.random.default_rng(4)
CASES = []
SAMPLES = 8


class Model:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, operator, inputs, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def quantised(self, real, scale, zero_point):
        parameters = [self.constant(np.float32(scale)), self.constant(np.uint8(zero_point))]
        integers = self.node("QuantizeLinear", [real, *parameters])
        return integers, self.node("DequantizeLinear", [integers, *parameters])

    def trained(self, integers, scale):
        zero_point = np.zeros_like(np.float32(scale), dtype=integers.dtype)
        inputs = [self.constant(integers), self.constant(np.float32(scale)), self.constant(zero_point)]
        return self.node("DequantizeLinear", inputs, axis=0)

    def finish(self, name, kind, shape, output, output_shape, values):
        inputs = [helper.make_tensor_value_info("x", kind, ["N", *shape])]
        outputs = [helper.make_tensor_value_info(output, TensorProto.UINT8, ["N", *output_shape])]
        graph = helper.make_graph(self.nodes, "test", inputs, outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        (result,) = session.run([output], {"x": values})
        encode = lambda data: base64.b64encode(data).decode()
        CASES.append(
            {
                "name": name,
                "model": encode(model.SerializeToString()),
                "samples": len(values),
                "input": encode(np.ascontiguousarray(values).tobytes()),
                "output": encode(np.ascontiguousarray(result).tobytes()),
            }
        )


def weights(*shape):
    return RNG.integers(-127, 128, shape).astype(np.int8)


def bias(length):
    return RNG.integers(-2000, 2000, length).astype(np.int32)


def q_linear():
    model = Model()
    scales = RNG.uniform(0.003, 0.02, 4).astype(np.float32)
    stored = lambda scale, zero: [model.constant(np.float32(scale)), model.constant(np.uint8(zero))]
    w = [model.constant(weights(4, 3, 3, 2)), model.constant(scales), model.constant(np.zeros(4, np.int8))]
    y = stored(0.11, 97)
    convolved = model.node(
        "QLinearConv",
        ["x", *stored(0.03, 120), *w, *y, model.constant(bias(4))],
        kernel_shape=[3, 2],
        pads=[1, 0, 1, 1],
        strides=[1, 2],
    )
    flat = model.node("Flatten", [convolved])
    matrix = [model.constant(weights(60, 7)), model.constant(np.float32(0.004)), model.constant(np.int8(0))]
    output = model.node("QLinearMatMul", [flat, *y, *matrix, *stored(0.09, 130)])
    values = RNG.integers(0, 256, (SAMPLES, 3, 5, 6)).astype(np.uint8)
    model.finish("QLinearConv and QLinearMatMul", TensorProto.UINT8, (3, 5, 6), output, (7,), values)


def elementwise():
    model = Model()
    _, x = model.quantised("x", 0.02, 120)
    convolved = model.node("Conv", [x, model.trained(weights(4, 2, 3, 3), 0.01)], pads=[1, 1, 1, 1])
    _, a = model.quantised(model.node("Relu", [convolved]), 0.035, 0)
    _, b = model.quantised(model.node("Sigmoid", [a]), 1 / 256, 0)
    _, c = model.quantised(model.node("Mul", [a, b]), 0.03, 17)
    _, d = model.quantised(model.node("Add", [a, c]), 0.06, 110)
    _, e = model.quantised(model.node("Concat", [c, d], axis=1), 0.06, 100)
    pooled = model.node("MaxPool", [e], kernel_shape=[2, 2], strides=[2, 2])
    output, _ = model.quantised(pooled, 0.06, 100)
    values = RNG.uniform(-2.5, 2.8, (SAMPLES, 2, 6, 4)).astype(np.float32)
    model.finish("functions of one and two integers", TensorProto.FLOAT, (2, 6, 4), output, (8, 3, 2), values)


q_linear()
elementwise()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(entry) for entry in CASES) + "\n]\n")
print(len(CASES), "cases")
