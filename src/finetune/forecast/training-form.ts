import type { ZebraConfig } from "../../model/config/config.ts";
import type { Training } from "../../model/layers/layer.ts";
import type { ActivationCheckpointing } from "../../model/train/backward.ts";
import type { OptimizerSettings } from "../update/settings.ts";

/** All of a training that its time and memory depend on, except its packs. */
export interface TrainingForm {
  config: ZebraConfig;
  training: Training;
  checkpointing: ActivationCheckpointing;
  optimizer: OptimizerSettings;
}
