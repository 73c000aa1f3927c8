import { Type } from "@sinclair/typebox";
import { mapping, optionalText } from "../../schema.ts";

const names = (role: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: `Names of the ${role} role.` }));

/**
 * Keys of a dataset's `fields`: where in a row the parts of an example are; one of three forms. Values are
 * columns or paths into them (`answers.text.0`), but for `prompt`, `response` and `system`: text with
 * `{{column}}` placeholders.
 */
export const fieldsSchema = mapping(
  {
    messages: optionalText("Column or path of the list of turns."),
    role: optionalText("Key of the speaker inside a turn. Default: role."),
    content: optionalText("Key of the text inside a turn. Default: content."),
    train: optionalText("Key inside a turn of whether it is trained: true or false, 1 or 0."),
    tools: optionalText(
      "Column or path of the tools that a conversation may call: a list of functions, or JSON of one.",
    ),
    instruction: optionalText("Column or path of the instruction (Alpaca's form)."),
    input: optionalText(
      "Column or path of the document that the instruction is about; it alone may be shortened.",
    ),
    output: optionalText("Column or path of the answer."),
    history: optionalText("Column or path of earlier [question, answer] pairs."),
    prompt: optionalText("The user's message, with {{column}} or {{path.into.it}} where values go."),
    response: optionalText("The assistant's message, with {{column}} where values go."),
    context: optionalText("Column or path in `prompt` that is the document, which alone may be shortened."),
    system: optionalText("The system message, with {{column}} where values go; blank: none."),
    answers: optionalText("Column or path of the right answers (a text or a list of texts), for benchmarks."),
    id: optionalText("Column or path of the row's id."),
    document: optionalText(
      "Column or path of the document's id: rows of one document are never in two splits.",
    ),
    roles: Type.Optional(
      mapping(
        {
          system: names("system"),
          user: names("user"),
          assistant: names("assistant"),
          tool: names("tool"),
        },
        {
          description:
            "Names that roles have in the data besides the usual ones, for example { assistant: [bot] }.",
        },
      ),
    ),
  },
  {
    description:
      "How rows of any columns become examples: a conversation (messages), columns (instruction, input, " +
      "output) or templates (prompt, response).",
  },
);
