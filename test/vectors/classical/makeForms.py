"""Makes forms.json, svm.json and ONNX files of support vector machines: python makeForms.py OUT. Needs numpy, scikit-learn, skl2onnx, onnxruntime."""
import json, sys
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, SVR
from skl2onnx import to_onnx
import onnxruntime as ort

out = sys.argv[1]
rng = np.random.default_rng(11)
X = np.round(rng.normal(size=(160, 4)) * [1, 3, 10, 0.5] + [0, 2, 50, -1], 3).astype(np.float32)
y = np.digitize(X[:, 0] * X[:, 1] / 3 + 0.1 * (X[:, 2] - 50) + X[:, 3], [-1.8, 0.2]).astype(np.int64)
r = (X[:, 0] ** 2 + X[:, 1] * X[:, 3] + 0.1 * X[:, 2]).astype(np.float64)
Xt, Xv, yt, rt = X[:110], X[110:], y[:110], r[:110]
scaler = StandardScaler().fit(Xt)
sc = {"mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()}
Z, Zv = scaler.transform(Xt), scaler.transform(Xv)
short = lambda a: json.loads(json.dumps(np.asarray(a).tolist()), parse_float=lambda t: float("%.9g" % float(t)))
cases = []
def add(name, model, rows, scores, labels=None):
    cases.append({"name": name, "model": model, "rows": short(rows), "scores": short(scores), "labels": None if labels is None else np.asarray(labels).tolist()})

m = GaussianNB().fit(Xt, yt)
add("gaussian naive Bayes", {"model": "gaussian-nb", "theta": short(m.theta_), "var": short(m.var_), "class_prior": short(m.class_prior_)}, Xv, m.predict_joint_log_proba(Xv), m.predict(Xv))
C = rng.integers(0, 9, size=(150, 5)); yc = (C[:, 0] > C[:, 1]).astype(int) + (C[:, 2] > 6)
m = MultinomialNB().fit(C[:110], yc[:110])
add("multinomial naive Bayes", {"model": "multinomial-nb", "feature_log_prob": short(m.feature_log_prob_), "class_log_prior": short(m.class_log_prior_)}, C[110:], m.predict_joint_log_proba(C[110:]), m.predict(C[110:]))
B = (C > 4).astype(int)
m = BernoulliNB().fit(B[:110], yc[:110])
add("Bernoulli naive Bayes", {"model": "bernoulli-nb", "feature_log_prob": short(m.feature_log_prob_), "class_log_prior": short(m.class_log_prior_)}, B[110:], m.predict_joint_log_proba(B[110:]), m.predict(B[110:]))
p = PolynomialFeatures(2); m = Ridge(0.1).fit(p.fit_transform(Z), rt)
add("polynomial ridge, degree and scaler", {"model": "linear", "coefficients": short(m.coef_), "intercept": float(m.intercept_), "scaler": sc, "polynomial": {"degree": 2}}, Xv, m.predict(p.transform(Zv)))
p = PolynomialFeatures(2, interaction_only=True, include_bias=False); m = LogisticRegression(max_iter=2000).fit(p.fit_transform(Z), yt)
add("logistic regression of interactions, by name", {"model": "logistic", "coefficients": short(m.coef_), "intercept": short(m.intercept_), "feature_names": p.get_feature_names_out(["a", "b", "c", "d"]).tolist(), "scaler": sc, "separate": ["a", 1, 2]}, Xv, m.decision_function(p.transform(Zv)), m.predict(p.transform(Zv)))
json.dump(cases, open(out + "/forms.json", "w"))

cases = []
onnx = {}
def svm(name, m, target, scaled=True):
    A, V = (Z, Zv) if scaled else (Xt, Xv)
    m.fit(A, target)
    is_class = hasattr(m, "classes_")
    j = {"model": "svm", "kernel": m.kernel, "gamma": float(m._gamma), "coef0": float(m.coef0), "degree": m.degree, "support_vectors": short(m.support_vectors_), "dual_coef": short(m.dual_coef_), "intercept": short(m.intercept_), "scaler": sc, "separate": True}
    if is_class: j["n_support"] = m.n_support_.tolist()
    scores = m.decision_function(V) if is_class else m.predict(V)
    add(name, j, Xv, scores, m.predict(V) if is_class else None)
    o = to_onnx(m, A[:1].astype(np.float32), options={id(m): {"zipmap": False}} if is_class else None)
    file = name.replace(" ", "_")
    open(f"{out}/svm_{file}.onnx", "wb").write(o.SerializeToString())
    s = ort.InferenceSession(o.SerializeToString()).run(None, {"X": V.astype(np.float32)})
    onnx[file] = [short(v.reshape(len(V), -1)) for v in s]
ovo = {"decision_function_shape": "ovo"}
svm("rbf of three classes", SVC(C=2, **ovo), yt)
svm("polynomial of two classes", SVC(kernel="poly", degree=2, coef0=1, **ovo), (yt > 0).astype(int))
svm("sigmoid of three classes", SVC(kernel="sigmoid", gamma=0.1, **ovo), yt)
svm("linear of three classes", SVC(kernel="linear", **ovo), yt)
svm("regression rbf", SVR(C=3, epsilon=0.4), rt)
svm("regression linear", SVR(kernel="linear", epsilon=0.8), rt)
json.dump({"cases": cases, "onnx": onnx, "rows": short(Zv.astype(np.float32))}, open(out + "/svm.json", "w"))
