import { extractTextItems, getDocumentProxy, getMeta } from "unpdf";
import { counted } from "../../reason.ts";
import type { Converted } from "./converted.ts";
import { pagesAsText } from "./pdf-paragraphs.ts";

/** The text of a PDF as paragraphs. A scan has none, and that is said. Throws for a file that is no PDF. */
export async function pdfText(bytes: Uint8Array): Promise<Converted> {
  // The library takes the bytes over. Nothing is fetched, and scripts in the file are not run.
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  const { totalPages, items } = await extractTextItems(document);
  const { text, leftOut } = pagesAsText(items);
  if (text === "") {
    const detail = `${counted(totalPages, "page")} without text: a scan? Text recognition (OCR) comes first`;
    return { dropped: { reason: "no_text", detail } };
  }
  const { info } = await getMeta(document);
  const title = typeof info.Title === "string" ? info.Title.replace(/\s+/g, " ").trim() : "";
  const detail = `left out ${counted(leftOut, "line")} of page numbers and running heads`;
  return {
    text,
    ...(title !== "" && { title }),
    ...(leftOut > 0 && { changed: { reason: "page_furniture", detail } }),
  };
}
