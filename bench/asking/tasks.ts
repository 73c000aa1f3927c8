/**
 * Requests of task files with the checkpoint that ships: all together (what they share computed once, texts
 * side by side), beside each alone.
 */
import { loadModel } from "../../src/checkpoint/load-model.ts";
import type { Scored } from "../../src/model/generate/shared-texts.ts";
import { shippedPath } from "../../src/package-root.ts";
import { randomOf } from "../../src/random.ts";
import { type BenchCase, type BenchRow, measure } from "../tools/measure.ts";

interface Requests {
  name: string;
  /** Tokens before every question: examples, or a document. */
  before: number;
  questions: number;
  question: number;
  choices: number;
}

const kinds: readonly Requests[] = [
  { name: "0-shot", before: 0, questions: 40, question: 48, choices: 4 },
  { name: "5-shot", before: 400, questions: 40, question: 80, choices: 4 },
  { name: "document", before: 3500, questions: 8, question: 30, choices: 4 },
];
const answer = 6;

export function taskCases(): BenchCase[] {
  return kinds.map((kind) => {
    const name = `tasks choices ${kind.name}`;
    return { name, run: () => benchRequests(name, kind) };
  });
}

/** What a task with these sizes asks; ids are random, as only their number counts. */
export function requestsOf({ before, questions, question, choices }: Requests, vocabulary: number): Scored[] {
  const random = randomOf(1, "bench");
  const draw = (length: number) => Array.from({ length }, () => random.below(vocabulary));
  const shared = [1, ...draw(before)];
  return Array.from({ length: questions }, () => draw(question)).flatMap((asked) =>
    Array.from({ length: choices }, () => {
      const prompt = [...shared, ...asked];
      return { ids: Int32Array.from([...prompt, ...draw(answer)]), from: prompt.length };
    }),
  );
}

async function benchRequests(name: string, kind: Requests): Promise<BenchRow> {
  await using model = await loadModel(shippedPath("checkpoint", "zebra-nano-4k")!);
  const requests = requestsOf(kind, model.config.vocab_size);
  const ask = async (some: readonly Scored[]) => {
    for await (const _ of model.likelihoods(some));
  };
  const work = 1e6 * requests.length;
  return await measure(name, "k requests/s", {
    work,
    call: () => ask(requests),
    roofline: {
      work,
      async run() {
        for (const one of requests) await ask([one]);
      },
    },
    note: "the roofline is each request alone",
  });
}
