import type { ZebraConfig } from "../../model/config/config.ts";
import { layerMatrices, parameterCount } from "../../model/cost.ts";
import type { Training } from "../../model/layers/layer.ts";
import { layerWeightShape } from "../../model/weights.ts";
import { areaOf, type Calibration, type LayerRates } from "./calibrate.ts";

/** What a forecast needs to know of one pack. */
export interface PackShape {
  segments: readonly number[];
  supervisedTokens: number;
}

/** Seconds of one pack's forward and backward pass. */
export function packSeconds(calibration: Calibration, config: ZebraConfig, pack: PackShape): number {
  return (
    layersSeconds(calibration.training, config, pack.segments) +
    calibration.headTraining * pack.supervisedTokens +
    calibration.pack
  );
}

/** Seconds of one pack's forward pass: validation. */
export function scoreSeconds(calibration: Calibration, config: ZebraConfig, pack: PackShape): number {
  return (
    layersSeconds(calibration.forward, config, pack.segments) +
    calibration.headForward * pack.supervisedTokens
  );
}

/**
 * What comes after attention in the last layer is left out: it runs on the head's rows only and counts there.
 */
function layersSeconds(rates: LayerRates, config: ZebraConfig, segments: readonly number[]): number {
  const tokens = segments.reduce((a, b) => a + b, 0);
  const { all, after } = layerMatrices(config);
  return config.layer_types.reduce(
    (sum, type) => sum + rates.token * tokens + rates.score[type] * areaOf(config, type, segments),
    -rates.token * tokens * (after / all),
  );
}

/** Parameters that a training changes. */
export function trainedParameters(config: ZebraConfig, training: Training): number {
  if (training.kind !== "lora") return training.kind === "full" ? parameterCount(config).total : 0;
  return training.modules.reduce((sum, name) => {
    const [out, width] = layerWeightShape(config, name) as [number, number];
    return sum + config.num_hidden_layers * training.r * (out + width);
  }, 0);
}
