import { type StageContext, Stopped } from "../../contracts/events.ts";
import { messageOf } from "../../errors.ts";
import type { ZebraModel } from "../../model/api.ts";
import type { Answer, Item } from "../benchmark.ts";
import type { Running } from "../results/running.ts";
import type { SampleLine, SampleLog } from "../results/samples.ts";
import { tellSample } from "../results/tell-sample.ts";
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
  { benchmark, label, running }: { benchmark: string; label: string; running?: Running },
): Promise<SampleLine[]> {
  const lines = new Map<Item, SampleLine>();
  const keep = (item: Item, line: SampleLine, isKnown: boolean): void => {
    lines.set(item, line);
    tellSample(ctx.emit, line, benchmark, label);
    running?.add(line, isKnown);
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
      if (line?.inputHash === item.inputHash) keep(item, line, true);
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
      keep(open[i]!, line, false);
    }
  }
  progress();
  running?.tell();
  return items.map((item) => lines.get(item)!);
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
