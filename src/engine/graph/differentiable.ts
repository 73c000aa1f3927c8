import type { Device, Tensor } from "../device.ts";
import { add } from "../ops/add.ts";
import { compile, type Program } from "../program.ts";
import { gradients, keepForBackward } from "./autodiff.ts";
import { Graph, type Value } from "./graph.ts";

/** A function from inputs to outputs, described once as a graph. */
export interface Definition {
  /** What the forward program returns. */
  outputs: Record<string, Value>;
  /** Inputs whose cotangents the backward program returns, as `grad.<name>`. */
  active: Record<string, Value>;
  /** Weights whose gradients the backward program adds to the tensor fed as `g.<name>`. */
  trained: Record<string, Value>;
  /**
   * Values besides the outputs that have cotangents from elsewhere, fed as `d.<name>`: a residual stream that
   * passes by.
   */
  bypass?: Record<string, Value>;
}

export interface Differentiable {
  /** Returns the outputs. */
  forward: Program;
  /** As `forward`, and returns what the backward program needs of it as `kept.<i>`. */
  forwardKeeping: Program;
  /**
   * Takes the forward program's feeds, `kept.<i>`, `d.<output>` and `g.<trained>`. Returns `grad.<active>`,
   * and the sums of gradients as `s.<trained>`. Null where nothing is active or trained.
   */
  backward: Program | null;
  /** The same without `kept.<i>`: it computes again what it needs of the forward pass. */
  recomputing: Program | null;
  keptNames: readonly string[];
  trainedNames: readonly string[];
}

/**
 * Compiles a definition into a forward and a backward program. The backward program is fed the forward values
 * that are expensive to compute (matrix products), and computes the cheap ones (norms, activations) again:
 * reading them back would take as long. Throws EngineError.
 */
export async function differentiable(
  device: Device,
  name: string,
  define: (graph: Graph) => Definition,
): Promise<Differentiable> {
  const graph = new Graph();
  const { outputs, active, trained, bypass = {} } = define(graph);
  const forward = await compile(device, name, outputs);
  const trainedNames = Object.keys(trained);
  const wanted = { ...active, ...trained };
  if (Object.keys(wanted).length === 0) {
    return {
      forward,
      forwardKeeping: forward,
      backward: null,
      recomputing: null,
      keptNames: [],
      trainedNames,
    };
  }

  const boundary = graph.constant(0).id;
  const cotangents = Object.entries({ ...outputs, ...bypass }).map(([key, value]): [Value, Value] => [
    value,
    graph.input(`d.${key}`, value.shape),
  ]);
  const found = gradients(cotangents, Object.values(wanted));
  const results: Record<string, Value> = {};
  for (const [i, key] of Object.keys(wanted).entries()) {
    const gradient = found[i]!;
    if (key in trained) results[`s.${key}`] = add(graph.input(`g.${key}`, gradient.shape), gradient);
    else results[`grad.${key}`] = gradient;
  }
  const keep = keepForBackward(Object.values(results), boundary);
  const kept = Object.fromEntries(keep.map((value, i) => [`kept.${i}`, value]));
  return {
    forward,
    forwardKeeping: await compile(device, `${name} keeping`, { ...outputs, ...kept }),
    backward: await compile(device, `${name} backward`, results, kept),
    recomputing: await compile(device, `${name} recomputing`, results),
    keptNames: Object.keys(kept),
    trainedNames,
  };
}

/** Feeds and targets that make a backward program add into the sums of these names in place. */
export function accumulateInto(
  names: readonly string[],
  gradientsByName: (name: string) => Tensor,
): { feeds: Record<string, Tensor>; into: Record<string, Tensor> } {
  const feeds: Record<string, Tensor> = {};
  const into: Record<string, Tensor> = {};
  for (const name of names) {
    feeds[`g.${name}`] = gradientsByName(name);
    into[`s.${name}`] = gradientsByName(name);
  }
  return { feeds, into };
}
