// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

/** Options of boilerplate. */
export interface BoilerplateFilterOptions {
  /**
   * Such lines, of all lines that are not blank; one line of fill text (lorem ipsum) is enough. Default: 0.1.
   */
  max_line_fraction?: number | undefined;
}

/** Options of language. */
export interface LanguageFilterOptions {
  /** Languages that stay. Default: ["en"]. */
  languages?:
    | readonly (
        | "en"
        | "de"
        | "fr"
        | "es"
        | "it"
        | "pt"
        | "nl"
        | "ja"
        | "zh"
        | "ko"
        | "ru"
        | "ar"
        | "el"
        | "he"
        | "hi"
        | "th"
      )[]
    | undefined;
  /** Shorter texts stay. Default: 20. */
  min_words?: number | undefined;
  /** Whether texts whose language cannot be told go, too. Default: false. */
  drop_unknown?: boolean | undefined;
}

/** Options of length. */
export interface LengthFilterOptions {
  /** Least chars of all prompt text together. */
  min_prompt_chars?: number | undefined;
  /** Most chars of all prompt text together. */
  max_prompt_chars?: number | undefined;
  /** Least words of all prompt text together. */
  min_prompt_words?: number | undefined;
  /** Most words of all prompt text together. */
  max_prompt_words?: number | undefined;
  /** Least chars of all answer text together. */
  min_answer_chars?: number | undefined;
  /** Most chars of all answer text together. */
  max_answer_chars?: number | undefined;
  /** Least words of all answer text together. */
  min_answer_words?: number | undefined;
  /** Most words of all answer text together. */
  max_answer_words?: number | undefined;
  /** Least chars of all document text together. */
  min_document_chars?: number | undefined;
  /** Most chars of all document text together. */
  max_document_chars?: number | undefined;
  /** Least words of all document text together. */
  min_document_words?: number | undefined;
  /** Most words of all document text together. */
  max_document_words?: number | undefined;
}

/** Options of refusal. */
export interface RefusalFilterOptions {
  /** More phrases, found anywhere in an answer whatever their case. */
  phrases?: readonly string[] | undefined;
}

/** Options of repetition. */
export interface RepetitionFilterOptions {
  /** Shorter texts are not looked at. Default: 50. */
  min_words?: number | undefined;
  /** Lines that were there before, of all lines. Default: 0.3. */
  dup_line_frac?: number | undefined;
  /** Paragraphs that were there before, of all paragraphs. Default: 0.3. */
  dup_para_frac?: number | undefined;
  /** Characters in such lines, of all. Default: 0.2. */
  dup_line_char_frac?: number | undefined;
  /** Characters in such paragraphs, of all. Default: 0.2. */
  dup_para_char_frac?: number | undefined;
  /** By n: characters in the most frequent run of n words, of all. Default: {"2":0.2,"3":0.18,"4":0.16}. */
  top_n_grams?: Readonly<Record<string, number>> | undefined;
  /**
   * By n: characters in runs of n words that were there before, of all. Default:
   * {"5":0.15,"6":0.14,"7":0.13,"8":0.12,"9":0.11,"10":0.1}.
   */
  dup_n_grams?: Readonly<Record<string, number>> | undefined;
}

/** A filter and its settings. */
export type Filter =
  | { name: "boilerplate"; options?: BoilerplateFilterOptions | undefined }
  | { name: "language"; options?: LanguageFilterOptions | undefined }
  | { name: "length"; options?: LengthFilterOptions | undefined }
  | { name: "refusal"; options?: RefusalFilterOptions | undefined }
  | { name: "repetition"; options?: RepetitionFilterOptions | undefined };
