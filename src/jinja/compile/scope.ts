import type { Run, Value } from "../values/values.ts";

/**
 * Names that are visible at a place of a template; each loop's turn, macro call and block has its own over
 * what is around it.
 */
export class Scope {
  readonly run: Run;
  readonly root: Scope;
  readonly #parent: Scope | null;
  readonly #names: Map<string, Value>;

  constructor(run: Run, parent: Scope | null, names = new Map<string, Value>()) {
    this.run = run;
    this.#parent = parent;
    this.#names = names;
    this.root = parent?.root ?? this;
  }

  get(name: string): Value | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.#parent) {
      const value = scope.#names.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  inner(): Scope {
    return new Scope(this.run, this);
  }
}
