import { CheckpointError } from "../errors.ts";

/** Lines shown of a long list; the count is that of all. */
const maxShown = 40;

/**
 * Throws one CheckpointError for everything that is wrong with a checkpoint; does nothing where nothing is.
 */
export function throwProblems(where: string, problems: readonly string[], hint: string): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.slice(0, maxShown).map((problem) => `  - ${problem}`);
  if (problems.length > maxShown) lines.push(`  … and ${problems.length - maxShown} more`);
  throw new CheckpointError(`${where}: ${count}\n${lines.join("\n")}\n${hint}`);
}
