import { type StageContext, Stopped } from "../../contracts/events.ts";
import type { SourceItem } from "../draft.ts";
import type { DataSource } from "../sources/source.ts";

/** Rows between two looks at the stop signal and two progress events. */
const batchRows = 256;

/** A source's items with progress events under `label`. Throws Stopped between them when asked to stop. */
export async function* readItems(
  ctx: StageContext,
  label: string,
  source: DataSource,
): AsyncGenerator<SourceItem> {
  const { total, unit } = source;
  let [done, rows, lookedMs] = [0, 0, performance.now()];
  const report = () => ctx.emit({ type: "stage.progress", stage: "data", label, done, total, unit });
  for await (const item of source.items((n) => {
    done = n;
  })) {
    // Also by the clock: a row may take a second where a model writes it.
    if (rows++ % batchRows === 0 || performance.now() - lookedMs > 1000) {
      lookedMs = performance.now();
      if (ctx.stop.stopped) throw new Stopped();
      report();
      // Reading and building are long synchronous stretches: let events and signals through.
      await new Promise(setImmediate);
    }
    yield item;
  }
  done = total;
  report();
}

/** Reads the source once, so that the rows within a limit can be spread evenly over it. */
export async function countDrafts(ctx: StageContext, name: string, source: DataSource): Promise<number> {
  let total = 0;
  for await (const item of readItems(ctx, `${name} (counting)`, source)) if ("draft" in item) total++;
  return total;
}
