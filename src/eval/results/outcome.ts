import { joinInside, writeFileAtomic } from "../../files.ts";
import type { Prepared } from "../benchmark.ts";
import type { Results } from "./results.ts";
import type { SampleLine } from "./samples.ts";

/**
 * Writes what another project's own scripts read of a model's answers, and keeps what they would print. Items
 * that failed have no answer and are in no file.
 */
export async function keepOutcome(
  evalDir: string,
  found: Results,
  { benchmark, label }: { benchmark: string; label: string },
  lines: readonly SampleLine[],
  outcome: NonNullable<Prepared["outcome"]>,
): Promise<void> {
  const answered = lines.flatMap((line): [string, string][] =>
    "error" in line ? [] : [[line.id, line.prediction]],
  );
  const { printed, files } = outcome(label, new Map(answered));
  for (const [path, text] of Object.entries(files)) await writeFileAtomic(joinInside(evalDir, path), text);
  if (printed)
    found.printed = { ...found.printed, [benchmark]: { ...found.printed?.[benchmark], [label]: printed } };
}
