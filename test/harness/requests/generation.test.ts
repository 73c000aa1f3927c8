import { describe, expect, it } from "vitest";
import { parseGenKwargs } from "../../../src/harness/requests/gen-kwargs.ts";
import { readGeneration } from "../../../src/harness/requests/generation.ts";
import { PyFloat } from "../../../src/jinja/values/values.ts";

const read = (given: Parameters<typeof readGeneration>[0]) => {
  const problems: string[] = [];
  return { ...readGeneration(given, problems), problems };
};

describe("generation_kwargs", () => {
  it("are greedy and 256 tokens long where nothing is said", () => {
    expect(read({})).toEqual({ until: [], maxGenToks: 256, sampling: { temperature: 0 }, problems: [] });
  });

  it("may call the limit by four names, the first of which wins", () => {
    expect(read({ max_new_tokens: 5 }).maxGenToks).toBe(5);
    expect(read({ max_completion_tokens: 7, max_tokens: 6 }).maxGenToks).toBe(6);
    expect(read({ max_tokens: 6, max_gen_toks: 9 }).maxGenToks).toBe(9);
  });

  it("draw where the temperature says so or do_sample does", () => {
    expect(read({ temperature: new PyFloat(0.7) }).sampling).toEqual({ temperature: 0.7, topK: 50, topP: 1 });
    expect(read({ temperature: new PyFloat(0.7), do_sample: false }).sampling).toEqual({ temperature: 0 });
    expect(read({ do_sample: true, top_p: new PyFloat(0.9), top_k: 3 }).sampling).toEqual({
      temperature: 1,
      topK: 3,
      topP: 0.9,
    });
  });

  it("that would do nothing here are refused by name", () => {
    expect(read({ num_beams: 4 }).problems).toEqual([
      "num_beams: expected 1, as beam search is not done here, got 4",
    ]);
    expect(read({ typical_p: new PyFloat(0.9) }).problems[0]).toMatch(/^typical_p: expected one of until, /);
    expect(read({ do_sample: "maybe" }).problems).toEqual(['do_sample: expected true or false, got "maybe"']);
    expect(read({ top_p: "x" }).problems).toEqual(['top_p: expected a number, got "x"']);
    expect(read({ temperature: new PyFloat(-1) }).problems).toEqual([
      "temperature: expected a number from 0, got -1",
    ]);
    expect(read({ until: [1] }).problems).toEqual(["until: expected a text or a list of texts, got 1"]);
  });
});

it("gen kwargs on the command line are what they look like", () => {
  expect(parseGenKwargs("max_gen_toks=6,do_sample=True,temperature=0.5,until=\n,top_p=1e-1")).toEqual({
    max_gen_toks: 6,
    do_sample: true,
    temperature: new PyFloat(0.5),
    until: "\n",
    top_p: new PyFloat(0.1),
  });
});
