import { isUtf8, signsToAscii } from "../../../tui/ascii.ts";
import { displayPath } from "../../../tui/format.ts";
import { isWanted, type SampleBook, type SampleFilter } from "../../contracts/browse.ts";
import { formatCount, formatValue } from "../../format.ts";
import { cleanLine } from "../../quote.ts";
import { exitCode } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import type { OutputMode } from "../output/output.ts";

export interface ViewOptions {
  filter: SampleFilter;
  benchmark?: string;
  search?: string;
}

/** `zebra eval view`: samples of an evaluation on a screen, as lines, or as NDJSON. Gives the exit code. */
export async function evalView(dir: string, mode: OutputMode, options: ViewOptions): Promise<number> {
  const { openBook } = await import("../../eval/browse/book.ts");
  const book = await openBook(dir);
  if (mode === "screen" && process.stdin.isTTY) {
    // React's development build uses a tenth of a core.
    process.env.NODE_ENV ??= "production";
    const { mountBrowser } = await import("../../../tui/browser/mount-browser.tsx");
    const { filter, benchmark = null, search = "" } = options;
    const title = displayPath(book.title, process.cwd());
    const browser = mountBrowser({ book, title, first: { filter, benchmark, search } });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, browser.leave);
    await browser.finished();
    return exitCode.ok;
  }
  const write = isUtf8(process.env) || mode === "json" ? (line: string) => line : signsToAscii;
  for await (const line of linesOf(book, mode === "json", options)) process.stdout.write(`${write(line)}\n`);
  return exitCode.ok;
}

/** The scores, then the samples that were asked for, one a line. */
async function* linesOf(book: SampleBook, isJson: boolean, options: ViewOptions): AsyncGenerator<string> {
  const { filter, benchmark = null, search } = options;
  const found = search ? await book.search(search, () => true) : null;
  const items = book.items.filter((item) => isWanted(item, { filter, benchmark, length: null, found }));
  if (isJson) {
    for (const { name, byModel } of book.benchmarks)
      for (const [i, part] of byModel.entries())
        if (part) yield JSON.stringify({ type: "scores", benchmark: name, model: book.models[i], ...part });
    for (const item of items) {
      const { answers, ...whole } = await book.read(item);
      const byModel = Object.fromEntries(book.models.map((model, i) => [model, answers[i]]));
      yield JSON.stringify({
        type: "sample",
        benchmark: item.benchmark,
        id: item.id,
        ...whole,
        answers: byModel,
      });
    }
    return;
  }
  yield* formatTable(
    ["task", "model", "figure", "score", "95 %", "items", "failed", "cut"],
    scoreRows(book),
    3,
  );
  yield "";
  yield* formatTable(
    ["task", "id", ...book.models, "tokens"],
    items.map(({ benchmark, id, answers, tokens }) => [
      ...[benchmark, id],
      ...book.models.map((_, i) => {
        const answer = answers[i];
        if (!answer) return "–";
        return answer.isFailed ? "failed" : `${scoreText(answer.score)}${answer.isCut ? " cut" : ""}`;
      }),
      formatCount(tokens),
    ]),
    2,
  ).map(cleanLine);
  if (items.length < book.items.length)
    yield `${formatCount(items.length)} of ${formatCount(book.items.length)} samples`;
}

function scoreRows({ benchmarks, models }: SampleBook): string[][] {
  return benchmarks.flatMap(({ name, byModel }) =>
    byModel.flatMap((part, i) => {
      if (!part) return [];
      const { score, done, failed, cut } = part;
      const hasInterval = score?.low !== undefined && score.high !== undefined;
      const interval = hasInterval ? `[${formatValue(score.low!)}, ${formatValue(score.high!)}]` : "";
      const counts = [done, failed, cut].map(formatCount);
      return [[name, models[i]!, score?.metric ?? "", scoreText(score?.value ?? null), interval, ...counts]];
    }),
  );
}

function scoreText(score: number | null): string {
  return score === null ? "–" : formatValue(score);
}
