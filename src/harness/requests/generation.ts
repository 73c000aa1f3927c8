import type { Value } from "../../jinja/values/values.ts";
import { isInteger, isList, PyFloat } from "../../jinja/values/values.ts";
import type { Sampling } from "../../model/api.ts";

/** What `generation_kwargs` ask for. */
export interface Generation {
  until: string[];
  maxGenToks: number;
  sampling: Sampling;
}

/** Names of the limit of new tokens, the strongest first, and where none is given, upstream's. */
const limits = ["max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens"];
const defaultLimit = 256;
/** What transformers takes where it draws and is told nothing. */
const defaultTopK = 50;

/**
 * Reads `generation_kwargs` as lm-evaluation-harness 0.4.13 does (models/utils.py, normalize_gen_kwargs), and
 * adds to `problems` what is not understood: `<key>: expected …, got …`.
 */
export function readGeneration(given: Readonly<Record<string, Value>>, problems: string[]): Generation {
  const known = new Set([
    "until",
    "do_sample",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repetition_penalty",
  ]);
  for (const key of [...limits, "num_beams"]) known.add(key);
  for (const key of Object.keys(given)) {
    if (!known.has(key)) problems.push(`${key}: expected one of ${[...known].join(", ")}, got another key`);
  }
  const number = (key: string): number | undefined => {
    const value = given[key];
    if (value === undefined || value === null) return undefined;
    if (value instanceof PyFloat) return value.value;
    if (isInteger(value)) return Number(value);
    problems.push(`${key}: expected a number, got ${JSON.stringify(value)}`);
    return undefined;
  };
  const beams = number("num_beams") ?? 1;
  if (beams !== 1) problems.push(`num_beams: expected 1, as beam search is not done here, got ${beams}`);
  const maxGenToks = limits.map(number).find((limit) => limit !== undefined) ?? defaultLimit;
  if (!(Number.isInteger(maxGenToks) && maxGenToks > 0))
    problems.push(`max_gen_toks: expected a whole number from 1, got ${maxGenToks}`);
  const temperature = number("temperature") ?? 0;
  if (!(temperature >= 0)) problems.push(`temperature: expected a number from 0, got ${temperature}`);
  const isSaid = given.do_sample !== undefined && given.do_sample !== null;
  if (isSaid && typeof given.do_sample !== "boolean")
    problems.push(`do_sample: expected true or false, got ${JSON.stringify(given.do_sample)}`);
  const isDrawn = isSaid ? given.do_sample === true : temperature > 0;
  const [topK, topP, minP] = ["top_k", "top_p", "min_p"].map(number);
  const sampling: Sampling = isDrawn
    ? {
        temperature: temperature > 0 ? temperature : 1,
        topK: topK ?? defaultTopK,
        topP: topP ?? 1,
        ...optional("minP", minP),
      }
    : { temperature: 0 };
  Object.assign(sampling, optional("repetitionPenalty", number("repetition_penalty")));
  return { until: stops(given.until, problems), maxGenToks, sampling };
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, number>);
}

function stops(until: Value | undefined, problems: string[]): string[] {
  const list = until === undefined || until === null ? [] : isList(until) ? until : [until];
  for (const one of list) {
    if (typeof one !== "string")
      problems.push(`until: expected a text or a list of texts, got ${JSON.stringify(one)}`);
  }
  return list.filter((one) => typeof one === "string");
}
