import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { restoreState, saveState } from "../../src/finetune/trainer-state.ts";
import { createOptimizer } from "../../src/finetune/update/optimizer.ts";
import { optimizerSettings } from "../../src/finetune/update/settings.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { tinyNetwork } from "../model/tiny.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "zebratune-state-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function optimizerAt(value: number) {
  const { weights, config, training } = await tinyNetwork();
  const lossScale = { value, steadySteps: 7 };
  return createOptimizer(weights, trainedNames(config, training), optimizerSettings(), lossScale);
}

it("a float16 training goes on with the loss scale it had reached", async () => {
  const state = { step: 3, totalSteps: 9, training: "one" };
  await saveState(dir, await optimizerAt(256), state, 1);
  const resumed = await optimizerAt(65536);
  expect(await restoreState(dir, resumed, "another")).toBe(0);
  expect(resumed.lossScale).toEqual({ value: 65536, steadySteps: 7 });
  expect(await restoreState(dir, resumed, "one")).toBe(3);
  expect(resumed.lossScale).toEqual({ value: 256, steadySteps: 7 });
});
