import { existsSync } from "node:fs";

/** Where Debian's chromium keeps a Vulkan driver that computes on the CPU. */
const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Lets the WebGPU tests run without a GPU where chromium is installed: slow and right. */
export function useSwiftShader(env: NodeJS.ProcessEnv): void {
  if (env.VK_ICD_FILENAMES === undefined && existsSync(driver)) env.VK_ICD_FILENAMES = driver;
}
