/**
 * Rows of our own in the columns and nesting that the datasets of the tasks that ship have, with what trips
 * templates up: quotes, blanks at the ends, brackets, characters beyond ASCII, braces, numbers as texts.
 */
export type DatasetRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** `count` rows, of which each knows its number. */
function rows<T>(count: number, of: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => of(i));
}

const odd = [
  "plain words",
  "  blanks around  ",
  'It\'s a "quoted" thing',
  "Zürich – 🦓 naïve",
  "a {{brace}} {% and %} # hash",
  "12",
  "back\\slash and\ttab",
  "['not', 'a list']",
];
const text = (i: number) => `${odd[i % odd.length]!} ${i}`;
const few = (of: (i: number) => Record<string, unknown>) => ({
  train: rows(9, of),
  validation: rows(6, of),
  test: rows(6, of),
});

const arc = few((i) => {
  const count = 3 + (i % 3);
  const label = rows(count, (j) => (i % 2 === 0 ? "ABCDE"[j]! : String(j + 1)));
  return {
    id: `Mercury_${i}`,
    question: `${text(i)}?`,
    choices: { text: rows(count, (j) => text(i + j)), label },
    answerKey: label[i % count],
  };
});

const mmluLike = (splits: readonly string[], subject: string): DatasetRows =>
  Object.fromEntries(
    splits.map((split, s) => [
      split,
      rows(6, (i) => ({
        question: `${text(i + s)}?\n`,
        subject,
        choices: rows(4, (j) => text(i + j + s)),
        answer: (i + s) % 4,
      })),
    ]),
  );

const categories = [
  "biology",
  "business",
  "chemistry",
  "computer science",
  "economics",
  "engineering",
  "health",
  "history",
  "law",
  "math",
  "other",
  "philosophy",
  "physics",
  "psychology",
];

const mmluPro: DatasetRows = Object.fromEntries(
  ["test", "validation"].map((split) => [
    split,
    rows(categories.length * 6, (i) => {
      const count = 3 + (i % 9);
      const answer = i % Math.min(count, 10);
      return {
        question_id: i,
        question: `${text(i)}?`,
        options: rows(count, (j) => `${text(i + j)}${j % 2 ? " " : ""}`),
        answer: "ABCDEFGHIJ"[answer]!,
        answer_index: answer,
        cot_content: `A: Let's think step by step. ${text(i)} The answer is (${"ABCDEFGHIJ"[answer]}).`,
        category: categories[i % categories.length]!,
        src: "ours",
      };
    }),
  ]),
);

const gsm8k = few((i) => ({
  question: `${text(i)}. How many are ${i} and ${i}?`,
  answer: `${i} + ${i} = <<${i}+${i}=${2 * i}>>${2 * i}\n#### ${i % 2 ? `${2 * i}` : `1,00${i}`}`,
}));

const wiki = few((i) => ({
  page:
    ` \n = Title ${i} = \n \n The zebra 's stripes @-@ marked , 1 @,@ 000 of them ( and " more " ) . \n It ran ; ` +
    `' so fast ' : 3 @.@ 5 N km [ about ] ! \n = = Part = = \n 5 ° C ? ${text(i)} \n`,
}));

const drop = few((i) => {
  const none = { day: "", month: "", year: "" };
  const answers = [
    { number: `${i}`, date: none, spans: [] as string[] },
    { number: "", date: none, spans: [text(i), "the other, one"] },
    { number: "", date: { day: "4", month: "July", year: i % 2 ? "1776" : "" }, spans: [] as string[] },
    { number: "", date: none, spans: ["a 12.50 dollar-bill"] },
  ];
  const others = [answers[(i + 1) % 4]!, answers[i % 4]!];
  return {
    section_id: `nfl_${i}`,
    query_id: `q${i}`,
    passage: `${text(i)}.`,
    question: `${text(i + 1)}?`,
    answer: { ...answers[i % 4]!, hit_id: "", worker_id: "" },
    validated_answers: {
      number: others.map(({ number }) => number),
      date: others.map(({ date }) => date),
      spans: others.map(({ spans }) => spans),
      worker_id: ["", ""],
      hit_id: ["", ""],
    },
  };
});

const squad = few((i) => ({
  id: `s${i}`,
  title: `Title_${i}`,
  context: `${text(i)}.`,
  question: `${text(i + 1)}?`,
  answers:
    i % 3 === 2
      ? { text: [] as string[], answer_start: [] as number[] }
      : { text: [text(i), "it"], answer_start: [0, 3] },
}));

/** By the name of the task, without those of a family whose rows are made by `rowsOf`. */
const byTask: Readonly<Record<string, DatasetRows>> = {
  arc_easy: arc,
  arc_challenge: arc,
  hellaswag: few((i) => ({
    ind: i,
    activity_label: `Making ${text(i)}`,
    ctx_a: `[header] ${text(i)} [title] Cut  it. [step] Then`,
    ctx_b: ["", "he TURNS", "ärger [x] is"][i % 3]!,
    ctx: text(i),
    endings: rows(4, (j) => ` ${text(i + j)} [title] goes [substeps] on.  `),
    source_id: `w${i}`,
    split: "val",
    split_type: "indomain",
    label: `${i % 4}`,
  })),
  piqa: few((i) => ({ goal: text(i), sol1: text(i + 1), sol2: text(i + 2), label: i % 2 })),
  social_iqa: few((i) => ({
    context: text(i),
    question: `${text(i + 1)}?`,
    answerA: text(i + 2),
    answerB: text(i + 3),
    answerC: text(i + 4),
    label: `${1 + (i % 3)}`,
  })),
  winogrande: few((i) => ({
    sentence: `${text(i)} because _ was ${["late .", "early_bird . ", '"here" .'][i % 3]!}`,
    option1: text(i + 1),
    option2: "the dog",
    answer: `${1 + (i % 2)}`,
  })),
  boolq: few((i) => ({ question: text(i), passage: text(i + 1), idx: i, label: i % 2 })),
  copa: few((i) => ({
    premise: `${text(i)}. `,
    choice1: `The ${text(i + 1)}.`,
    choice2: `Ärger ${text(i + 2)}.`,
    question: i % 2 ? "cause" : "effect",
    idx: i,
    label: i % 2,
  })),
  openbookqa: few((i) => ({
    id: `7-${i}`,
    question_stem: text(i),
    choices: { text: rows(4, (j) => text(i + j)), label: ["A", "B", "C", "D"] },
    answerKey: `${i % 3 ? "" : " "}${"ABCD"[i % 4]}`,
  })),
  commonsense_qa: few((i) => ({
    id: `c${i}`,
    question: ` ${text(i)}? `,
    question_concept: "thing",
    choices: { label: ["A", "B", "C", "D", "E"], text: rows(5, (j) => text(i + j)) },
    answerKey: "ABCDE"[i % 5]!,
  })),
  sciq: few((i) => ({
    question: `${text(i)}?`,
    distractor3: text(i + 3),
    distractor1: text(i + 1),
    distractor2: text(i + 2),
    correct_answer: text(i),
    support: i % 4 === 0 ? "" : `  ${text(i)}.`,
  })),
  triviaqa: few((i) => ({
    question: text(i),
    question_id: `tc_${i}`,
    question_source: "http://example.org/",
    answer: {
      aliases: [text(i), `The ${text(i + 1)}`, 'It\'s "one"'],
      normalized_aliases: [text(i).toLowerCase()],
      matched_wiki_entity_name: "",
      normalized_matched_wiki_entity_name: "",
      normalized_value: text(i),
      type: "WikipediaEntity",
      value: text(i),
    },
  })),
  nq_open: few((i) => ({ question: text(i), answer: rows(1 + (i % 3), (j) => text(i + j)) })),
  gsm8k,
  gsm8k_cot: gsm8k,
  gsm8k_cot_zeroshot: gsm8k,
  lambada_openai: few((i) => ({
    text: `${text(i)} and then “Helen” said ${["Gabriel", "don't", "Zürich."][i % 3]!}`,
  })),
  lambada_standard: few((i) => ({
    text: `${text(i)} , she said to ${["gabriel", "ca n't", "me"][i % 3]!}`,
    domain: "",
  })),
  truthfulqa_mc1: few((i) => truthful(i)),
  truthfulqa_mc2: few((i) => truthful(i)),
  drop,
  wikitext: wiki,
  squadv2: squad,
};

function truthful(i: number): Record<string, unknown> {
  const labels = (count: number, right: number) => rows(count, (j) => (j < right ? 1 : 0));
  return {
    question: `${text(i)}?`,
    mc1_targets: { choices: rows(3 + (i % 3), (j) => text(i + j)), labels: labels(3 + (i % 3), 1) },
    mc2_targets: { choices: rows(4 + (i % 3), (j) => text(i + j)), labels: labels(4 + (i % 3), 2) },
  };
}

const bbh = few((i) => ({
  input: [
    `${text(i)}\nOptions:\n(A) one\n(B) ${text(i)}`,
    "Sort the following words alphabetically: List: zebra apple",
    "not ( True ) and ( True ) is",
  ][i % 3]!,
  target: ["(A)", "apple zebra", "False"][i % 3]!,
}));

/** The rows of a task's dataset, by split. Throws for a task that has none here. */
export function rowsOf(task: string): DatasetRows {
  if (task.startsWith("mmlu_pro_")) return mmluPro;
  if (task.startsWith("mmlu_")) return mmluLike(["test", "dev", "validation"], task.slice(5));
  if (task.startsWith("bbh_")) return { test: bbh.test };
  const found = byTask[task];
  if (!found) throw new Error(`${task}: expected rows for a task that ships, got none`);
  return found;
}
