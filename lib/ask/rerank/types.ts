/** Reads question and passages together and orders them better than either arm of retrieval can. */
export interface Reranker {
  /** Named in receipts and cache keys. */
  readonly name: string;
  /**
   * @returns for each text its relevance to the question, 0 to 1, in the order of the texts
   * @throws whatever goes wrong, its time limit too: the caller goes on with the order it has
   */
  score(question: string, texts: string[], options?: { signal?: AbortSignal }): Promise<number[]>;
}
