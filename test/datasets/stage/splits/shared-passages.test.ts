import { expect, it } from "vitest";
import type { Example } from "../../../../src/contracts/example.ts";
import { SharedPassages } from "../../../../src/datasets/stage/splits/shared-passages.ts";

const text = (seed: number, sentences = 20) =>
  Array.from({ length: sentences }, (_, i) => `Text ${seed} says in its line ${i} the number ${i * seed}.`);
const example = (id: string, split: Example["split"], content: string) =>
  ({ id, split, messages: [{ role: "user" as const, content }] }) satisfies Partial<Example>;

it("counts held-out examples whose prompt is mostly that of one that is trained on", () => {
  const passages = new SharedPassages();
  for (let n = 0; n < 30; n++) passages.add(example(`t${n}`, "train", text(n + 1).join(" ")));
  passages.add(example("same", "test", `Sum up:\n${text(7).join(" ")}`));
  passages.add(example("part", "validation", `${text(9).join(" ")} ${text(99, 3).join(" ")}`));
  passages.add(example("other", "test", text(77).join(" ")));
  passages.add(example("short", "test", "What is the capital of France?"));
  expect(passages.result()).toEqual({
    held: 4,
    isWhole: true,
    shared: 2,
    first: { id: "same", passage: expect.stringContaining("Text 7 says in its line") },
  });
});

it("what more than a hundred examples and a fifth of all have is an instruction", () => {
  const passages = new SharedPassages();
  for (let n = 0; n < 200; n++)
    passages.add(example(`${n}`, n % 10 === 0 ? "test" : "train", `${text(3).join(" ")}\nWord ${n}`));
  expect(passages.result()).toMatchObject({ held: 20, shared: 0, first: null });
});

it("keeps its counts while it grows, and samples what is trained on beyond 20,000 examples", () => {
  const passages = new SharedPassages();
  for (let n = 0; n < 24_000; n++) passages.add(example(`${n}`, "train", text(n + 1, 6).join(" ")));
  passages.add(example("held", "test", text(5, 6).join(" ")));
  expect(passages.result()).toMatchObject({ held: 1, isWhole: false, shared: 1 });
});
