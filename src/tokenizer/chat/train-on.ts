import type { Message, Role } from "../../contracts/example.ts";

/** What of a conversation is under loss; the names are Axolotl's (`roles_to_train`, `train_on_eos`). */
export interface TrainOn {
  /** Whose messages. */
  roles: readonly Role[];
  /** `last`: of these, only the last message of a conversation. */
  turns: "all" | "last";
  /** End tokens: of every turn, of the trained turns, of the last trained turn, or none. */
  eos: "all" | "turn" | "last" | "none";
}

export const answersAlone: TrainOn = { roles: ["assistant"], turns: "all", eos: "turn" };

/** Which messages are trained. A message's own `train` goes before the rule. */
export function trainedMessages(messages: readonly Message[], { roles, turns }: TrainOn): boolean[] {
  const last = messages.findLastIndex(({ role }) => roles.includes(role));
  return messages.map(
    ({ role, train }, i) => train ?? (roles.includes(role) && (turns === "all" || i === last)),
  );
}
