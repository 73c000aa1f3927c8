import type { BrowsedItem, SampleBook, WholeAnswer, WholeSample } from "../../src/contracts/browse.ts";
import { formatCount, formatValue } from "../../src/format.ts";
import { cleanLine } from "../../src/quote.ts";
import { glyphs, type Theme } from "../theme.ts";
import { blank, type Line, plain, type View } from "../views/lines.ts";
import { fold, oneLine } from "./fold.ts";

/** A sample whole: what is right, what each model said with its scores, and then the prompt to its end. */
export function wholeView(
  book: SampleBook,
  item: BrowsedItem,
  sample: WholeSample,
  place: string,
  width: number,
): View {
  const name = [item.benchmark, cleanLine(item.id), place].join(glyphs.separator);
  return {
    head: [plain(oneLine(name, width), "muted")],
    body: [
      ...titled("gold", "", sample.gold, width, "strong"),
      ...book.models.flatMap((model, i) => answerLines(model, sample.answers[i], width)),
      ...titled("prompt", "", sample.prompt, width),
      ...(sample.document === undefined ? [] : titled("[document], its ends", "", sample.document, width)),
    ],
  };
}

function answerLines(model: string, answer: WholeAnswer | undefined, width: number): Line[] {
  if (!answer) return titled(model, "not asked yet", "", width, "muted");
  if (answer.error !== undefined) return titled(model, "failed", answer.error, width, "bad");
  const { scores, tokens, tokensCut, isCut, prediction } = answer;
  const facts = [
    ...Object.entries(scores).map(([metric, value]) => `${cleanLine(metric)} ${formatValue(value)}`),
    `${formatCount(tokens)} tokens`,
    ...(tokensCut !== undefined && tokensCut > 0
      ? [`${formatCount(tokensCut)} cut`]
      : isCut
        ? ["cut to fit"]
        : []),
  ];
  return titled(model, facts.join(glyphs.separator), prediction, width);
}

function titled(name: string, facts: string, text: string, width: number, role?: keyof Theme): Line[] {
  const shown = text.trim() === "" ? (facts === "not asked yet" ? [] : ["(nothing)"]) : fold(text, width - 2);
  return [
    [
      { text: cleanLine(name), role: "brand" },
      { text: facts === "" ? "" : `  ${facts}`, role: "muted" },
    ],
    ...shown.map((line): Line => plain(`  ${line}`, role)),
    blank,
  ];
}
