import { TemplateRaised, TemplateRuntimeError } from "../errors.ts";
import { bind, integerArgument, textArgument } from "../functions/arguments.ts";
import { iterate, listOf } from "../values/iterate.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  PyAttributes,
  PyDict,
  PyFunction,
  PyNamespace,
  PyRange,
  PyUndefined,
  type Value,
} from "../values/values.ts";

/** As Python's sandbox has it. */
const maxRange = 100_000;

const range = (given: Arguments): Value => {
  const bounds = given.positional.map((bound) => integerArgument("range", bound));
  if (bounds.length < 1 || bounds.length > 3 || given.named.size > 0)
    throw new TemplateRuntimeError(`range: expected one to three whole numbers, got ${bounds.length}`);
  const [start = 0, stop = 0, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  if (step === 0) throw new TemplateRuntimeError("range: expected a step that is not 0, got 0");
  const result = new PyRange(start, stop, step);
  if (result.length > maxRange)
    throw new TemplateRuntimeError(`range: expected at most ${maxRange} numbers, got ${result.length}`);
  return result;
};

/** Entries of `dict(…)` and `namespace(…)`: a dict or pairs, then named ones. */
function entriesOf(name: string, { positional, named }: Arguments, run: Run): PyDict {
  if (positional.length > 1)
    throw new TemplateRuntimeError(`${name}: expected one argument without a name, got ${positional.length}`);
  const dict = new PyDict();
  const [from] = positional;
  if (from instanceof PyDict) {
    run.spend(from.size);
    for (const [key, value] of from.entries()) dict.put(key, value);
  } else if (from instanceof PyUndefined) from.fail();
  else if (from !== undefined) {
    for (const pair of iterate(from, run)) {
      const [key, value, ...more] = listOf(pair, run);
      if (key === undefined || value === undefined || more.length > 0)
        throw new TemplateRuntimeError(`${name}: expected pairs, got something else`);
      dict.put(key, value);
    }
  }
  for (const [key, value] of named) dict.put(key, value);
  return dict;
}

class Cycler extends PyAttributes {
  override readonly typeName = "Cycler";
  readonly #items: readonly Value[];
  #at = 0;
  constructor(items: readonly Value[]) {
    super("cycler", () => null);
    if (items.length === 0) throw new TemplateRuntimeError("cycler: expected items to go round, got none");
    this.#items = items;
  }
  attribute(name: string): Value | undefined {
    if (name === "current") return this.#items[this.#at]!;
    if (name === "next") {
      return new PyFunction("next", () => {
        const current = this.#items[this.#at]!;
        this.#at = (this.#at + 1) % this.#items.length;
        return current;
      });
    }
    if (name !== "reset") return undefined;
    return new PyFunction("reset", () => {
      this.#at = 0;
      return null;
    });
  }
}

function joiner(given: Arguments, run: Run): Value {
  const [separator = ", "] = bind("joiner", given, ["sep"]);
  let isFirst = true;
  return new PyFunction("joiner", () => {
    const text = isFirst ? "" : toText(separator, run);
    isFirst = false;
    return text;
  });
}

/** What every template can call: Jinja's own, and transformers' `raise_exception`. */
export const globals: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    range,
    dict: (given: Arguments, run: Run) => entriesOf("dict", given, run),
    namespace: (given: Arguments, run: Run) => {
      const entries = Array.from(entriesOf("namespace", given, run).entries());
      return new PyNamespace(new Map(entries.map(([key, value]) => [toText(key, run), value] as const)));
    },
    cycler: (given: Arguments) => new Cycler(given.positional),
    joiner,
    raise_exception: (given: Arguments, run: Run): never => {
      throw new TemplateRaised(
        textArgument("raise_exception", bind("raise_exception", given, ["message"], 1)[0], run),
      );
    },
  }).map(([name, call]) => [name, new PyFunction(name, call)] as const),
);
