import { parentPort } from "node:worker_threads";
import { messageOf } from "../../../errors.ts";
import { detail } from "../../reason.ts";
import type { Converted, ConvertRequest } from "./converted.ts";

/** The thread in which files become text, so that one that takes forever or all memory takes only this. */
parentPort?.on("message", async ({ kind, bytes }: ConvertRequest) => {
  parentPort?.postMessage(await convert(kind, bytes));
});

async function convert(kind: ConvertRequest["kind"], bytes: Uint8Array): Promise<Converted> {
  try {
    if (kind === "html") return (await import("./html-text.ts")).htmlText(bytes);
    return await (await import("./pdf-text.ts")).pdfText(bytes);
  } catch (error) {
    return {
      dropped: { reason: "broken_file", detail: detail(`no ${kind} that can be read: ${messageOf(error)}`) },
    };
  }
}
