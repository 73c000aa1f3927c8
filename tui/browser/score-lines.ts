import type { SampleBook } from "../../src/contracts/browse.ts";
import { addPlan, addRunning, type Board, emptyBoard } from "../state/board.ts";

/** The index as a board. Where an evaluation has not said how many items it has, those there are count. */
export function boardOf({ models, benchmarks }: SampleBook): Board {
  let board = addPlan(emptyBoard, {
    type: "eval.plan",
    models: [...models],
    benchmarks: benchmarks.map(({ name, byModel }) => ({ name, items: byModel.find(Boolean)?.total ?? 0 })),
  });
  for (const { name, byModel } of benchmarks) {
    for (const [i, part] of byModel.entries()) {
      if (!part) continue;
      const { score, ...counts } = part;
      const known = { total: Math.max(counts.done, part.total ?? 0), known: counts.done, tokens: 0 };
      board = addRunning(
        board,
        {
          type: "eval.running",
          benchmark: name,
          model: models[i]!,
          ...counts,
          ...known,
          ...(score && { score }),
        },
        0,
      );
    }
  }
  return { ...board, now: null };
}
