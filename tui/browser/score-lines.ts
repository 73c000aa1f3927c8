import type { SampleBook } from "../../src/contracts/browse.ts";
import { addPlan, addRunning, type Board, emptyBoard } from "../state/board.ts";

/** The index as a board: what is there counts as all there is, as the files do not say how much will come. */
export function boardOf({ models, benchmarks }: SampleBook): Board {
  let board = addPlan(emptyBoard, {
    type: "eval.plan",
    models: [...models],
    benchmarks: benchmarks.map(({ name }) => ({ name, items: 0 })),
  });
  for (const { name, byModel } of benchmarks) {
    for (const [i, part] of byModel.entries()) {
      if (!part) continue;
      const { score, ...counts } = part;
      const known = { total: counts.done, known: counts.done, tokens: 0 };
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
  return board;
}
