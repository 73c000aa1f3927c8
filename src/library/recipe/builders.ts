// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

/** Options of chapter-summary. */
export interface ChapterSummaryBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** to_summary: the summary is the answer. to_chapter: the text is. Default: "to_summary". */
  direction?: "to_summary" | "to_chapter" | undefined;
  /** Whether a document without a summary gets one of its own sentences. Default: true. */
  extract?: boolean | undefined;
  /** Sentences of an extracted summary. Default: 5, or as many as the document has. */
  sentences?: number | undefined;
}

/** Options of continuation. */
export interface ContinuationBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** Share of the text that is to be written. Default: 0.5. */
  answer_share?: number | undefined;
}

/** Options of document-questions. */
export interface DocumentQuestionsBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** Questions of a conversation. Default: 4, or as many as the document has. */
  questions?: number | undefined;
}

/** Options of multi-document-question. */
export interface MultiDocumentQuestionBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** 0: at the start, 1: at the end. Default: anywhere, by the key. */
  depth?: number | undefined;
  /** Most characters of each document. Default: 4000. */
  document_chars?: number | undefined;
}

/** Options of needle. */
export interface NeedleBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** 0: at the start, 1: at the end. Default: anywhere, by the key. */
  depth?: number | undefined;
}

/** Options of passkey. */
export interface PasskeyBuilderOptions {
  /**
   * Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. Default: a
   * fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.
   */
  target_tokens?: readonly number[] | undefined;
  /** Characters that a token is taken to have: about 4 in English for a large vocabulary. Default: 4. */
  chars_per_token?: number | undefined;
  /** Examples of each document. Default: 1. */
  count?: number | undefined;
  /** 0: at the start, 1: at the end. Default: anywhere, by the key. */
  depth?: number | undefined;
}

/** Options of teacher. */
export interface TeacherBuilderOptions {
  /**
   * Base address of an OpenAI-compatible server, as https://api.openai.com/v1; http on this machine only.
   * Default: "https://api.openai.com/v1".
   */
  endpoint?: string | undefined;
  /** Name of the model there. Default: "". */
  model?: string | undefined;
  /** What is written. Default: "qa". */
  task?: "qa" | "summarization" | "writing" | undefined;
  /** Questions, summaries or instructions of a document, all of one request. Default: 1. */
  per_document?: number | undefined;
  /**
   * qa: the answer must stand in the document word for word; else only the quote that proves it. Default:
   * true.
   */
  extractive?: boolean | undefined;
  /**
   * Instead of the task's own instruction; the form of the reply and the document come after it. Default: "".
   */
  prompt?: string | undefined;
  /** At most so many documents, taken evenly over the source. */
  documents?: number | undefined;
  /** Of a longer document the first sentences are taken, at most so many characters. Default: 32000. */
  max_document_chars?: number | undefined;
  /** Environment variable that holds the key; on this machine it may be unset. Default: "OPENAI_API_KEY". */
  api_key_env?: string | undefined;
  /** Requests under way at a time. Default: 4. */
  concurrency?: number | undefined;
  /** Tries after the first one of a request. Default: 5. */
  max_retries?: number | undefined;
  /** Wait before the second try where the server names none; it doubles with each. Default: 1. */
  retry_delay_seconds?: number | undefined;
  /** Longest wait for a whole reply. Default: 120. */
  timeout_seconds?: number | undefined;
  /** Of the request. Default: 0. */
  temperature?: number | undefined;
  /**
   * The seed of each request is drawn from this and the document, not from the recipe's: a sweep over that
   * pays nothing. Default: 0.
   */
  seed?: number | undefined;
  /** Longest reply. Default: 4096. */
  max_tokens?: number | undefined;
  /** How JSON is asked for, besides in words. Default: "json_object". */
  response_format?: "json_object" | "json_schema" | "none" | undefined;
  /** Further fields of the request; null takes one out, as { max_tokens: null }. */
  request?: Readonly<Record<string, unknown>> | undefined;
  /** Cost of a million tokens: { input, output }. */
  price_per_million_tokens?:
    | {
        input: number;
        output: number;
      }
    | undefined;
  /** The run stops before the replies of this dataset, cached ones included, cost more. */
  max_cost?: number | undefined;
}

/** What makes examples of documents, with its settings. */
export type Builder =
  | { name: "chapter-summary"; options?: ChapterSummaryBuilderOptions | undefined }
  | { name: "continuation"; options?: ContinuationBuilderOptions | undefined }
  | { name: "document-questions"; options?: DocumentQuestionsBuilderOptions | undefined }
  | { name: "multi-document-question"; options?: MultiDocumentQuestionBuilderOptions | undefined }
  | { name: "needle"; options?: NeedleBuilderOptions | undefined }
  | { name: "passkey"; options?: PasskeyBuilderOptions | undefined }
  | { name: "teacher"; options?: TeacherBuilderOptions | undefined };
