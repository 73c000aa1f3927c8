import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { messageOf } from "../../errors.ts";

/** Linux's RTLD_NODELETE: the library stays when the handle is closed. */
const keepLoaded = 0x1000;

const library = "libvulkan.so.1";

/**
 * Loads the Vulkan loader on Linux: the one that lies beside the driver that VK_ICD_FILENAMES names, as in
 * Debian's chromium, where there is one. Dawn then finds it by its name. LD_LIBRARY_PATH would not do: it is
 * only read when a process starts. Throws where there is none, before Dawn would print a warning of its own.
 */
export function loadVulkan(env: NodeJS.ProcessEnv): void {
  if (process.platform !== "linux") return;
  const driver = env.VK_ICD_FILENAMES?.split(":")[0];
  const beside = driver ? join(dirname(driver), library) : library;
  try {
    const path = existsSync(beside) ? beside : library;
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch (error) {
    // Node reports that it is no add-on, after it was loaded.
    if (messageOf(error).includes("cannot open shared object")) throw error;
  }
}
