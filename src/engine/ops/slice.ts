import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { type Dim, showShape } from "../graph/shape.ts";
import { concat } from "./concat.ts";
import { mul } from "./mul.ts";

type SliceAttributes = { axis: number; start: number; end: number };

/**
 * Elements [start, end) of an axis. Negative numbers count from its end, and `end` 0 is the end itself. A
 * symbolic size "S+n" is at least n, so `start` and `end` are at most n from either side.
 */
export const sliceOp: Op<SliceAttributes> = {
  name: "slice",
  infer: ([x], { axis, start, end }) => {
    const dim = sliced(x!.shape[axis]!, start, end);
    if (dim === undefined) {
      throw new ShapeError(
        `slice: expected ${start} to ${end} within axis ${axis}, got ${showShape(x!.shape)}`,
      );
    }
    return [{ dtype: x!.dtype, shape: x!.shape.with(axis, dim) }];
  },
  emit: (emitter, { inputs: [x], outputs: [y], attributes: { axis, start, end } }) => {
    const bounds = [[start], [end === 0 ? Number.MAX_SAFE_INTEGER : end], [axis]];
    const names = bounds.map((bound) => emitter.int64s(bound));
    emitter.node("Slice", [emitter.name(x!), ...names], [emitter.name(y!)]);
  },
  // x̄ is ȳ with zeros around it
  vjp: ({ inputs: [x], attributes: { axis, start, end } }, [dy]) => {
    const dim = x!.shape[axis]!;
    const from = start < 0 && typeof dim === "number" ? dim + start : start;
    const to = end > 0 && typeof dim === "number" ? end - dim : end;
    const zeros = (a: number, b: number) => mul(slice(x!, axis, a, b), x!.graph.constant(0));
    const around = [...(from === 0 ? [] : [zeros(0, from)]), dy!, ...(to === 0 ? [] : [zeros(to, 0)])];
    return [concat(around, axis)];
  },
  cheap: true,
  samples: [
    { inputs: [{ shape: [2, 5] }], attributes: { axis: 1, start: 1, end: 4 } },
    { inputs: [{ shape: [2, 5] }], attributes: { axis: 1, start: -3, end: 0 } },
    { inputs: [{ shape: [4, 2] }], attributes: { axis: 0, start: 0, end: -1 } },
  ],
};

/** The size of a slice; undefined where it is not within the axis, or not known to be. */
function sliced(dim: Dim, start: number, end: number): Dim | undefined {
  if (typeof dim === "number") {
    const [from, to] = [start < 0 ? dim + start : start, end <= 0 ? dim + end : end];
    return 0 <= from && from < to && to <= dim ? to - from : undefined;
  }
  const [symbol, added = "0"] = dim.split("+");
  const known = Number(added);
  if (start < 0) return start < end && end <= 0 && -start <= known ? end - start : undefined;
  if (end > 0) return start < end && end <= known ? end - start : undefined;
  const rest = known - start + end;
  if (rest < 0) return undefined;
  return rest === 0 ? symbol : `${symbol}+${rest}`;
}

/** Throws ShapeError for what is not within the axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  return apply1(sliceOp, [x], { axis, start, end });
}
