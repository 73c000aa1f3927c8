/** Documents, and questions that some of them answer. */
export interface QuestionSet {
  documents: readonly string[];
  questions: readonly DocumentQuestion[];
}

export interface DocumentQuestion {
  question: string;
  /** Any of them is right. */
  answers: readonly string[];
  /** Places of the documents that the answer needs. */
  needed: readonly number[];
  /** Places of documents of the same source, which stand beside them first. */
  related: readonly number[];
}

/** Gives each document its place; the same document has the same one. */
export function placesOf(): { documents: string[]; place(document: string): number } {
  const known = new Map<string, number>();
  const documents: string[] = [];
  return {
    documents,
    place(document) {
      const found = known.get(document);
      if (found !== undefined) return found;
      known.set(document, documents.length);
      return documents.push(document) - 1;
    },
  };
}
