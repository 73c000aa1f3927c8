import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { BriefAnswer, BrowsedBenchmark, BrowsedItem, SampleBook } from "../../contracts/browse.ts";
import { evalPaths } from "../../contracts/run-folder.ts";
import type { Asking } from "../benchmark.ts";
import { type Plan, readPlan } from "../results/plan-file.ts";
import { runningMean } from "../results/running.ts";
import type { SampleLine } from "../results/samples.ts";
import { findPlace, type LogFile, logsIn } from "./find-logs.ts";
import { answerOf, askingFrom, parseLine, questionOf } from "./parse-line.ts";
import { lineAt, linesFrom } from "./read-lines.ts";

/** Where a model's answer stands, and the little of it that lists show. */
interface Entry extends BriefAnswer {
  log: OpenLog;
  /** Of its lines: offset and length. */
  spans: [number, number][];
  /** The prediction, or its hash where it is long. */
  said: string;
}

interface Item extends BrowsedItem {
  tail: string;
  tokens: number;
  answers: (Entry | undefined)[];
  isChanged: boolean;
  change: -1 | 0 | 1;
}

interface OpenLog {
  file: LogFile;
  inode: number;
  /** Bytes that were read. */
  at: number;
  asking: Pick<Asking, "headline" | "metrics"> | undefined;
  mean: ReturnType<typeof runningMean> | undefined;
  counts: { done: number; failed: number; cut: number };
  /** Items by where their lines begin. */
  byOffset: Map<number, Item>;
}

/**
 * Opens the samples of an evaluation, also of one that is running. What is held of each is a line; texts are
 * read from the files when they are asked for. Throws DataError where there are no samples.
 */
export async function openBook(dir: string): Promise<SampleBook> {
  const place = await findPlace(dir);
  const models: string[] = [];
  const logs = new Map<string, OpenLog>();
  let plan: Plan = {};
  const items = new Map<string, Item>();
  let listed: Item[] = [];

  const logOf = async (file: LogFile): Promise<OpenLog | undefined> => {
    const key = JSON.stringify([file.benchmark, file.model]);
    const found = await stat(file.path).catch(() => undefined);
    const old = logs.get(key);
    if (!found) return undefined; // moved since it was listed
    if (old && old.file.path === file.path && old.inode === found.ino && old.at <= found.size) {
      return old.at === found.size ? undefined : old;
    }
    if (old) forget(old);
    const { asking } = file;
    const log: OpenLog = {
      ...{ file, inode: found.ino, at: 0, asking, mean: asking && runningMean(asking) },
      counts: { done: 0, failed: 0, cut: 0 },
      byOffset: new Map(),
    };
    logs.set(key, log);
    return log;
  };

  /** A log was written anew: what it said before is taken back. */
  const forget = (log: OpenLog): void => {
    const model = models.indexOf(log.file.model);
    for (const item of new Set(log.byOffset.values())) item.answers[model] = undefined;
  };

  const add = (log: OpenLog, line: SampleLine, span: [number, number]): void => {
    const { benchmark } = log.file;
    const key = JSON.stringify([benchmark, line.id]);
    let item = items.get(key);
    if (!item) {
      item = { benchmark, id: line.id, tail: "", tokens: 0, answers: [], isChanged: false, change: 0 };
      items.set(key, item);
    }
    log.byOffset.set(span[0], item);
    const model = models.indexOf(log.file.model);
    const before = item.answers[model];
    if (!before) count(log, line);
    if (!("error" in line)) {
      log.asking ??= askingFrom(line.scores);
      log.mean ??= log.asking && runningMean(log.asking);
      log.mean?.add(line.scores);
      item.tail ||= line.promptTail.replace(/\s+/g, " ").slice(-tailLength);
      item.tokens = Math.max(item.tokens, line.tokens);
    }
    const entry = entryOf(log, line, span);
    item.answers[model] = before ? merged(before, entry) : entry;
    compare(item, log.asking);
  };

  const refresh = async (): Promise<boolean> => {
    let isNew = false;
    plan = await readPlan(evalPaths(place.dir).plan);
    const files = await logsIn(place);
    for (const { model } of files) if (!models.includes(model)) models.push(model);
    for (const file of files) {
      const log = await logOf(file);
      if (!log) continue;
      isNew = true;
      for await (const { text, offset, length } of linesFrom(file.path, log.at)) {
        log.at = offset + length + 1;
        const parsed = parseLine(text, file.metrics);
        if (!parsed) continue;
        log.asking ??= parsed.asking;
        add(log, parsed.line, [offset, length]);
      }
    }
    if (isNew) listed = [...items.values()].filter(({ answers }) => answers.some(Boolean));
    return isNew;
  };

  const linesOf = async ({ log, spans }: Entry): Promise<SampleLine[]> => {
    const lines: SampleLine[] = [];
    for (const [offset, length] of spans) {
      const parsed = parseLine(await lineAt(log.file.path, offset, length), log.file.metrics);
      if (parsed) lines.push(parsed.line);
    }
    return lines;
  };

  await refresh();
  return {
    title: place.dir,
    models,
    get items() {
      return listed;
    },
    get benchmarks() {
      return benchmarksOf(logs, models, plan);
    },
    refresh,
    async read(browsed) {
      const item = items.get(JSON.stringify([browsed.benchmark, browsed.id]));
      const answers = [];
      let question: ReturnType<typeof questionOf>;
      for (const entry of item?.answers ?? []) {
        const lines = entry && (await linesOf(entry));
        answers.push(lines && answerOf(lines));
        question ??= lines?.map(questionOf).find(Boolean);
      }
      return { prompt: "", gold: "", ...question, answers };
    },
    async search(text, isWanted) {
      const found = new Set<BrowsedItem>();
      const needle = text.toLowerCase();
      const written = JSON.stringify(needle).slice(1, -1);
      for (const log of logs.values()) {
        for await (const { text: line, offset } of linesFrom(log.file.path, 0)) {
          if (!isWanted()) return found;
          const item = log.byOffset.get(offset);
          // Most lines do not have it, and need not be parsed.
          if (!item || found.has(item) || !line.toLowerCase().includes(written)) continue;
          const parsed = parseLine(line, log.file.metrics);
          if (parsed && textsOf(parsed.line).some((one) => one.toLowerCase().includes(needle)))
            found.add(item);
        }
      }
      return found;
    },
  };
}

const tailLength = 100;

function count({ counts }: OpenLog, line: SampleLine): void {
  counts.done++;
  if ("error" in line) counts.failed++;
  if (line.shortened) counts.cut++;
}

function entryOf(log: OpenLog, line: SampleLine, span: [number, number]): Entry {
  const isFailed = "error" in line;
  const common = { log, spans: [span], isFailed, isCut: line.shortened };
  if (isFailed) return { ...common, score: null, isWrong: false, said: "" };
  const { prediction, scores } = line;
  const said = prediction.length > 40 ? createHash("sha1").update(prediction).digest("base64") : prediction;
  const score = headline(scores, log.asking);
  const isShare = score !== null && score >= 0 && score <= 1 && betterOf(log.asking) === "higher";
  return { ...common, score, isWrong: isShare && score < 0.5, said };
}

/** Another filter's line about the same row. */
function merged(before: Entry, entry: Entry): Entry {
  return {
    ...before,
    spans: [...before.spans, ...entry.spans],
    score: before.score ?? entry.score,
    isWrong: before.isWrong || (before.score === null && entry.isWrong),
    isFailed: before.isFailed || entry.isFailed,
  };
}

function headline(
  scores: Extract<SampleLine, { scores: unknown }>["scores"],
  asking: OpenLog["asking"],
): number | null {
  if (!asking) return null;
  const { metric } = asking.headline;
  const from = asking.metrics[metric]?.derived?.from ?? metric;
  const score = scores.find((one) => one.slice === "" && one.metric === from && one.weight > 0);
  return score ? score.sum / score.weight : null;
}

/** Of what a single item has: the metric that the headline comes from. */
function betterOf(asking: OpenLog["asking"]): "higher" | "lower" {
  const headline = asking?.metrics[asking.headline.metric];
  const from = headline?.derived && asking?.metrics[headline.derived.from];
  return (from ?? headline)?.better ?? "higher";
}

function compare(item: Item, asking: OpenLog["asking"]): void {
  const present = item.answers.filter((answer) => answer !== undefined);
  const [first, last] = [present[0], present.at(-1)];
  item.isChanged = present.some((one) => one.said !== first?.said);
  const more = (last?.score ?? 0) - (first?.score ?? 0);
  const isKnown = present.length > 1 && first?.score !== null && last?.score !== null;
  const isGain = betterOf(asking) === "higher" ? more > 0 : more < 0;
  item.change = !isKnown || more === 0 ? 0 : isGain ? 1 : -1;
}

function benchmarksOf(
  logs: ReadonlyMap<string, OpenLog>,
  models: readonly string[],
  plan: Plan,
): BrowsedBenchmark[] {
  const byName = Map.groupBy(logs.values(), ({ file }) => file.benchmark);
  return [...byName].map(([name, own]) => ({
    name,
    byModel: models.map((model) => {
      const log = own.find(({ file }) => file.model === model);
      const score = log?.mean?.score();
      const total = plan[name];
      return log && { ...log.counts, ...(total !== undefined && { total }), ...(score && { score }) };
    }),
  }));
}

function textsOf(line: SampleLine): string[] {
  if ("error" in line) return [line.id, line.error];
  const { id, prompt, promptTail, target, prediction } = line;
  return [id, prompt?.text ?? promptTail, prompt?.document ?? "", target, prediction];
}
