import type { EvalSpec } from "../../contracts/recipe.ts";
import { ConfigError, messageOf } from "../../errors.ts";
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
    return error instanceof ConfigError ? [...error.problems] : [messageOf(error)];
  }
}

/**
 * Everything of task files that decides what is asked: each task as it was read, and the files and folders
 * that its rows come from. Throws ConfigError as `readRecipeTasks`.
 */
export async function taskInputs(spec: EvalSpec): Promise<{ configs: string[]; paths: string[] }> {
  if (spec.tasks.length === 0) return { configs: [], paths: [] };
  const { members } = await readRecipeTasks(spec);
  const { tasksOf } = await import("../../harness/files/load-tasks.ts");
  const { dataPaths } = await import("../../harness/rows/data-paths.ts");
  const { plainConfig } = await import("../../harness/requests/plain.ts");
  const tasks = members.flatMap(tasksOf);
  const paths = (await Promise.all(tasks.map(dataPaths))).flat();
  return { configs: tasks.map((task) => JSON.stringify(plainConfig(task))), paths: [...new Set(paths)] };
}
