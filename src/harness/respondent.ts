import type { Sampling } from "../model/api.ts";
import type { OutputType } from "./task-config.ts";

/** The probability of a continuation, given a context: both as text, as a task file makes them. */
export interface LoglikelihoodRequest {
  context: string;
  continuation: string;
}

export interface LoglikelihoodAnswer {
  /** In nats, of the whole continuation. */
  logLikelihood: number;
  /** Every token of the continuation is the likeliest one where it stands. */
  isGreedy: boolean;
  tokens: TokenCounts;
}

/** What the model was given, in tokens. */
export interface TokenCounts {
  /** As given, after cutting. */
  prompt: number;
  /** Of the continuation, or of what was generated. */
  answer: number;
  /** Taken from the prompt's beginning because it was too long. */
  cut: number;
  /** The first ids of the prompt as given, at most eight: one shows whether BOS is there, and once. */
  first: readonly number[];
}

export interface RollingAnswer {
  /** In nats, of the whole text. */
  logLikelihood: number;
  tokens: TokenCounts;
}

export interface GenerateRequest {
  context: string;
  /** Generation ends before the first of these, and after the model's own end. */
  until: readonly string[];
  maxGenToks: number;
  sampling: Sampling;
  /** Which of several draws for the same prompt it is, from 0. */
  repeat: number;
}

export interface GenerateAnswer {
  text: string;
  tokens: TokenCounts;
  /** It was cut off at `maxGenToks`. */
  isCut: boolean;
}

/** An answer, and the place of its request among those that were given. */
export interface Answered<A> {
  place: number;
  answer: A | { error: string };
}

/** A message of a prompt before a chat template. */
export interface Turn {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * Whoever answers the requests of task files: a checkpoint in this process, or an endpoint. Requests go in
 * lists, so that what several share is computed once; answers come in any order, as they are made.
 */
export interface Respondent extends AsyncDisposable {
  /** For the cache of answers: the same for two only if every answer is (weights, tokenizer, settings). */
  readonly identity: string;
  /** Longest prompt with its answer, in tokens. */
  readonly maxLength: number;
  /**
   * Why it cannot answer requests of tasks with this output, `expected …, got …`, to be told by the task's
   * name before any is sent; undefined, also without the function: it can.
   */
  unableTo?(output: OutputType): string | undefined;
  /**
   * The text of a conversation by the model's chat template. Throws ConfigError where there is none.
   * `isOpen`: the text ends where the assistant begins; else the last message is its beginning, to go on.
   */
  renderChat(turns: readonly Turn[], isOpen: boolean): string;
  loglikelihood(requests: readonly LoglikelihoodRequest[]): AsyncIterable<Answered<LoglikelihoodAnswer>>;
  /** Of whole texts, in windows of `maxLength` tokens as the harness cuts them. */
  rolling(texts: readonly string[]): AsyncIterable<Answered<RollingAnswer>>;
  generate(requests: readonly GenerateRequest[]): AsyncIterable<Answered<GenerateAnswer>>;
}
