import type { KnownFunction } from "../helper.ts";
import { bbh } from "./bbh.ts";
import { copa } from "./copa.ts";
import { drop } from "./drop.ts";
import { gpqa } from "./gpqa.ts";
import { hellaswag } from "./hellaswag.ts";
import { longbench } from "./longbench.ts";
import { mmluPro } from "./mmlu-pro.ts";
import { race } from "./race.ts";
import { ruler } from "./ruler.ts";
import { squadV2 } from "./squad-v2.ts";
import { truthfulqa } from "./truthfulqa.ts";
import { wikitext } from "./wikitext.ts";
import { winogrande } from "./winogrande.ts";

/** The Python functions of lm-evaluation-harness 0.4.13 that the toolkit has its own code for. */
export const knownFunctions: readonly KnownFunction[] = [
  ...bbh,
  ...copa,
  ...drop,
  ...gpqa,
  ...hellaswag,
  ...longbench,
  ...mmluPro,
  ...race,
  ...ruler,
  ...squadV2,
  ...truthfulqa,
  ...wikitext,
  ...winogrande,
];
