import { CheckpointError } from "../errors.ts";

/** Lines shown of a long list; the count says how many there are. */
const maxShown = 40;

/** One error for everything that is wrong with a checkpoint; nothing when nothing is. */
export function throwProblems(where: string, problems: readonly string[], hint: string): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.slice(0, maxShown).map((problem) => `  - ${problem}`);
  if (problems.length > maxShown) lines.push(`  … and ${problems.length - maxShown} more`);
  throw new CheckpointError(`${where}: ${count}\n${lines.join("\n")}\n${hint}`);
}
