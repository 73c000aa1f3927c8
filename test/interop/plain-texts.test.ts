import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { plainTexts, publicForms } from "../tokenizer/public-forms.ts";
import { askPeer } from "./peers-python.ts";

/** A plain text begins (and ends) as transformers has it, in the forms of public tokenizers. */
const reason = whyNoPeer("transformers");

describe.skipIf(reason !== "")(`transformers' tokenizer(text)${reason && ` (skipped: ${reason})`}`, () => {
  it("is what we put around a text, with its ids, in all six forms", async () => {
    const folders = Object.values(publicForms).map((make) => make());
    const dir = mkdtempSync(join(tmpdir(), "zebratune-interop-"));
    const theirs = askPeer<number[][][]>("./transformers_plain.py", dir, {
      tokenizers: folders,
      texts: plainTexts,
    });
    for (const [i, folder] of folders.entries()) {
      const { around, encodeBatch } = await loadTokenizer(folder);
      const ours = (await encodeBatch(plainTexts)).map((ids) => [...around.before, ...ids, ...around.after]);
      expect(ours, Object.keys(publicForms)[i]!).toEqual(theirs[i]);
    }
  }, 120_000);
});
