import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endpointRespondent } from "../../../../src/eval/respondents/endpoint/endpoint.ts";
import { type Body, echoOf, startOpenAi } from "./openai-server.ts";
import { all, key, optionsFor, respondentFor } from "./options.ts";

const asked = { context: "one two", continuation: " three four" };
const question = { context: "one two", until: [], maxGenToks: 8, sampling: {}, repeat: 0 };
const isProbe = ({ prompt }: Body) => String(prompt).startsWith("The capital");

/** What a request is told when its echo is changed; the short one that is asked first is answered well. */
async function toldOf(change: (echo: ReturnType<typeof echoOf>) => unknown): Promise<unknown> {
  await using server = await startOpenAi((body) => {
    const echo = echoOf(body.prompt as string);
    return isProbe(body) ? echo : change(echo);
  });
  await using respondent = respondentFor(server.url, { max_retries: 0 });
  return (await all(respondent.loglikelihood([asked])))[0];
}

it("what an endpoint echoes is added up", async () => {
  expect(await toldOf((echo) => echo)).toEqual({
    logLikelihood: -2,
    isGreedy: true,
    tokens: { prompt: 2, answer: 2, cut: 0, first: [] },
  });
});

function each(logprobs: Record<string, unknown[]>, change: (list: unknown[]) => unknown): void {
  for (const list of Object.values(logprobs)) change(list);
}

describe("an echo that cannot be right is an error", () => {
  it.each<[string, RegExp, (logprobs: Record<string, unknown[]>) => void]>([
    ["null in the middle", /of token 3, got none/, (own) => own.token_logprobs!.splice(2, 1, null)],
    ["a text in place of a number", /of the form/, (own) => own.token_logprobs!.splice(2, 1, "NaN")],
    ["a positive log-probability", /at most 0, got 7/, (own) => own.token_logprobs!.splice(2, 1, 7)],
    ["one too few", /got 4 and 5 \(top_logprobs\) for 5/, (own) => own.token_logprobs!.pop()],
    ["no likeliest", /top_logprobs of token 4/, (own) => own.top_logprobs!.splice(3, 1, null)],
    ["another text", /add up to the prompt/, (own) => own.tokens!.splice(1, 1, " zwei")],
    ["half the prompt", /add up/, (own) => each(own, (list) => list.splice(2))],
    ["much more", /at most 1 token after/, (own) => each(own, (list) => list.push(...list.slice(1)))],
  ])("%s", async (_, error, change) => {
    const told = await toldOf((echo) => {
      change(echo.choices[0]!.logprobs);
      return echo;
    });
    expect(told).toEqual({ error: expect.stringMatching(error) });
  });

  it("no log-probabilities, no choices, no JSON, NaN", async () => {
    const kept = { error: expect.stringContaining("got a reply that is not a completion") };
    expect(await toldOf(() => ({ choices: [] }))).toEqual(kept);
    expect(await toldOf(() => ({ error: "?" }))).toEqual(kept);
    expect(await toldOf(() => "<html>")).toEqual(kept);
    expect(await toldOf((echo) => JSON.stringify(echo).replace("-1", "NaN"))).toEqual(kept);
    expect(await toldOf(() => ({ choices: [{ text: "one two three four" }] }))).toEqual({
      error: "expected log-probabilities of the prompt, got none",
    });
  });
});

it("a server that does not echo is told after one short request, and the real ones are not sent", async () => {
  await using server = await startOpenAi(() => ({ choices: [{ text: " Rome", finish_reason: "length" }] }));
  await using respondent = respondentFor(server.url);
  await expect(all(respondent.loglikelihood([asked, asked]))).rejects.toThrow(
    /expected a server that echoes/,
  );
  await expect(all(respondent.rolling(["one two"]))).rejects.toThrow(/expected a server that echoes/);
  expect(server.log).toHaveLength(1);
  expect(await all(respondent.generate([question]))).toMatchObject([{ text: " Rome", isCut: true }]);
});

it("a chat endpoint refuses log-likelihoods before any request", async () => {
  await using server = await startOpenAi(() => ({ choices: [{ message: { content: "x" } }] }));
  await using respondent = respondentFor(server.url, { kind: "chat" });
  const refusal = /kind: expected a task that generates .* got loglikelihood/;
  await expect(all(respondent.loglikelihood([asked]))).rejects.toThrow(refusal);
  await expect(all(respondent.rolling(["one"]))).rejects.toThrow(refusal);
  expect(respondent.unableTo?.("multiple_choice")).toContain("got multiple_choice");
  expect(respondent.unableTo?.("generate_until")).toBeUndefined();
  expect(server.log).toHaveLength(0);
});

it("conversations go as messages to a chat endpoint, and other texts as one", async () => {
  await using server = await startOpenAi(() => ({ choices: [{ message: { content: null } }] }));
  await using respondent = respondentFor(server.url, { kind: "chat" });
  const turns = [
    { role: "system", content: "Be short." },
    { role: "user", content: "Hi" },
  ] as const;
  const json = JSON.stringify([{ role: "user", content: "a document" }]);
  const contexts = [respondent.renderChat(turns, true), json];
  const answers = await all(respondent.generate(contexts.map((context) => ({ ...question, context }))));
  expect(answers).toMatchObject([{ text: "" }, { text: "" }]);
  expect(server.log.map(({ body }) => body.messages)).toEqual([turns, [{ role: "user", content: json }]]);
  await using completions = respondentFor(server.url);
  expect(() => completions.renderChat(turns, true)).toThrow(/expected a tokenizer with a chat template/);
});

it("silence and a body that never ends cost the timeout", async () => {
  await using server = await startOpenAi(async (_, response, n) => {
    if (n === 0) return;
    response.writeHead(200, { "content-type": "application/json" });
    while (response.writable && !response.destroyed) {
      response.write(" ");
      await wait(20);
    }
  });
  await using respondent = respondentFor(server.url, { max_retries: 0, timeout_seconds: 1, concurrency: 2 });
  const told = { error: expect.stringContaining("no reply within 1 s") };
  expect(await all(respondent.generate([question, question]))).toEqual([told, told]);
});

it("of a huge body only so much is read", async () => {
  let sentMiB = 0;
  await using server = await startOpenAi(async (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const block = "x".repeat(1 << 20);
    for (; sentMiB < 1000 && response.writable && !response.destroyed; sentMiB++) {
      if (!response.write(block)) await Promise.race([once(response, "drain"), once(response, "close")]);
    }
    response.end();
  });
  await using respondent = respondentFor(server.url, { max_retries: 0, timeout_seconds: 100 });
  expect(await all(respondent.generate([question]))).toEqual([
    { error: expect.stringContaining("a reply of over 33554432 bytes") },
  ]);
  expect(sentMiB).toBeLessThan(200);
});

it("a redirect is not followed, and the key goes nowhere else", async () => {
  await using other = await startOpenAi(() => echoOf("one two"));
  await using server = await startOpenAi((_, response) => {
    response.writeHead(307, { location: `${other.url}/completions` }).end();
  });
  await using respondent = respondentFor(server.url, { concurrency: 1 });
  const answers = await all(respondent.generate([question, question]));
  expect(answers).toEqual(
    Array(2).fill({
      error: expect.stringContaining(`a redirect to ${new URL(other.url).host}, not followed`),
    }),
  );
  expect([server.log.length, other.log.length]).toEqual([1, 0]);
});

it("a wrong key is sent once more at most, and shown never", async () => {
  await using server = await startOpenAi((body, response) => {
    response.writeHead(body.prompt === "bad" ? 400 : 401);
    response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }));
  });
  await using respondent = respondentFor(server.url, { concurrency: 1 });
  const contexts = ["bad", "one", "two", "three"];
  const answers = await all(respondent.generate(contexts.map((context) => ({ ...question, context }))));
  expect(server.log.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`Bearer ${key}`));
  expect(answers[0]).toMatchObject({ error: expect.stringContaining("400 (Incorrect API key provided: …)") });
  expect(answers.slice(1)).toEqual(
    Array(3).fill({ error: expect.stringMatching(/got 401. Check url, model and the key in TEST_KEY/) }),
  );
  expect(JSON.stringify(answers)).not.toContain(key);
  expect(respondent.identity).not.toContain(key);
});

it("a busy server is asked again; one that is never free is given up, and every request answered", async () => {
  await using brief = await startOpenAi((body, response, n) => {
    if (n % 2 === 1) return { choices: [{ text: String(body.prompt) }] };
    response.writeHead(n === 0 ? 429 : 500, { "retry-after": "0" }).end("busy");
  });
  await using patient = respondentFor(brief.url, { concurrency: 1 });
  expect(await all(patient.generate([question, question]))).toMatchObject([{ text: "one two" }, {}]);
  expect(patient.spending()).toMatchObject({ replies: 2, retries: 2, without_usage: 2 });

  await using storm = await startOpenAi((_, response) => void response.writeHead(429).end("{}"));
  await using respondent = respondentFor(storm.url, { concurrency: 8 });
  const answers = await all(respondent.generate(Array(200).fill(question)));
  expect(answers).toHaveLength(200);
  expect(answers).toEqual(Array(200).fill({ error: expect.stringContaining("got 429 after 2 tries") }));
  // Those that go out together, with a second try each, and those that begin as the first of them end.
  expect(storm.log.length).toBeLessThanOrEqual(2 * (8 + 7));
  expect(storm.most).toBeLessThanOrEqual(8);

  // One that did answer gets longer.
  await using later = await startOpenAi((_, response, n) => {
    if (n === 0) return { choices: [{ text: "x" }] };
    return void response.writeHead(503).end("{}");
  });
  await using second = respondentFor(later.url, { concurrency: 1, max_retries: 0 });
  const told = await all(second.generate(Array(40).fill(question)));
  expect(told[0]).toMatchObject({ text: "x" });
  expect(told.slice(1)).toEqual(Array(39).fill({ error: expect.stringContaining("got 503") }));
  expect(later.log).toHaveLength(21);
});

it("max_cost is not passed, by what the server counts or, where it does not, by estimates", async () => {
  const usage = { prompt_tokens: 1000, completion_tokens: 500 };
  const price_per_million_tokens = { input: 1000, output: 2000 };
  await using server = await startOpenAi((_, __, n) => ({
    choices: [{ text: "x" }],
    ...(n < 2 && { usage }),
  }));
  const options = { price_per_million_tokens, max_cost: 4.03, concurrency: 1 };
  await using respondent = respondentFor(server.url, options);
  const answers = await all(respondent.generate(Array(5).fill(question)));
  // 2 each, then 3 + 8 tokens by the estimate: 0.019.
  expect(answers.slice(0, 3)).toMatchObject(Array(3).fill({ text: "x" }));
  expect(answers.slice(3)).toEqual(
    Array(2).fill({ error: expect.stringMatching(/max_cost: expected .* than 4.03, got 4.019 so far/) }),
  );
  expect(server.log).toHaveLength(3);
  expect(respondent.spending()).toMatchObject({ replies: 3, cost: 4.019, without_usage: 1 });
});

it("a stop is thrown, and nothing more is sent", async () => {
  const stop = { stopped: false };
  await using server = await startOpenAi(() => {
    stop.stopped = true;
    return { choices: [{ text: "x" }] };
  });
  const options = optionsFor(server.url, { concurrency: 1 });
  await using respondent = endpointRespondent({ options, env: {}, stop });
  await expect(all(respondent.generate([question, question]))).rejects.toThrow("stopped on request");
  expect(server.log).toHaveLength(1);
});

it("options that cannot work are told together, and a key in place of its name is not shown", () => {
  const options = optionsFor("https://user:pass@example.com/v1/completions", {
    kind: "chat",
    prefix: "<s>",
    request: { stream: true },
    max_cost: 1,
  });
  const given = { env: { TEST_KEY: key }, stop: { stopped: false } };
  const problemsOf = (own: typeof options) => {
    try {
      endpointRespondent({ options: own, ...given });
      return [];
    } catch (error) {
      return (error as { problems: string[] }).problems;
    }
  };
  expect(problemsOf(options)).toEqual([
    expect.stringMatching(/^eval.endpoint.url: expected no user, password/),
    expect.stringMatching(/^eval.endpoint.url: expected the base address/),
    expect.stringMatching(/^eval.endpoint.request.stream: expected a field that is not set already/),
    expect.stringMatching(/^eval.endpoint.max_cost: expected price_per_million_tokens/),
    expect.stringMatching(/^eval.endpoint.prefix: expected none for kind: chat/),
  ]);
  const wrong = problemsOf(optionsFor("https://example.com/v1", { api_key_env: key })).join();
  expect(wrong).toMatch(/api_key_env: expected the name/);
  expect(wrong).not.toContain(key);
  expect(problemsOf(optionsFor("http://example.com/v1")).join()).toContain("expected https");
});

it("two endpoints answer for each other in the cache only if model, address and settings are the same", () => {
  const identity = (more = {}) => respondentFor("http://localhost:1/v1", more).identity;
  expect(identity({ concurrency: 9, timeout_seconds: 1 })).toBe(identity());
  const others = [
    { model: "b" },
    { kind: "chat" },
    { prefix: "x" },
    { seed: 1 },
    { request: { top_p: 0.5 } },
  ];
  expect(new Set([identity(), ...others.map(identity)]).size).toBe(6);
});
