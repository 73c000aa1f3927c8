import { EngineError } from "../../errors.ts";
import { add } from "../ops/add.ts";
import type { Node, Value } from "./graph.ts";

/**
 * Reverse mode from graph to graph: adds to the graph the nodes that compute the cotangent of each value in
 * `wrt`, given the cotangents of some values. They have the shapes of the values. The new nodes are part of
 * the same graph, so what a backward program reuses and what it computes again is decided later, by what it
 * is fed (see `keepForBackward`). Throws EngineError for a value that nothing differentiated depends on.
 *
 * Source: Griewank and Walther, "Evaluating Derivatives", 2008, ch. 3 (reverse accumulation).
 */
export function gradients(
  cotangents: readonly [value: Value, cotangent: Value][],
  wrt: readonly Value[],
): Value[] {
  const sums = new Map<Value, Value>();
  const accumulate = (value: Value, cotangent: Value): void => {
    const before = sums.get(value);
    sums.set(value, before ? add(before, cotangent) : cotangent);
  };
  for (const [value, cotangent] of cotangents) accumulate(value, cotangent);

  const depends = dependents(
    cotangents.map(([value]) => value),
    new Set(wrt),
  );
  for (const node of depends.reverse()) {
    const incoming = node.outputs.map((output) => sums.get(output) ?? null);
    if (incoming.every((cotangent) => cotangent === null)) continue;
    const outgoing = node.op.vjp(node, incoming);
    for (const [i, cotangent] of outgoing.entries()) {
      if (cotangent) accumulate(node.inputs[i]!, cotangent);
    }
  }
  return wrt.map((value) => {
    const sum = sums.get(value);
    if (!sum)
      throw new EngineError(
        `gradient of value ${value.id}: expected a path to a differentiated value, got none`,
      );
    return sum;
  });
}

/** Nodes on a path from `wrt` to `roots`, in the order in which they compute. */
function dependents(roots: readonly Value[], wrt: ReadonlySet<Value>): Node[] {
  const order: Node[] = [];
  const onPath = new Map<Value, boolean>();
  const seen = new Set<Node>();
  const visit = (value: Value): boolean => {
    const known = onPath.get(value);
    if (known !== undefined) return known;
    let reached = wrt.has(value);
    if (value.origin.kind === "node") {
      const { node } = value.origin;
      const below = node.inputs.map(visit).some(Boolean);
      if (below && !seen.has(node)) {
        seen.add(node);
        order.push(node);
      }
      reached ||= below;
    }
    onPath.set(value, reached);
    return reached;
  };
  for (const root of roots) visit(root);
  return order;
}

/**
 * The forward values that a backward program should be fed. From the gradients back, these are the first
 * values that existed before the backward nodes (`id < boundary`) and are not cheap to compute again. Graph
 * inputs and constants are there anyway.
 */
export function keepForBackward(gradientValues: readonly Value[], boundary: number): Value[] {
  const keep = new Set<Value>();
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (value.origin.kind !== "node") return;
    const { node } = value.origin;
    if (value.id < boundary && !node.op.cheap) keep.add(value);
    else for (const input of node.inputs) visit(input);
  };
  for (const value of gradientValues) visit(value);
  return [...keep].sort((a, b) => a.id - b.id);
}
