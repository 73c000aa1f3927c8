import { expect, it } from "vitest";
import { legend, renderSegment } from "../../../src/cli/inspect/render-pack.ts";
import { createStyle } from "../../../src/cli/output/style.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const plain = createStyle(false);

async function packOf(parts: readonly (readonly [text: string, trained: boolean])[]) {
  const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
  const bos = tokenizer.bosId ?? 0;
  const pieces = await Promise.all(
    parts.map(async ([text, trained]) => ({ ids: [...(await tokenizer.encode(text))], trained })),
  );
  const ids = [bos, ...pieces.flatMap((piece) => piece.ids)];
  const labels = [-100, ...pieces.flatMap((piece) => piece.ids.map((id) => (piece.trained ? id : -100)))];
  // A first example of one token shows that the second is found by its offset.
  const pack = {
    input_ids: Int32Array.of(bos, ...ids),
    labels: Int32Array.of(-100, ...labels),
    position_ids: Int32Array.of(0, ...ids.keys()),
    seq_lengths: Int32Array.of(1, ids.length),
    loss_weights: new Float32Array(ids.length + 1).fill(1),
    sources: ["first", "notes/7"],
  };
  return { tokenizer, pack, tokens: ids.length, trained: labels.filter((label) => label !== -100).length };
}

it("shows special tokens, and marks each line of what is trained", async () => {
  const { tokenizer, pack, tokens, trained } = await packOf([
    ["[INST] Who? [/INST]", false],
    [" Ishmael 🦓\n\nand I", true],
  ]);
  expect(await renderSegment(pack, 1, tokenizer, { style: plain })).toEqual([
    `── notes/7 (${tokens} tokens, ${trained} trained) ──`,
    "<s>[INST] Who? [/INST]⟦ Ishmael 🦓⟧",
    "",
    "⟦and I⟧",
  ]);
  const coloured = await renderSegment(pack, 1, tokenizer, { style: createStyle(true) });
  expect(coloured.at(-1)).toBe("\u001b[32mand I\u001b[39m");
  expect(legend(plain)).toBe("⟦trained tokens⟧ count in the loss; the others are only read.");
});

it("lists tokens with position, id and whether they are trained", async () => {
  const { tokenizer, pack, tokens } = await packOf([["a", true]]);
  const lines = await renderSegment(pack, 1, tokenizer, { style: plain, tokens: true });
  const [id] = await tokenizer.encode("a");
  expect(lines).toHaveLength(3 + tokens);
  expect(lines.at(-1)).toMatch(new RegExp(`^1 +${id} +trained +"a"$`));
});
