import { expect, it } from "vitest";
import { groupFigures } from "../../../src/harness/metrics/group-figures.ts";

const figures = (acc: number, stderr: number | "N/A", sampleLen: number) => ({
  values: { "acc,none": acc },
  errors: { "acc,none": stderr },
  sampleLen,
  warnings: [],
});
const group = (weight_by_size: boolean) => ({
  group: "g",
  aggregate_metric_list: [{ metric: "acc", weight_by_size }],
});
const members = [
  { task: "a", figures: figures(0.08349540862601879, 0.009312209706339048, 3) },
  { task: "b", figures: figures(0.14858951532057307, 0.027036779230070706, 56) },
];

it("weighs members by size, or each the same, with the harness's standard errors", () => {
  const weighted = groupFigures(group(true), members);
  expect(weighted.values["acc,none"]).toBeCloseTo(0.14527964548864658, 12);
  expect(weighted.errors["acc,none"]).toBeCloseTo(0.025877186502116564, 12);
  expect(weighted.sampleLen).toBe(59);
  const each = groupFigures(group(false), members);
  expect(each.values["acc,none"]).toBeCloseTo(0.11604246197329593, 12);
  expect(each.errors["acc,none"]).toBeCloseTo(0.014297768014190344, 12);
});

it("leaves out members without the metric, and says so; without all errors there is none", () => {
  const other = { task: "c", figures: { values: {}, errors: {}, sampleLen: 9, warnings: [] } };
  const got = groupFigures(group(true), [members[0]!, other, { task: "d", figures: undefined }]);
  expect(got.values["acc,none"]).toBe(0.08349540862601879);
  expect(got.warnings).toEqual(["group g: 2 of 3 members have no acc,none and are left out of it: c, d"]);
  const blind = groupFigures(group(true), [members[0]!, { task: "e", figures: figures(0.5, "N/A", 1) }]);
  expect(blind.errors["acc,none"]).toBe("N/A");
});

it("says so where no member has the metric at all", () => {
  const unknown = { group: "g", aggregate_metric_list: [{ metric: "nope", weight_by_size: true }] };
  const got = groupFigures(unknown, members);
  expect(got.values).toEqual({});
  expect(got.warnings).toEqual(["group g: no member has nope, so the group has no figure for it"]);
});
