import { parseDocument } from "yaml";
import type { Path } from "./source.ts";

/** `key.path=value` from the command line. */
export interface Override {
  text: string;
  path: Path;
  value: unknown;
}

const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses `finetune.lr=3e-4`, `data.datasets.0.limit=10` (or `datasets[0]`), `mix.weights={a: 2}`: the value
 * is YAML. Returns the problem as a string when the text is not of that form.
 */
export function parseOverride(text: string): Override | string {
  const equals = text.indexOf("=");
  if (equals <= 0) return `override ${JSON.stringify(text)}: expected key.path=value, got no value`;
  // Messages write places of lists as `datasets[0]`.
  const path = text
    .slice(0, equals)
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".");
  if (path.some((step) => step === "" || forbidden.has(step))) {
    const got = `the path ${JSON.stringify(path.join("."))}`;
    return `override ${JSON.stringify(text)}: expected key.path=value, got ${got}`;
  }
  const document = parseDocument(text.slice(equals + 1), { prettyErrors: false });
  const [error] = document.errors;
  if (error) return `override ${JSON.stringify(text)}: expected a YAML value, got: ${error.message}`;
  return {
    text,
    path: path.map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
    value: document.toJS(),
  };
}

/**
 * Sets the value inside `root`, adding mappings where there are none. Returns the problem when the path leads
 * nowhere.
 */
export function applyOverride(root: Record<string, unknown>, override: Override): string | undefined {
  let at: unknown = root;
  for (const [depth, step] of override.path.entries()) {
    const last = depth === override.path.length - 1;
    const here = override.path.slice(0, depth).join(".");
    if (Array.isArray(at)) {
      if (typeof step !== "number" || step > at.length || (step === at.length && !last)) {
        return `override ${override.text}: ${here}: expected an index below ${at.length}, got ${step}`;
      }
      if (last) at[step] = override.value;
      else at = at[step];
    } else if (typeof at === "object" && at !== null) {
      const map = at as Record<string, unknown>;
      if (last) map[step] = override.value;
      else {
        map[step] ??= {};
        at = map[step];
      }
    } else {
      return `override ${override.text}: ${here}: expected a mapping or a list, got ${JSON.stringify(at)}`;
    }
  }
  return undefined;
}
