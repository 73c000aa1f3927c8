import { readFile } from "node:fs/promises";
import { Type } from "@sinclair/typebox";
import { compileSchema } from "../../../ajv.ts";
import { DataError, messageOf } from "../../../errors.ts";
import { openMapping } from "../../../schema.ts";
import { placesOf, type QuestionSet } from "./question-set.ts";

const squadSchema = openMapping({
  data: Type.Array(
    openMapping({
      paragraphs: Type.Array(
        openMapping({
          context: Type.String(),
          qas: Type.Array(
            openMapping({
              question: Type.String(),
              answers: Type.Array(openMapping({ text: Type.String() })),
              is_impossible: Type.Optional(Type.Boolean()),
            }),
          ),
        }),
      ),
    }),
  ),
});

const hotpotSchema = Type.Array(
  openMapping({
    question: Type.String(),
    answer: Type.String(),
    context: Type.Array(Type.Unsafe<[string, string[]]>({ type: "array", minItems: 2, maxItems: 2 })),
  }),
);

/**
 * Questions of SQuAD's JSON (`dev-v2.0.json`): paragraphs are documents, those of the same article stand
 * beside each other first. Questions without an answer are left out, as RULER leaves them out.
 */
export async function squadQuestions(path: string): Promise<QuestionSet> {
  const { data } = await readJson(
    path,
    squadSchema,
    "SQuAD's JSON: { data: [{ paragraphs: [{ context, qas }] }] }",
  );
  const { documents, place } = placesOf();
  const questions = data.flatMap(({ paragraphs }) => {
    const all = [...new Set(paragraphs.map(({ context }) => place(context)))];
    return paragraphs.flatMap(({ context, qas }) =>
      qas
        .filter(({ is_impossible: isImpossible, answers }) => isImpossible !== true && answers.length > 0)
        .map(({ question, answers }) => ({
          question,
          answers: answers.map(({ text }) => text),
          needed: [place(context)],
          related: all.filter((one) => one !== place(context)),
        })),
    );
  });
  return nonEmpty(path, { documents, questions });
}

/** Questions of HotpotQA's JSON (`hotpot_dev_distractor_v1.json`): all ten paragraphs of one stay with it. */
export async function hotpotQuestions(path: string): Promise<QuestionSet> {
  const rows = await readJson(
    path,
    hotpotSchema,
    "HotpotQA's JSON: [{ question, answer, context: [[title, sentences]] }]",
  );
  const { documents, place } = placesOf();
  const questions = rows.map(({ question, answer, context }) => ({
    question,
    answers: [answer],
    needed: context.map(([title, sentences]) => place(`${title}\n${sentences.join("")}`)),
    related: [],
  }));
  return nonEmpty(path, { documents, questions });
}

async function readJson<S extends Parameters<typeof compileSchema>[1]>(
  path: string,
  schema: S,
  form: string,
) {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new DataError(`${path}: expected ${form}, got ${messageOf(error)}`);
  }
  const fits = compileSchema("settings", schema);
  if (fits(value)) return value;
  const { instancePath = "", message = "" } = fits.errors?.[0] ?? {};
  throw new DataError(
    `${path}: expected ${form}, got another form: ${instancePath || "the whole"} ${message}`,
  );
}

function nonEmpty(path: string, set: QuestionSet): QuestionSet {
  if (set.questions.length > 0) return set;
  throw new DataError(`${path}: expected questions with answers, got none`);
}
