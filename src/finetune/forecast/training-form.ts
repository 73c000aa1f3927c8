import type { ZebraConfig } from "../../model/config/config.ts";
import type { Training } from "../../model/layers/layer.ts";
import type { ActivationCheckpointing } from "../../model/train/backward.ts";
import type { OptimizerSettings } from "../update/settings.ts";

/** A training as far as its time and memory depend on it, its packs apart. */
export interface TrainingForm {
  config: ZebraConfig;
  training: Training;
  checkpointing: ActivationCheckpointing;
  optimizer: OptimizerSettings;
}
