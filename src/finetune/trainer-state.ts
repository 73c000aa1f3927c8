import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { openSafetensors, writeSafetensors } from "../checkpoint/safetensors/safetensors.ts";
import { checkpointPath, checkpointStep } from "../contracts/run-folder.ts";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic, writeFolderAtomic } from "../files.ts";
import type { TensorStore } from "../model/weights.ts";
import { defaultOptimizer } from "./optimizers/index.ts";
import type { LossScale } from "./update/loss-scale.ts";
import type { Optimizer } from "./update/optimizer.ts";

const stateFile = "trainer.json";

/** `trainer.json` of a checkpoint to resume from. It is written last, so a folder that has it is complete. */
interface TrainerState {
  version: 1;
  step: number;
  totalSteps: number;
  /** Hash of the recipe's part, the packs and the starting checkpoint: only the same training goes on. */
  training: string;
  /** The optimizer's name; absent in checkpoints from when there was only one. */
  optimizer?: string;
  /** In float16 only. */
  lossScale?: LossScale;
}

/** The stores of a checkpoint and their files: everything that changes while training, in float32. */
function files({ weights, state, settings }: Optimizer): [string, TensorStore][] {
  const kept = Object.entries(settings.rule.state);
  return [
    ["weights.safetensors", weights],
    ...kept.map(([name, file]): [string, TensorStore] => [`${file}.safetensors`, state[name]!]),
  ];
}

/**
 * Writes `checkpoint-<step>` whole or not at all, then removes the oldest beyond `keep`. Returns its path.
 */
export async function saveState(
  trainDir: string,
  optimizer: Optimizer,
  state: Pick<TrainerState, "step" | "totalSteps" | "training">,
  keep: number,
): Promise<string> {
  const path = checkpointPath(trainDir, state.step);
  await writeFolderAtomic(path, async (folder) => {
    for (const [file, store] of files(optimizer)) {
      const tensors = optimizer.names.map((name) => ({
        name,
        shape: store.get(name).shape,
        dtype: "F32" as const,
        read: async () => (await store.device.read(store.get(name))) as Float32Array,
      }));
      await writeSafetensors(join(folder, file), tensors);
    }
    const whole: TrainerState = {
      version: 1,
      ...state,
      optimizer: optimizer.settings.name,
      ...(optimizer.lossScale ? { lossScale: optimizer.lossScale } : {}),
    };
    await writeFileAtomic(join(folder, stateFile), JSON.stringify(whole, null, 2));
  });
  const older = (await checkpointSteps(trainDir)).filter((step) => step < state.step);
  for (const step of older.slice(0, Math.max(0, older.length - keep + 1))) {
    await rm(checkpointPath(trainDir, step), { recursive: true, force: true });
  }
  return path;
}

/**
 * Puts the newest checkpoint of this same training back into weights and optimizer state; returns its step, 0
 * when there is none. Bit for bit: what was written is what is read. Throws CheckpointError for a damaged
 * one, and for one that another optimizer wrote.
 */
export async function restoreState(
  trainDir: string,
  optimizer: Optimizer,
  training: string,
): Promise<number> {
  for (const step of (await checkpointSteps(trainDir)).reverse()) {
    const path = checkpointPath(trainDir, step);
    const state = JSON.parse(await readFile(join(path, stateFile), "utf8")) as TrainerState;
    if (state.training !== training) continue;
    const [expected, got] = [optimizer.settings.name, state.optimizer ?? defaultOptimizer];
    if (got !== expected) {
      throw new CheckpointError(
        `${path}: expected a checkpoint of optimizer ${expected}, got one of ${got}. ` +
          `Set finetune.optimizer to ${got}, or remove this checkpoint folder.`,
      );
    }
    for (const [file, store] of files(optimizer))
      await restoreStore(join(path, file), store, optimizer.names);
    if (state.lossScale) optimizer.lossScale = state.lossScale;
    return state.step;
  }
  return 0;
}

async function restoreStore(path: string, store: TensorStore, names: readonly string[]): Promise<void> {
  const file = await openSafetensors(path);
  try {
    for (const name of names) {
      const { shape, data } = await file.readFloat(name);
      const target = store.get(name);
      if (shape.join() !== target.shape.join()) {
        const [expected, got] = [`[${target.shape}]`, `[${shape}]`];
        throw new CheckpointError(
          `${path}: tensor "${name}": expected shape ${expected}, got ${got}. Remove this checkpoint folder.`,
        );
      }
      await store.device.write(target, data);
    }
  } finally {
    await file.close();
  }
}

/** Steps of the whole checkpoints in a folder, ascending. */
async function checkpointSteps(trainDir: string): Promise<number[]> {
  const names = await readdir(trainDir).catch(() => []);
  return names
    .flatMap((name) => checkpointStep(name) ?? [])
    .filter((step) => existsSync(join(checkpointPath(trainDir, step), stateFile)))
    .sort((a, b) => a - b);
}
