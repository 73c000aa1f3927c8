import { formatCount, formatValue } from "../../src/format.ts";
import type { Sample, SampleAnswer, Samples } from "../state/samples.ts";
import { glyphs } from "../theme.ts";
import { blank, type Line, named, plain, type View } from "./lines.ts";

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
  const models = [...answers].flatMap(([model, answer]) => [
    ...named({ text: model, role: "muted" }, predicted(answer), nameWidth, width, roleOf(answer)),
    ...named({ text: "" }, factsText(answer), nameWidth, width, "muted"),
  ]);
  return [
    ...named({ text: "question", role: "muted" }, shown(question), nameWidth, width),
    ...named({ text: "gold", role: "muted" }, shown(gold), nameWidth, width, "strong"),
    ...models,
  ];
}

/** The newest samples, the newest first, in a line for each part of them: to watch while they come. */
export function lastSampleLines(samples: Samples, width: number, most: number): Line[][] {
  const newest = [...samples.values()].slice(-most).reverse();
  return newest.map((sample, i) => (i > 0 ? [blank] : []).concat(briefLines(sample, width)));
}

function briefLines(sample: Sample, width: number): Line[] {
  const line = (name: string, text: string, more: Line = []): Line => [
    { text: name.padEnd(10).slice(0, Math.max(10, name.length + 1)), role: "muted" },
    { text: oneLine(text) },
    ...more,
  ];
  const question = oneLine(sample.question);
  // What is asked stands at the end of a prompt.
  const room = Math.max(10, width - 11);
  const tail = question.length > room ? `…${question.slice(1 - room)}` : question;
  return [
    line("question", tail),
    line("gold", sample.gold),
    ...[...sample.answers].map(([model, answer]) => {
      const [score] = Object.entries(answer.scores);
      const text = score ? `  ${score[0]} ${formatValue(score[1])}` : "";
      const left = Math.max(8, width - Math.max(10, model.length + 1) - text.length);
      const prediction = oneLine(predicted(answer));
      const cut = prediction.length > left ? `${prediction.slice(0, left - 1)}…` : prediction;
      return line(model, "", [
        { text: cut, ...(answer.error !== undefined && { role: "bad" as const }) },
        { text, role: "muted" },
      ]);
    }),
  ];
}

function predicted({ prediction, error }: SampleAnswer): string {
  return error === undefined ? shown(prediction) : `failed: ${error}`;
}

function roleOf({ error }: SampleAnswer): "bad" | undefined {
  return error === undefined ? undefined : "bad";
}

function factsText({ scores, tokens, isCut }: SampleAnswer): string {
  return [
    ...Object.entries(scores).map(([metric, value]) => `${metric} ${formatValue(value)}`),
    ...(tokens === undefined ? [] : [`${formatCount(tokens)} tokens`]),
    ...(isCut ? ["prompt cut"] : []),
  ].join(glyphs.separator);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function shown(text: string): string {
  return text.trim() === "" ? "(nothing)" : text.trim();
}
