"""Models of heart.csv for test/e2e/classical.test.ts: python makeHeart.py heart.csv OUT. Needs numpy, scikit-learn, skl2onnx."""
import csv, json, sys
import numpy as np
from sklearn.cluster import KMeans
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
from skl2onnx import to_onnx

source, out = sys.argv[1:]
rows = list(csv.DictReader(open(source)))
# 18 features: numbers, then a column for each value of a category, or one where there are two.
columns = [[float(row[name]) for row in rows] for name in ["Age", "RestingBP", "Cholesterol", "FastingBS", "MaxHR", "Oldpeak"]]
for name in ["Sex", "ChestPainType", "RestingECG", "ExerciseAngina", "ST_Slope"]:
    values = sorted({row[name] for row in rows})
    for value in values[1:] if len(values) == 2 else values:
        columns.append([float(row[name] == value) for row in rows])
X = np.array(columns).T
y = np.array([int(row["HeartDisease"]) for row in rows])
train, test = train_test_split(np.arange(len(rows)), test_size=0.3, random_state=0)
expected = {"test": test.tolist(), "train": train.tolist()}
for name, depth in (("heart_tree", None), ("heart_tree5", 5)):
    tree = DecisionTreeClassifier(random_state=0, max_depth=depth).fit(X[train], y[train])
    model = to_onnx(tree, X[:1].astype(np.float32), options={id(tree): {"zipmap": False}})
    open(f"{out}/{name}.onnx", "wb").write(model.SerializeToString())
    expected[name] = tree.predict(X[test]).tolist()
means = KMeans(2, n_init=10, random_state=0).fit(X[train])
json.dump({"model": "centroids", "centers": means.cluster_centers_.tolist()}, open(f"{out}/heart_kmeans.json", "w"))
expected["heart_kmeans"] = means.predict(X[test]).tolist()
json.dump(expected, open(f"{out}/heart_expected.json", "w"))
