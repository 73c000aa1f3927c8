import { TemplateRuntimeError } from "../errors.ts";
import { PyUndefined, type Run } from "./values.ts";

/** Macros and loops that call each other this deep are a mistake or an attack. */
const maxDepth = 100;

/**
 * A rendering that may do so much work. Work is counted, not timed, so that a template that renders on one
 * machine renders on all. A unit is an evaluated expression, an element that is gone through or 16 characters
 * that are made.
 */
export function createRun(maxWork: number, isStrict: boolean, hasClassNames = false): Run {
  let work = maxWork;
  let depth = 0;
  return {
    isStrict,
    hasClassNames,
    line: 1,
    spend(units) {
      work -= units;
      if (work < 0) {
        throw new TemplateRuntimeError(
          "expected a template that ends within the work its input allows, got one that does not: it has a long " +
            "loop, or makes a long text",
        );
      }
    },
    spendText(chars) {
      this.spend(chars / 16);
    },
    enter(inside) {
      if (++depth > maxDepth)
        throw new TemplateRuntimeError(`expected calls at most ${maxDepth} deep, got deeper ones`);
      try {
        return inside();
      } finally {
        depth--;
      }
    },
    undefined: (message) => new PyUndefined(message, isStrict),
  };
}
