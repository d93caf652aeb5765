/** What runs in Python: one step of EZKL per process, on files of the working folder. Results go to result.json. */
export const DRIVER = `import asyncio, inspect, json, sys
import ezkl

async def call(function, *args, **named):
    result = function(*args, **named)
    return await result if inspect.isawaitable(result) else result

async def compile_step(a):
    run = ezkl.PyRunArgs()
    run.input_visibility = a["input"]
    run.param_visibility = "fixed"
    run.output_visibility = "public"
    run.variables = [(a["batchAxis"], 1)]
    scale = a["fractionBits"]
    if scale is not None:
        run.input_scale = run.param_scale = scale
    chosen = {} if scale is None else {"scales": [scale]}
    await call(ezkl.gen_settings, "model.onnx", "settings.json", py_run_args=run)
    await call(ezkl.calibrate_settings, "calibration.json", "model.onnx", "settings.json", a["target"], **chosen)
    await call(ezkl.compile_circuit, "model.onnx", "circuit.ezkl", "settings.json")

async def srs_step(a):
    await call(ezkl.gen_srs, "kzg.srs", a["logrows"])

async def setup_step(a):
    await call(ezkl.setup, "circuit.ezkl", "vk.key", "pk.key", "kzg.srs")

async def witness_step(a):
    await call(ezkl.gen_witness, "input.json", "circuit.ezkl", "witness.json")

async def prove_step(a):
    await call(ezkl.prove, "witness.json", "circuit.ezkl", "pk.key", "proof.json", "kzg.srs")

async def verify_step(a):
    try:
        ok = await call(ezkl.verify, "proof.json", "settings.json", "vk.key", "kzg.srs")
        json.dump({"ok": bool(ok), "reason": ""}, open("result.json", "w"))
    except RuntimeError as error:
        json.dump({"ok": False, "reason": str(error)}, open("result.json", "w"))

async def infer_step(a):
    outputs = []
    for sample in json.load(open("samples.json")):
        json.dump({"input_data": sample}, open("input.json", "w"))
        witness = await call(ezkl.gen_witness, "input.json", "circuit.ezkl", "witness.json")
        outputs.append(witness["outputs"][0])
    json.dump({"outputs": outputs}, open("result.json", "w"))

async def version_step(a):
    from importlib.metadata import version
    json.dump({"version": version("ezkl")}, open("result.json", "w"))

request = json.loads(sys.argv[1])
asyncio.run(globals()[request["step"] + "_step"](request))
`;
