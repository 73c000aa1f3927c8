import { readFileSync } from "node:fs";
import { mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { runLedger } from "../../datasets/folder/run-ledger.ts";
import { formatCount } from "../../format.ts";
import { compareMixes, ledgerGroups } from "../../mixing/compare.ts";
import type { MixManifest } from "../../mixing/manifest.ts";
import type { TextRun } from "./render-pack.ts";

/** One part of what `zebra inspect` shows, on a terminal or a page. */
export interface Section {
  title: string;
  table?: { header: string[]; rows: string[][]; leftColumns: number };
  /** Examples as text, split into trained and not trained parts. */
  examples?: { head: string; runs: TextRun[] }[];
}

/** Reads the manifest of a run's mix. */
export function readMixManifest(runDir: string): MixManifest {
  return JSON.parse(readFileSync(mixPaths(runPaths(runDir).mix).manifest, "utf8")) as MixManifest;
}

/** Target and result of a mix: by dataset, task and length. */
export function mixSections({ datasets, tasks, lengths, long, budget, train }: MixManifest): Section[] {
  const header = ["", "", "target", "tokens", "supervised", "sequences"];
  const renders = new Set(Object.values(datasets).map(({ render }) => render));
  const rows = [
    ...Object.entries(datasets).map(
      ([name, one]) => ["dataset", renders.size > 1 ? `${name} (${one.render})` : name, one] as const,
    ),
    ...Object.entries(tasks).map(([name, one]) => ["task", name, one] as const),
    ...Object.entries(lengths).map(([name, one]) => ["length", `${name} tokens`, one] as const),
  ].map(([kind, name, one], i, all) => [
    kind === all[i - 1]?.[0] ? "" : kind,
    name,
    formatCount(one.target_tokens),
    formatCount(one.tokens),
    formatCount(one.supervised_tokens),
    formatCount(one.sequences),
  ]);
  const asked = long.target_fraction === null ? "" : ` (asked for ${percent(long.target_fraction)})`;
  const title =
    `Mix: ${formatCount(train.tokens)} tokens in ${formatCount(train.packs)} packs, ` +
    `${percent(train.fill)} full; ` +
    `${percent(long.fraction)}${asked} in sequences of ${formatCount(long.from_tokens)} tokens and more` +
    (budget.of === "supervised_tokens" ? "; targets are of supervised tokens" : "");
  return [{ title, table: { header, rows, leftColumns: 2 } }];
}

/** Rows that were dropped or changed while making data and mix: counts by reason, with a few rows each. */
export async function droppedSections(
  runDir: string,
  options: { perReason: number; reason?: string },
): Promise<Section[]> {
  const groups = await ledgerGroups(await runLedger(runDir), options);
  const rows = groups.flatMap(({ stage, fate, reason, count, examples }) => [
    [stage, fate, reason, formatCount(count), "", ""],
    ...examples.map(({ id, detail }) => ["", "", "", "", id, oneLine(detail)]),
  ]);
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      title: `${formatCount(total)} rows dropped or changed`,
      table: { header: ["stage", "fate", "reason", "rows", "id", "detail"], rows, leftColumns: 6 },
    },
  ];
}

/** Two mixes side by side: sizes by dataset, task and length, and examples that only one of them has. */
export async function diffSections(runDirA: string, runDirB: string): Promise<Section[]> {
  const [a, b] = [readMixManifest(runDirA), readMixManifest(runDirB)];
  const rows: string[][] = [];
  for (const kind of ["datasets", "tasks", "lengths"] as const) {
    for (const name of new Set([...Object.keys(a[kind]), ...Object.keys(b[kind])])) {
      const [one, other] = [a[kind][name], b[kind][name]];
      const [tokensA, tokensB] = [one?.tokens ?? 0, other?.tokens ?? 0];
      rows.push([
        kind.slice(0, -1),
        kind === "lengths" ? `${name} tokens` : name,
        formatCount(tokensA),
        formatCount(tokensB),
        signed(tokensB - tokensA),
        signed((other?.supervised_tokens ?? 0) - (one?.supervised_tokens ?? 0)),
        signed((other?.sequences ?? 0) - (one?.sequences ?? 0)),
      ]);
    }
  }
  const examples = await compareMixes(runPaths(runDirA).mix, runPaths(runDirB).mix);
  return [
    {
      title: `A ${runDirA}, B ${runDirB}: tokens`,
      table: { header: ["", "", "A", "B", "tokens", "supervised", "sequences"], rows, leftColumns: 2 },
    },
    {
      title: "Examples in one of them only",
      table: {
        header: ["dataset", "only in A", "only in B", "for example", ""],
        rows: examples.map(({ dataset, onlyA, onlyB, firstOnlyA, firstOnlyB }) => [
          dataset,
          formatCount(onlyA),
          formatCount(onlyB),
          firstOnlyA && `A ${firstOnlyA}`,
          firstOnlyB && `B ${firstOnlyB}`,
        ]),
        leftColumns: 1,
      },
    },
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const signed = (count: number): string => `${count > 0 ? "+" : ""}${formatCount(count)}`;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").slice(0, 160);
