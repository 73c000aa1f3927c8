import { type Headline, type Measured, outcomeMarks, type Verdict } from "../../contracts/verdict.ts";
import { formatCount, formatValue } from "../../format.ts";
import { formatTable } from "./format.ts";
import { createStyle, type Style } from "./style.ts";

/**
 * What a run comes to, as lines: the headline of each benchmark, what it cost, what to try next and how to go
 * on. `program` is how the user calls the command.
 */
export function verdictLines(verdict: Verdict, program: string, style: Style = createStyle(false)): string[] {
  const { summary, headlines, notes = [], cost, advice, next, files } = verdict;
  const fact = (name: string, text: string): string => `${name.padEnd(10)}  ${text}`;
  return [
    ...(headlines.length > 0 ? [...headlineTable(headlines, style), ""] : []),
    ...(summary === "" ? [] : [fact("verdict", style.bold(summary))]),
    ...notes.map(({ name, text }) => fact(name, text)),
    ...(cost.text === "" ? [] : [fact("cost", cost.text)]),
    ...files.map(({ name, path }) => fact(name, path)),
    ...advice.flatMap(({ evidence, advice: text }, i) => [
      fact(i === 0 ? "try next" : "", `${evidence}`),
      fact("", `→ ${text}`),
    ]),
    ...next.map(({ title, command }, i) =>
      fact(i === 0 ? "go on" : "", `${program} ${command}   # ${title}`),
    ),
  ];
}

function headlineTable(headlines: readonly Headline[], style: Style): string[] {
  const isCompared = headlines.some(({ outcome }) => outcome !== "measured");
  const models = [...new Set(headlines.map(({ model }) => model))];
  const baseline = headlines.find((one) => one.baseline !== "")?.baseline ?? "";
  const model = models.length === 1 ? models[0]! : "value";
  const header = isCompared
    ? ["benchmark", "figure", ...(models.length > 1 ? ["model"] : []), baseline, model, "difference", "n", ""]
    : ["benchmark", "figure", model, "n"];
  const rows = headlines.map((one) => {
    const name = [one.benchmark, one.name];
    if (!isCompared) return [...name, withInterval(one.after), formatCount(one.n)];
    const { sign, word } = outcomeMarks[one.outcome];
    return [
      ...name,
      ...(models.length > 1 ? [one.model] : []),
      one.before ? formatValue(one.before.value) : "–",
      formatValue(one.after.value),
      one.difference ? signedWithInterval(one.difference) : "–",
      formatCount(one.n),
      `${sign} ${word}`.trim(),
    ];
  });
  const left = isCompared && models.length > 1 ? 3 : 2;
  const padded = rows.map((row) => (isCompared ? [...row.slice(0, -1), row.at(-1)!.padEnd(15)] : row));
  return formatTable(header, padded, left).map((line, i) => paint(line.trimEnd(), headlines[i - 2], style));
}

function paint(line: string, headline: Headline | undefined, style: Style): string {
  if (headline?.outcome === "better") return style.green(line);
  return headline?.outcome === "worse" ? style.red(line) : line;
}

function withInterval({ value, low, high }: Measured): string {
  if (low === undefined || high === undefined) return formatValue(value);
  return `${formatValue(value)} [${formatValue(low)}, ${formatValue(high)}]`;
}

function signedWithInterval({ value, low, high }: Measured): string {
  const interval = low === undefined || high === undefined ? "" : ` [${signed(low)}, ${signed(high)}]`;
  return `${signed(value)}${interval}`;
}

const signed = (value: number): string => `${value > 0 ? "+" : ""}${formatValue(value)}`;
