import { expect, it } from "vitest";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";

it("a shape that does not fit is a ShapeError that names the op and both shapes", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", ["T", 3]), graph.input("b", [4, 5])];
  expect(() => matmul(a, b)).toThrow("matmul: expected [.., m, k] and [.., k, n], got [T, 3] and [4, 5]");
});
