import type { ComparedBenchmark, Pair } from "./compare-runs.ts";

/** Ids that are told, of as many as there are. */
const mostTold = 5;

/** What has to be said beside the differences: by which methods, how many, and what was not asked alike. */
export function notesOf(names: readonly string[], compared: readonly ComparedBenchmark[]): string[] {
  const pairs = compared.flatMap(({ pairs: own }) => own);
  const methods = [...new Set(pairs.flatMap(({ method }) => method ?? []))];
  const tested = pairs.filter(({ p }) => p !== undefined);
  const lost = tested.filter(
    ({ outcome, p_holm = 0 }) => (outcome === "better" || outcome === "worse") && p_holm > 0.05,
  );
  const notes: string[] = [];
  if (methods.length > 0)
    notes.push(`intervals and p by ${methods.join(", ")}, on the same questions; better and worse at 95 %`);
  if (tested.length > 1)
    notes.push(
      `${tested.length} comparisons, so beside p stands p by Holm, which counts that there are so many` +
        (lost.length === 0 ? "" : `: by it ${lost.length} of the differences may be chance`),
    );
  for (const { benchmark, pairs: own } of compared)
    for (const pair of own) notes.push(...pairNotes(benchmark, names, pair));
  return notes;
}

function pairNotes(benchmark: string, names: readonly string[], pair: Pair): string[] {
  const { from, to, only, n, other_prompts: prompts, is_shared: isShared } = pair;
  const notes: string[] = [];
  if (only) {
    const parts = only.flatMap((ids, i) =>
      ids.length === 0 ? [] : [`${ids.length} only in ${names[i === 0 ? from : to]} (${told(ids)})`],
    );
    const sure = isShared
      ? `compared on the ${n} that both were asked alone`
      : n === 0
        ? "not compared"
        : `not compared (--shared takes the ${n} that both were asked)`;
    notes.push(`${benchmark}: ${parts.join(", ")}; ${sure}`);
  }
  if (prompts !== undefined)
    notes.push(
      `${benchmark}: ${prompts} of ${n} questions were asked in other words by ${names[from]} than by ` +
        `${names[to]} (examples, template or instructions differ)`,
    );
  return notes;
}

function told(ids: readonly string[]): string {
  const first = ids.slice(0, mostTold).join(", ");
  return ids.length > mostTold ? `${first} …` : first;
}
