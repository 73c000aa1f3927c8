import type { Device, Tensor } from "../../engine/device.ts";
import type { Program } from "../../engine/program.ts";

/**
 * Most rows of one run of a layer's programs: what they make in between stays small, however long the text.
 */
export const rowsPerRun = 1024;

/** Half-open ranges of about equal length, each small enough for one run. */
function* rowChunks(rows: number): Generator<[start: number, end: number]> {
  const size = Math.ceil(rows / Math.ceil(rows / rowsPerRun));
  for (let start = 0; start < rows; start += size) yield [start, Math.min(start + size, rows)];
}

/**
 * Runs a program whose rows do not depend on each other (their axis is the symbol T) in chunks of about equal
 * length. Feeds and outputs [T, …] are cut. Others are fed whole, and every chunk adds to sums. Outputs
 * without a tensor in `into` are new ones: release them when done.
 */
export async function byRows(
  device: Device,
  program: Program,
  feeds: Readonly<Record<string, Tensor>>,
  into: Readonly<Record<string, Tensor>> = {},
): Promise<Record<string, Tensor>> {
  const { inputs, outputs } = program.model;
  const cut = inputs.filter(({ type }) => type.shape[0] === "T").map(({ name }) => name);
  const total = feeds[cut[0]!]!.shape[0]!;
  if (total <= rowsPerRun) return program.run(feeds, into);

  const results: Record<string, Tensor> = { ...into };
  const cutResults: string[] = [];
  for (const { name, type } of outputs) {
    if (type.shape[0] !== "T") continue;
    cutResults.push(name);
    results[name] ??= device.empty([total, ...(type.shape.slice(1) as number[])]);
  }
  for (const [start, end] of rowChunks(total)) {
    const rows = (tensors: Readonly<Record<string, Tensor>>, names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, device.rows(tensors[name]!, start, end)]));
    await program.run({ ...feeds, ...rows(feeds, cut) }, { ...results, ...rows(results, cutResults) });
  }
  return results;
}
