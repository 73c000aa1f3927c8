/** Where a recipe or a command may compute. `auto`: a GPU that is faster than the CPU, else the CPU. */
export const deviceChoices = ["auto", "cpu", "cuda", "tfjs", "webgpu"] as const;
