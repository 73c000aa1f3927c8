import { type StageContext, Stopped } from "../../contracts/events.ts";
import { messageOf } from "../../errors.ts";
import type { ZebraModel } from "../../model/api.ts";
import type { Answer, Item } from "../benchmark.ts";
import type { SampleLine, SampleLog } from "../results/samples.ts";
import { batchesOf } from "./batches.ts";
import { answerTexts } from "./prompt.ts";

/**
 * Asks a model about every item that is not in the log yet, in batches, and logs each answer as it comes. The
 * lines are in the order of the items. An item that throws is logged with its error. Throws Stopped between
 * batches.
 */
export async function askAll(
  ctx: StageContext,
  model: ZebraModel,
  items: readonly Item[],
  log: SampleLog,
  { benchmark, label }: { benchmark: string; label: string },
): Promise<SampleLine[]> {
  const lines = new Map<Item, SampleLine>();
  const keep = (item: Item, line: SampleLine): void => {
    lines.set(item, line);
    tell(ctx, line, benchmark, label);
  };
  const progress = (): void => {
    const [done, total] = [lines.size, items.length];
    const counts = { done, total, unit: "items" };
    ctx.emit({ type: "stage.progress", stage: "eval", label: `${benchmark} ${label}`, ...counts });
  };
  // Batches are made of all items, so that they depend little on where an earlier evaluation stopped.
  for (const batch of batchesOf(model.config, items)) {
    progress();
    if (ctx.stop.stopped) throw new Stopped();
    const open: Item[] = [];
    for (const item of batch) {
      const line = log.done.get(item.id);
      if (line?.inputHash === item.inputHash) keep(item, line);
      else open.push(item);
    }
    for (const [i, answer] of (await askBatch(model, open)).entries()) {
      const { id, isShortened: shortened, tokensCut: cut = 0, inputHash, document } = open[i]!;
      const line = {
        ...{ id, shortened, cut, inputHash },
        ...(document !== undefined && { document }),
        ...answer,
      };
      await log.add(line);
      keep(open[i]!, line);
    }
  }
  progress();
  return items.map((item) => lines.get(item)!);
}

/** Shows an answer where there is a right one: a text whose likelihood is measured has none. */
function tell({ emit }: StageContext, line: SampleLine, benchmark: string, model: string): void {
  if ("error" in line || line.target === "") return;
  const { id, promptTail: question, target: gold, prediction } = line;
  const whole = line.scores.filter(({ slice, weight }) => slice === "" && weight > 0);
  const scores = Object.fromEntries(whole.map(({ metric, sum, weight }) => [metric, sum / weight]));
  emit({ type: "eval.sample", model, benchmark, id, question, gold, prediction, scores });
}

/**
 * Answers in the order of the items. When a batch fails, its items are asked one by one, so that only the bad
 * ones fail.
 */
async function askBatch(model: ZebraModel, items: readonly Item[]): Promise<(Answer | { error: string })[]> {
  try {
    return await answersOf(model, items);
  } catch (error) {
    if (items.length === 1) return [{ error: messageOf(error) }];
    const answers = [];
    for (const item of items) answers.push(...(await askBatch(model, [item])));
    return answers;
  }
}

async function answersOf(model: ZebraModel, items: readonly Item[]): Promise<Answer[]> {
  const prompted = items.filter((item) => "prompt" in item);
  const texts = await answerTexts(model, prompted);
  const answers: Answer[] = [];
  for (const item of items) {
    if ("prompt" in item) {
      const { text, isCut } = texts[prompted.indexOf(item)]!;
      answers.push({ ...(await item.judge(text)), ...(isCut && { isCut }) });
    } else answers.push(await item.ask(model));
  }
  return answers;
}
