/** SVG charts as strings: no scripts, colours by CSS variables, so that one page serves light and dark. */
export interface Line {
  name: string;
  points: { x: number; y: number }[];
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const size = { width: 640, height: 280, left: 64, right: 16, top: 26, bottom: 40 };

/** Lines over a numeric axis, with the extremes of both axes labelled. `labels` name the x values where given. */
export function lineChart(
  lines: readonly Line[],
  axes: { x: string; y: string; labels?: Record<number, string> },
): string {
  const points = lines.flatMap((line) => line.points).filter(({ y }) => Number.isFinite(y));
  if (points.length === 0) return "";
  const span = (values: number[]): [number, number] => {
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return high > low ? [low, high] : [low - 0.5, high + 0.5];
  };
  const [x0, x1] = span(points.map(({ x }) => x));
  const [y0, y1] = span(points.map(({ y }) => y));
  const px = (x: number) => size.left + ((x - x0) / (x1 - x0)) * (size.width - size.left - size.right);
  const py = (y: number) =>
    size.height - size.bottom - ((y - y0) / (y1 - y0)) * (size.height - size.top - size.bottom);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = y0 + share * (y1 - y0);
    return `<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${py(y)}" y2="${py(y)}"/><text x="${size.left - 8}" y="${py(y) + 4}" text-anchor="end">${format(y)}</text>`;
  });
  const ticks = axes.labels ? Object.keys(axes.labels).map(Number) : [x0, (x0 + x1) / 2, x1];
  const marks = ticks.map(
    (x) =>
      `<text x="${px(x)}" y="${size.height - size.bottom + 16}" text-anchor="middle">${escapeHtml(axes.labels?.[x] ?? format(x))}</text>`,
  );
  const drawn = lines.map(({ points: own }, i) => {
    const path = own
      .filter(({ y }) => Number.isFinite(y))
      .map(({ x, y }) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`);
    const dots =
      path.length <= 24
        ? path.map((p) => `<circle class="c${i}" r="3" cx="${p.split(",")[0]}" cy="${p.split(",")[1]}"/>`)
        : [];
    return `<polyline class="c${i}" points="${path.join(" ")}"/>${dots.join("")}`;
  });
  const legend = lines.map(
    ({ name }, i) =>
      `<text class="c${i}" x="${size.width - size.right}" y="${size.top + 14 * (i + 1)}" text-anchor="end">● ${escapeHtml(name)}</text>`,
  );
  const caption = `<text x="${size.width / 2}" y="${size.height - 4}" text-anchor="middle">${escapeHtml(axes.x)}</text><text x="${size.left - 8}" y="11" text-anchor="end">${escapeHtml(axes.y)}</text>`;
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img">${[...grid, ...marks, ...drawn, ...legend, caption].join("")}</svg>`;
}

/** Cells from 0 to 1 as shades, with their values. */
export function heatMap(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  cell: (row: string, column: string) => number | undefined,
): string {
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = cell(row, column);
      if (value === undefined) return "<td>–</td>";
      return `<td style="background:color-mix(in srgb, var(--c1) ${Math.round(100 * value)}%, transparent)">${value.toFixed(2)}</td>`;
    });
    return `<tr><th>${escapeHtml(row)}</th>${cells.join("")}</tr>`;
  });
  return `<table class="heat"><caption>${escapeHtml(title)}</caption><tr><th></th>${head}</tr>${body.join("")}</table>`;
}

export function format(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(4)));
}
