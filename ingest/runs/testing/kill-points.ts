/** When a run's process is killed: at its n-th statement, original, embedding or sign of progress of a kind. */
export type KillPoint = { name: string; time?: number } & (
  | { sql: string; moment: "before" | "during" | "after" }
  | { put: "before" | "after" }
  | { embed: true }
  | { progress: true }
);

/** Every stage a record goes through, before, in the middle of and after what it leaves behind. */
export const killPoints: KillPoint[] = [
  { name: "just after the run is claimed", sql: "^commit", moment: "after" },
  { name: "when the first input begins", progress: true },
  { name: "while stored documents are compared", sql: "^select source_id, content_hash", moment: "before", time: 2 },
  { name: "while known vectors are looked up", sql: "^select distinct on \\(c.content_hash\\)", moment: "after" },
  { name: "while texts are embedded", embed: true, time: 2 },
  { name: "before an original is kept", put: "before", time: 90 },
  { name: "after an original is kept", put: "after", time: 140 },
  { name: "before a record's failure is kept", sql: "^insert into ingest_failures", moment: "before" },
  { name: "after a record's failure is kept", sql: "^insert into ingest_failures", moment: "after" },
  { name: "as a transaction begins", sql: "^begin", moment: "after", time: 2 },
  { name: "with the collection locked", sql: "^select 1 from collections .* for update", moment: "after", time: 2 },
  { name: "when old chunks are removed", sql: "^with leaving", moment: "after" },
  { name: "while documents are copied", sql: "^copy documents", moment: "during" },
  { name: "when changed documents are overwritten", sql: "^update documents d set", moment: "after" },
  { name: "while chunks are copied", sql: "^copy chunks_", moment: "during" },
  { name: "after chunks are copied", sql: "^copy chunks_", moment: "after" },
  { name: "while vectors are copied", sql: "^copy vectors_", moment: "during" },
  { name: "before postings are made", sql: "into chunk_terms_", moment: "before" },
  { name: "after postings are made", sql: "into chunk_terms_", moment: "after", time: 2 },
  { name: "just before a commit", sql: "^commit", moment: "before", time: 2 },
  { name: "while a commit is under way", sql: "^commit", moment: "during", time: 2 },
  { name: "just after a commit", sql: "^commit", moment: "after", time: 2 },
  { name: "before an input is checked off", sql: "^insert into ingest_checkpoints", moment: "before" },
  { name: "after an input is checked off", sql: "^insert into ingest_checkpoints", moment: "after" },
  { name: "while the vector index is built", sql: "^create index vectors_", moment: "during" },
  { name: "between the old index and the new", sql: "^drop table vectors_", moment: "after" },
  { name: "while statistics are renewed", sql: "^analyze", moment: "during" },
  { name: "before the run's end is recorded", sql: "^with ended", moment: "before" },
];
