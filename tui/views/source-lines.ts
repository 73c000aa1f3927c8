import { formatValue } from "../../src/format.ts";
import { meanOf } from "../state/smooth.ts";
import type { Training } from "../state/training.ts";
import { glyphs } from "../theme.ts";
import { type Line, named } from "./lines.ts";

/** The smoothed loss of each dataset, those with most of the recent tokens first. */
export function sourceFacts({ bySource }: Training): string[] {
  return [...bySource]
    .sort(([, a], [, b]) => b.tokens - a.tokens)
    .flatMap(([name, sum]) => {
      const mean = meanOf(sum);
      return mean === null ? [] : [`${name} ${formatValue(mean)}`];
    });
}

/** All of them, on as many lines as they need. */
export function sourceLines(training: Training, width: number): Line[] {
  const facts = sourceFacts(training);
  if (facts.length < 2) return [];
  return named({ text: "by source", role: "muted" }, facts.join(glyphs.separator), 11, width);
}
