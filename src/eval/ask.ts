import type { ZebraModel } from "../model/api.ts";
import { type StageContext, Stopped } from "../run/events.ts";
import type { Item } from "./benchmark.ts";
import type { SampleLine, SampleLog } from "./samples.ts";

/**
 * Asks a model about every item that is not in the log yet and logs each answer as it comes; the lines are in the
 * order of the items. An item that throws is logged with its error. Throws Stopped between items.
 */
export async function askAll(
  ctx: StageContext,
  model: ZebraModel,
  items: readonly Item[],
  log: SampleLog,
  label: string,
): Promise<SampleLine[]> {
  const lines: SampleLine[] = [];
  const progress = (): void => {
    const [done, total] = [lines.length, items.length];
    ctx.emit({ type: "stage.progress", stage: "eval", label, done, total, unit: "items" });
  };
  for (const item of items) {
    progress();
    if (ctx.stop.stopped) throw new Stopped();
    const { id, isShortened: shortened, inputHash } = item;
    let line = log.done.get(id);
    if (line?.inputHash !== inputHash) {
      line = await item.ask(model).then(
        (answer) => ({ id, shortened, inputHash, ...answer }),
        (error: unknown) => ({
          id,
          shortened,
          inputHash,
          error: error instanceof Error ? error.message : String(error),
        }),
      );
      await log.add(line);
    }
    lines.push(line);
  }
  progress();
  return lines;
}
