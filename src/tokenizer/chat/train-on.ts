import type { Message, Role } from "../../contracts/example.ts";

/** Which parts of a conversation are trained. The names are Axolotl's (`roles_to_train`, `train_on_eos`). */
export interface TrainOn {
  /** The roles whose messages are trained. */
  roles: readonly Role[];
  /** `last`: only the last of these messages in a conversation. */
  turns: "all" | "last";
  /**
   * Which end tokens are trained: those of every turn, of the trained turns, of the last trained turn, or
   * none.
   */
  eos: "all" | "turn" | "last" | "none";
  /** Whether an answer's thought is trained. */
  thoughts: boolean;
  /** An answer whose thought the template leaves out is trained all the same where this is `keep`. */
  lostThought?: "drop" | "keep";
}

export const answersAlone: TrainOn = { roles: ["assistant"], turns: "all", eos: "turn", thoughts: true };

/** Which messages are trained. A message's own `train` overrides the rule. */
export function trainedMessages(messages: readonly Message[], { roles, turns }: TrainOn): boolean[] {
  const last = messages.findLastIndex(({ role }) => roles.includes(role));
  return messages.map(
    ({ role, train }, i) => train ?? (roles.includes(role) && (turns === "all" || i === last)),
  );
}
