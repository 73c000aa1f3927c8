import type { Device } from "../../engine/device.ts";
import { gradients } from "../../engine/graph/autodiff.ts";
import { Graph } from "../../engine/graph/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { logSoftmax } from "../../engine/ops/log-softmax.ts";
import { matmul } from "../../engine/ops/matmul.ts";
import { scale } from "../../engine/ops/mul.ts";
import { pick } from "../../engine/ops/pick.ts";
import { reduceMax } from "../../engine/ops/reduce-max.ts";
import { rmsNorm } from "../../engine/ops/rms-norm.ts";
import { sub } from "../../engine/ops/sub.ts";
import { compile, type Program } from "../../engine/program.ts";
import type { ZebraConfig } from "../config/config.ts";

/** The last norm and the vocabulary, over M rows of the residual stream. Shapes: see network.ts. */
export interface HeadPrograms {
  /** x [M, D], norm [D], head [V, D] → logits [M, V]. */
  logits: Program;
  /** As `logits`, with targets int32 [M, 1] → nll [M, 1] in nats. */
  nll: Program;
  /** As `nll` → nll, and lead [M, 1]: how far below the likeliest token's log-probability the target's is. */
  scores: Program;
  /**
   * As `nll`, with weights [M, 1] → nll, and grad.x [M, D] of Σ weight · nll. Where the head is trained, it
   * also adds the gradients of norm and head to `g.norm` [D] and `g.head` [V, D] → s.norm, s.head.
   */
  train: Program;
}

export async function compileHead(
  device: Device,
  config: ZebraConfig,
  isTrained: boolean,
): Promise<HeadPrograms> {
  const graph = new Graph();
  const x = graph.input("x", ["M", config.hidden_size]);
  const targets = graph.input("targets", ["M", 1], "int32");
  const weights = graph.input("weights", ["M", 1]);
  const norm = graph.input("norm", [config.hidden_size]);
  const head = graph.input("head", [config.vocab_size, config.hidden_size]);
  const logits = matmul(rmsNorm(x, norm, config.rms_norm_eps), head, { transB: true }); // [M, V]
  const logProbs = logSoftmax(logits);
  const nll = scale(pick(logProbs, targets), -1); // [M, 1]
  const lead = sub(reduceMax(logProbs, 1), pick(logProbs, targets)); // [M, 1]
  // The cotangent of nll is its weight; the loss itself is summed on the host in float64.
  const [dx, dNorm, dHead] = gradients([[nll, weights]], [x, norm, head]);
  return {
    logits: await compile(device, "logits", { logits }),
    nll: await compile(device, "token nll", { nll }),
    scores: await compile(device, "token scores", { nll, lead }),
    train: await compile(device, "head backward", {
      nll,
      "grad.x": dx!,
      ...(isTrained
        ? {
            "s.norm": add(graph.input("g.norm", norm.shape), dNorm!),
            "s.head": add(graph.input("g.head", head.shape), dHead!),
          }
        : {}),
    }),
  };
}
