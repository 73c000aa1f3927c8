import type { Node, Value } from "../graph/graph.ts";
import type { Schedule } from "../onnx/emit.ts";
import type { Arena, Chunk } from "./arena.ts";

/** Ops that ONNX Runtime computes in the memory of an operand where nothing else needs it. */
const inPlace = new Set([
  ...["add", "exp", "log", "logSoftmax", "mul", "reciprocal", "sigmoid", "sign", "silu"],
  ...["softmax", "sqrt", "sub"],
]);

/** Memory of one or several values. */
interface Storage {
  chunk: Chunk;
  /** Reads that are still to come. */
  uses: number;
}

/**
 * Takes from the arena, and gives back, what ONNX Runtime takes for a run of a program: a value lives from
 * the node that makes it to the last that reads it. `symbols`: what the sizes of this run stand for.
 */
export function runInArena(
  schedule: Schedule,
  symbols: Readonly<Record<string, number>>,
  arena: Arena,
): void {
  const size = (shape: readonly (number | string)[]): number =>
    shape.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : (symbols[dim] ?? 1)), 4);
  const uses = usesOf(schedule);
  const outputs = new Set(schedule.outputs.values());
  const storages = new Map<Value, Storage>();
  const keep = (value: Value, storage: Storage): void => {
    storage.uses += uses.get(value) ?? 0;
    storages.set(value, storage);
  };
  for (const node of runOrder(schedule)) {
    const used = node.inputs.flatMap((input) => storages.get(input) ?? []);
    for (const storage of used) storage.uses--;
    for (const output of node.outputs) {
      // Outputs are written where the caller wants them.
      if (outputs.has(output)) continue;
      const found = reusable(node, output, storages, size);
      keep(output, found ?? { chunk: arena.take(size(output.shape)), uses: 0 });
    }
    const inner = innerBytes(node, size).map((bytes) => arena.take(bytes));
    for (const chunk of inner) arena.give(chunk);
    for (const storage of new Set(used)) if (storage.uses === 0) arena.give(storage.chunk);
  }
}

/** The order in which ONNX Runtime runs a program: depth first from its last node back. */
function runOrder({ nodes }: Schedule): Node[] {
  const index = new Map(nodes.map((node, i) => [node, i]));
  const makers = (node: Node): Node[] =>
    node.inputs
      .flatMap(({ origin }) => (origin.kind === "node" && index.has(origin.node) ? [origin.node] : []))
      .sort((a, b) => index.get(b)! - index.get(a)!);
  const read = new Set(nodes.flatMap(makers));
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const maker of makers(node)) visit(maker);
    order.push(node);
  };
  for (const node of [...nodes].reverse()) if (!read.has(node)) visit(node);
  return order;
}

function usesOf({ nodes }: Schedule): Map<Value, number> {
  const uses = new Map<Value, number>();
  for (const { inputs } of nodes) for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  return uses;
}

type Size = (shape: readonly (number | string)[]) => number;

/** The memory of an operand in which the node's output can be: another shape of it, or in its place. */
function reusable(
  node: Node,
  output: Value,
  storages: ReadonlyMap<Value, Storage>,
  size: Size,
): Storage | undefined {
  if (node.op.name === "reshape") return storages.get(node.inputs[0]!);
  if (!inPlace.has(node.op.name)) return undefined;
  const bytes = size(output.shape);
  return node.inputs
    .filter((input) => size(input.shape) === bytes)
    .map((input) => storages.get(input))
    .find((storage) => storage?.uses === 0);
}

/** Bytes of what lies between the ONNX nodes that one op becomes, beside its output. */
function innerBytes({ op, inputs, outputs, attributes }: Node, size: Size): number[] {
  const [first, second, , mask] = inputs;
  switch (op.name) {
    case "attention": {
      // q and k head by head; the scores, then with their mask and as probabilities in their place; the rest.
      const scores = Number(attributes.heads) * size(mask!.shape);
      return [size(first!.shape), size(second!.shape), scores, size(second!.shape), size(first!.shape)];
    }
    case "unpick":
      return [size(outputs[0]!.shape)];
    default:
      return [];
  }
}
