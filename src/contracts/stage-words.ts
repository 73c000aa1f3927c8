import { formatCount, formatValue } from "../format.ts";
import type { StageName } from "./events.ts";

type Summary = Readonly<Record<string, string | number>>;

/** A fact in words, made of the keys that it names. */
interface Wording {
  keys: readonly string[];
  say: (...values: never[]) => string;
}

/** What each stage's summary says in words, the most important first. `""` leaves a fact out. */
const wordings: Readonly<Record<StageName, readonly Wording[]>> = {
  data: [
    { keys: ["kept", "read"], say: (kept: number, read: number) => `kept ${of(kept, read)} rows` },
    { keys: ["datasets"], say: (n: number) => count(n, "dataset") },
    { keys: ["examples"], say: (n: number) => count(n, "example") },
    { keys: ["dropped"], say: (n: number) => some(n, "dropped") },
    { keys: ["changed"], say: (n: number) => some(n, "changed") },
    { keys: ["thoughts"], say: (n: number) => some(n, "with thoughts") },
  ],
  mix: [
    { keys: ["train_packs"], say: (n: number) => count(n, "pack") },
    { keys: ["train_tokens"], say: (n: number) => count(n, "token") },
    { keys: ["supervised_tokens"], say: (n: number) => `${formatCount(n)} trained on` },
    { keys: ["fill"], say: (share: string) => `${share} full` },
    { keys: ["validation_packs"], say: (n: number) => `${count(n, "pack")} to validate on` },
  ],
  finetune: [
    {
      keys: ["validation_loss_before", "validation_loss_after"],
      say: (from: number, to: number) => `validation loss ${formatValue(from)} → ${formatValue(to)}`,
    },
    { keys: ["steps"], say: (n: number) => count(n, "step") },
    { keys: ["parameters_trained"], say: (n: number) => `${formatCount(n)} parameters trained` },
  ],
  eval: [
    { keys: ["items"], say: (n: number) => count(n, "answer") },
    { keys: ["failed"], say: (n: number) => some(n, "failed") },
    { keys: ["shortened"], say: (n: number) => some(n, "shortened to fit") },
  ],
};

/**
 * What a stage made, as facts in words, the most important first: what does not fit on a line goes from the
 * end. Keys without words of their own follow as `name value`; `show` shortens the paths among them.
 */
export function stageFacts(stage: StageName, summary: Summary, show = (path: string) => path): string[] {
  const rest = new Map(Object.entries(summary));
  const facts = wordings[stage].flatMap(({ keys, say }) => {
    if (keys.some((key) => !rest.has(key))) return [];
    const values = keys.map((key) => summary[key]);
    for (const key of keys) rest.delete(key);
    return [say(...(values as never[]))];
  });
  const others = [...rest].map(([key, value]) => `${key.replaceAll("_", " ")} ${textOf(value, show)}`);
  return [...facts, ...others].filter((fact) => fact !== "");
}

function textOf(value: string | number, show: (path: string) => string): string {
  if (typeof value === "string") return show(value);
  return Number.isInteger(value) ? formatCount(value) : formatValue(value);
}

function count(n: number, unit: string): string {
  return `${formatCount(n)} ${unit}${n === 1 ? "" : "s"}`;
}

function some(n: number, what: string): string {
  return n > 0 ? `${formatCount(n)} ${what}` : "";
}

function of(part: number, whole: number): string {
  return part === whole ? `all ${formatCount(whole)}` : `${formatCount(part)} of ${formatCount(whole)}`;
}
