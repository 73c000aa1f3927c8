/**
 * The speed of something that is counted, from what was done recently: stable during bursts, but quick to
 * follow a change. Pure: the time is passed in.
 */
export interface Meter {
  readonly samples: readonly MeterSample[];
}

interface MeterSample {
  atMs: number;
  done: number;
}

/** Older samples are dropped … */
const windowMs = 30_000;
/** … but slow work keeps at least this many. */
const minSamples = 6;
/** Counts that arrive faster than this are merged into one sample. */
const spacingMs = 250;
/** A rate over less time than this is only noise. */
const minSpanMs = 500;

export const emptyMeter: Meter = { samples: [] };

/** The meter when `done` units in all are done at `atMs`. Starts again when the count goes back. */
export function addSample(meter: Meter, done: number, atMs: number): Meter {
  const last = meter.samples.at(-1);
  if (last && done < last.done) return { samples: [{ atMs, done }] };
  const before = meter.samples.at(-2);
  const kept =
    last && before && last.atMs - before.atMs < spacingMs ? meter.samples.slice(0, -1) : meter.samples;
  const samples = [...kept, { atMs, done }];
  const oldest = samples.findIndex((sample) => sample.atMs >= atMs - windowMs);
  return { samples: samples.slice(Math.max(0, Math.min(oldest, samples.length - minSamples))) };
}

/** Units per second; null while it is not known. */
export function ratePerSecond({ samples }: Meter): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs - first.atMs < minSpanMs || last.done === first.done) return null;
  return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
}

/**
 * The time until `total` units are done at the present speed, counting down between samples; null while it is
 * not known.
 */
export function remainingMs(meter: Meter, total: number, nowMs: number): number | null {
  const rate = ratePerSecond(meter);
  const last = meter.samples.at(-1);
  if (rate === null || !last || total <= 0) return null;
  return Math.max(0, ((total - last.done) / rate) * 1000 - (nowMs - last.atMs));
}
