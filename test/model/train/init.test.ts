import { afterAll, describe, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { initialWeights } from "../../../src/model/train/init.ts";
import { tinyConfig } from "../tiny.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

const layer = (weight: string) => `model.layers.3.${weight}.weight`;
const square = [128, 128];
const names = {
  embedding: "model.embed_tokens.weight",
  q: layer("self_attn.q_proj"),
  o: layer("self_attn.o_proj"),
  up: layer("mlp.up_proj"),
  down: layer("mlp.down_proj"),
};

async function valuesOf(tensors: { name: string; shape: number[] }[], layers: number, seed = 1) {
  const store = initialWeights(device, tinyConfig({ num_hidden_layers: layers }), tensors, seed);
  return Promise.all(tensors.map(async ({ name }) => [...(await device.read(store.get(name)))]));
}

describe("new weights", () => {
  const tensors = Object.values(names).map((name) => ({ name, shape: square }));

  it("spread by 0.02, by 0.02 / √(2L) where they write into the residual stream, around 0", async () => {
    for (const layers of [2, 8]) {
      const spreads: Record<string, number> = {};
      for (const [i, values] of (await valuesOf(tensors, layers)).entries()) {
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        expect(mean).toBeAllClose(0, { atol: 0.02 / 32 }); // four standard errors
        spreads[Object.keys(names)[i]!] = Math.sqrt(
          values.reduce((sum, x) => sum + x ** 2, 0) / values.length,
        );
      }
      const narrow = 0.02 / Math.sqrt(2 * layers);
      // One standard error of 16,384 draws is 0.6 %.
      expect(spreads).toBeAllClose(
        { embedding: 0.02, q: 0.02, o: narrow, up: 0.02, down: narrow },
        { rtol: 0.03 },
      );
    }
  });

  it("are the same for a seed whatever tensors come before, others for another seed", async () => {
    const first = await valuesOf(tensors, 2);
    expect((await valuesOf(tensors.toReversed(), 2)).reverse()).toEqual(first);
    expect((await valuesOf(tensors, 2, 2))[0]).not.toEqual(first[0]);
    expect(first[1]).not.toEqual(first[2]);
  });

  it("are 1 in norms", async () => {
    expect(await valuesOf([{ name: layer("input_layernorm"), shape: [3] }], 2)).toEqual([[1, 1, 1]]);
  });
});
