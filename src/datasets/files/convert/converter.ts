import { Worker } from "node:worker_threads";
import type { Converted, ConvertedKind, ConvertRequest } from "./converted.ts";

/** Makes text of files in a thread, which starts with the first file. */
export interface Converter extends AsyncDisposable {
  /** Never throws for what is in a file: one that cannot be read is dropped, with the reason. */
  convert(kind: ConvertedKind, bytes: Uint8Array): Promise<Converted>;
}

/** A file that takes longer or more memory is broken or meant to do harm. */
const defaults = { maxSeconds: 60, maxMemoryMb: 1024 };

export function createConverter(limits: Partial<typeof defaults> = {}): Converter {
  const { maxSeconds, maxMemoryMb } = { ...defaults, ...limits };
  let worker: Worker | undefined;
  const start = (): Worker => {
    // The compiler does not rewrite URLs: src has convert-thread.ts, dist has convert-thread.js.
    const file = import.meta.url.endsWith(".ts") ? "./convert-thread.ts" : "./convert-thread.js";
    const resourceLimits = { maxOldGenerationSizeMb: maxMemoryMb };
    // What libraries print about a file is no output of ours.
    return new Worker(new URL(file, import.meta.url), { resourceLimits, stdout: true, stderr: true });
  };
  const end = async (): Promise<void> => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  return {
    async convert(kind, bytes) {
      worker ??= start();
      const result = await answer(worker, { kind, bytes }, maxSeconds);
      if ("text" in result || "dropped" in result) return result;
      await end();
      const detail = { timeout: `took over ${maxSeconds} s, the limit`, died: result.died ?? "" }[result.end];
      return { dropped: { reason: result.end === "timeout" ? "conversion_timeout" : "broken_file", detail } };
    },
    [Symbol.asyncDispose]: end,
  };
}

type Answer = Converted | { end: "timeout" | "died"; died?: string };

function answer(worker: Worker, request: ConvertRequest, maxSeconds: number): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (result: Answer): void => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", onError);
      resolve(result);
    };
    const onError = (error: Error): void =>
      settle({ end: "died", died: `ended the reader: ${error.message}` });
    const timer = setTimeout(() => settle({ end: "timeout" }), maxSeconds * 1000);
    worker.on("message", settle).on("error", onError);
    worker.postMessage(request);
  });
}
