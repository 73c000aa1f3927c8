import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type OptimizerName, optimizerCatalog } from "../../../src/finetune/optimizers/index.ts";
import { copiedValues, updateOnHost } from "../../../src/finetune/update/host-update.ts";
import { kernelArrays, kernelOf } from "../../../src/finetune/update/kernel-memory.ts";
import {
  arrayNames,
  bytesPerParameter,
  type OptimizerRule,
  stateNames,
} from "../../../src/finetune/update/rule.ts";
import { compileUpdate, updateOnDevice, uploadScalars } from "../../../src/finetune/update/rule-graph.ts";
import { packagePath } from "../../../src/package-root.ts";
import { available } from "../../engine/available.ts";
import { type Arrays, byDefinition, randomArrays, sameNames, testSettings } from "../update/definition.ts";

const names = Object.keys(optimizerCatalog) as OptimizerName[];
const at = { step: 3, lr: 0.01, scale: 0.7, decay: 0.1 };

/** A few roundings to float32. */
const bound = 1e-6;

it("the catalog and the folder hold the same optimizers", () => {
  const files = readdirSync(packagePath("src/finetune/optimizers")).filter((file) => file !== "index.ts");
  expect(names.map((name) => `${name}.ts`).sort()).toEqual(files.sort());
});

const schema = JSON.parse(readFileSync(packagePath("schema/recipe.schema.json"), "utf8"));

for (const name of names) {
  const rule: OptimizerRule = optimizerCatalog[name];
  const settings = testSettings(name);

  describe(name, () => {
    it("describes its options; defaults of keys of the recipe are those of the schema", () => {
      for (const [option, { description, default: value }] of Object.entries(rule.options.properties)) {
        expect([option, typeof description, typeof value]).not.toContain("undefined");
        const key = rule.recipeKeys[option];
        if (key) expect(schema.$defs.finetune.properties[key].default).toBe(value);
      }
    });

    it("keeps each state tensor in a file of its own", () => {
      const files = Object.values(rule.state);
      expect(new Set(["weights", ...files]).size).toBe(1 + files.length);
      expect(bytesPerParameter(rule)).toBe(4 * (1 + files.length));
    });

    it("as a kernel equals its definition, over any length, in one piece or several", () => {
      for (const length of [1, 3, 4, copiedValues - 1, copiedValues, 2 * copiedValues + 5]) {
        const arrays = randomArrays(settings, length);
        const expected = byDefinition(settings, arrays, at);
        updateOnHost(rule, listOf(rule, arrays), scalarsAt(at));
        expect(sameNames(arrays, expected)).toBeAllClose(expected, { atol: bound / 2, rtol: bound / 2 });
        expect(arrays.gradient!.every((value) => value === 0)).toBe(true);
      }
    });

    it("gives the same bits where arrays lie in the kernel's memory", () => {
      const lengths = [1, 5, copiedValues, copiedValues + 3];
      const groups = kernelArrays(rule, lengths);
      const elsewhere = lengths.map((length) => listOf(rule, randomArrays(settings, length)));
      for (const [g, group] of groups.entries())
        for (const [i, array] of group.entries()) array.set(elsewhere[g]![i]!);
      for (const arrays of [...groups, ...elsewhere]) updateOnHost(rule, arrays, scalarsAt(at));
      expect(groups).toEqual(elsewhere);
      expect(groups.every((group) => kernelOf(rule, group) !== undefined)).toBe(true);
      expect(kernelOf(rule, elsewhere[0]!)).toBe(undefined);
    });

    it("lets state that sinks below the normal numbers become 0", () => {
      const arrays = randomArrays(settings, 8);
      for (const state of stateNames(rule)) arrays[state]!.fill(1e-38);
      arrays.gradient!.fill(0);
      updateOnHost(rule, listOf(rule, arrays), scalarsAt(at));
      for (const state of stateNames(rule)) expect([...arrays[state]!]).toEqual(new Array(8).fill(0));
    });
  });

  function scalarsAt({ scale, ...when }: typeof at): Record<string, number> {
    return { scale, ...rule.scalars(settings.options, when) };
  }
}

for (const { name: deviceName, device, skip, reason } of await Promise.all(
  (["cpu", "tfjs", "webgpu"] as const).map(available),
)) {
  describe.skipIf(skip)(`on device ${deviceName}${reason}`, () => {
    if (!device) return;
    afterAll(() => device.dispose());
    for (const name of names) {
      it(`${name} as a program equals its definition, step by step`, async () => {
        const settings = testSettings(name);
        const { rule, options } = settings;
        const program = await compileUpdate(device, rule);
        for (const decay of [0.1, 0]) {
          const arrays = randomArrays(settings, 15);
          const tensors = Object.fromEntries(
            Object.entries(arrays).map(([key, array]) => [key, device.upload(array.slice(), [3, 5])]),
          );
          for (let step = 4; step < 9; step++) {
            const now = { ...at, step, decay };
            const expected = byDefinition(settings, arrays, now);
            const scalars = uploadScalars(device, { scale: at.scale, ...rule.scalars(options, now) });
            await updateOnDevice(device, program, tensors, scalars);
            for (const key of Object.keys(expected)) {
              arrays[key] = ((await device.read(tensors[key]!)) as Float32Array).slice();
            }
            expect(sameNames(arrays, expected)).toBeAllClose(expected, { atol: bound / 2, rtol: bound / 2 });
          }
        }
      });
    }
  });
}

function listOf(rule: OptimizerRule, arrays: Arrays): Float32Array[] {
  return arrayNames(rule).map((name) => arrays[name]!);
}
