import type { Tensor } from "../../engine/device.ts";
import { accumulateInto } from "../../engine/graph/differentiable.ts";
import type { Attended } from "../attention/attention.ts";
import type { LayerType } from "../config/layers.ts";
import { layerOutput, openPass, type Pass, releaseAttended, rowsAfter, spansOf } from "../forward.ts";
import type { Training } from "../layers/layer.ts";
import { byRows } from "../layers/row-chunks.ts";
import { embed, fullName, layerFeeds, type Network, putRows, takeRows } from "../network.ts";
import { headChunks, supervisedRows, targetsOf } from "../score.ts";
import { embeddingName, finalNormName, headName, type TensorStore } from "../weights.ts";

/** One packed sequence to learn from. Shapes: see network.ts. */
export interface TrainingBatch {
  /** [T] */
  ids: Int32Array;
  /** Shifted: the id that should follow position t, −100 where unsupervised, [T]. */
  targets: Int32Array;
  /**
   * The weight of each supervised token's nll in the loss, [T]: 1 / (supervised tokens of the step) for a
   * mean.
   */
  weights: Float32Array;
  /** Lengths of the segments in tokens; they add up to T. */
  segments: readonly number[];
}

/**
 * What is kept of the forward pass for the backward pass. `none` keeps each layer's activations. `layer`
 * keeps only its input, [T, D], and where `keepsAttention` what attention made of it, [T, N·H], which costs
 * the most time for its size. The rest is computed again when its turn comes (activation checkpointing, arXiv
 * 1604.06174), by the same operations, so the gradients are the same to the bit.
 */
export type ActivationCheckpointing = "none" | "layer";

/**
 * Whether checkpointing keeps what attention made: in global layers, whose attention takes most of the time
 * of a long text. In local ones only where all weights are trained, which takes several times the memory of
 * adapters anyway.
 */
export function keepsAttention(training: Training, type: LayerType): boolean {
  return type === "full_attention" || training.kind === "full";
}

/** A pass with a backward half. */
export interface TrainingPass extends Pass {
  checkpointing: ActivationCheckpointing;
  /** The sums that gradients are added to, by full name. */
  gradients: TensorStore;
}

/** What the forward pass of one layer leaves for the backward pass. */
interface LayerTrace {
  /** [T, D] */
  x: Tensor;
  /** What attention made; null: computed again when the layer's turn comes. */
  attended: Attended | null;
  /** What was kept of the programs before and after attention; null: computed again, too. */
  before: Before | null;
  after: Record<string, Tensor> | null;
}

/** Queries [T, N·H], keys and values [T, K·H], and what else their backward program is fed. */
interface Before {
  q: Tensor;
  k: Tensor;
  v: Tensor;
  kept: Record<string, Tensor>;
}

/**
 * Adds the gradients of Σ weight · nll over the batch to `gradients` (the trained tensors by full name).
 * Returns that sum, and the plain nll in nats of each supervised token, [M], in the order of their positions.
 */
export async function backpropagate(
  network: Network,
  batch: TrainingBatch,
  gradients: TensorStore,
  checkpointing: ActivationCheckpointing = "none",
): Promise<{ loss: number; nll: Float32Array }> {
  const rows = supervisedRows(batch.targets);
  if (rows.length === 0) return { loss: 0, nll: new Float32Array(0) };
  const { device, config } = network;
  const pass: TrainingPass = { ...openPass(network, batch.segments, rows), checkpointing, gradients };
  const traces: LayerTrace[] = [];
  let x = await embed(network, batch.ids);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const { y, trace } = await layerForward(network, layer, x, pass);
    traces.push(trace);
    x = y;
  }
  const { loss, nll, dx } = await headBackward(network, x, batch, rows, gradients);
  device.release(x);
  let cotangent = dx;
  for (let layer = config.num_hidden_layers - 1; layer >= 0; layer--) {
    const trace = traces.pop()!;
    const before = await layerBackward(network, layer, trace, cotangent, pass);
    device.release(trace.x, cotangent);
    cotangent = before;
  }
  if (network.training.kind === "full") {
    const sums = gradients.get(embeddingName);
    const ids = device.upload(batch.ids, [batch.ids.length]);
    await network.scatter.run({ x: sums, ids, rows: cotangent }, { y: sums });
  }
  device.release(cotangent);
  return { loss, nll };
}

/**
 * One layer, x [T, D] → y [T, D], in the last layer [M, D] of the pass's rows; and what the policy keeps of
 * it. The trace holds on to x.
 */
export async function layerForward(
  network: Network,
  layer: number,
  x: Tensor,
  pass: TrainingPass,
): Promise<{ y: Tensor; trace: LayerTrace }> {
  const { device } = network;
  if (pass.checkpointing === "layer") {
    const { y, attended } = await layerOutput(network, layer, x, pass);
    const isKept = keepsAttention(network.training, network.config.layer_types[layer]!);
    if (!isKept) releaseAttended(network, attended);
    return { y, trace: { x, attended: isKept ? attended : null, before: null, after: null } };
  }
  const before = await beforeAttention(network, layer, x, pass);
  const attended = await attend(network, layer, before, pass);
  const { o } = attended;
  const rows = rowsAfter(network, layer, pass);
  const some = rows && { x: await takeRows(network, x, rows), o: await takeRows(network, o, rows) };
  const feeds = { ...layerFeeds(network, layer), x, o, ...some };
  const { y, ...after } = await byRows(device, network.layer.after.forwardKeeping, feeds);
  if (some) device.release(some.x, some.o);
  return { y: y!, trace: { x, attended, before, after } };
}

/**
 * Takes dy, the cotangent of the layer's output, [T, D] or in the last layer [M, D] of the pass's rows, to
 * that of its input, [T, D], and adds the gradients of the weights. Releases the trace except for x, which is
 * the caller's.
 */
export async function layerBackward(
  network: Network,
  layer: number,
  trace: LayerTrace,
  dy: Tensor,
  pass: TrainingPass,
): Promise<Tensor> {
  const weights = layerFeeds(network, layer);
  const { x } = trace;

  let made = trace.before;
  if (!trace.attended) made = await beforeAttention(network, layer, x, pass);
  const attended = trace.attended ?? (await attend(network, layer, made!, pass));
  const outer = await afterBackward(network, layer, trace, attended.o, dy, pass);
  const { q, k, v, kept } = made ?? (await beforeAttention(network, layer, x, pass));
  const spans = spansOf(network.config, layer, pass.segments);
  const { dq, dk, dv } = await network.attention.backward({ q, k, v, ...attended }, outer.dO, spans);
  const { before } = network.layer;
  const sums = sumsOf(pass, layer, before.trainedNames);
  const cotangents = { "d.q": dq, "d.k": dk, "d.v": dv, "d.x": outer.dx };
  const feeds = { ...weights, ...pass.positions, ...kept, x, ...cotangents, ...sums.feeds };
  const inner = await byRows(network.device, before.backward!, feeds, sums.into);
  network.device.release(...Object.values(kept), q, k, v, dq, dk, dv, outer.dO, outer.dx);
  releaseAttended(network, attended);
  return inner["grad.x"]!;
}

/** x [T, D] → queries, keys and values of a layer. */
async function beforeAttention(network: Network, layer: number, x: Tensor, pass: Pass): Promise<Before> {
  const feeds = { ...layerFeeds(network, layer), ...pass.positions, x };
  const made = await byRows(network.device, network.layer.before.forwardKeeping, feeds);
  const { q, k, v, ...kept } = made as Record<"q" | "k" | "v", Tensor>;
  return { q, k, v, kept };
}

function attend(network: Network, layer: number, { q, k, v }: Before, pass: Pass): Promise<Attended> {
  return network.attention.forwardKeeping(q, k, v, spansOf(network.config, layer, pass.segments));
}

/**
 * Takes dy [T, D], or in the last layer [M, D], through what follows attention to the cotangents of x [T, D]
 * and o [T, N·H]. Releases what was kept of it.
 */
async function afterBackward(
  network: Network,
  layer: number,
  { x, after: kept }: LayerTrace,
  o: Tensor,
  dy: Tensor,
  pass: TrainingPass,
): Promise<{ dx: Tensor; dO: Tensor }> {
  const { device } = network;
  const { after } = network.layer;
  const rows = rowsAfter(network, layer, pass);
  const sums = sumsOf(pass, layer, after.trainedNames);
  const weights = layerFeeds(network, layer);
  const some = rows ? { x: await takeRows(network, x, rows), o: await takeRows(network, o, rows) } : { x, o };
  const [dx, dO] = [device.empty(some.x.shape), device.empty(some.o.shape)];
  const feeds = { ...weights, ...some, ...kept, "d.y": dy, ...sums.feeds };
  const into = { ...sums.into, "grad.x": dx, "grad.o": dO };
  await byRows(device, kept ? after.backward! : after.recomputing!, feeds, into);
  device.release(...Object.values(kept ?? {}));
  if (!rows) return { dx, dO };
  const total = x.shape[0]!;
  const all = { dx: await putRows(network, dx, rows, total), dO: await putRows(network, dO, rows, total) };
  device.release(some.x, some.o, dx, dO);
  return all;
}

/** The gradients of a layer's feeds of these names, as feeds and targets of its backward program. */
function sumsOf(pass: TrainingPass, layer: number, names: readonly string[]) {
  return accumulateInto(names, (feed) => pass.gradients.get(fullName(layer, feed)));
}

/**
 * x [M, D], the residual stream of the supervised tokens → the loss, nll [M], and the cotangent of x, [M, D].
 */
async function headBackward(
  network: Network,
  x: Tensor,
  batch: TrainingBatch,
  rows: Int32Array,
  gradients: TensorStore,
): Promise<{ loss: number; nll: Float32Array; dx: Tensor }> {
  const { device, config } = network;
  const dx = device.empty(x.shape);
  const nll = new Float32Array(rows.length);
  const weights = Float32Array.from(rows, (t) => batch.weights[t]!);
  const trained = network.training.kind === "full" ? ["norm", "head"] : [];
  const sums = accumulateInto(trained, (name) =>
    gradients.get(name === "norm" ? finalNormName : headName(config)),
  );
  const chunks = headChunks(network, "train", x, (start, end) => ({
    feeds: {
      targets: targetsOf(network, batch.targets, rows.subarray(start, end)),
      weights: device.upload(weights.slice(start, end), [end - start, 1]),
      ...sums.feeds,
    },
    into: { "grad.x": device.rows(dx, start, end), ...sums.into },
  }));
  let loss = 0;
  for await (const { start, values } of chunks) {
    nll.set(values, start);
    for (const [m, value] of values.entries()) loss += value * weights[start + m]!;
  }
  return { loss, nll, dx };
}
