/** A chat template that comes with zebratune, for tokenizers without one. */
export interface BuiltInTemplate {
  source: string;
  /** Tokens that it writes by their role, which the tokenizer must have a token for. */
  needs: readonly ("bos_token" | "eos_token")[];
}
