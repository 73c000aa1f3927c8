import { Worker } from "node:worker_threads";
import type { TablePart } from "./part.ts";
import type { TableMessage, TableReply } from "./part-thread.ts";

/** A thread that makes parts of tables; it starts with the first part. */
export interface TableWriter extends AsyncDisposable {
  /**
   * An empty part with the columns of `definitions` (SQL). What goes wrong with it is thrown when it is
   * written.
   */
  createPart(definitions: string): TablePart;
}

export function createTableWriter(): TableWriter {
  const underWay = new Map<number, { resolve(): void; reject(error: unknown): void }>();
  let worker: Worker | undefined;
  let dead: Error | undefined;
  let parts = 0;
  const fail = (error: Error): void => {
    dead ??= error;
    for (const { reject } of underWay.values()) reject(dead);
    underWay.clear();
  };
  const start = (): Worker => {
    // The compiler does not rewrite URLs: src has part-thread.ts, dist has part-thread.js.
    const file = import.meta.url.endsWith(".ts") ? "./part-thread.ts" : "./part-thread.js";
    const started = new Worker(new URL(file, import.meta.url));
    started.on("message", ({ part, error }: TableReply) => {
      const waiting = underWay.get(part);
      underWay.delete(part);
      if (error === undefined) waiting?.resolve();
      else waiting?.reject(error);
    });
    started.on("error", fail);
    started.on("exit", (code) =>
      fail(new Error(`the thread that writes tables ended with exit code ${code}`)),
    );
    return started;
  };
  return {
    createPart(definitions) {
      worker ??= start();
      const part = parts++;
      const post = (message: TableMessage): void => worker?.postMessage(message);
      post({ part, definitions });
      return {
        append: (batch) => post({ part, batch }),
        async write(path) {
          if (dead) throw dead;
          await new Promise<void>((resolve, reject) => {
            underWay.set(part, { resolve, reject });
            post({ part, path });
          });
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
    },
  };
}
