/** Eight dots per character: Unicode's braille block, 2 dots wide and 4 high. */
export interface Canvas {
  /** In characters. */
  readonly width: number;
  readonly height: number;
  /** One byte of dots for each character, row by row. */
  readonly cells: Uint8Array;
}

/** The bit of each dot, `[y][x]` within a character (Unicode 16, chapter 21.1). */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, cells: new Uint8Array(width * height) };
}

/** Sets the dot at `x` in [0, 2·width), `y` in [0, 4·height) from the top. Ignores dots outside. */
export function setDot(canvas: Canvas, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= canvas.width * 2 || y >= canvas.height * 4) return;
  const cell = (y >> 2) * canvas.width + (x >> 1);
  canvas.cells[cell]! |= dotBits[y & 3]![x & 1]!;
}

/** A straight line of dots between two points, both included (Bresenham). */
export function drawLine(canvas: Canvas, x0: number, y0: number, x1: number, y1: number): void {
  const [dx, dy] = [Math.abs(x1 - x0), -Math.abs(y1 - y0)];
  const [sx, sy] = [x0 < x1 ? 1 : -1, y0 < y1 ? 1 : -1];
  let [x, y, error] = [x0, y0, dx + dy];
  for (;;) {
    setDot(canvas, x, y);
    if (x === x1 && y === y1) return;
    const twice = 2 * error;
    if (twice >= dy) {
      error += dy;
      x += sx;
    }
    if (twice <= dx) {
      error += dx;
      y += sy;
    }
  }
}

/** One row of characters. A character without dots is a space. */
export function rowText(canvas: Canvas, row: number): string {
  const cells = canvas.cells.subarray(row * canvas.width, (row + 1) * canvas.width);
  return Array.from(cells, (bits) => (bits === 0 ? " " : String.fromCodePoint(0x2800 + bits))).join("");
}
