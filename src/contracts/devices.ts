/**
 * Where a recipe or a command may compute. `auto`: a GPU that is faster than the CPU, else the CPU. The
 * others are the engine's catalog of devices, written out so that `--help` does not load it; a test compares
 * the two.
 */
export const deviceChoices = ["auto", "cpu", "cuda", "tfjs", "webgpu"] as const;
