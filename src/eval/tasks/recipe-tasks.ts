import type { EvalSpec } from "../../contracts/recipe.ts";
import { messageOf } from "../../errors.ts";
import type { LoadedTasks } from "../../harness/files/load-tasks.ts";

/** The task files of a recipe. Throws ConfigError with everything that is wrong with them. */
export async function readRecipeTasks({ tasks, harness }: EvalSpec): Promise<LoadedTasks> {
  if (tasks.length === 0) return { members: [], warnings: [] };
  // Most recipes have none: what reads them is loaded for those that do.
  const { loadTasks } = await import("../../harness/files/load-tasks.ts");
  return loadTasks(tasks, { includePaths: harness.include_path, cwd: process.cwd(), data: harness.data });
}

/** Problems of `eval.tasks`, for the check of a recipe before any stage. */
export async function taskProblems(spec: EvalSpec): Promise<string[]> {
  try {
    await readRecipeTasks(spec);
    return [];
  } catch (error) {
    return messageOf(error).split("\n");
  }
}
