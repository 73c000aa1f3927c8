import { addOp } from "./add.ts";
import { attentionOp } from "./attention.ts";
import { concatOp } from "./concat.ts";
import { expOp } from "./exp.ts";
import { expandOp } from "./expand.ts";
import { gatherRowsOp } from "./gather-rows.ts";
import { logOp } from "./log.ts";
import { logSoftmaxOp } from "./log-softmax.ts";
import { matmulOp } from "./matmul.ts";
import { mulOp } from "./mul.ts";
import { pickOp } from "./pick.ts";
import { reciprocalOp } from "./reciprocal.ts";
import { reduceMaxOp } from "./reduce-max.ts";
import { reduceMeanOp } from "./reduce-mean.ts";
import { reduceSumOp } from "./reduce-sum.ts";
import { reshapeOp } from "./reshape.ts";
import { rmsNormOp } from "./rms-norm.ts";
import { ropeOp } from "./rope.ts";
import { scatterAddRowsOp } from "./scatter-add-rows.ts";
import { sigmoidOp } from "./sigmoid.ts";
import { signOp } from "./sign.ts";
import { siluOp } from "./silu.ts";
import { sliceOp } from "./slice.ts";
import { softmaxOp } from "./softmax.ts";
import { sqrtOp } from "./sqrt.ts";
import { subOp } from "./sub.ts";
import { transposeOp } from "./transpose.ts";
import { unpickOp } from "./unpick.ts";

/** Every op, by name: one file and one line each. */
export const ops = {
  add: addOp,
  attention: attentionOp,
  concat: concatOp,
  exp: expOp,
  expand: expandOp,
  gatherRows: gatherRowsOp,
  log: logOp,
  logSoftmax: logSoftmaxOp,
  matmul: matmulOp,
  mul: mulOp,
  pick: pickOp,
  reciprocal: reciprocalOp,
  reduceMax: reduceMaxOp,
  reduceMean: reduceMeanOp,
  reduceSum: reduceSumOp,
  reshape: reshapeOp,
  rmsNorm: rmsNormOp,
  rope: ropeOp,
  scatterAddRows: scatterAddRowsOp,
  sigmoid: sigmoidOp,
  sign: signOp,
  silu: siluOp,
  slice: sliceOp,
  softmax: softmaxOp,
  sqrt: sqrtOp,
  sub: subOp,
  transpose: transposeOp,
  unpick: unpickOp,
} as const;
