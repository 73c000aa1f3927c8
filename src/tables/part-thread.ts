import { parentPort } from "node:worker_threads";
import type { ColumnBatch } from "./column-batch.ts";
import { createPart, type TablePart } from "./part.ts";

/**
 * What this thread is sent: the columns in SQL, which begin a part; rows of it; or the path it goes to, which
 * ends it.
 */
export type TableMessage = { part: number } & (
  | { definitions: string }
  | { batch: ColumnBatch }
  | { path: string }
);

/** The part is written, or `error` says why not. */
export interface TableReply {
  part: number;
  error?: unknown;
}

type OpenPart = TablePart & Disposable;

const port = parentPort;
if (port) {
  const parts = new Map<number, Promise<OpenPart>>();
  /** An error is reported when the part is to be written; until then it counts as handled. */
  const keep = (part: number, made: Promise<OpenPart>): void => {
    parts.set(part, made);
    made.catch(() => {});
  };
  const write = async (made: Promise<OpenPart>, path: string): Promise<void> => {
    using part = await made;
    await part.write(path);
  };
  port.on("message", (message: TableMessage) => {
    const { part } = message;
    if ("definitions" in message) return keep(part, createPart(message.definitions));
    const made = parts.get(part)!;
    if ("batch" in message) {
      const appended = async (): Promise<OpenPart> => {
        const open = await made;
        open.append(message.batch);
        return open;
      };
      return keep(part, appended());
    }
    parts.delete(part);
    const reply = (error?: unknown) => port.postMessage({ part, error } satisfies TableReply);
    // DuckDB writes it while the next part is built.
    write(made, message.path).then(() => reply(), reply);
  });
}
