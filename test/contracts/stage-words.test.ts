import { expect, it } from "vitest";
import { stageFacts } from "../../src/contracts/stage-words.ts";

it("a stage's summary is words, the most important first", () => {
  const data = { datasets: 3, read: 14247, kept: 4200, changed: 0, dropped: 10047, examples: 4200 };
  expect(stageFacts("data", data)).toEqual([
    "kept 4,200 of 14,247 rows",
    "3 datasets",
    "4,200 examples",
    "10,047 dropped",
  ]);
  expect(stageFacts("data", { kept: 1, read: 1 })).toEqual(["kept all 1 rows"]);
  expect(
    stageFacts("finetune", {
      steps: 65,
      parameters_trained: 5243136,
      validation_loss_before: 4.0123,
      validation_loss_after: 3.8361,
      checkpoint: "/w/runs/q/train/final",
    }),
  ).toEqual([
    "validation loss 4.012 → 3.836",
    "65 steps",
    "5,243,136 parameters trained",
    "checkpoint /w/runs/q/train/final",
  ]);
  expect(stageFacts("eval", { items: 1, failed: 0, shortened: 2 })).toEqual([
    "1 answer",
    "2 shortened to fit",
  ]);
});

it("what has no words of its own follows by its name; half of a pair is told too", () => {
  const facts = stageFacts("finetune", { validation_loss_after: 2.5, speed: 3, file: "/w/a" }, (path) =>
    path.replace("/w/", ""),
  );
  expect(facts).toEqual(["validation loss after 2.500", "speed 3", "file a"]);
});
