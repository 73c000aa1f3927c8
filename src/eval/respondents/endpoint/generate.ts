import type { EndpointOptions } from "../../../contracts/recipe/endpoint.ts";
import type { GenerateAnswer, GenerateRequest } from "../../../harness/respondent.ts";
import type { Sampling } from "../../../model/api.ts";
import { cutAt } from "../until.ts";
import { type Asker, estimateOf } from "./ask.ts";
import type { TextCoder } from "./text-coder.ts";

/** OpenAI takes no more stop sequences; the others are applied here. */
const mostStops = 4;

/** A function that asks for one answer. `isConversation`: the context is JSON of messages. */
export function generateBy(
  options: EndpointOptions,
  coder: TextCoder | undefined,
  asker: Asker,
): (request: GenerateRequest, isConversation: boolean) => Promise<GenerateAnswer | { error: string }> {
  const { kind, max_length: maxLength, max_tokens_key: maxTokensKey, seed } = options;
  return async (request, isConversation) => {
    const { context, maxGenToks, sampling, repeat } = request;
    const until = request.until.filter((stop) => stop !== "");
    let prompt: string | number[] = context;
    let cut = 0;
    if (coder) {
      const room = maxLength - maxGenToks;
      if (room < 1) {
        return {
          error: `expected max_gen_toks below eval.endpoint.max_length ${maxLength}, got ${maxGenToks}`,
        };
      }
      const fitted = await coder.encoder.prompt(context, room);
      cut = fitted.cut;
      prompt = Array.from(fitted.ids);
    }
    const fields = {
      ...(kind === "chat" ? { messages: messagesOf(context, isConversation) } : { prompt }),
      [maxTokensKey]: maxGenToks,
      ...samplingFields(sampling),
      ...((sampling.temperature ?? 0) > 0 && { seed: seed + repeat }),
      ...(until.length > 0 && { stop: until.slice(0, mostStops) }),
    };
    const answer = await asker.ask(fields, { inputTokens: estimateOf(prompt), outputTokens: maxGenToks });
    if ("error" in answer) return answer;
    if (answer.finishReason === "content_filter") {
      return { error: "expected an answer, got one that the server's content filter kept back" };
    }
    const text = cutAt(answer.text, until);
    return {
      text,
      isCut: answer.finishReason === "length" && text === answer.text,
      tokens: {
        prompt: typeof prompt === "string" ? (answer.usage?.inputTokens ?? 0) : prompt.length,
        answer: answer.usage?.outputTokens ?? 0,
        cut,
        first: typeof prompt === "string" ? [] : prompt.slice(0, 8),
      },
    };
  };
}

function messagesOf(context: string, isConversation: boolean): unknown {
  return isConversation ? JSON.parse(context) : [{ role: "user", content: context }];
}

/** OpenAI's names, and vLLM's for what OpenAI does not have, which go only where they change something. */
function samplingFields({ temperature = 0, topP, topK, minP, repetitionPenalty }: Sampling): object {
  return {
    temperature,
    ...(topP !== undefined && topP !== 1 && { top_p: topP }),
    ...(topK !== undefined && topK !== 0 && { top_k: topK }),
    ...(minP !== undefined && minP !== 0 && { min_p: minP }),
    ...(repetitionPenalty !== undefined &&
      repetitionPenalty !== 1 && { repetition_penalty: repetitionPenalty }),
  };
}
