import { expectedTensors, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { elementCount } from "../../src/engine/graph/element-count.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import { packagePath } from "../../src/package-root.ts";
import { randomOf } from "../../src/random.ts";
import { tinyConfig } from "../model/tiny.ts";

/** A real checkpoint folder with random weights and the nano tokenizer. */
export async function writeTinyCheckpoint(
  dir: string,
  seed: number,
  config: ZebraConfig = tinyConfig({ vocab_size: 4096, max_position_embeddings: 4096 }),
): Promise<void> {
  const tensors = expectedTensors(config).map(({ name, shape }) => {
    const random = randomOf(seed, name);
    const size = elementCount(shape);
    const data = Float32Array.from({ length: size }, () =>
      shape.length === 1 ? 1 : random.normal() / Math.sqrt(shape.at(-1)!),
    );
    return { name, shape: [...shape], data };
  });
  const carryFrom = packagePath("checkpoints", "zebra-nano-tokenizer");
  await writeCheckpoint(dir, { config, tensors, dtype: "F32", carryFrom });
}
