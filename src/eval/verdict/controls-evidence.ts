import { formatValue } from "../../format.ts";
import type { ControlResult } from "../controls/control-results.ts";
import type { Evidence } from "./evidence.ts";

type Of<K, R = ControlResult> = R extends { control: infer C } ? (K extends C ? R : never) : never;

/** Of fewer questions, what they have in common says little. */
export const leastItems = 10;

/** Of the last model: the tuned one. */
export function controlsOf<const K extends ControlResult["control"]>(
  { results }: Evidence,
  control: K,
): Of<K>[] {
  const label = results?.models.at(-1)?.label;
  return (results?.controls ?? []).filter(
    (one): one is Of<K> => one.control === control && one.model === label,
  );
}

type PairedControl = Of<"no_context" | "shuffled_context" | "majority">;

/** The model's score is surely better than the control's. */
export function isAbove({ better, difference, low, high }: PairedControl): boolean {
  if (low === undefined || high === undefined) return false;
  return difference !== 0 && (better === "higher" ? low > 0 : high < 0);
}

/** How much better the model's score is than the control's. */
export function gainOf({ better, difference }: PairedControl): number {
  return better === "higher" ? difference : -difference;
}

export const beside = (word: string) => (one: PairedControl) =>
  `${one.benchmark} ${formatValue(one.score)} with it, ${formatValue(one.value)} ${word} (${one.n} questions, ` +
  `difference ${interval(one)})`;

export function figures(one: PairedControl): string {
  return `scores ${formatValue(one.value)}, the model ${formatValue(one.score)} (difference ${interval(one)})`;
}

function interval({ difference, low, high }: PairedControl): string {
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${formatValue(value)}`;
  return low === undefined || high === undefined
    ? signed(difference)
    : `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}
