import { deviceChoices } from "../../contracts/devices.ts";
import type { Check } from "./doctor-checks.ts";

/** The CPU is checked with the engine. The other devices are optional, and each is reported. */
const optional = deviceChoices.filter((name) => name !== "auto" && name !== "cpu");

/** Whether each device can be used here, how fast it is, and what to do where it cannot. */
export const deviceChecks: readonly Check[] = optional.map((name) => ({
  name,
  remedy: "",
  async run() {
    const { probeDevice } = await import("../../engine/choice/probe.ts");
    const probe = await probeDevice(name);
    if (!probe.isUsable)
      return { state: "warn", detail: `not usable: ${probe.reason}`, advice: probe.advice };
    const rate = probe.gflopPerSecond.toFixed(1);
    return { state: "ok", detail: `a matrix product ran at ${rate} GFLOP/s`, advice: "" };
  },
}));
