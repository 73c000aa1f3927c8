import { beforeAll, describe, expect, it } from "vitest";
import type { Example, Message } from "../../../src/contracts/example.ts";
import type { Pack } from "../../../src/contracts/pack.ts";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { assemblePack } from "../../../src/mixing/packs/assemble.ts";
import { checkMasks, type Expected } from "../../../src/mixing/packs/mask-gate.ts";
import { type Sequence, sequencesOf } from "../../../src/mixing/sequences/sequences.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { mixSpec } from "../data-folder.ts";

const spec: MixSpec = { ...mixSpec, max_seq_tokens: 512, over_length: "drop" };
const chats: [dataset: string, ...Message[]][] = [
  ["whales", { role: "user", content: "Who is Ishmael?" }, { role: "assistant", content: "A </s> sailor." }],
  ["facts", { role: "user", content: "Where is Rome?" }, { role: "assistant", content: "In Italy 🇮🇹." }],
  ["whales", { role: "user", content: "And Ahab?" }, { role: "assistant", content: "The captain." }],
];

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(nanoDir);
});

/** Two packs as the stage makes them: [whales/0 facts/1] [whales/2]. */
async function made(render: MixSpec["render"] = "chat") {
  const examples = chats.map(([dataset, ...messages], row): Example => {
    const source = { dataset, revision: "1", license: "unknown", row, document: `${row}` };
    return { id: `${dataset}/${row}`, task: "qa", split: "train", messages, source, meta: {} };
  });
  const { sequences } = await sequencesOf(tokenizer, examples, { ...spec, render });
  const [a, b, c] = sequences as [Sequence, Sequence, Sequence];
  const packs: [Pack, Pack] = [assemblePack([a, b], [1, 1]), assemblePack([c], [1])];
  const expected = new Map(
    sequences.map(({ example, answers }): [string, Expected] => [
      example.id,
      { dataset: example.source.dataset, answers },
    ]),
  );
  const check = () => checkMasks(tokenizer, packs, (id) => expected.get(id)!, spec);
  return { packs, first: a.ids.length, second: b.ids.length, check };
}
type Made = Awaited<ReturnType<typeof made>>;

describe("packs as the stage makes them", () => {
  for (const render of ["chat", "text"] as const) {
    it(`pass as ${render}`, async () => {
      await expect((await made(render)).check()).resolves.toBeUndefined();
    });
  }
});

describe("wrong labels in the second sequence of a pack are refused, with its example", () => {
  /** First and last label of facts/1. */
  const labelled = ({ packs: [pack], first }: Made) => {
    const all = [...pack.labels.keys()].filter((t) => t >= first && pack.labels[t]! >= 0);
    return { from: all[0]!, to: all.at(-1)! };
  };
  const cases: [what: string, spoil: (m: Made) => void, says: string][] = [
    [
      "labels one place off, as if shifted here and in the loss again",
      ({ packs: [pack], first }) => {
        pack.labels.copyWithin(first, first + 1);
      },
      "a label that is not its token",
    ],
    [
      "a label of another token",
      (m) => {
        m.packs[0].labels[labelled(m).to] = 7;
      },
      "a label that is not its token",
    ],
    [
      "a first token, which the sequence before it would predict",
      ({ packs: [pack], first }) => {
        pack.labels[first] = pack.input_ids[first]!;
      },
      "loss on a first token",
    ],
    [
      "a word of the prompt",
      (m) => {
        const at = labelled(m).from - 6;
        m.packs[0].labels.set(m.packs[0].input_ids.subarray(at, at + 2), at);
      },
      "expected loss on the answers alone",
    ],
    [
      "half of an answer",
      (m) => {
        const { from } = labelled(m);
        m.packs[0].labels.fill(-100, from, from + 2);
      },
      "expected loss on the answers alone",
    ],
    [
      "no end token in a dataset",
      (m) => {
        m.packs[0].labels[labelled(m).to] = -100;
      },
      "dataset facts: expected trained end tokens",
    ],
    [
      "nothing supervised in a dataset",
      ({ packs: [pack], first }) => {
        pack.labels.fill(-100, first);
      },
      "dataset facts: expected supervised tokens",
    ],
  ];
  for (const [what, spoil, says] of cases) {
    it(what, async () => {
      const all = await made();
      spoil(all);
      const error = await all.check().catch((caught: Error) => caught);
      expect(error).toMatchObject({
        name: "GateError",
        code: "E_GATE",
        message: expect.stringContaining(says),
      });
      const [head, shown] = (error as Error).message.split("\n");
      expect(head).toContain("Example facts/1:");
      expect(shown).not.toContain("Ishmael");
    });
  }

  it("in plain text, a token that is not under loss", async () => {
    const { packs, first, second, check } = await made("text");
    packs[0].labels[first + 1] = -100;
    await expect(check()).rejects.toMatchObject({
      code: "E_GATE",
      message: expect.stringContaining(`expected all ${second - 1} tokens under loss, got ${second - 2}`),
    });
  });
});
