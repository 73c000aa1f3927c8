/** Adds colour codes to a text, or leaves it as it is. */
export interface Style {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  inverse(text: string): string;
}

/** Colour is for terminals, unless NO_COLOR (no-color.org) is set; FORCE_COLOR turns it on everywhere. */
export function styleFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return createStyle(false);
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0") return createStyle(true);
  return createStyle(stream.isTTY === true && env.TERM !== "dumb");
}

export function createStyle(enabled: boolean): Style {
  const code = (open: number, close: number) => (text: string) =>
    enabled && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    enabled,
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    inverse: code(7, 27),
  };
}
