/** One line of a page, as a PDF has it. */
export interface PdfLine {
  text: string;
  x?: number;
  y: number;
  size?: number;
}

/** The bytes of a PDF with these pages, in Helvetica. A page without lines is what a scan is to a reader. */
export function pdfFile(pages: readonly (readonly PdfLine[])[], title = ""): Buffer {
  const objects: string[] = ["<< /Type /Catalog /Pages 2 0 R >>", "", ""];
  objects[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  const kids = pages.map((lines) => {
    const shown = lines.map(
      ({ text, x = 72, y, size = 12 }) =>
        `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, "\\$&")}) Tj ET`,
    );
    const stream = shown.join("\n");
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
    const fonts = "/Resources << /Font << /F1 3 0 R >> >>";
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${objects.length} 0 R ${fonts} >>`,
    );
    return `${objects.length} 0 R`;
  });
  objects[1] = `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${kids.length} >>`;
  objects.push(`<< /Title (${title}) >>`);
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const entries = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>`;
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n${trailer}\nstartxref\n${body.length}\n%%EOF\n`,
    "latin1",
  );
}
