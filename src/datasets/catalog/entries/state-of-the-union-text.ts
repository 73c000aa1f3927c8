import { plainTextOf } from "../../synthesize/plain-text.ts";
import { stateOfTheUnion } from "./state-of-the-union.ts";

export const stateOfTheUnionText = plainTextOf(stateOfTheUnion);
