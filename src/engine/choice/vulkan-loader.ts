import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** Linux's RTLD_NODELETE: the library stays when the handle is closed. */
const keepLoaded = 0x1000;

/**
 * Loads the Vulkan loader that lies beside the driver that VK_ICD_FILENAMES names, as in Debian's chromium.
 * Dawn then finds it by its name where the system has none. LD_LIBRARY_PATH would not do: it is only read
 * when a process starts.
 */
export function loadVulkanBesideDriver(env: NodeJS.ProcessEnv): void {
  const driver = env.VK_ICD_FILENAMES?.split(":")[0];
  if (process.platform !== "linux" || !driver) return;
  const library = join(dirname(driver), "libvulkan.so.1");
  if (!existsSync(library)) return;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // Node reports that it is no add-on, after it was loaded. If it was not, Dawn will say what it misses.
  }
}
