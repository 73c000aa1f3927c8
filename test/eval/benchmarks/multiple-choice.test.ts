import { expect, it } from "vitest";
import { logLikelihoods } from "../../../src/eval/benchmarks/multiple-choice.ts";
import type { ZebraModel } from "../../../src/model/api.ts";
import { openPrefix } from "../../../src/model/generate/prefix.ts";
import { tokenNll } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../../model/tiny.ts";

it("the log-likelihood of each choice is what it is with the whole prompt to itself", async () => {
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const model = { openPrefix: (ids, longest) => openPrefix(network, ids, longest) } as Pick<
    ZebraModel,
    "openPrefix"
  > as ZebraModel;
  const prompt = randomIds(30, 61);
  // The second and third share a scored token, the last is the prompt's tail in other tokens; then nothing is shared.
  for (const answers of [
    [[5], [7, 8], [7, 9, 10]],
    [
      [5, 6],
      [5, 6],
    ],
  ]) {
    for (const head of [prompt, new Int32Array(0)]) {
      const rendered = answers.map((answer, i) => {
        const ids = Int32Array.of(...head, ...(head.length > 0 ? [] : [40 + i]), ...answer, 2);
        const trained = new Uint8Array(ids.length).fill(1, ids.length - 1 - answer.length, ids.length - 1);
        return { ids, trained };
      });
      const alone = [];
      for (const { ids, trained } of rendered) {
        const targets = ids.map((_, t) => (trained[t + 1] ? ids[t + 1]! : -100));
        const nll = await tokenNll(network, ids, targets, [ids.length]);
        alone.push(-nll.reduce((a, b) => a + b, 0));
      }
      expect(await logLikelihoods(model, rendered)).toBeAllClose(alone, { atol: 5e-5 });
    }
  }
});
