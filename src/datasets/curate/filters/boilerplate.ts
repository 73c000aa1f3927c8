import { Type } from "@sinclair/typebox";
import { detail } from "../../reason.ts";
import { documentText } from "../compared.ts";
import { contentsOf, defineFilter } from "../filter.ts";

/** Lines of web pages that are not part of the text: C4's rules (Raffel et al. 2020) and similar ones. */
const line =
  /\blorem ipsum\b|\bjavascript\b.*\b(?:enable|disabled|required|must)\b|\b(?:enable|requires?) javascript\b|\b(?:uses?|using|accept(?:ing)?) cookies\b|\bcookie policy\b|\bprivacy policy\b|\bterms of (?:use|service)\b|\ball rights reserved\b|\bsubscribe to our\b|\bsign up for our\b|\bclick here\b|\bshare (?:this )?on (?:facebook|twitter|linkedin)\b|\bskip to (?:main )?content\b/i;

/** A longer line is a paragraph, whose subject may be such things. */
const maxLineChars = 200;

/** Drops documents and answers that are in large part navigation, cookie notes and fill text. */
export const boilerplate = defineFilter({
  description:
    "documents and answers in which many lines are cookie notes, policies, navigation or fill text",
  options: {
    max_line_fraction: Type.Number({
      description:
        "Such lines, of all lines that are not blank; one line of fill text (lorem ipsum) is enough.",
      minimum: 0,
      maximum: 1,
      default: 0.1,
    }),
  },
  create:
    ({ max_line_fraction: limit }) =>
    (example) => {
      for (const text of [documentText(example), ...contentsOf(example, "answers")]) {
        const lines = text.split("\n").filter((one) => one.trim() !== "");
        const found = lines.filter((one) => one.length <= maxLineChars && line.test(one));
        const fill = found.find((one) => /lorem ipsum/i.test(one));
        if (fill === undefined && found.length <= limit * lines.length) continue;
        const first = fill ?? found[0]!;
        return {
          reason: "boilerplate",
          detail: detail(`${found.length} of ${lines.length} lines, one: ${first.trim()}`),
        };
      }
      return null;
    },
});
