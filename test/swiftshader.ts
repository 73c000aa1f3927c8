import { existsSync } from "node:fs";

/** Where Debian's chromium keeps a Vulkan that computes on the CPU, and the loader that finds it. */
const folder = "/usr/lib/chromium";
const driver = `${folder}/vk_swiftshader_icd.json`;

/**
 * Lets the WebGPU tests run without a GPU where chromium is installed: slow and right. The loader reads its
 * path when a process starts, so this has to be set before the tests' processes are made.
 */
export function useSwiftShader(env: NodeJS.ProcessEnv): void {
  if (env.VK_ICD_FILENAMES !== undefined || !existsSync(driver)) return;
  env.VK_ICD_FILENAMES = driver;
  env.LD_LIBRARY_PATH = [folder, env.LD_LIBRARY_PATH].filter(Boolean).join(":");
}
