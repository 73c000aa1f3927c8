import type { Device } from "../../engine/device.ts";
import { Graph } from "../../engine/graph/graph.ts";
import { rmsNorm } from "../../engine/ops/rms-norm.ts";
import { compile, type Program } from "../../engine/program.ts";
import type { HeadPrograms } from "./head.ts";
import { byColumn, defineAfter, defineBefore, type LayerForm, type LayerPrograms } from "./layer.ts";

/**
 * What the new tokens of a step of generation go through: shapes as in `LayerPrograms` and `HeadPrograms`.
 */
export interface FewPrograms {
  before: Program;
  after: Program;
  logits: Program;
}

/**
 * Rows up to which products by column are faster: from 2 to 32 rows they save a sixth to a quarter of a
 * step's time. With one row they are slower.
 */
const mostRows = 32;

/** The programs for few rows. The form's `product` is `byColumn` here, whatever it says. */
export async function compileFew(device: Device, given: LayerForm): Promise<FewPrograms> {
  const form = { ...given, product: byColumn };
  const { config } = form;
  const before = defineBefore(new Graph(), form);
  const after = defineAfter(new Graph(), form);
  const graph = new Graph();
  const x = graph.input("x", ["M", config.hidden_size]);
  const norm = graph.input("norm", [config.hidden_size]);
  const head = graph.input("head", [config.vocab_size, config.hidden_size]);
  const logits = byColumn(rmsNorm(x, norm, config.rms_norm_eps), head); // [M, V]
  return {
    before: await compile(device, "few rows before attention", before.outputs),
    after: await compile(device, "few rows after attention", after.outputs),
    logits: await compile(device, "logits of few rows", { logits }),
  };
}

/** A model's programs for few rows (null where they gain nothing) and for many. */
interface RowPrograms {
  few: FewPrograms | null;
  layer: LayerPrograms;
  head: HeadPrograms;
}

/** The programs for this many rows of new tokens. */
export function programsFor({ few, layer, head }: RowPrograms, rows: number): FewPrograms {
  if (few && rows > 1 && rows <= mostRows) return few;
  return { before: layer.before.forward, after: layer.after.forward, logits: head.logits };
}
