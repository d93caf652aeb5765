"""Makes the test vectors of classical models: python make.py OUT. Needs numpy, scikit-learn, xgboost, lightgbm, skl2onnx."""
import json, sys, os
import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn.ensemble import RandomForestClassifier, GradientBoostingRegressor
import xgboost as xgb, lightgbm as lgb
from skl2onnx import to_onnx
out=sys.argv[1]; os.makedirs(out,exist_ok=True)
rng=np.random.default_rng(7)
X=rng.normal(size=(300,6)).astype(np.float32)
X[:,1]=np.round(X[:,1]*3); X[:,4]=np.abs(X[:,4])*50
yb=(X[:,0]*X[:,1]+0.05*X[:,4]>0.5).astype(np.int64)
ym=np.digitize(X[:,0]+0.02*X[:,4],[0,1]).astype(np.int64)
yr=(X[:,0]**2+X[:,1]+0.03*X[:,4]).astype(np.float32)
Xt,Xv=X[:200],X[200:240]; yb,ym,yr=yb[:200],ym[:200],yr[:200]
np.savetxt(out+'/rows.csv',Xv,delimiter=',',fmt='%.9g')
exp={}
def onnx(name,m):
    opts={id(m):{'zipmap':False}} if hasattr(m,'classes_') else None
    o=to_onnx(m,Xt[:1],options=opts)
    open(f'{out}/{name}.onnx','wb').write(o.SerializeToString())
m=DecisionTreeClassifier(max_depth=6,random_state=0).fit(Xt,yb); onnx('tree',m); exp['tree']=m.predict(Xv).tolist()
m=RandomForestClassifier(n_estimators=8,max_depth=5,random_state=0).fit(Xt,ym); onnx('forest',m); exp['forest']=m.predict(Xv).tolist()
m=GradientBoostingRegressor(n_estimators=10,max_depth=3,random_state=0).fit(Xt,yr); onnx('boosted',m); exp['boosted']=m.predict(Xv).tolist()
def x(name,obj,y,**k):
    b=xgb.train({'objective':obj,'max_depth':4,'seed':1,'nthread':1,**k},xgb.DMatrix(Xt,y),6)
    b.save_model(f'{out}/{name}.json'); b.save_model(f'{out}/{name}.ubj')
    exp[name]=np.asarray(b.predict(xgb.DMatrix(Xv),output_margin=True)).tolist()
x('xgb_binary','binary:logistic',yb); x('xgb_multi','multi:softprob',ym,num_class=3); x('xgb_regression','reg:squarederror',yr)
def l(name,obj,y,**k):
    b=lgb.train({'objective':obj,'num_leaves':12,'min_data_in_leaf':5,'verbose':-1,'seed':1,'num_threads':1,**k},lgb.Dataset(Xt,y),6)
    b.save_model(f'{out}/{name}.txt'); exp[name]=np.asarray(b.predict(Xv,raw_score=True)).tolist()
l('lgb_binary','binary',yb); l('lgb_multi','multiclass',ym,num_class=3); l('lgb_regression','regression',yr)
json.dump(exp,open(out+'/expected.json','w'))
