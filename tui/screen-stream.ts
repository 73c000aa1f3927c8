import { isUtf8, toAscii } from "../src/ascii.ts";

const enterAlternate = "\u001b[?1049h";
const home = "\u001b[H";

/**
 * The terminal as the screen writes to it: in ASCII where the locale cannot show more, and from the first row
 * on. Terminals keep the cursor's row when they change to the alternate screen, so the frame would begin
 * somewhere in the middle and move up as it grows.
 */
export function screenStream(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): NodeJS.WriteStream {
  const isAscii = !isUtf8(env);
  // That of now: what others write later may be held back.
  const { write: writeOut } = stream;
  const shown = (text: string) => {
    const placed = text.replaceAll(enterAlternate, enterAlternate + home);
    return isAscii ? toAscii(placed) : placed;
  };
  const write = (chunk: unknown, ...rest: unknown[]): boolean =>
    Reflect.apply(writeOut, stream, [typeof chunk === "string" ? shown(chunk) : chunk, ...rest]);
  return new Proxy(stream, {
    get(target, name) {
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
