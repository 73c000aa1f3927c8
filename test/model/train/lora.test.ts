import { expect, it } from "vitest";
import { allLogits } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

it("new adapters: A fills ±1/√in evenly, B is 0, so the model is what it was", async () => {
  const config = tinyConfig({ hidden_size: 64, intermediate_size: 100 });
  const modules = ["q_proj", "down_proj"] as const;
  const network = await tinyNetwork(config, { kind: "lora", r: 8, alpha: 16, modules });
  const read = async (name: string) => (await network.device.read(network.weights.get(name))) as Float32Array;
  for (const [module, width, out] of [
    ["self_attn.q_proj", 64, 16],
    ["mlp.down_proj", 100, 64],
  ] as const) {
    const name = `model.layers.2.${module}`;
    const a = await read(`${name}.lora_A.weight`);
    expect(network.weights.get(`${name}.lora_A.weight`).shape).toEqual([8, width]);
    const bound = 1 / Math.sqrt(width);
    expect([Math.min(...a), Math.max(...a)]).toBeAllClose([-bound, bound], { rtol: 0.02 });
    expect(a.every((value) => Math.abs(value) <= bound)).toBe(true);
    const deviation = Math.sqrt(a.reduce((sum, x) => sum + x ** 2, 0) / a.length);
    expect(deviation).toBeAllClose(bound / Math.sqrt(3), { rtol: 0.1 }); // that of a uniform draw
    expect(network.weights.get(`${name}.lora_B.weight`).shape).toEqual([out, 8]);
    expect([...(await read(`${name}.lora_B.weight`))]).toEqual(Array(out * 8).fill(0));
  }
  const plain = await tinyNetwork(config, { kind: "none" });
  const ids = randomIds(20, config.vocab_size);
  expect(await allLogits(network, ids, [20])).toEqual(await allLogits(plain, ids, [20]));
});
