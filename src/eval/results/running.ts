import type { Emit, EventOf, RunningScore } from "../../contracts/events.ts";
import type { Asking, Score } from "../benchmark.ts";
import { wilsonInterval95 } from "../statistics/wilson.ts";
import type { SampleLine } from "./samples.ts";

/** Tells of a benchmark while it is asked: counts, and its headline figure over the items so far. */
export interface Running {
  /**
   * `isKnown`: an earlier evaluation has asked it. `asking`: where it was not known before the first item
   * that did not fail.
   */
  add(line: SampleLine, isKnown: boolean, asking?: Headlined): void;
  /** Tells what there is now, whenever it was told last. */
  tell(): void;
}

type Headlined = Pick<Asking, "headline" | "metrics">;

export interface RunningOptions {
  emit: Emit;
  model: string;
  benchmark: string;
  /** Items. */
  total: number;
  /** Absent where figures are not sums over items. */
  asking?: Headlined;
  /** A clock in milliseconds. */
  nowMs?: () => number;
}

/** Who watches sees no more, and a log of events stays short. */
const tellEveryMs = 250;

/** Keeps sums, not items, so that an evaluation of any length takes the same memory. */
export function createRunning(options: RunningOptions): Running {
  const { emit, model, benchmark, total, nowMs = () => performance.now() } = options;
  const counts = { done: 0, known: 0, failed: 0, cut: 0, tokens: 0 };
  let mean = options.asking && runningMean(options.asking);
  let toldMs = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    toldMs = nowMs();
    const score = mean?.score();
    const event: EventOf<"eval.running"> = {
      type: "eval.running",
      ...{ model, benchmark, total },
      ...counts,
      ...(score && { score }),
    };
    emit(event);
  };
  tell();
  return {
    tell,
    add(line, isKnown, asking) {
      mean ??= asking && runningMean(asking);
      counts.done++;
      if (isKnown) counts.known++;
      if (line.shortened) counts.cut++;
      if ("error" in line) counts.failed++;
      else {
        if (!isKnown) counts.tokens += line.tokens;
        mean?.add(line.scores);
      }
      if (nowMs() - toldMs >= tellEveryMs) tell();
    },
  };
}

/** The headline over the scores so far, from sums alone. */
export function runningMean({ headline: { metric }, metrics }: Headlined): {
  add(scores: readonly Score[]): void;
  score(): RunningScore | undefined;
} {
  const { better, derived } = metrics[metric] ?? { better: "higher" as const };
  const of = derived?.of ?? ((value: number) => value);
  let [n, sum, weight, sumSquares, products, weightSquares] = [0, 0, 0, 0, 0, 0];
  let isShare = derived === undefined;
  return {
    add(scores) {
      const score = scores.find((one) => one.slice === "" && one.metric === (derived?.from ?? metric));
      if (!score) return;
      n++;
      sum += score.sum;
      weight += score.weight;
      sumSquares += score.sum ** 2;
      products += score.sum * score.weight;
      weightSquares += score.weight ** 2;
      isShare &&= score.weight === 1 && (score.sum === 0 || score.sum === 1);
    },
    score() {
      if (!(weight > 0)) return undefined;
      const value = sum / weight;
      const base = { metric, better, value: of(value) };
      if (isShare) {
        const [low, high] = wilsonInterval95(sum, n);
        // At the ends rounding leaves a little.
        return { ...base, low: sum === 0 ? 0 : low, high: sum === n ? 1 : high };
      }
      if (n < 2) return base;
      // The error of a ratio of sums (Cochran 1977, 6.4); where every weight is 1 that of a mean.
      const squares = sumSquares - 2 * value * products + value ** 2 * weightSquares;
      const error = Math.sqrt((Math.max(0, squares) * n) / (n - 1)) / weight;
      const ends = [of(value - z * error), of(value + z * error)].sort((a, b) => a - b);
      return { ...base, low: ends[0]!, high: ends[1]! };
    },
  };
}

/** The normal distribution's 97.5 % point. */
const z = 1.959_963_984_540_054;
