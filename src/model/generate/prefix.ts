import type { GenerateOptions, GenerateResult, Prefix } from "../api.ts";
import type { Network } from "../network.ts";
import { headChunks, targetsOf } from "../score.ts";
import { continueStarted } from "./generate.ts";
import { KeyValueCache } from "./kv-cache.ts";
import { continueAll, prefill } from "./prefill.ts";

/**
 * Takes a prefix [T] through the model once, for many continuations: the choices of a question, or several
 * questions on one document. `longest`: most tokens of a continuation that is scored. Throws RangeError where
 * the prefix is empty.
 */
export async function openPrefix(network: Network, ids: Int32Array, longest: number): Promise<Prefix> {
  const { device } = network;
  const cache = new KeyValueCache(network, ids.length + longest);
  const last = await prefill(network, cache, ids);
  return {
    length: ids.length,
    nll: (continuations) => scoreAll(network, { cache, last }, continuations),
    generate: (prompt, options) => continueFrom(network, { cache, last, ids }, prompt, options),
    async [Symbol.asyncDispose]() {
      cache.release();
      device.release(last);
    },
  };
}

/** A prefix in its cache, and the residual stream of its last token, [1, D]. */
type Start = { cache: KeyValueCache; last: Awaited<ReturnType<typeof prefill>> };

/**
 * nll of every token of every continuation [n], given the prefix and the tokens before it: [n] each.
 * Continuations go through the layers together. Throws RangeError for one that is too long.
 */
async function scoreAll(
  network: Network,
  { cache, last }: Start,
  continuations: readonly Int32Array[],
): Promise<Float32Array[]> {
  const { device, config } = network;
  const longest = continuations.reduce((n, { length }) => Math.max(n, length), 0);
  if (cache.length + longest > cache.capacity) {
    throw new RangeError(
      `prefix: expected continuations of at most ${cache.capacity - cache.length} tokens, ` +
        `got ${longest}. Open it for longer ones.`,
    );
  }
  // The last token of a continuation predicts nothing that is asked for.
  const parts = continuations
    .filter(({ length }) => length > 1)
    .map((ids) => ({ cache, ids: ids.subarray(0, ids.length - 1) }));
  const x = parts.length > 0 ? await continueAll(network, parts, false) : null;
  const rowsBefore = x?.shape[0] ?? 0;
  const rows = device.empty([rowsBefore + continuations.length, config.hidden_size]);
  // Row by row the stream that predicts a token: of the prefix's last for a first token, then of the one
  // before.
  const targets = new Int32Array(rows.shape[0]!);
  let [row, source] = [0, 0];
  const start = await device.read(last);
  for (const ids of continuations) {
    if (ids.length === 0) continue;
    targets.set(ids, row);
    await device.write(device.rows(rows, row, row + 1), start);
    if (ids.length > 1) {
      const own = device.rows(x!, source, source + ids.length - 1);
      await device.write(device.rows(rows, row + 1, row + ids.length), await device.read(own));
      source += ids.length - 1;
    }
    row += ids.length;
  }
  if (x) device.release(x);
  const nll = new Float32Array(row);
  const places = Int32Array.from({ length: row }, (_, i) => i);
  const chunks = headChunks(network, "nll", device.rows(rows, 0, row), (from, to) => ({
    feeds: { targets: targetsOf(network, targets, places.subarray(from, to)) },
  }));
  for await (const { start, values } of chunks) nll.set(values, start);
  device.release(rows);
  let end = 0;
  return continuations.map(({ length }) => {
    end += length;
    return nll.subarray(end - length, end);
  });
}

async function continueFrom(
  network: Network,
  { cache, last, ids }: Start & { ids: Int32Array },
  prompt: Int32Array,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const { device } = network;
  const own = await cache.fork(cache.length + prompt.length + options.maxNewTokens);
  // Without a prompt, generation goes on from the prefix's own last token.
  let end = last;
  try {
    if (prompt.length > 0) end = await prefill(network, own, prompt);
    const started = { cache: own, last: end, ids: Int32Array.of(...ids, ...prompt) };
    return (await continueStarted(network, [started], options))[0]!;
  } finally {
    if (end !== last) device.release(end);
    own.release();
  }
}
