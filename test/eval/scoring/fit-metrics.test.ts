import { expect, it } from "vitest";
import { DataError } from "../../../src/errors.ts";
import { checkMetrics } from "../../../src/eval/scoring/fit-metrics.ts";

const asked = (id: string, ...answers: string[]) => ({ id, meta: { answers }, messages: [] });

it("a metric that reads some answers only is refused for others, with how many and the first", () => {
  const good = [asked("a", "Paragraph 3"), asked("b", "Paragraph 12", "Paragraph 4")];
  checkMetrics("mine", ["longbench_retrieval", "f1"], good);
  const mixed = [...good, asked("c", "Paragraph 1", "three"), asked("d", "x")];
  const check = () => checkMetrics("mine", ["f1", "longbench_retrieval"], mixed);
  expect(check).toThrow(DataError);
  expect(check).toThrow(/mine: .*longbench_retrieval .*Paragraph 3.*in 2 of 4 questions, first c: "three"/);
});
