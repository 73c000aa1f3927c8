import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A heap that is smaller has little to give. */
const worthBytes = 64e6;

/**
 * Gives what stages have left back to the system. V8 keeps the heap that rows and tokens needed, some 200 MB,
 * for more of them; but training wants its memory elsewhere, and `zebra plan` forecasts it without. A usual
 * collection does not give it back.
 */
export function releaseMemory(): void {
  if (process.memoryUsage().heapTotal < worthBytes) return;
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
