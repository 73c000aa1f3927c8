import type { EventOf, RunEvent, SourceLoss } from "../../../contracts/events.ts";
import { type Line, lineChart } from "../charts/line-chart.ts";

/** At most so many points are drawn of a line. */
const mostPoints = 600;

/** Losses while training: raw and smoothed, on held-out examples, and by dataset. */
export function training(events: readonly RunEvent[]): string {
  const steps = events.filter((event): event is EventOf<"train.step"> => event.type === "train.step");
  const validations = events.filter(
    (event): event is EventOf<"train.validation"> => event.type === "train.validation",
  );
  const raw = steps.map(({ step, lossNatsPerToken, supervisedTokens }) => ({
    ...{ step, nats: lossNatsPerToken * supervisedTokens, supervisedTokens },
  }));
  const whole: Line[] = [
    {
      ...{ name: "each step", look: "faint", colour: 1 },
      points: thinned(steps.map(({ step, lossNatsPerToken }) => ({ x: step, y: lossNatsPerToken }))),
    },
    { name: "training, smoothed", points: smoothed(raw), colour: 1 },
    {
      ...{ name: "held-out examples", look: "dots", colour: 2 },
      points: validations.map(({ step, lossNatsPerToken }) => ({ x: step, y: lossNatsPerToken })),
    },
  ];
  const axes = { x: "step", y: "nats per token, lower is better" };
  const names = sourcesOf([...steps, ...validations]);
  const bySource = (title: string, lines: Line[]): string =>
    names.length < 2 ? "" : lineChart(lines, { ...axes, title });
  const charts = [
    lineChart(whole, { ...axes, title: "Loss" }),
    bySource(
      "Training loss by dataset, smoothed",
      names.map((name) => ({ name, points: smoothed(sumsOf(steps, name)) })),
    ),
    bySource(
      "Loss on held-out examples by dataset",
      names.map((name) => ({
        ...{ name, look: "dots" },
        points: sumsOf(validations, name).map(({ step, nats, supervisedTokens }) => ({
          ...{ x: step, y: nats / supervisedTokens },
        })),
      })),
    ),
  ].filter(Boolean);
  return charts.length === 0 ? "" : `<div class="charts">${charts.join("")}</div>`;
}

interface StepSum {
  step: number;
  nats: number;
  supervisedTokens: number;
}

interface BySource {
  step: number;
  lossBySource?: Record<string, SourceLoss>;
}

function sourcesOf(events: readonly BySource[]): string[] {
  return [...new Set(events.flatMap(({ lossBySource }) => Object.keys(lossBySource ?? {})))].toSorted();
}

function sumsOf(events: readonly BySource[], name: string): StepSum[] {
  return events.flatMap(({ step, lossBySource }) => {
    const own = lossBySource?.[name];
    if (own === undefined || own.supervisedTokens === 0) return [];
    const { lossNatsPerToken, supervisedTokens } = own;
    return [{ step, nats: lossNatsPerToken * supervisedTokens, supervisedTokens }];
  });
}

/**
 * The mean loss of the tokens around each step, those of near steps counting more: steps have few tokens
 * under loss, and some far fewer than others.
 */
export function smoothed(sums: readonly StepSum[]): { x: number; y: number }[] {
  const keep = 1 - Math.min(0.5, 8 / Math.max(1, sums.length));
  const forth = decayed(sums, keep);
  const back = decayed(sums.toReversed(), keep).toReversed();
  return thinned(
    sums.map(({ step, nats, supervisedTokens }, i) => {
      // The step itself is in both sums.
      const tokens = forth[i]!.tokens + back[i]!.tokens - supervisedTokens;
      return { x: step, y: (forth[i]!.nats + back[i]!.nats - nats) / tokens };
    }),
  );
}

function decayed(sums: readonly StepSum[], keep: number): { nats: number; tokens: number }[] {
  let [nats, tokens] = [0, 0];
  return sums.map((one) => {
    nats = keep * nats + one.nats;
    tokens = keep * tokens + one.supervisedTokens;
    return { nats, tokens };
  });
}

function thinned<T>(points: readonly T[]): T[] {
  const stride = Math.ceil(points.length / mostPoints);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}
