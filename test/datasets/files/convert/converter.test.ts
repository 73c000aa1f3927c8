import { afterAll, describe, expect, it } from "vitest";
import { createConverter } from "../../../../src/datasets/files/convert/converter.ts";
import { pdfFile } from "./pdf-file.ts";

const converter = createConverter();
afterAll(() => converter[Symbol.asyncDispose]());

const fromHtml = (html: string | Uint8Array) =>
  converter.convert("html", typeof html === "string" ? Buffer.from(html) : html);

describe("HTML", () => {
  it("is what one reads of a page: no menus, scripts or hidden parts; headings as in Markdown", async () => {
    const page = `<html><head><title>Zebras &amp; more</title><style>p { color: red }</style></head><body>
      <nav><a href="/">Home</a></nav><h1>Zebras</h1><p>They live in <a href="/a">Africa</a>,
      in herds.</p><script>alert(1)</script><div hidden>secret</div>
      <ul><li>plains</li><li><img src="x.png"></li></ul>
      <table><tr><th>kind</th><th>stripes</th></tr><tr><td>plains</td><td>26</td></tr></table>
      <footer>© us</footer></body></html>`;
    expect(await fromHtml(page)).toEqual({
      title: "Zebras & more",
      text: "# Zebras\n\nThey live in Africa, in herds.\n\n * plains\n\nkind | stripes\nplains | 26",
    });
  });

  it("is what stands under main, where a page has that", async () => {
    const page = "<body><div>Press ? for help</div><main><p>The text.</p></main><p>After it.</p></body>";
    expect(await fromHtml(page)).toEqual({ text: "The text." });
    expect(await fromHtml("<body><main> </main><p>Only this.</p>")).toEqual({ text: "Only this." });
  });

  it("is read in the encoding that it names, and dropped where it is another", async () => {
    const latin = (text: string) => Buffer.from(text, "latin1");
    expect(await fromHtml(latin('<meta charset="iso-8859-1"><p>café</p>'))).toEqual({ text: "café" });
    expect(await fromHtml(latin("<p>café</p>"))).toEqual({
      dropped: { reason: "invalid_encoding", detail: "the page is not utf-8" },
    });
  });

  it("that is nested without end is dropped, and the next page is read", async () => {
    const deep = await fromHtml("<div>".repeat(20_000));
    expect(deep).toMatchObject({ dropped: { reason: "broken_file" } });
    expect(await fromHtml("<p>fine</p>")).toEqual({ text: "fine" });
  });
});

describe("PDF", () => {
  const page = (number: number, first: string) => [
    { text: "A Manual", y: 760, size: 9 },
    { text: first, y: 700 },
    { text: "is about exam-", y: 686 },
    { text: "ples of lines.", y: 672 },
    { text: `${first} paragraph.`, y: 640 },
    { text: String(number), y: 40, size: 9 },
  ];

  it("becomes paragraphs, divided words whole, without running heads and page numbers", async () => {
    const bytes = pdfFile([page(1, "One"), page(2, "Two"), page(3, "Three")], "The Manual");
    const paragraphs = ["One", "Two", "Three"].map(
      (word) => `${word} is about examples of lines.\n\n${word} paragraph.`,
    );
    expect(await converter.convert("pdf", bytes)).toEqual({
      title: "The Manual",
      text: paragraphs.join("\n\n"),
      changed: {
        reason: "page_furniture",
        detail: "left out 6 lines of page numbers and running heads",
      },
    });
  });

  it("a sentence goes on over a page, a heading of another size does not", async () => {
    const first = [
      { text: "Heading", y: 700, size: 20 },
      { text: "A sentence that", y: 676 },
    ];
    const second = [
      { text: "goes on here.", y: 700 },
      { text: "More of it.", y: 686 },
    ];
    const converted = await converter.convert("pdf", pdfFile([first, second]));
    expect(converted).toEqual({ text: "Heading\n\nA sentence that goes on here. More of it." });
  });

  it("without text is a scan, a broken one is broken, and both say so", async () => {
    expect(await converter.convert("pdf", pdfFile([[], []]))).toEqual({
      dropped: {
        reason: "no_text",
        detail: "2 pages without text: a scan? Text recognition (OCR) comes first",
      },
    });
    const broken = await converter.convert("pdf", Buffer.from("%PDF-1.4\nnothing of the kind"));
    expect(broken).toMatchObject({ dropped: { reason: "broken_file" } });
    expect("dropped" in broken && broken.dropped.detail).toMatch(/^no pdf that can be read: /);
  });
});

it("a file that takes too long is dropped with that reason, and the next one is read", async () => {
  await using hasty = createConverter({ maxSeconds: 0.001 });
  expect(await hasty.convert("pdf", pdfFile([[{ text: "x", y: 700 }]]))).toEqual({
    dropped: { reason: "conversion_timeout", detail: "took over 0.001 s, the limit" },
  });
  expect(await converter.convert("pdf", pdfFile([[{ text: "fine", y: 700 }]]))).toEqual({ text: "fine" });
});
