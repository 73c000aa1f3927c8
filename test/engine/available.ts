import type { Device } from "../../src/engine/device.ts";
import { type DeviceName, openDevice } from "../../src/engine/devices/index.ts";

/** A device for tests, or the reason why there is none here, which a skipped test shows in its name. */
export type Available =
  | { name: DeviceName; device: Device; skip: false; reason: "" }
  | { name: DeviceName; device: null; skip: true; reason: string };

export async function available(name: DeviceName): Promise<Available> {
  try {
    return { name, device: await openDevice(name), skip: false, reason: "" };
  } catch (error) {
    const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { name, device: null, skip: true, reason: ` (skipped: ${text})` };
  }
}
