import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cutMiddle } from "../../../src/eval/longbench/cut-middle.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

interface Right {
  text: string;
  most: number;
  tokens: number;
  v1: [text: string, cut: number];
  v2: [text: string, cut: number];
}

/**
 * Right values: the lines of LongBench's two pred.py that cut, run in Python with transformers' tokenizer.
 * For each text: as many tokens as it has, one and two fewer, and few; plain, Unicode (characters of several
 * tokens cut apart), and far over.
 */
const rows = JSON.parse(
  readFileSync(new URL("fixtures/cut-middle.json", import.meta.url), "utf8"),
) as Right[];
const long = "one two three four five six seven eight nine ten ".repeat(12);

describe.each(["v1", "v2"] as const)("%s", (version) => {
  it.each(rows.map((row) => [row.most, row.tokens, row] as const))(
    "to %i of %i tokens",
    async (most, tokens, row) => {
      const whole = (text: string) => (text === "far" ? long : text);
      const [text, tokensCut] = row[version];
      expect(await cutMiddle(tokenizer, whole(row.text), most, version)).toEqual({
        text: whole(text),
        tokens,
        tokensCut,
      });
    },
  );
});
