import { Option } from "commander";
import type { DeviceSpec } from "../contracts/recipe.ts";

/**
 * Listed here so that `--help` need not load the engine; a test compares them with the catalog of devices.
 */
export const deviceChoices = [
  "auto",
  "cpu",
  "cuda",
  "tfjs",
  "webgpu",
] as const satisfies readonly DeviceSpec[];

export function deviceOption(): Option {
  return new Option(
    "--device <name>",
    "where to compute; auto: a GPU that is faster than the CPU, else the CPU",
  ).choices(deviceChoices);
}
