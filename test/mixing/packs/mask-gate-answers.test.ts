import { beforeAll, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import type { Pack } from "../../../src/contracts/pack.ts";
import { assemblePack } from "../../../src/mixing/packs/assemble.ts";
import { checkMasks } from "../../../src/mixing/packs/mask-gate.ts";
import type { Answer } from "../../../src/mixing/sequences/answers.ts";
import { sequencesOf } from "../../../src/mixing/sequences/sequences.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { exampleOf, mixSpec } from "../data-folder.ts";

let tokenizer: Tokenizer;
let pack: Pack;
let answers: Answer[];
const messages: Message[] = [
  { role: "user", content: "Say </s> why", train: true },
  { role: "assistant", content: "because </s>  <s> it is" },
  { role: "user", content: "so" },
  { role: "assistant", content: "no", train: false },
  { role: "user", content: "now" },
  { role: "assistant", content: "yes\n" },
];
beforeAll(async () => {
  tokenizer = await loadTokenizer(nanoDir);
  const { sequences } = await sequencesOf(tokenizer, [exampleOf({ messages })], mixSpec);
  pack = assemblePack(sequences, [1]);
  answers = sequences[0]!.answers!;
});

const check = (labels: Int32Array, expected = answers) =>
  checkMasks(tokenizer, [{ ...pack, labels }], () => ({ dataset: "notes", answers: expected }), mixSpec);
/** Labels with those of the nth token of an id changed; −1: the last. */
const changed = (id: number, nth: number, label: number): Int32Array => {
  const labels = pack.labels.slice();
  labels[[...pack.input_ids.keys()].filter((t) => pack.input_ids[t] === id).at(nth)!] = label;
  return labels;
};

it("messages with train: true and train: false, and names of special tokens in answers, pass", async () => {
  expect(answers).toEqual(["Say </s> why", "because </s>  <s> it is", "yes\n"]);
  await expect(check(pack.labels)).resolves.toBeUndefined();
});

// What is left when special tokens and white space are taken away is the same, so these went unseen.
it("a turn's first token under loss is refused, right after an answer or by itself", async () => {
  const [bos, end] = [1, 2];
  await expect(check(changed(bos, 1, bos))).rejects.toThrow('got it on "</s>", which is between them');
  await expect(check(changed(bos, 2, bos))).rejects.toThrow('got it on "<s>", which is between them');
  await expect(check(changed(end, 1, end))).rejects.toThrow('got it on "</s>", which is between them');
});

it("another example's answers are refused, and both texts shown", async () => {
  await expect(check(pack.labels, ["It is 7."])).rejects.toMatchObject({
    code: "E_GATE",
    message: expect.stringContaining(
      'expected loss on the answers alone, "Itis7.", got it on "Saywhybecauseitisyes". Example notes/',
    ),
  });
});

it("an empty answer is its end token alone", async () => {
  const empty = exampleOf({
    messages: [
      { role: "user", content: "Anything?" },
      { role: "assistant", content: "" },
    ],
  });
  const { sequences } = await sequencesOf(tokenizer, [empty], mixSpec);
  const one = assemblePack(sequences, [1]);
  expect(await tokenizer.decode(one.labels.filter((label) => label >= 0))).toBe(" </s>");
  await expect(
    checkMasks(tokenizer, [one], () => ({ dataset: "notes", answers: [""] }), mixSpec),
  ).resolves.toBeUndefined();
});
