import { evalPaths } from "../../contracts/run-folder.ts";
import { joinInside, writeFileAtomic } from "../../files.ts";
import type { Prepared } from "../benchmark.ts";
import type { SampleLine } from "./samples.ts";

/**
 * Writes a model's answers as files that others' scorers read: below `eval/predictions/<model>/<benchmark>`.
 * Items that failed have no answer and are in no file.
 */
export async function writePredictions(
  evalDir: string,
  model: string,
  benchmark: string,
  lines: readonly SampleLine[],
  filesOf: NonNullable<Prepared["predictionFiles"]>,
): Promise<void> {
  const dir = joinInside(joinInside(evalPaths(evalDir).predictions, model), benchmark);
  const answered = lines.flatMap((line): [string, string][] =>
    "error" in line ? [] : [[line.id, line.prediction]],
  );
  for (const { path, text } of filesOf(new Map(answered))) await writeFileAtomic(joinInside(dir, path), text);
}
