/**
 * Speed of something counted, from what was done in the last while: steady against bursts, quick to follow a
 * change. Pure: the clock is given.
 */
export interface Meter {
  readonly samples: readonly MeterSample[];
}

interface MeterSample {
  atMs: number;
  done: number;
}

/** Older samples are forgotten … */
const windowMs = 30_000;
/** … but slow work keeps at least so many. */
const minSamples = 6;
/** Counts that come faster than this are merged into one sample. */
const spacingMs = 250;
/** Over less time than this a rate is noise. */
const minSpanMs = 500;

export const emptyMeter: Meter = { samples: [] };

/** The meter after `done` units in all at `atMs`. Starts again when the count goes back. */
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

/** Units a second, null while not known. */
export function ratePerSecond({ samples }: Meter): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs - first.atMs < minSpanMs || last.done === first.done) return null;
  return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
}

/** Time until `total` units at the present speed, counted down between samples; null while not known. */
export function remainingMs(meter: Meter, total: number, nowMs: number): number | null {
  const rate = ratePerSecond(meter);
  const last = meter.samples.at(-1);
  if (rate === null || !last || total <= 0) return null;
  return Math.max(0, ((total - last.done) / rate) * 1000 - (nowMs - last.atMs));
}
