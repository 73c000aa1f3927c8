import type { Tensor } from "../../engine/device.ts";
import { accumulateInto } from "../../engine/differentiable.ts";
import type { Attended } from "../attention/attention.ts";
import type { LayerType } from "../config/layers.ts";
import type { Training } from "../layers/layer.ts";
import { byRows } from "../layers/row-chunks.ts";
import {
  embed,
  fullName,
  layerFeeds,
  layerOutput,
  type Network,
  positionFeeds,
  positionsOf,
  putRows,
  releaseAttended,
  spansOf,
  takeRows,
} from "../network.ts";
import { headChunks, headFeeds, supervisedRows, targetsOf } from "../score.ts";
import { embeddingName, finalNormName, headName, type TensorStore } from "../weights.ts";

/** One packed sequence to learn from. */
export interface TrainingBatch {
  /** int32 [T]. */
  ids: Int32Array;
  /** Shifted: the id that should follow position t, −100 where unsupervised, [T]. */
  targets: Int32Array;
  /** What each supervised token's nll counts for in the loss, [T]: 1 / (supervised tokens of the step) for a mean. */
  weights: Float32Array;
  segments: readonly number[];
}

/** What the forward pass of one layer leaves for the backward pass. */
interface LayerTrace {
  /** [T, D] */
  x: Tensor;
  /** What attention made; null: as below. */
  attended: Attended | null;
  /** What was kept of the programs before and after attention; null: made again when the layer's turn comes. */
  before: Before | null;
  after: Record<string, Tensor> | null;
  /** int32 [M]: the tokens that go on after attention; absent: all. */
  rows?: Tensor;
}

/** Queries, keys and values, and what their backward program wants besides. */
interface Before {
  q: Tensor;
  k: Tensor;
  v: Tensor;
  kept: Record<string, Tensor>;
}

/**
 * What is kept of the forward pass for the backward pass: `none` keeps each layer's activations, `layer` only
 * its input, [T, D], and where `keepsAttention` what attention made of it, [T, N·H], the dearest part for its size.
 * The rest is computed again when its turn comes (activation checkpointing, arXiv 1604.06174), by the same
 * operations, so the gradients are the same to the bit.
 */
export type ActivationCheckpointing = "none" | "layer";

/**
 * Whether checkpointing keeps what attention made: in global layers, whose attention is most of the time of a long
 * text; in local ones where all weights are trained, which takes several times the memory of adapters anyway.
 */
export function keepsAttention(training: Training, type: LayerType): boolean {
  return type === "full_attention" || training.kind === "full";
}

/**
 * Adds the gradients of Σ weight · nll over the batch to `gradients` (the trained tensors by full name) and
 * returns that sum and the plain nll of each supervised token, in nats, in the order of their positions.
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
  const { segments } = batch;
  const positions = positionFeeds(network, positionsOf(segments));
  const last = config.num_hidden_layers - 1;
  const chosen = device.upload(rows, [rows.length]);
  const traces: LayerTrace[] = [];
  let x = await embed(network, batch.ids);
  for (let layer = 0; layer <= last; layer++) {
    const asked = layer === last ? chosen : undefined;
    const { y, trace } = await layerForward(network, layer, x, positions, segments, checkpointing, asked);
    traces.push(trace);
    x = y;
  }
  const { loss, nll, dx } = await headBackward(network, x, batch, rows, gradients);
  device.release(x);
  let cotangent = dx;
  for (let layer = last; layer >= 0; layer--) {
    const trace = traces.pop()!;
    const before = await layerBackward(network, layer, trace, cotangent, positions, segments, gradients);
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

/** One layer, x [T, D] → y [T, D], with `rows` int32 [M] y [M, D], and what the policy keeps of it. */
export async function layerForward(
  network: Network,
  layer: number,
  x: Tensor,
  positions: Record<string, Tensor>,
  segments: readonly number[],
  checkpointing: ActivationCheckpointing,
  rows?: Tensor,
): Promise<{ y: Tensor; trace: LayerTrace }> {
  const { device } = network;
  const of = rows && { rows };
  if (checkpointing === "layer") {
    const { y, attended } = await layerOutput(network, layer, x, positions, segments, rows);
    const isKept = keepsAttention(network.training, network.config.layer_types[layer]!);
    if (!isKept) releaseAttended(network, attended);
    return { y, trace: { x, attended: isKept ? attended : null, before: null, after: null, ...of } };
  }
  const before = await beforeAttention(network, layer, x, positions);
  const attended = await attend(network, layer, before, segments);
  const { o } = attended;
  const some = rows && { x: await takeRows(network, x, rows), o: await takeRows(network, o, rows) };
  const feeds = { ...layerFeeds(network, layer), x, o, ...some };
  const { y, ...after } = await byRows(device, network.layer.after.forwardKeeping, feeds);
  if (some) device.release(some.x, some.o);
  return { y: y!, trace: { x, attended, before, after, ...of } };
}

async function beforeAttention(
  network: Network,
  layer: number,
  x: Tensor,
  positions: Record<string, Tensor>,
): Promise<Before> {
  const feeds = { ...layerFeeds(network, layer), ...positions, x };
  const made = await byRows(network.device, network.layer.before.forwardKeeping, feeds);
  const { q, k, v, ...kept } = made as Record<"q" | "k" | "v", Tensor>;
  return { q, k, v, kept };
}

function attend(
  network: Network,
  layer: number,
  { q, k, v }: Before,
  segments: readonly number[],
): Promise<Attended> {
  return network.attention.forwardKeeping(q, k, v, spansOf(network.config, layer, segments));
}

/** The cotangents of x and o, from that of y, through what follows attention. Releases what was kept of it. */
async function afterBackward(
  network: Network,
  layer: number,
  { x, after: kept, rows }: LayerTrace,
  o: Tensor,
  dy: Tensor,
  sums: ReturnType<typeof accumulateInto>,
): Promise<{ dx: Tensor; dO: Tensor }> {
  const { device } = network;
  const { after } = network.layer;
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

/**
 * Takes the cotangent of the layer's output, [T, D] or [M, D] of the trace's rows, to that of its input, [T, D], adding
 * the weights' gradients.
 * Releases the trace but for x, which the caller has.
 */
export async function layerBackward(
  network: Network,
  layer: number,
  trace: LayerTrace,
  dy: Tensor,
  positions: Record<string, Tensor>,
  segments: readonly number[],
  gradients: TensorStore,
): Promise<Tensor> {
  const weights = layerFeeds(network, layer);
  const { before, after } = network.layer;
  const named = (feed: string) => gradients.get(fullName(layer, feed));
  const { x } = trace;

  let made = trace.before;
  if (!trace.attended) made = await beforeAttention(network, layer, x, positions);
  const attended = trace.attended ?? (await attend(network, layer, made!, segments));
  const afterSums = accumulateInto(after.trainedNames, named);
  const outer = await afterBackward(network, layer, trace, attended.o, dy, afterSums);
  const { q, k, v, kept } = made ?? (await beforeAttention(network, layer, x, positions));
  const spans = spansOf(network.config, layer, segments);
  const { dq, dk, dv } = await network.attention.backward({ q, k, v, ...attended }, outer.dO, spans);
  const beforeSums = accumulateInto(before.trainedNames, named);
  const inner = await byRows(
    network.device,
    before.backward!,
    {
      ...weights,
      ...positions,
      ...kept,
      x,
      "d.q": dq,
      "d.k": dk,
      "d.v": dv,
      "d.x": outer.dx,
      ...beforeSums.feeds,
    },
    beforeSums.into,
  );
  network.device.release(...Object.values(kept), q, k, v, dq, dk, dv, outer.dO, outer.dx);
  releaseAttended(network, attended);
  return inner["grad.x"]!;
}

/** The loss, and the cotangent of x [M, D], the residual stream of the supervised tokens. */
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
  const isTrained = network.training.kind === "full";
  const sums = isTrained
    ? accumulateInto(["norm", "head"], (name) =>
        gradients.get(name === "norm" ? finalNormName : headName(config)),
      )
    : { feeds: {}, into: {} };
  let loss = 0;
  for (const [start, end] of headChunks(network, rows.length)) {
    const part = rows.subarray(start, end);
    const weights = Float32Array.from(part, (t) => batch.weights[t]!);
    const result = await network.head.train.run(
      {
        ...headFeeds(network),
        x: device.rows(x, start, end),
        targets: targetsOf(network, batch.targets, part),
        weights: device.upload(weights, [part.length, 1]),
        ...sums.feeds,
      },
      { "grad.x": device.rows(dx, start, end), ...sums.into },
    );
    const values = (await device.read(result.nll!)) as Float32Array;
    nll.set(values, start);
    for (let m = 0; m < values.length; m++) loss += values[m]! * weights[m]!;
    device.release(result.nll!);
  }
  return { loss, nll, dx };
}
