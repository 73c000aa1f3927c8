type Write = NodeJS.WriteStream["write"];

/**
 * Holds back what anything else writes to these streams while the screen is up, which would be drawn over it
 * and then be gone with it, and Node's own warnings. What is returned gives the streams back and writes, in
 * order, what was held.
 */
export function holdOutput(streams: readonly NodeJS.WriteStream[]): () => void {
  const held: (() => void)[] = [];
  const undo: (() => void)[] = [];
  for (const stream of streams) {
    const own = Object.getOwnPropertyDescriptor(stream, "write");
    const write = stream.write;
    const hold = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const encoding = rest.find((one) => typeof one === "string");
      held.push(() => Reflect.apply(write, stream, encoding ? [chunk, encoding] : [chunk]));
      const done = rest.find((one) => typeof one === "function");
      if (done) process.nextTick(() => Reflect.apply(done, undefined, []));
      return true;
    };
    stream.write = hold as Write;
    undo.push(() => {
      if (own) Object.defineProperty(stream, "write", own);
      else Reflect.deleteProperty(stream, "write");
    });
  }
  undo.push(holdWarnings((text) => streams.at(-1)?.write(text)));
  return () => {
    for (const one of undo.splice(0)) one();
    for (const one of held.splice(0)) one();
  };
}

/** Node writes its warnings past the streams, unless it was told to write none. */
function holdWarnings(write: (text: string) => void): () => void {
  const theirs = process.listeners("warning");
  if (theirs.length === 0) return () => {};
  const ours = ({ name, message }: Error) => write(`(node) ${name}: ${message}\n`);
  process.removeAllListeners("warning").on("warning", ours);
  return () => {
    process.off("warning", ours);
    for (const one of theirs) process.on("warning", one);
  };
}
