import { CheckpointError, problemList } from "../errors.ts";

/** Lines shown of a long list; the count is that of all. */
const maxShown = 40;

/**
 * Throws one CheckpointError for everything that is wrong with a checkpoint; does nothing where nothing is.
 */
export function throwProblems(where: string, problems: readonly string[], hint: string): void {
  if (problems.length > 0) throw new CheckpointError(problemList(where, problems, hint, maxShown));
}
