import { Option } from "commander";
import { deviceChoices } from "../../contracts/devices.ts";

export function deviceOption(): Option {
  return new Option(
    "--device <name>",
    "where to compute; auto: a GPU that is faster than the CPU, else the CPU",
  ).choices(deviceChoices);
}
