import { expect, it } from "vitest";
import { watchWork } from "../../../src/cli/recipe/in-hand.ts";

it("says what a stop waits for", () => {
  const work = watchWork();
  work.see({ type: "run.start", name: "a", runDir: "/a", stages: ["mix", "finetune"] });
  expect(work.text()).toBe("the stage mix to begin");
  work.see({ type: "stage.start", stage: "mix" });
  expect(work.text()).toBe("mix");
  const counted = { type: "stage.progress", done: 1200, unit: "rows" } as const;
  work.see({ ...counted, stage: "mix", label: "tokenize", total: 0 });
  expect(work.text()).toBe("mix, tokenize (1,200 rows done)");
  work.see({ type: "stage.start", stage: "finetune" });
  work.see({ ...counted, stage: "finetune", label: "training", done: 3, total: 9, unit: "steps" });
  expect([work.stage, work.text()]).toEqual([
    "finetune",
    "finetune, training (3 of 9 steps done), then its checkpoint",
  ]);
});
