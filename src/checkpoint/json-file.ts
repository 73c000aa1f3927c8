import { readFile, stat } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";

/** No config or index of a real model is nearly as large. */
const maxJsonBytes = 100_000_000;

/**
 * Reads a JSON file that must hold an object. Throws CheckpointError where it is missing, huge or no object.
 */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  const json = parse(await readText(path), path);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new CheckpointError(
      `${path}: expected a JSON object, got another value. Copy or download the file again.`,
    );
  }
  return json as Record<string, unknown>;
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= maxJsonBytes) return await readFile(path, "utf8");
    throw new CheckpointError(
      `${path}: expected at most ${maxJsonBytes} bytes, got ${size}. Check the path.`,
    );
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    const got = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "nothing there" : String(cause);
    throw new CheckpointError(`${path}: expected a JSON file, got ${got}. Check the path.`, { cause });
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(
      `${path}: expected JSON, got ${(cause as Error).message}. Copy or download the file again.`,
      { cause },
    );
  }
}
