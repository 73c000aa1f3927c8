import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel } from "../../../../src/checkpoint/load-model.ts";
import { openEndpoint } from "../../../../src/eval/respondents/endpoint/open-endpoint.ts";
import { textCoder } from "../../../../src/eval/respondents/endpoint/text-coder.ts";
import { localRespondent } from "../../../../src/eval/respondents/local.ts";
import type { LoglikelihoodAnswer } from "../../../../src/harness/respondent.ts";
import type { ZebraModel } from "../../../../src/model/api.ts";
import { packagePath } from "../../../../src/package-root.ts";
import { loadTokenizer, type Tokenizer } from "../../../../src/tokenizer/tokenizer.ts";
import { startModel } from "./model-server.ts";
import { all, optionsFor, respondentFor } from "./options.ts";

let model: ZebraModel;
let tokenizer: Tokenizer;

beforeAll(async () => {
  const dir = packagePath("checkpoints", "zebra-nano-lcat");
  model = await loadModel(dir);
  tokenizer = await loadTokenizer(dir);
});
afterAll(() => model[Symbol.asyncDispose]());

const coded = () => textCoder(packagePath("checkpoints", "zebra-nano-lcat"), () => {});

/** By the engine's own scoring. */
async function expected(ids: readonly number[], from: number): Promise<{ sum: number; isGreedy: boolean }> {
  const targets = Int32Array.from(ids, (_, t) => (t + 1 >= from && t + 1 < ids.length ? ids[t + 1]! : -100));
  const nll = await model.nll(Int32Array.from(ids), targets, [ids.length]);
  let isGreedy = true;
  for (let t = from; t < ids.length; t++) {
    const { ids: next } = await model.generate(Int32Array.from(ids.slice(0, t)), {
      maxNewTokens: 1,
      stopIds: [],
    });
    isGreedy &&= next[0] === ids[t];
  }
  return { sum: -nll.reduce((a, b) => a + b, 0), isGreedy };
}

const pairs = [
  { context: "The whale was", continuation: " white and old." },
  { context: "Question: where is it?\nAnswer: ", continuation: "in the sea" },
  { context: "Ein Wörterbuch — das Schiff 🐋 fährt", continuation: " über 北京 nach Süden" },
  { context: "The captain of the ship", continuation: " the" },
];

describe("log-likelihoods are those of the model itself", () => {
  it.each([
    { how: "text", bos: false },
    { how: "text, before which the server puts BOS", bos: true },
  ])("$how", async ({ bos }) => {
    await using server = await startModel(model, tokenizer, { bos });
    await using respondent = respondentFor(server.url);
    // The likeliest word is asked for, too.
    const { ids: likely } = await model.generate(
      Int32Array.from([...(bos ? [1] : []), ...(await tokenizer.encode("The sun"))]),
      { maxNewTokens: 2, stopIds: [] },
    );
    const asked = [...pairs, { context: "The sun", continuation: await tokenizer.decode(likely) }];
    const answers = await all(respondent.loglikelihood(asked));
    for (const [i, { context, continuation }] of asked.entries()) {
      const before = context.trimEnd();
      const ids = [...(bos ? [1] : []), ...(await tokenizer.encode(context + continuation))];
      const from = (await tokenizer.encode(before)).length + Number(bos);
      const { sum, isGreedy } = await expected(ids, from);
      const answer = answers[i] as LoglikelihoodAnswer;
      expect(answer).toMatchObject({ isGreedy, tokens: { prompt: from, answer: ids.length - from } });
      expect(answer.logLikelihood).toBeCloseTo(sum, 4);
    }
    expect((answers.at(-1) as LoglikelihoodAnswer).isGreedy).toBe(true);
    expect(server.log[0]!.path).toBe("/v1/completions");
  });

  it("token ids: BOS before an empty context, long prompts cut from the left and counted", async () => {
    await using server = await startModel(model, tokenizer);
    await using respondent = respondentFor(server.url, { max_length: 16 }, await coded());
    const long = "one two three four five six seven eight nine ten eleven twelve";
    const asked = [
      { context: "", continuation: "The whale" },
      { context: `${long} ${long}`, continuation: " thirteen" },
      { context: "none", continuation: "" },
    ];
    const answers = await all(respondent.loglikelihood(asked));
    const whale = [1, ...(await tokenizer.encode("The whale"))];
    const [first, second] = answers as LoglikelihoodAnswer[];
    expect(answers[2]).toEqual({ error: expect.stringContaining("expected a continuation of one token") });
    expect(first!.logLikelihood).toBeCloseTo((await expected(whale, 1)).sum, 4);
    expect(first!.tokens).toEqual({ prompt: 1, answer: whale.length - 1, cut: 0, first: whale.slice(0, 8) });
    const whole = [...(await tokenizer.encode(`${long} ${long} thirteen`))];
    const from = (await tokenizer.encode(`${long} ${long}`)).length;
    const cut = whole.length - 15;
    expect(second!.logLikelihood).toBeCloseTo((await expected(whole.slice(cut), from - cut)).sum, 4);
    expect(second!.tokens).toMatchObject({ cut, prompt: from - cut, answer: whole.length - from });
  });

  it("rolling: whole texts, windows with a tokenizer; what no token stands before needs a prefix", async () => {
    await using server = await startModel(model, tokenizer);
    const text = "The ship sailed at dawn, and nobody on the shore saw it go; the harbour slept.";
    await using plain = respondentFor(server.url);
    expect(await all(plain.rolling([text, ""]))).toEqual([
      { error: expect.stringContaining("eval.endpoint.prefix") },
      { logLikelihood: 0, tokens: { prompt: 0, answer: 0, cut: 0, first: [] } },
    ]);
    const ids = [...(await tokenizer.encode(text))];
    await using prefixed = respondentFor(server.url, { prefix: "\n" });
    const a = [...(await tokenizer.encode(`\n${text}`))];
    expect(await all(prefixed.rolling([text]))).toMatchObject([
      { logLikelihood: expect.closeTo((await expected(a, 1)).sum, 3), tokens: { prompt: 1 } },
    ]);
    await using windowed = respondentFor(server.url, { max_length: 12 }, await coded());
    const whole = [1, ...ids];
    let sum = (await expected(whole.slice(0, 11), 1)).sum;
    for (let done = 11; done < whole.length; ) {
      const end = Math.min(whole.length, done + 10);
      sum += (await expected(whole.slice(end - 11, end), 11 - (end - done))).sum;
      done = end;
    }
    expect(whole.length).toBeGreaterThan(22);
    expect(await all(windowed.rolling([text]))).toMatchObject([
      { logLikelihood: expect.closeTo(sum, 3), tokens: { answer: ids.length, first: whole.slice(0, 8) } },
    ]);
  });
});

it("with a tokenizer, prompts of tasks are those of the model here: chat template, specials, cuts", async () => {
  await using server = await startModel(model, tokenizer);
  await using respondent = await openEndpoint({
    options: optionsFor(server.url, { tokenizer: tokenizer.dir, max_length: 40 }),
    env: {},
    stop: { stopped: false },
    note: () => {},
  });
  await using local = await localRespondent({ model, tokenizer, sha256: "", maxLength: 40, note: () => {} });
  const chat = [{ role: "user", content: "Where is the whale?" }] as const;
  const context = respondent.renderChat(chat, true);
  expect(context).toBe(local.renderChat(chat, true));
  const long = "the ship sailed on and on ".repeat(12);
  const requests = [context, long, "Once upon a time"].map((one) => ({
    ...{ context: one, until: ["\n"], maxGenToks: 12, sampling: {}, repeat: 0 },
  }));
  const [there, here] = [await all(respondent.generate(requests)), await all(local.generate(requests))];
  expect(
    there.map((one) => "text" in one && [one.text, one.tokens.prompt, one.tokens.cut, one.tokens.first]),
  ).toEqual(
    here.map((one) => "text" in one && [one.text, one.tokens.prompt, one.tokens.cut, one.tokens.first]),
  );
  const asked = pairs.map((one) => ({ ...one, context: `${context}${one.context}` }));
  await using wide = respondentFor(server.url, { max_length: 200 }, await coded());
  await using wideHere = await localRespondent({
    model,
    tokenizer,
    sha256: "",
    maxLength: 198,
    note: () => {},
  });
  const [far, near] = [await all(wide.loglikelihood(asked)), await all(wideHere.loglikelihood(asked))];
  for (const [i, one] of (far as LoglikelihoodAnswer[]).entries()) {
    const own = near[i] as LoglikelihoodAnswer;
    expect(one).toMatchObject({ isGreedy: own.isGreedy, tokens: own.tokens });
    expect(one.logLikelihood).toBeCloseTo(own.logLikelihood, 4);
  }
});

it.each(["completions", "chat"] as const)("generation is that of the model itself: %s", async (kind) => {
  await using server = await startModel(model, tokenizer);
  await using respondent = respondentFor(server.url, { kind });
  const contexts = ["The whale was", "Once upon a time, there was a little"];
  const asked = contexts.map((context) => ({ context, maxGenToks: 24, sampling: {}, repeat: 0 }));
  const whole = await all(respondent.generate(asked.map((one) => ({ ...one, until: [] }))));
  for (const [i, context] of contexts.entries()) {
    const prompt = await tokenizer.encode(context);
    const { ids, finish } = await model.generate(prompt, { maxNewTokens: 24, stopIds: [tokenizer.eosId!] });
    expect(whole[i]).toEqual({
      text: await tokenizer.decode(ids, { skipSpecial: true }),
      isCut: finish === "length",
      tokens: { prompt: prompt.length, answer: ids.length, cut: 0, first: [] },
    });
  }
  // Six stop sequences: four go to the server, and the sixth is the one that is met.
  const text = (whole[0] as { text: string }).text;
  const until = ["@@1", "@@2", "@@3", "@@4", "", "@@5", text.slice(10, 14)];
  const [cut] = await all(respondent.generate([{ ...asked[0]!, until }]));
  expect(cut).toMatchObject({ text: text.split(text.slice(10, 14))[0], isCut: false });
  expect(server.log.at(-1)!.body.stop).toEqual(["@@1", "@@2", "@@3", "@@4"]);
  expect(server.log.at(-1)!.path).toBe(kind === "chat" ? "/v1/chat/completions" : "/v1/completions");
});
