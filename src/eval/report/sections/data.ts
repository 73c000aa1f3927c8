import type { DataManifest } from "../../../datasets/folder/data-folder.ts";
import type { MixManifest } from "../../../mixing/manifest.ts";
import type { PackLengths } from "../../../mixing/packs/pack-lengths.ts";
import { lengthHistogram } from "../charts/histogram.ts";
import { format } from "../charts/ticks.ts";
import { type PageCell, table } from "../table.ts";

/** Where the examples are from. */
export function dataTable(data: DataManifest | undefined): string {
  if (!data) return "";
  const head = ["dataset", "licence", "rows read", "kept", "changed", "dropped", "examples"];
  const rows = data.datasets.map((one) => [
    ...[one.name, one.license, one.rows.read, one.rows.kept],
    ...[one.rows.changed, one.rows.dropped, one.examples],
  ]);
  return table(head, rows, 2);
}

/** What was trained on. */
export function mixSection(mix: MixManifest | undefined, lengths: PackLengths | undefined): string {
  if (!mix) return "";
  const share = (one: { supervised_tokens: number }): string =>
    mix.train.supervised_tokens === 0
      ? "–"
      : `${format((100 * one.supervised_tokens) / mix.train.supervised_tokens, 3)} %`;
  const row = (
    kind: string,
    name: string,
    one: MixManifest["train"] | MixManifest["lengths"][string],
  ): PageCell[] => [...[kind, name, one.sequences, one.tokens, one.supervised_tokens, share(one)]];
  const rows = [
    ...Object.entries(mix.datasets).map(([name, one]) => row("dataset", name, one)),
    ...Object.entries(mix.tasks).map(([name, one]) => row("task", name, one)),
    ...Object.entries(mix.lengths).map(([name, one]) => row("length", `${name} tokens`, one)),
    row("all", "", mix.train),
  ];
  const packs = `<p>${format(mix.train.packs)} packs, ${format(100 * mix.train.fill, 3)} % full.</p>`;
  const sampled =
    lengths && lengths.packs < lengths.ofPacks
      ? `, of ${format(lengths.packs)} of ${format(lengths.ofPacks)} packs`
      : "";
  const histograms = lengths
    ? `<div class="charts">${lengthHistogram(`Sequences by length in tokens${sampled}`, lengths.sequences)}` +
      `${lengthHistogram(`Answers by length in tokens${sampled}`, new Map([["answers", lengths.answers]]), 4)}</div>`
    : "";
  const head = ["by", "", "sequences", "tokens", "under loss", "share of the loss"];
  return packs + histograms + table(head, rows, 2);
}
