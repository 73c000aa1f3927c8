import type { Tensor } from "../engine/device.ts";
import { hidden, type Network } from "./network.ts";
import { finalNormName, headName } from "./weights.ts";

/** Values of logits that one run of the head may make: 32 MiB of float32. */
export const headValues = 1 << 23;

export function headFeeds(network: Network): Record<string, Tensor> {
  return { norm: network.weights.get(finalNormName), head: network.weights.get(headName(network.config)) };
}

/** Indices of the supervised positions, int32 [M]: only these rows go on after the last layer's attention. */
export function supervisedRows(targets: Int32Array): Int32Array {
  let count = 0;
  for (const target of targets) if (target >= 0) count++;
  const rows = new Int32Array(count);
  let m = 0;
  for (let t = 0; t < targets.length; t++) if (targets[t]! >= 0) rows[m++] = t;
  return rows;
}

/** Half-open ranges of at most as many rows as the head takes at once. */
export function* headChunks(network: Network, rows: number): Generator<[start: number, end: number]> {
  const size = Math.max(1, Math.floor(headValues / network.config.vocab_size));
  for (let start = 0; start < rows; start += size) yield [start, Math.min(start + size, rows)];
}

/** Targets of some rows as the head wants them, int32 [M, 1]. */
export function targetsOf(network: Network, targets: Int32Array, rows: Int32Array): Tensor {
  return network.device.upload(
    rows.map((t) => targets[t]!),
    [rows.length, 1],
  );
}

/** Negative log-likelihood in nats of each supervised target (≥ 0), 0 elsewhere: [T]. */
export async function tokenNll(
  network: Network,
  ids: Int32Array,
  targets: Int32Array,
  segments: readonly number[],
): Promise<Float32Array> {
  const result = new Float32Array(ids.length);
  const rows = supervisedRows(targets);
  if (rows.length === 0) return result;
  const x = await hidden(network, ids, segments, network.device.upload(rows, [rows.length]));
  for (const [start, end] of headChunks(network, rows.length)) {
    const part = rows.subarray(start, end);
    const { nll } = await network.head.nll.run({
      ...headFeeds(network),
      x: network.device.rows(x, start, end),
      targets: targetsOf(network, targets, part),
    });
    const values = await network.device.read(nll!);
    for (let m = 0; m < part.length; m++) result[part[m]!] = values[m]!;
    network.device.release(nll!);
  }
  network.device.release(x);
  return result;
}

/** Logits of every position, [T, V]. Throws RangeError where they would not fit one array. */
export async function allLogits(
  network: Network,
  ids: Int32Array,
  segments: readonly number[],
): Promise<Float32Array> {
  const V = network.config.vocab_size;
  const result = new Float32Array(ids.length * V);
  const x = await hidden(network, ids, segments);
  for (const [start, end] of headChunks(network, ids.length)) {
    const { logits } = await network.head.logits.run({
      ...headFeeds(network),
      x: network.device.rows(x, start, end),
    });
    result.set(await network.device.read(logits!), start * V);
    network.device.release(logits!);
  }
  network.device.release(x);
  return result;
}
