import type { Static, TObject } from "@sinclair/typebox";
import type { FinetuneSpec } from "../../contracts/recipe.ts";
import type { OptionsSchema } from "../../recipe/options.ts";
import { mapping } from "../../schema.ts";

/**
 * What a rule may compute with, element by element. V stands for an array or a scalar: a value of a graph, an
 * expression that becomes WebAssembly, or a number in float64. A scalar goes with an array of any length.
 */
export interface Algebra<V> {
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  sqrt(x: V): V;
  /** −1, 0 or 1. */
  sign(x: V): V;
}

/** Where in the training an update is, and what of it belongs to one tensor. */
export interface UpdateAt {
  /** Counts from 1. */
  step: number;
  lr: number;
  /** Weight decay of the tensor: the recipe's for matrices, 0 for what has one dimension. */
  decay: number;
}

/**
 * One optimizer, as its file writes it: S names the tensors that it keeps for each trained one, K the scalars
 * of a step. `optimizerCatalog` is the list of all.
 */
export interface OptimizerDefinition<O extends TObject, S extends string, K extends string> {
  /**
   * Tensors kept beside each trained one, of its shape, zero at first; with the checkpoint's file of each.
   */
  readonly state: Readonly<Record<S, string>>;
  /** What a recipe may set under `finetune.optimizer_options`, each with its default. */
  readonly options: O;
  /** Options that are keys of `finetune` itself, and so are not set under `optimizer_options`. */
  readonly recipeKeys: Partial<Record<keyof Static<O>, keyof FinetuneSpec>>;
  /** All scalars of one update, in float64. */
  scalars(options: Static<O>, at: UpdateAt): Record<K, number>;
  /**
   * The rule: new values and state from the old ones, the gradient (clipped, without the loss scale) and the
   * scalars. Arrays are all of one length [N]. Where the new values depend on new state, use the same object
   * that is returned as that state.
   */
  update<V>(
    algebra: Algebra<V>,
    x: Readonly<Record<"values" | "gradient" | S | K, V>>,
  ): Record<"values" | S, V>;
}

/** Options as a recipe gives them, checked against the rule's `options`. */
export type OptimizerOptions = Readonly<Record<string, unknown>>;

/** Any optimizer. */
export interface OptimizerRule {
  readonly state: Readonly<Record<string, string>>;
  readonly options: TObject;
  readonly recipeKeys: Readonly<Partial<Record<string, keyof FinetuneSpec>>>;
  scalars(options: OptimizerOptions, at: UpdateAt): Record<string, number>;
  update<V>(algebra: Algebra<V>, x: Readonly<Record<string, V>>): Record<string, V>;
}

/** Gives a definition its types: S and K are read off `state` and `scalars`. */
export function defineOptimizer<O extends TObject, S extends string, K extends string>(
  definition: OptimizerDefinition<O, S, K>,
): OptimizerDefinition<O, S, K> {
  return definition;
}

/** Names of the state tensors, in the order in which they are stored. */
export function stateNames(rule: OptimizerRule): string[] {
  return Object.keys(rule.state);
}

/** All arrays of an update, in the order in which kernels take them. */
export function arrayNames(rule: OptimizerRule): string[] {
  return ["values", "gradient", ...stateNames(rule)];
}

/** All scalars of an update: what the gradient is multiplied by first, then the rule's own. */
export function scalarNames(rule: OptimizerRule): string[] {
  return ["scale", ...Object.keys(rule.scalars(defaultOptions(rule), { step: 1, lr: 0, decay: 0 }))];
}

/** Options that a recipe sets under `optimizer_options`: not those that are its own keys. */
export function recipeOptions({ options, recipeKeys }: OptimizerRule): OptionsSchema {
  const own = Object.entries(options.properties).filter(([key]) => !(key in recipeKeys));
  return mapping(Object.fromEntries(own));
}

/** Every option at its default. */
export function defaultOptions(rule: OptimizerRule): OptimizerOptions {
  const defaults = Object.entries(rule.options.properties).map(([key, schema]) => [key, schema.default]);
  return Object.fromEntries(defaults);
}

/**
 * Bytes that training one parameter takes beside the parameter itself: its gradient and its state, in
 * float32.
 */
export function bytesPerParameter(rule: OptimizerRule): number {
  return 4 * (1 + stateNames(rule).length);
}
