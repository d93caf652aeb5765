import { createKernels } from "./createKernels.ts";
import { describeKernels } from "./testing/describeKernels.ts";

describeKernels("WASM kernels, one thread", () => createKernels(), 2 ** 12);
describeKernels("WASM kernels, three threads", () => createKernels({ threads: 3 }), 2 ** 15);
