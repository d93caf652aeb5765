/** Working memory of the calling thread: kernels keep nothing there between calls. */
export const SCRATCH_BYTES: u32 = 65536;

let base: usize = 0;

/** Called once per instance, before any kernel, with SCRATCH_BYTES of its own, 64-byte aligned. */
export function setScratch(ptr: usize): void {
  base = ptr;
}

// @ts-ignore: decorator
@inline
export function scratch(): usize {
  return base;
}
