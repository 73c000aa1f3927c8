import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Example } from "../../src/datasets/example.ts";
import { checkMasks } from "../../src/mixing/gate.ts";
import { lossWeights } from "../../src/mixing/loss-weights.ts";
import { ellipsis, fitContext, shortenContext } from "../../src/mixing/over-length.ts";
import { packBestFit } from "../../src/mixing/packer.ts";
import { type Candidate, sampleMix as sampleOf } from "../../src/mixing/sampler.ts";
import { packagePath } from "../../src/package-root.ts";
import { randomOf } from "../../src/random.ts";
import type { MixSpec } from "../../src/recipe/recipe.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { mixSpec } from "./data-folder.ts";

const sampleMix = (candidates: readonly Candidate[], spec: Partial<MixSpec>, seed: number) =>
  sampleOf(candidates, { ...mixSpec, ...spec }, seed);

describe("best-fit packing", () => {
  it("places every sequence once and never over the capacity", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 200 }), (lengths) => {
        const packs = packBestFit(lengths, 64);
        expect(packs.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const pack of packs)
          expect(pack.reduce((sum, i) => sum + lengths[i]!, 0)).toBeLessThanOrEqual(64);
      }),
    );
    expect(packBestFit([5, 4, 3, 3, 1], 8)).toEqual([
      [0, 2],
      [1, 3, 4],
    ]);
    expect(() => packBestFit([9], 8)).toThrow(RangeError);
  });

  it("fills 98 % on a mix of short questions and long documents", () => {
    const random = randomOf(1, "lengths");
    const lengths = Array.from({ length: 3000 }, (_, i) =>
      i % 4 === 0 ? 800 + random.below(3200) : 40 + random.below(400),
    );
    const packs = packBestFit(lengths, 4096);
    const tokens = lengths.reduce((a, b) => a + b, 0);
    expect(tokens / (packs.length * 4096)).toBeGreaterThan(0.98);
  });
});

describe("sampling", () => {
  const candidates = Array.from({ length: 300 }, (_, i) => ({
    dataset: i < 200 ? "a" : "b",
    tokens: 10 + (i % 50),
  }));
  const tokensOf = (chosen: number[], dataset: string) =>
    chosen
      .filter((i) => candidates[i]!.dataset === dataset)
      .reduce((sum, i) => sum + candidates[i]!.tokens, 0);

  it("meets each dataset's share within one example, and is the same for a seed", () => {
    const spec = { weights: { a: 1, b: 3 }, budget_tokens: 4000, max_epochs: 2 };
    const { chosen, target } = sampleMix(candidates, spec, 5);
    expect(target).toEqual({ a: 1000, b: 3000 });
    for (const name of ["a", "b"]) {
      expect(tokensOf(chosen, name)).toBeGreaterThanOrEqual(target[name]!);
      expect(tokensOf(chosen, name)).toBeLessThan(target[name]! + 60);
    }
    expect(sampleMix(candidates, spec, 5).chosen).toEqual(chosen);
    expect(sampleMix(candidates, spec, 6).chosen).not.toEqual(chosen);
  });

  it("repeats nothing more often than max_epochs, and takes all once without a budget", () => {
    const { chosen } = sampleMix(candidates, { weights: {}, budget_tokens: 1e9, max_epochs: 2 }, 5);
    expect(chosen).toHaveLength(600);
    const all = sampleMix(candidates, { weights: {}, budget_tokens: 0, max_epochs: 1 }, 5).chosen;
    expect(all.sort((a, b) => a - b)).toEqual(candidates.map((_, i) => i));
  });
});

it("loss weights have a mean of 1 over supervised tokens; each sequence or dataset counts the same", () => {
  const sequences = [3, 30, 7, 60].map((supervised, i) => ({ dataset: i < 2 ? "a" : "b", supervised }));
  for (const kind of ["token", "sequence", "source"] as const) {
    const weights = lossWeights(kind, sequences);
    const total = sequences.reduce((sum, { supervised }, i) => sum + supervised * weights[i]!, 0);
    expect(total).toBeCloseTo(100, 3);
    const shares = sequences.map(({ supervised }, i) => (supervised * weights[i]!) / 100);
    if (kind === "sequence") for (const share of shares) expect(share).toBeCloseTo(0.25, 5);
    if (kind === "source") expect(shares[0]! + shares[1]!).toBeCloseTo(0.5, 5);
  }
});

describe("shortening", () => {
  const example = (
    before: string,
    document: string,
    after: string,
  ): Pick<Example, "messages" | "context"> => ({
    messages: [
      { role: "user", content: before + document + after },
      { role: "assistant", content: "answer" },
    ],
    context: [{ message: 0, start: before.length, end: before.length + document.length }],
  });

  it("takes only from the document's middle, and no half of a surrogate pair", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 40, maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (document, cut) => {
          const whole = example("Read: ", document.toWellFormed(), " Question?");
          const shorter = shortenContext(whole, cut)!;
          const { content } = shorter.messages[0]!;
          expect(content.startsWith("Read: ")).toBe(true);
          expect(content.endsWith(" Question?")).toBe(true);
          expect(content).toContain(ellipsis);
          expect(content.isWellFormed()).toBe(true);
          const [span] = shorter.context!;
          expect(content.slice(span!.end)).toBe(" Question?");
        },
      ),
    );
    expect(shortenContext(example("Read: ", "short", "?"), 100)).toBeNull();
  });

  it("fits a limit that is measured, and says when it cannot", async () => {
    const whole = example("Read: ", "word ".repeat(400), " Question?");
    const measure = async (one: typeof whole) => Math.ceil(one.messages[0]!.content.length / 3);
    const tokens = await measure(whole);
    const fitted = await fitContext(whole, tokens, 200, measure);
    expect(await measure(fitted!)).toBeLessThanOrEqual(200);
    expect(await measure(fitted!)).toBeGreaterThan(180);
    expect(await fitContext(whole, tokens, 3, measure)).toBeNull();
  });
});

describe("the mask gate", () => {
  const pack = (labels: number[]) => ({
    input_ids: Int32Array.of(1, 500, 600, 2),
    labels: Int32Array.from(labels),
    position_ids: Int32Array.of(0, 1, 2, 3),
    seq_lengths: Int32Array.of(4),
    loss_weights: new Float32Array(4).fill(1),
    sources: ["notes/1"],
  });
  const check = async (labels: number[]) =>
    checkMasks(
      await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer")),
      [pack(labels)],
      () => ({ dataset: "notes", answers: ["nder"] }),
      mixSpec,
    );

  it("lets a right mask pass", async () => {
    await expect(check([-100, -100, 600, 2])).resolves.toBeUndefined();
  });
  for (const [what, labels, says] of [
    ["nothing supervised", [-100, -100, -100, -100], "expected supervised tokens"],
    ["no end token trained", [-100, -100, 600, -100], "expected trained end tokens"],
    ["a label that is not its token", [-100, -100, 601, 2], "a label that is not its token"],
    ["loss on a first token", [1, 500, 600, 2], "loss on a first token"],
  ] as const) {
    it(`stops at ${what}`, async () => {
      await expect(check([...labels])).rejects.toMatchObject({
        code: "E_GATE",
        message: expect.stringContaining(says),
      });
    });
  }
});
