import type { Task } from "../../contracts/example.ts";
import type { BuildOptions, Length } from "../entry.ts";

type Settings = Record<string, string | number | boolean>;

const allTasks: readonly Task[] = ["summarization", "qa", "writing", "other"];

/**
 * `options` of a catalog dataset in a recipe:
 *
 * - `length`: "short", "long" or "both" (default)
 * - `tasks`: comma-separated, for example "qa,writing" (default all)
 * - `max_chars`: long contexts and answers are built no longer than this, in characters (default: no limit)
 *
 * Adds what is wrong to `problems` and goes on with the default.
 */
export function parseBuildOptions(settings: Settings, where: string, problems: string[]): BuildOptions {
  const known = ["length", "tasks", "max_chars"];
  for (const key of Object.keys(settings)) {
    if (!known.includes(key))
      problems.push(`${where}.${key}: expected one of ${known.join(", ")}, got ${key}`);
  }
  const {
    length = "both",
    tasks = allTasks.join(","),
    max_chars: maxChars = Number.POSITIVE_INFINITY,
  } = settings;
  if (length !== "both" && length !== "short" && length !== "long") {
    problems.push(`${where}.length: expected short, long or both, got ${JSON.stringify(length)}`);
  }
  const wanted = String(tasks)
    .split(",")
    .map((task) => task.trim());
  for (const task of wanted.filter((name) => !allTasks.includes(name as Task))) {
    problems.push(`${where}.tasks: expected names of ${allTasks.join(", ")}, got ${JSON.stringify(task)}`);
  }
  if (typeof maxChars !== "number" || !(maxChars >= 5_000)) {
    problems.push(`${where}.max_chars: expected a number of at least 5000, got ${JSON.stringify(maxChars)}`);
  }
  return {
    lengths: new Set<Length>(length === "short" || length === "long" ? [length] : ["short", "long"]),
    tasks: new Set(allTasks.filter((task) => wanted.includes(task))),
    maxChars: Number(maxChars),
  };
}
