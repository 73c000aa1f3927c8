import { expect, it } from "vitest";
import { capitalize } from "../../../src/jinja/functions/string-methods.ts";

it("capitalizes an empty text to an empty text: it gave the digraph ǅ", () => {
  expect(capitalize("")).toBe("");
  expect(capitalize("ǆEP")).toBe("ǅep");
});
