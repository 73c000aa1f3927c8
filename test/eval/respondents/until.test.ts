import { describe, expect, it } from "vitest";
import { cutAt, stopWatch } from "../../../src/eval/respondents/until.ts";

describe("where an answer ends", () => {
  it("is before the first of each stop, one after the other", () => {
    expect(cutAt("a. b\nc", ["\n", ". "])).toBe("a");
    expect(cutAt("ab", ["b", "a"])).toBe("");
    expect(cutAt("ab", [""])).toBe("ab");
    expect(cutAt(" kept", ["\n"])).toBe(" kept"); // white space stays
  });

  /** A tokenizer of which an id is a character, and which loses the blank that a text begins with. */
  const tokenizer = {
    decode: async (ids: ArrayLike<number>) => String.fromCharCode(...Array.from(ids)).replace(/^ /, ""),
  };
  const stopsAt = async (text: string, until: string[]): Promise<number> => {
    const isStopped = stopWatch(tokenizer, until);
    for (let i = 0; i < text.length; i++) if (await isStopped(text.charCodeAt(i))) return i;
    return -1;
  };

  it("is seen with the id that completes a stop, also over several ids", async () => {
    expect(await stopsAt("one two\n\nthree", ["\n\n"])).toBe(8);
    expect(await stopsAt(`${"x".repeat(500)}END.`, ["END"])).toBe(502);
    expect(await stopsAt("no stop here", ["\n"])).toBe(-1);
    // As upstream: an empty stop is found in whatever was generated first.
    expect(await stopsAt("no stop here", ["\n", ""])).toBe(0);
  });

  it("is not where only a part of the answer, decoded alone, has it", async () => {
    // The last 16 + 4 · 1 ids would begin with the blank, which is lost only at the beginning of a text.
    const until = ["ab"];
    expect(await stopsAt(`${"y".repeat(60)} a b ${"z".repeat(60)}`, until)).toBe(-1);
  });
});
