import { formatCount } from "../../format.ts";
import type { LengthProfile } from "./profile.ts";

/** One line a benchmark: `passkey, effective length (at least 85.6 %): base 512 tokens, tuned 2,048`. */
export function lengthLines(profiles: readonly LengthProfile[]): string[] {
  return [...Map.groupBy(profiles, ({ benchmark }) => benchmark)].map(([benchmark, own]) => {
    const { threshold } = own[0]!;
    const counts = own.flatMap(({ lengths }) => lengths.map(({ tasks }) => tasks));
    const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
    const tasks = fewest === most ? `${most}` : `${fewest}–${most}`;
    const what = most > 1 ? `mean of ${tasks} tasks at least ${threshold} %` : `at least ${threshold} %`;
    const values = own.map((one) => `${one.model} ${effectiveText(one)}`);
    return `${benchmark}, effective length (${what}): ${values.join(", ")}`;
  });
}

/** `2,048 tokens`, or that no length is, with the best. */
export function effectiveText({ effective, lengths }: Pick<LengthProfile, "effective" | "lengths">): string {
  if (effective !== null) return `${formatCount(effective)} tokens`;
  const best = lengths.reduce((a, b) => (b.score > a.score ? b : a));
  return `none (at best ${best.score.toFixed(1)} %, at ${formatCount(best.length)} tokens)`;
}
