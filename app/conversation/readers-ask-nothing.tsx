/** Stands where others have the question box. */
export function ReadersAskNothing() {
  return (
    <p className="rounded-xl border border-line bg-panel px-4 py-3 text-ink-soft text-sm">
      You are a reader here: you read the conversations that are shared with you, but do not ask questions of your own.
      An administrator of your organisation can change that.
    </p>
  );
}
