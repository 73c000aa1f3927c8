import type { Tensor } from "../engine/device.ts";
import { hidden, openPass } from "./forward.ts";
import type { HeadPrograms } from "./layers/head.ts";
import type { Network } from "./network.ts";
import { finalNormName, headName } from "./weights.ts";

/** Values of logits that one run of the head may make: 32 MiB of float32. */
export const headValues = 1 << 23;

/** The weights of the head as feeds: norm [D], head [V, D]. */
export function headFeeds(network: Network): Record<string, Tensor> {
  return { norm: network.weights.get(finalNormName), head: network.weights.get(headName(network.config)) };
}

/**
 * targets [T] → indices of the supervised positions, [M], in ascending order: only these rows go on after the
 * last layer's attention.
 */
export function supervisedRows(targets: Int32Array): Int32Array {
  let count = 0;
  for (const target of targets) if (target >= 0) count++;
  const rows = new Int32Array(count);
  let m = 0;
  for (let t = 0; t < targets.length; t++) if (targets[t]! >= 0) rows[m++] = t;
  return rows;
}

/** Feeds and targets that a program of the head has besides x, norm and head, for rows [start, end) of x. */
interface HeadExtras {
  feeds?: Record<string, Tensor>;
  into?: Record<string, Tensor>;
}

/** What the head made of rows [start, end): logits [end − start, V] or nll [end − start]. */
interface HeadChunk {
  start: number;
  end: number;
  /** On the host, and only until the next chunk. */
  values: Float32Array;
}

/**
 * Runs a program of the head over the rows of x [M, D], in chunks whose logits are at most `headValues`.
 * Yields the chunks in order.
 */
export async function* headChunks(
  network: Network,
  kind: Exclude<keyof HeadPrograms, "scores">,
  x: Tensor,
  extrasOf: (start: number, end: number) => HeadExtras = () => ({}),
): AsyncGenerator<HeadChunk> {
  const { device, config } = network;
  const rows = x.shape[0]!;
  const size = Math.max(1, Math.floor(headValues / config.vocab_size));
  for (let start = 0; start < rows; start += size) {
    const end = Math.min(start + size, rows);
    const { feeds, into } = extrasOf(start, end);
    const own = { ...headFeeds(network), x: device.rows(x, start, end), ...feeds };
    const made = (await network.head[kind].run(own, into))[kind === "logits" ? "logits" : "nll"]!;
    yield { start, end, values: (await device.read(made)) as Float32Array };
    device.release(made);
  }
}

/**
 * x [M, D] and the id that should follow each row [M] → nll [M] in nats, and whether each id is the
 * likeliest.
 */
export async function headScores(
  network: Network,
  x: Tensor,
  targets: Int32Array,
): Promise<{ nll: Float32Array; isTop: boolean[] }> {
  const { device, config } = network;
  const nll = new Float32Array(targets.length);
  const isTop: boolean[] = [];
  const size = Math.max(1, Math.floor(headValues / config.vocab_size));
  for (let start = 0; start < targets.length; start += size) {
    const end = Math.min(start + size, targets.length);
    const ids = device.upload(targets.slice(start, end), [end - start, 1]);
    const feeds = { ...headFeeds(network), x: device.rows(x, start, end), targets: ids };
    const made = await network.head.scores.run(feeds);
    nll.set((await device.read(made.nll!)) as Float32Array, start);
    for (const lead of (await device.read(made.lead!)) as Float32Array) isTop.push(lead <= 0);
    device.release(made.nll!, made.lead!);
  }
  return { nll, isTop };
}

/** Targets of some rows as the head takes them: targets [T], rows [M] → int32 [M, 1]. */
export function targetsOf(network: Network, targets: Int32Array, rows: Int32Array): Tensor {
  return network.device.upload(
    rows.map((t) => targets[t]!),
    [rows.length, 1],
  );
}

/**
 * ids, targets [T] → negative log-likelihood in nats of each supervised target (≥ 0), 0 elsewhere, [T].
 * `targets[t]` is the id that should follow position t.
 */
export async function tokenNll(
  network: Network,
  ids: Int32Array,
  targets: Int32Array,
  segments: readonly number[],
): Promise<Float32Array> {
  const result = new Float32Array(ids.length);
  const rows = supervisedRows(targets);
  if (rows.length === 0) return result;
  const x = await hidden(network, ids, openPass(network, segments, rows));
  const chunks = headChunks(network, "nll", x, (start, end) => ({
    feeds: { targets: targetsOf(network, targets, rows.subarray(start, end)) },
  }));
  for await (const { start, end, values } of chunks) {
    for (let m = start; m < end; m++) result[rows[m]!] = values[m - start]!;
  }
  network.device.release(x);
  return result;
}

/**
 * ids [T] → logits of every position, [T, V] row-major. Throws RangeError where they would not fit one array.
 */
export async function allLogits(
  network: Network,
  ids: Int32Array,
  segments: readonly number[],
): Promise<Float32Array> {
  const V = network.config.vocab_size;
  const result = new Float32Array(ids.length * V);
  const x = await hidden(network, ids, openPass(network, segments));
  for await (const { start, values } of headChunks(network, "logits", x)) result.set(values, start * V);
  network.device.release(x);
  return result;
}
