import { choice } from "../../schema.ts";
import { deviceChoices } from "../devices.ts";

/** The key `device` of the sections that compute something. */
export const deviceKey = choice(deviceChoices, {
  description: "Where it is computed. auto: a GPU that is faster than the CPU, else the CPU.",
  default: "auto",
});
