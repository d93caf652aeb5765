"""Makes pipelines as skl2onnx exports them: python makePipelines.py OUT. Needs scikit-learn, skl2onnx, onnxruntime."""
import json, sys
import numpy as np, onnxruntime as ort
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from skl2onnx import to_onnx

out = sys.argv[1]
rng = np.random.default_rng(3)
X = rng.normal(size=(240, 4)).round(2).astype(np.float32)
y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(np.int64)
rows, X, y = X[200:].copy(), X[:200].copy(), y[:200]
X[::9, 1] = np.nan
exp = {"rows": rows.tolist()}
for name, missing in [("pipeline_imputer", np.nan), ("pipeline_imputer_number", -1.0)]:
    Z = np.where(np.isnan(X), np.float32(missing), X)
    steps = [SimpleImputer(missing_values=missing), RandomForestClassifier(3, max_depth=4, random_state=0)]
    model = to_onnx(make_pipeline(*steps).fit(Z, y), X[:1])
    open(f"{out}/{name}.onnx", "wb").write(model.SerializeToString())
    session = ort.InferenceSession(model.SerializeToString())
    exp[name] = np.asarray(session.run(None, {session.get_inputs()[0].name: rows})[0]).tolist()
json.dump(exp, open(out + "/pipelines.json", "w"))
