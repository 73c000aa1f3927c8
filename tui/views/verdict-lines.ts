import type { RunEnd } from "../../src/contracts/events.ts";
import { type Headline, outcomeMarks, type Verdict } from "../../src/contracts/verdict.ts";
import { formatCount, formatValue } from "../../src/format.ts";
import { describeEnd } from "../end.ts";
import { wrapCommand, wrapText } from "../facts.ts";
import { formatDifference } from "../format.ts";
import type { RunState } from "../state/state.ts";
import { glyphs, type Theme } from "../theme.ts";
import { blank, type Line, named, plain, type View } from "./lines.ts";

const nameWidth = 11;

/**
 * How the run ended: what it comes to first, a line a benchmark, then what it cost, what to try next, how to
 * go on and where the files are.
 */
export function verdictView(state: RunState, end: RunEnd, width: number): View {
  const { variant, headline, text, facts, next } = describeEnd(state, end, width);
  const { glyph, role } = (
    {
      success: { glyph: glyphs.done, role: "good" },
      warning: { glyph: glyphs.stopped, role: "caution" },
      error: { glyph: glyphs.failed, role: "bad" },
    } as const
  )[variant];
  const title = named({ text: glyph, role }, headline, 2, width, "strong");
  const { verdict } = state;
  const groups: Line[][] = [
    title,
    ...(verdict ? [headlineLines(verdict, width)] : []),
    text === ""
      ? []
      : wrapText(text, width)
          .split("\n")
          .flatMap((line) => named({ text: "" }, line, 0, width)),
    [
      ...facts.flatMap(([name, value]) => fact(name, value, width)),
      ...(verdict?.notes ?? []).flatMap(({ name, text: note }) => fact(name, note, width)),
      ...(verdict && verdict.cost.text !== "" ? fact("cost", verdict.cost.text, width) : []),
    ],
    verdict ? adviceLines(verdict, width) : [],
    next.flatMap(({ title, command }) => commandLines(title, command)),
    verdict ? nextLines(verdict, state.command, width) : [],
    verdict ? verdict.files.flatMap(({ name, path }) => fact(name, path, width)) : [],
  ];
  const body = groups
    .filter((group) => group.length > 0)
    .flatMap((group, i): Line[] => (i > 0 ? [blank, ...group] : group));
  return { head: [], body };
}

/** `▲ better         summarization  ROUGE-1  0.1160 → 0.1280  +0.01200 [+0.001000, +0.02300]`. */
function headlineLines({ headlines, summary }: Verdict, width: number): Line[] {
  const isMany = new Set(headlines.map(({ model }) => model)).size > 1;
  const cells = headlines.map((one) => [
    one.benchmark,
    one.name,
    ...(isMany ? [one.model] : []),
    valuesText(one),
    differenceText(one),
  ]);
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const outcomeWidth = Math.max(0, ...headlines.map((one) => outcomeText(one).length));
  const lines = headlines.map((one, r): Line => {
    const row = cells[r]!.map((cell, i) => cell.padEnd(widths[i]!));
    const mark = outcomeText(one).padEnd(outcomeWidth);
    const role = roleOf(one);
    return [
      ...(outcomeWidth > 0 ? [{ text: `${mark}  `, ...(role && { role }) }] : []),
      { text: fitCells(row, width - (outcomeWidth > 0 ? outcomeWidth + 2 : 0)) },
    ];
  });
  return [...(summary === "" ? [] : named({ text: "" }, summary, 0, width)), ...lines];
}

/** Cells from the left as long as they fit; what a benchmark is called may be cut for them. */
function fitCells(cells: readonly string[], width: number): string {
  let line = "";
  for (const cell of cells) {
    const longer = line === "" ? cell : `${line}  ${cell}`;
    if (line !== "" && longer.trimEnd().length > width) break;
    line = longer;
  }
  return line.trimEnd();
}

function outcomeText({ outcome }: Headline): string {
  const { sign, word } = outcomeMarks[outcome];
  return `${sign} ${word}`.trim();
}

function roleOf({ outcome }: Headline): keyof Theme | undefined {
  if (outcome === "better") return "good";
  return outcome === "worse" ? "bad" : undefined;
}

function valuesText({ before, after }: Headline): string {
  return before ? `${formatValue(before.value)} → ${formatValue(after.value)}` : formatValue(after.value);
}

function differenceText({ difference, n }: Headline): string {
  if (!difference) return `n ${formatCount(n)}`;
  const { value, low, high } = difference;
  const interval =
    low === undefined || high === undefined ? "" : ` [${formatDifference(low)}, ${formatDifference(high)}]`;
  return `${formatDifference(value)}${interval}`;
}

function adviceLines({ advice }: Verdict, width: number): Line[] {
  return advice.flatMap(({ evidence, advice: text }, i) => [
    ...named({ text: i === 0 ? "try next" : "", role: "muted" }, evidence, nameWidth, width),
    ...named({ text: "" }, `→ ${text}`, nameWidth, width),
  ]);
}

function nextLines({ next }: Verdict, program: string, width: number): Line[] {
  return next.flatMap(({ title, command }) =>
    commandLines(title, wrapCommand(`${program} ${command}`, width - 2)),
  );
}

function commandLines(title: string, command: readonly string[]): Line[] {
  return [plain(title, "muted"), ...command.map((line) => plain(`  ${line}`))];
}

function fact(name: string, value: string, width: number): Line[] {
  return named({ text: name, role: "muted" }, value, nameWidth, width);
}
