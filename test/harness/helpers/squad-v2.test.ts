import { expect, it } from "vitest";
import { FunctionReference } from "../../../src/harness/files/yaml/function-reference.ts";
import { findHelper } from "../../../src/harness/helpers/find-helper.ts";
import { PyDict } from "../../../src/jinja/values/values.ts";

const find = (name: string) => findHelper(new FunctionReference(`squadv2.task.${name}`, "/nowhere/t.yaml"));
const row = (id: string, ...answers: string[]) =>
  PyDict.of([
    ["id", id],
    ["answers", PyDict.of([["text", answers]])],
  ]);

it("scores rows with and without an answer as SQuAD 2.0 does, in percent", () => {
  const answered = find("process_results").results!;
  const items = [
    answered.ofResults(row("a", "the old harbour", "harbour"), [" The harbour."]),
    answered.ofResults(row("b", "red zebra"), ["a zebra"]),
    answered.ofResults(row("c"), [""]),
    answered.ofResults(row("d"), ["something"]),
  ];
  const figure = (name: string) => find(name).aggregation!.ofItems(items.map((item) => item[name]));
  expect(figure("exact")).toBe(50);
  expect(figure("HasAns_exact")).toBe(50);
  expect(figure("HasAns_f1")).toBeCloseTo((100 * (1 + 2 / 3)) / 2, 9);
  expect(figure("NoAns_f1")).toBe(50);
  expect(figure("f1")).toBeCloseTo((100 * (1 + 2 / 3 + 1 + 0)) / 4, 9);
  expect(find("HasAns_exact").aggregation!.ofItems([items[2]!.exact])).toBe(0);
});
