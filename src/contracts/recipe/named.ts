import { Type } from "@sinclair/typebox";

/** Names that become folders. */
export const namePattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$";

/**
 * Options of an entry of a catalog. The schema of the recipe knows no more than that they are a mapping:
 * which keys there are stands beside the entry's own code, and is checked when the recipe is loaded.
 */
export function freeOptions(description: string) {
  return Type.Unsafe<Record<string, unknown>>({
    description,
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean", "array", "object"] },
  });
}
