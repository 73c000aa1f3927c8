import { createHash } from "node:crypto";
import type { StopSignal } from "../../../contracts/events.ts";
import type { EndpointOptions } from "../../../contracts/recipe/endpoint.ts";
import type { Spending } from "../../../datasets/endpoint/cost-limit.ts";
import { ConfigError } from "../../../errors.ts";
import type {
  GenerateAnswer,
  GenerateRequest,
  LoglikelihoodAnswer,
  LoglikelihoodRequest,
  Respondent,
  RollingAnswer,
  Turn,
} from "../../../harness/respondent.ts";
import type { OutputType } from "../../../harness/task-config.ts";
import { asCompleted } from "./as-completed.ts";
import { type Asker, createAsker, estimateOf } from "./ask.ts";
import { generateBy } from "./generate.ts";
import { endpointProblems, unableTo } from "./problems.ts";
import { type Score, type Scored, scoreEcho } from "./score-echo.ts";
import { continuationPrompt, rollingPrompts } from "./scored-prompts.ts";
import type { TextCoder } from "./text-coder.ts";

/** A model behind an OpenAI-compatible endpoint that answers the requests of task files. */
export interface EndpointRespondent extends Respondent {
  spending(): Spending;
}

export interface EndpointGiven {
  options: EndpointOptions;
  /** For `options.tokenizer`, made by whoever can load it. */
  coder?: TextCoder;
  env: NodeJS.ProcessEnv;
  stop: StopSignal;
  /** Place of the options in the recipe or the command, for messages. */
  where?: string;
}

/** Throws ConfigError for options that cannot be used. Sends nothing. */
export function endpointRespondent(given: EndpointGiven): EndpointRespondent {
  const { options, coder, env, stop, where = "eval.endpoint" } = given;
  const { kind, max_length: maxLength, prefix, concurrency } = options;
  const problems = endpointProblems(options, where, env);
  if ((options.tokenizer === undefined) !== (coder === undefined)) {
    problems.push(`${where}.tokenizer: expected a tokenizer with it, and only then, got the other`);
  }
  if (problems.length > 0) throw new ConfigError(where, problems);
  const asker = createAsker(options, env, stop);
  const generate = generateBy(options, coder, asker);
  /** Conversations that `renderChat` made for a chat endpoint: they go as messages. */
  const conversations = new Set<string>();
  let echo: Promise<void> | undefined;

  function refuse(output: OutputType): void {
    const problem = unableTo(kind, output);
    if (problem !== undefined) throw new ConfigError(where, [`${where}.kind: ${problem}`]);
  }

  return {
    identity: identityOf(options, coder),
    maxLength,
    unableTo: (output) => unableTo(kind, output),
    spending: asker.spending,
    renderChat(turns: readonly Turn[], isOpen: boolean): string {
      if (kind === "chat") {
        const text = JSON.stringify(turns.map(({ role, content }) => ({ role, content })));
        conversations.add(text);
        return text;
      }
      if (coder) return coder.renderChat(turns, isOpen);
      throw new ConfigError(where, [
        `${where}.tokenizer: expected a tokenizer with a chat template to make one text of messages, got ` +
          "none. Give its folder, set kind: chat, or ask without a chat template",
      ]);
    },
    async *loglikelihood(requests: readonly LoglikelihoodRequest[]) {
      refuse("loglikelihood");
      if (requests.length === 0) return;
      echo ??= checkEcho(asker, coder, where);
      await echo;
      yield* asCompleted(requests.length, concurrency, async (place) => {
        const { scored, cut } = await continuationPrompt(requests[place]!, coder, { prefix, maxLength });
        const score = await askScore(asker, scored);
        if ("error" in score) return score;
        const { logLikelihood, isGreedy, before, count } = score;
        const tokens = { prompt: before, answer: count, cut, first: firstOf(scored) };
        return { logLikelihood, isGreedy, tokens } satisfies LoglikelihoodAnswer;
      });
    },
    async *rolling(texts: readonly string[]) {
      refuse("loglikelihood_rolling");
      if (texts.length === 0) return;
      echo ??= checkEcho(asker, coder, where);
      await echo;
      yield* asCompleted(texts.length, concurrency, async (place) => {
        const windows = await rollingPrompts(texts[place]!, coder, { prefix, maxLength });
        let [logLikelihood, prompt, count] = [0, 0, 0];
        for (const window of windows) {
          const score = await askScore(asker, window);
          if ("error" in score) return score;
          logLikelihood += score.logLikelihood;
          prompt += score.before;
          count += score.count;
        }
        const first = windows[0] ? firstOf(windows[0]) : [];
        return { logLikelihood, tokens: { prompt, answer: count, cut: 0, first } } satisfies RollingAnswer;
      });
    },
    generate: (requests: readonly GenerateRequest[]) =>
      asCompleted<GenerateAnswer>(requests.length, concurrency, (place) => {
        const request = requests[place]!;
        return generate(request, conversations.has(request.context));
      }),
    async [Symbol.asyncDispose]() {},
  };
}

function firstOf(scored: Scored): readonly number[] {
  return "ids" in scored ? scored.ids.slice(0, 8) : [];
}

async function askScore(asker: Asker, scored: Scored): Promise<Score | { error: string }> {
  const prompt = "ids" in scored ? scored.ids : scored.text;
  // Some servers generate at least one token; it is not looked at.
  const fields = { prompt, max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
  const answer = await asker.ask(fields, { inputTokens: estimateOf(prompt), outputTokens: 1 });
  return "error" in answer ? answer : scoreEcho(scored, answer);
}

/** Throws ConfigError where a server answers, but not with what it was given. */
async function checkEcho(asker: Asker, coder: TextCoder | undefined, where: string): Promise<void> {
  const text = "The capital of France is Paris, and that of Italy is Rome.";
  const scored = coder
    ? { ids: [coder.encoder.prefix, ...(await coder.encoder.encode(text))], from: 1 }
    : { text, from: Buffer.byteLength("The capital of France is") };
  const prompt = "ids" in scored ? scored.ids : scored.text;
  const fields = { prompt, max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
  const answer = await asker.ask(fields, { inputTokens: estimateOf(prompt), outputTokens: 1 });
  // Where there is no answer at all, each request says so.
  if ("error" in answer) return;
  const score = scoreEcho(scored, answer);
  if (!("error" in score)) return;
  throw new ConfigError(
    where,
    [
      `${where}.url: expected a server that echoes a prompt with log-probabilities; to a short one: ${score.error}`,
    ],
    "Log-likelihoods need /completions with echo and logprobs (vLLM has both). Tasks that generate work without.",
  );
}

/** Everything that decides answers, and no key. */
function identityOf(options: EndpointOptions, coder: TextCoder | undefined): string {
  const { url, model, kind, prefix, max_length, max_tokens_key, seed, request } = options;
  const parts = {
    url,
    model,
    kind,
    prefix,
    max_length,
    max_tokens_key,
    seed,
    request,
    coder: coder?.identity,
  };
  return `endpoint-${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
