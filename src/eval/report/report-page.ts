import type { RunEvent } from "../../contracts/events.ts";
import type { Verdict } from "../../contracts/verdict.ts";
import type { DataManifest } from "../../datasets/folder/data-folder.ts";
import type { MixManifest } from "../../mixing/manifest.ts";
import type { PackLengths } from "../../mixing/packs/pack-lengths.ts";
import { escapeHtml } from "../../quote.ts";
import type { Results } from "../results/results.ts";
import { htmlPage } from "./page.ts";
import { sampleScript } from "./sample-script.ts";
import { type About, about } from "./sections/about.ts";
import { controls } from "./sections/controls.ts";
import { dataTable, mixSection } from "./sections/data.ts";
import { type SampleRow, samples } from "./sections/samples.ts";
import { scores } from "./sections/scores.ts";
import { training } from "./sections/training.ts";
import { verdictSection } from "./sections/verdict-section.ts";
import { section } from "./table.ts";

export interface ReportInput {
  name: string;
  verdict: Verdict;
  /** How the user calls the command. */
  program: string;
  about: About;
  results: Results;
  /** For each benchmark and item, the line of each model in the order of `results.models`. */
  samples: Record<string, SampleRow[]>;
  /** `train.step` and `train.validation` events. */
  training: readonly RunEvent[];
  data: DataManifest | undefined;
  mix: MixManifest | undefined;
  lengths: PackLengths | undefined;
}

/** The report as one HTML file that loads nothing else. Everything from outside is escaped. */
export function renderReport(input: ReportInput): string {
  const { name, results } = input;
  const labels = results.models.map(({ label }) => label);
  const shown = samples(labels, input.samples, results);
  const body = [
    `<h1>${escapeHtml(name)}</h1><p class="soft">${labels.map(escapeHtml).join(" · ")} · up to ` +
      `${results.settings.max_seq_tokens} tokens, the same held-out documents for all</p>`,
    verdictSection(input.verdict, input.program),
    section("The run", about(input.about)),
    section("Scores", scores(results)),
    section("Controls", controls(results)),
    section("Training", training(input.training)),
    section("Mix", mixSection(input.mix, input.lengths)),
    section("Data", dataTable(input.data)),
    section("Samples", shown),
  ];
  return htmlPage(`${name} – zebratune`, body.join(""), shown === "" ? "" : sampleScript);
}
