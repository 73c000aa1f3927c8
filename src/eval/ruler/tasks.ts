/** How RULER asks a task (data/synthetic/constants.py) and scores it (eval/synthetic/constants.py). */
export interface RulerTask {
  maxNewTokens: number;
  match: "all" | "part";
}

const niah: RulerTask = { maxNewTokens: 128, match: "all" };

/** In the order of its synthetic.yaml, which is that of its summary. */
export const rulerTasks: Readonly<Record<string, RulerTask>> = {
  niah_single_1: niah,
  niah_single_2: niah,
  niah_single_3: niah,
  niah_multikey_1: niah,
  niah_multikey_2: niah,
  niah_multikey_3: niah,
  niah_multivalue: niah,
  niah_multiquery: niah,
  vt: { maxNewTokens: 30, match: "all" },
  cwe: { maxNewTokens: 120, match: "all" },
  fwe: { maxNewTokens: 50, match: "all" },
  qa_1: { maxNewTokens: 32, match: "part" },
  qa_2: { maxNewTokens: 32, match: "part" },
};
