import { plainTextOf } from "../../synthesize/plain-text.ts";
import { mobyDick } from "./moby-dick.ts";

export const mobyDickText = plainTextOf(mobyDick);
