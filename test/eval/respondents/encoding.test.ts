import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RequestEncoder, requestEncoder } from "../../../src/eval/respondents/encoding.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";

let tokenizer: Tokenizer;
let encoder: RequestEncoder;
beforeAll(async () => {
  tokenizer = await loadTokenizer(join(packageRoot(), "checkpoints/zebra-nano-lcat"));
  encoder = await requestEncoder(tokenizer);
});

const bos = () => tokenizer.bosId!;

describe("texts of requests as ids", () => {
  it("have around them what the tokenizer puts there, and never BOS twice", async () => {
    const text = "Call me Ishmael.";
    const { before, after } = tokenizer.around;
    expect([...(await encoder.encode(text))]).toEqual([
      ...before,
      ...(await tokenizer.encode(text)),
      ...after,
    ]);
    const written = await encoder.encode(`${tokenizer.bosToken}${text}`);
    expect([...written].filter((id) => id === bos())).toEqual([bos()]);
    expect(written[0]).toBe(bos());
  });

  it("are the context's, and what the whole has more", async () => {
    const { ids, from, cut } = await encoder.pair("The whale is", " white", 100);
    expect(ids).toEqual(await encoder.encode("The whale is white"));
    expect(from).toBe((await encoder.encode("The whale is")).length);
    expect(cut).toBe(0);
  });

  it("give blanks at the context's end to the continuation", async () => {
    const one = await encoder.pair("The whale is \n", "white", 100);
    expect(one.from).toBe((await encoder.encode("The whale is")).length);
    expect(one.ids).toEqual(await encoder.encode("The whale is \nwhite"));
  });

  it("have the prefix token alone before a text without context", async () => {
    const { ids, from } = await encoder.pair("", " white", 100);
    expect([ids[0], from]).toEqual([bos(), 1]);
    expect((await encoder.pair("", `${tokenizer.bosToken} white`, 100)).ids).toEqual(ids);
  });

  it("lose their beginning where they are too long, which is counted", async () => {
    const context = "one two three four five six seven eight nine ten ".repeat(20);
    const whole = await encoder.encode(`${context}end`);
    const { ids, from, cut } = await encoder.pair(context, "end", 30);
    expect(ids).toEqual(whole.subarray(-31));
    expect(cut).toBe(whole.length - 31);
    expect(from).toBeLessThan(31);
    const prompt = await encoder.prompt(context, 12);
    expect([prompt.ids.length, prompt.cut]).toEqual([12, (await encoder.encode(context)).length - 12]);
  });

  it("keep the context's own ids where the whole text begins with others", async () => {
    // lm_eval 0.4.13 with this tokenizer: -29.2217 for "the", where the whole text's ids give -18.4160.
    const { ids, from } = await encoder.pair("Once upon a time", "the", 100);
    expect([...ids]).toEqual([50, 81, 324, 682, 262, 749, 330, 389, 261]);
    expect([...(await encoder.encode("Once upon a timethe"))].slice(0, 6)).toEqual([
      50, 81, 324, 682, 262, 260,
    ]);
    expect(from).toBe(6);
  });

  it("are told where a context has blanks only", async () => {
    await expect(encoder.pair(" \n", "a", 10)).rejects.toThrow('more than blanks, got " \\n"');
  });

  it("that have nothing to score, or too much, are refused", async () => {
    await expect(encoder.pair("x", "", 10)).rejects.toThrow(
      'expected a continuation of one token or more, got ""',
    );
    await expect(encoder.pair("x", " a b c d e f g h i j k l m n", 5)).rejects.toThrow(
      /expected a continuation of at most 5 tokens, got \d+/,
    );
  });
});
