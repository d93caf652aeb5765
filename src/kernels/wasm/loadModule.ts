import { sharedModule } from "../generated/sharedModule.ts";
import { unsharedModule } from "../generated/unsharedModule.ts";

const compiled = new Map<string, WebAssembly.Module>();

/** The compiled module, once per process and kind of memory; instances share the optimised code. */
export function loadModule(forSharedMemory: boolean): WebAssembly.Module {
  const base64 = forSharedMemory ? sharedModule : unsharedModule;
  const known = compiled.get(base64);
  if (known) return known;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const module = new WebAssembly.Module(bytes);
  compiled.set(base64, module);
  return module;
}
