import { TemplateRuntimeError } from "../errors.ts";
import { equals } from "../values/compare.ts";
import type { Run } from "../values/values.ts";
import { type Arguments, PyAttributes, PyFunction, type Value } from "../values/values.ts";

/** The `loop` of a for loop. Items are asked for one by one, further ahead only when the template asks. */
export class Loop extends PyAttributes {
  override readonly typeName = "LoopContext";
  readonly #run: Run;
  readonly #items: Iterator<Value>;
  readonly #ahead: Value[] = [];
  readonly #depth: number;
  #count: number | undefined;
  #index = -1;
  #current: Value | undefined;
  #previous: Value | undefined;
  #changed: readonly Value[] | undefined;

  /** `count`: how many items there are, where that is known. `recurse`: the loop's body over other items. */
  constructor(
    items: Iterator<Value>,
    count: number | undefined,
    depth: number,
    run: Run,
    recurse: (over: Value, depth: number) => Value,
  ) {
    super("loop", ({ positional }: Arguments) => {
      if (positional.length !== 1)
        throw new TemplateRuntimeError(
          `loop: expected what to go through, got ${positional.length} arguments`,
        );
      return recurse(positional[0]!, depth + 1);
    });
    this.#items = items;
    this.#count = count;
    this.#depth = depth;
    this.#run = run;
  }

  next(): Value | undefined {
    if (!this.#look(1)) return undefined;
    this.#previous = this.#current;
    this.#current = this.#ahead.shift()!;
    this.#index++;
    return this.#current;
  }

  /** Whether there are so many items after the current one. */
  #look(count: number): boolean {
    while (this.#ahead.length < count) {
      const { done, value } = this.#items.next();
      if (done) return false;
      this.#ahead.push(value);
    }
    return true;
  }

  #length(): number {
    if (this.#count === undefined) {
      while (this.#look(this.#ahead.length + 1));
      this.#count = this.#index + 1 + this.#ahead.length;
    }
    return this.#count;
  }

  attribute(name: string): Value | undefined {
    switch (name) {
      case "index":
        return this.#index + 1;
      case "index0":
        return this.#index;
      case "first":
        return this.#index === 0;
      case "last":
        return !this.#look(1);
      case "length":
        return this.#length();
      case "revindex":
        return this.#length() - this.#index;
      case "revindex0":
        return this.#length() - this.#index - 1;
      case "previtem":
        return this.#index === 0 ? this.#run.undefined("there is no previous item") : this.#previous;
      case "nextitem":
        return this.#look(1) ? this.#ahead[0]! : this.#run.undefined("there is no next item");
      case "depth":
        return this.#depth + 1;
      case "depth0":
        return this.#depth;
      case "cycle":
        return new PyFunction("cycle", ({ positional }) => {
          if (positional.length === 0)
            throw new TemplateRuntimeError("cycle: expected items to go round, got none");
          return positional[this.#index % positional.length]!;
        });
      case "changed":
        return new PyFunction("changed", ({ positional }) => {
          const before = this.#changed;
          this.#changed = positional;
          return before === undefined || !equals(before, positional, this.#run);
        });
      default:
        return undefined;
    }
  }
}
