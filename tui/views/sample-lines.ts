import { formatCount, formatValue } from "../../src/format.ts";
import type { Sample, Samples } from "../state/samples.ts";
import { glyphs } from "../theme.ts";
import { type Line, named, plain, type View } from "./lines.ts";

/** One question with its right answer and the models' answers. `at` null: the newest. */
export function samplesView(samples: Samples, at: number | null, width: number): View {
  const all = [...samples.values()];
  const index = Math.min(all.length - 1, Math.max(0, at ?? all.length - 1));
  const sample = all[index];
  if (!sample) return { head: [], body: [] };
  const place = `${sample.benchmark}${glyphs.separator}sample ${formatCount(index + 1)} of ${formatCount(all.length)}`;
  return { head: [plain(place, "muted")], body: sampleLines(sample, width) };
}

function sampleLines({ question, gold, answers }: Sample, width: number): Line[] {
  const nameWidth = Math.min(16, Math.max(10, ...[...answers.keys()].map((name) => name.length + 2)));
  const models = [...answers].flatMap(([model, { prediction, scores }]) => [
    ...named({ text: model, role: "muted" }, shown(prediction), nameWidth, width),
    ...named({ text: "" }, scoresText(scores), nameWidth, width, "muted"),
  ]);
  return [
    ...named({ text: "question", role: "muted" }, shown(question), nameWidth, width),
    ...named({ text: "gold", role: "muted" }, shown(gold), nameWidth, width, "strong"),
    ...models,
  ];
}

/** The newest sample in a line for each part of it, to watch while the evaluation runs. */
export function lastSampleLines(samples: Samples, width: number): Line[] {
  const sample = [...samples.values()].at(-1);
  if (!sample) return [];
  const line = (name: string, text: string): Line => [
    { text: name.padEnd(10).slice(0, Math.max(10, name.length + 1)), role: "muted" },
    { text: oneLine(text) },
  ];
  const question = oneLine(sample.question);
  // What is asked stands at the end of a prompt.
  const room = Math.max(10, width - 11);
  const tail = question.length > room ? `…${question.slice(1 - room)}` : question;
  return [
    line("question", tail),
    line("gold", sample.gold),
    ...[...sample.answers].map(([model, { prediction }]) => line(model, prediction || "(nothing)")),
  ];
}

function scoresText(scores: Readonly<Record<string, number>>): string {
  return Object.entries(scores)
    .map(([metric, value]) => `${metric} ${formatValue(value)}`)
    .join(glyphs.separator);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function shown(text: string): string {
  return text.trim() === "" ? "(nothing)" : text.trim();
}
