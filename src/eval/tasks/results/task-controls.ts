import { wilsonInterval95 } from "../../statistics/wilson.ts";
import type { TaskControls, TaskFigure, TaskSample } from "./task-results.ts";

/** Of multiple choice with one right choice by its place; undefined for anything else. */
export function taskControls(samples: readonly TaskSample[]): TaskControls | undefined {
  const [first] = samples;
  const rows = samples.filter(({ filter, error }) => filter === first?.filter && error === undefined);
  const positions: TaskControls["positions"] = [];
  const at = (place: number) => {
    positions[place] ??= { position: place + 1, n: 0, right: 0, chosen: 0 };
    return positions[place]!;
  };
  let n = 0;
  for (const { target, filtered_resps: pairs } of rows) {
    if (typeof target !== "number" || pairs.length < 2 || target < 0 || target >= pairs.length) continue;
    const values = pairs.map((pair) => (Array.isArray(pair) ? Number(pair[0]) : Number.NaN));
    const chosen = values.indexOf(Math.max(...values));
    for (let place = 0; place < pairs.length; place++) at(place);
    n++;
    at(target).n++;
    if (chosen === target) at(target).right++;
    if (chosen >= 0) at(chosen).chosen++;
  }
  if (n === 0) return undefined;
  const most = positions.reduce((best, one) => (one.n > best.n ? one : best));
  return { majority: { position: most.position, value: most.n / n, n }, positions };
}

/** From so many rows on, what all of them have in common says something. */
const leastRows = 10;

/** What these say against the task's accuracy. */
export function controlDoubts(
  controls: TaskControls | undefined,
  figures: Readonly<Record<string, TaskFigure>>,
): string[] {
  if (!controls || controls.majority.n < leastRows) return [];
  const { majority, positions } = controls;
  const { n, value: share } = majority;
  const doubts: string[] = [];
  const acc = Object.values(figures).find(({ metric }) => metric === "acc");
  if (acc && wilsonInterval95(Math.round(acc.value * n), n)[0] <= share)
    doubts.push(
      `always choice ${majority.position} would have ${percent(share)} right: acc, ${percent(acc.value)}, is not ` +
        "surely better",
    );
  const [most] = positions.toSorted((a, b) => b.chosen - a.chosen);
  if (wilsonInterval95(most!.chosen, n)[0] > most!.n / n + 0.1)
    doubts.push(
      `${percent(most!.chosen / n)} of the likeliest choices are number ${most!.position}, ` +
        `${percent(most!.n / n)} of the right ones`,
    );
  return doubts;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
