const places = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"];
const yesNo = ["no", "yes"];

/** The answers that there are to the questions of bAbI's twenty tasks, as BABILong has them. */
export const babilongLabels: Readonly<Record<string, readonly string[]>> = {
  ...{ qa1: places, qa2: places, qa3: places, qa4: places },
  qa5: ["Bill", "Fred", "Jeff", "Mary", "apple", "football", "milk"],
  qa6: yesNo,
  qa7: ["none", "one", "three", "two"],
  qa8: ["apple", "football", "milk", "nothing"],
  qa9: yesNo,
  qa10: ["maybe", "no", "yes"],
  ...{ qa11: places, qa12: places, qa13: places },
  qa14: ["bedroom", "cinema", "kitchen", "office", "park", "school"],
  qa15: ["cat", "mouse", "sheep", "wolf"],
  qa16: ["gray", "green", "white", "yellow"],
  ...{ qa17: yesNo, qa18: yesNo },
  qa19: ["e,e", "e,n", "e,s", "n,e", "n,n", "n,w", "s,e", "s,s", "s,w", "w,n", "w,s", "w,w"],
  qa20: ["bedroom", "bored", "garden", "hungry", "kitchen", "thirsty", "tired"],
};

/**
 * BABILong's compare_answers (booydar/babilong 7a6efee): the first sentence of an answer names the right
 * label and no other, those left out that the question names. Targets of several labels ("apple,milk") need
 * them all.
 */
export function babilongScore(
  prediction: string,
  target: string,
  question: string,
  labels: readonly string[],
): number {
  const said = prediction.toLowerCase().split(".")[0]!.split("<context>")[0]!.split("<example>")[0]!;
  const asked = question.toLowerCase();
  const found = [...new Set(labels.map((label) => label.toLowerCase()))].filter(
    (label) => said.includes(label) && !asked.includes(label),
  );
  const right = target.toLowerCase();
  // "n,s" of qa19 is one label.
  const wanted = right.includes(",") && right.length > 3 ? right.split(",") : [right];
  return Number(wanted.every((label) => found.includes(label)) && found.length === wanted.length);
}
