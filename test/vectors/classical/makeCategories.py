"""Makes models with splits by category: python makeCategories.py OUT. Needs numpy, xgboost, lightgbm, onnx, onnxruntime."""
import json, os, sys
import numpy as np, xgboost as xgb, lightgbm as lgb, onnx, onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

out = sys.argv[1]; os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(11)
N = 400
# A number, 3 and 40 categories, a number on a grid of halves.
X = np.stack([rng.normal(size=N).round(2), rng.integers(0, 3, N), rng.integers(0, 40, N), rng.integers(-4, 9, N) / 2], 1).astype(np.float32)
effect = rng.normal(size=40)
y = (effect[X[:, 2].astype(int)] + (X[:, 1] == 1) * X[:, 0] + 0.1 * X[:, 3]).astype(np.float32)
Xt, yt, rows = X[:350], y[:350], X[350:390].copy()
# Categories that no training row had.
rows[0, 2], rows[1, 2], rows[2, 1], rows[3, 2] = 40, 1000, 7, 63
exp = {}
d = lambda a, t=None: xgb.DMatrix(a, t, feature_types=["q", "c", "c", "q"], enable_categorical=True)
for name, k in [("xgb_categories", {"max_cat_to_onehot": 2}), ("xgb_onehot", {"max_cat_to_onehot": 100})]:
    b = xgb.train({"objective": "reg:squarederror", "max_depth": 5, "tree_method": "hist", "nthread": 1, **k}, d(Xt, yt), 4)
    b.save_model(f"{out}/{name}.json")
    exp[name] = b.predict(d(rows), output_margin=True).tolist()
b = lgb.train({"objective": "regression", "num_leaves": 14, "min_data_in_leaf": 3, "min_data_per_group": 1, "cat_smooth": 1, "verbose": -1, "num_threads": 1},
              lgb.Dataset(Xt, yt, categorical_feature=[1, 2]), 4)
b.save_model(f"{out}/lgb_categories.txt"); exp["lgb_categories"] = b.predict(rows, raw_score=True).tolist()
Xn = Xt.copy(); Xn[::7, 0] = np.nan
b = lgb.train({"objective": "regression", "num_leaves": 8, "verbose": -1, "num_threads": 1}, lgb.Dataset(Xn, yt), 3)
b.save_model(f"{out}/lgb_missing.txt"); exp["lgb_missing"] = b.predict(rows, raw_score=True).tolist()

# ai.onnx.ml 5: two trees of nodes of all modes, two targets.
f = lambda a: nh.from_array(np.array(a, np.float32))
attr = dict(
    n_targets=2, aggregate_function=1, post_transform=0, tree_roots=[0, 5],
    nodes_modes=nh.from_array(np.array([6, 0, 4, 6, 1, 5, 2, 3], np.uint8)),
    nodes_featureids=[2, 0, 1, 2, 3, 3, 0, 0],
    nodes_splits=f([0, 0.25, 1, 0, 1.5, 2, -0.5, 0.75]),
    membership_values=f([1, 2, 3, 7, 20, 33, np.nan, 5, 30, 31, 32, np.nan]),
    nodes_truenodeids=[1, 0, 3, 4, 5, 6, 6, 7], nodes_trueleafs=[0, 1, 1, 1, 1, 0, 1, 1],
    nodes_falsenodeids=[2, 1, 3, 2, 7, 7, 8, 0], nodes_falseleafs=[0, 1, 0, 1, 1, 0, 1, 1],
    leaf_targetids=[0, 1, 0, 1, 0, 1, 0, 1, 1], leaf_weights=f([1, 2, -3, 4, -5, 6, 7.5, -8, 9]))
attr["nodes_falsenodeids"][3] = 4; attr["nodes_falseleafs"][3] = 0; attr["nodes_truenodeids"][3] = 4
attr["nodes_truenodeids"][5] = 6; attr["nodes_falsenodeids"][5] = 7
node = h.make_node("TreeEnsemble", ["x"], ["scores"], domain="ai.onnx.ml", **attr)
def save(name, nodes, inputs, outputs, opsets, feeds):
    m = h.make_model(h.make_graph(nodes, name, inputs, outputs), opset_imports=[h.make_opsetid(a, v) for a, v in opsets], ir_version=9)
    onnx.save(m, f"{out}/{name}.onnx")
    return ort.InferenceSession(m.SerializeToString()).run(None, feeds)
vi = h.make_tensor_value_info
exp["tree_ensemble5"] = save("tree_ensemble5", [node], [vi("x", T.FLOAT, [None, 4])], [vi("scores", T.FLOAT, [None, 2])], [("", 17), ("ai.onnx.ml", 5)], {"x": rows})[0].tolist()
np.savetxt(out + "/category_rows.csv", rows, delimiter=",", fmt="%.9g")
json.dump(exp, open(out + "/categories.json", "w"))
