import type { Device } from "../../engine/device.ts";
import { Graph } from "../../engine/graph.ts";
import { rmsNorm } from "../../engine/ops/rms-norm.ts";
import { compile, type Program } from "../../engine/program.ts";
import type { ZebraConfig } from "../config/config.ts";
import type { Network } from "../network.ts";
import { byColumn, defineAfter, defineBefore, type Training } from "./layer.ts";

/** What the tokens of a step of decoding go through: see `LayerPrograms` and `HeadPrograms`. */
export interface FewPrograms {
  before: Program;
  after: Program;
  logits: Program;
}

/** Rows up to which products by column win: a sixth to a quarter of a step's time from 2 to 32; one row loses. */
const mostRows = 32;

export async function compileFew(
  device: Device,
  config: ZebraConfig,
  training: Training,
  isJoined: boolean,
): Promise<FewPrograms> {
  const before = defineBefore(new Graph(), config, training, byColumn, isJoined);
  const after = defineAfter(new Graph(), config, training, byColumn, isJoined);
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

/** The programs for so many rows of new tokens. */
export function programsFor({ few, layer, head }: Network, rows: number): FewPrograms {
  if (few && rows > 1 && rows <= mostRows) return few;
  return { before: layer.before.forward, after: layer.after.forward, logits: head.logits };
}
