import type { AnswerResult } from "../domain.ts";
import type { AnswerEvent } from "./events.ts";

/** What has been shown of an answer once this event has been; the result itself at its end. */
export function withShown(shown: AnswerResult, event: AnswerEvent): AnswerResult {
  switch (event.type) {
    case "sentence":
      return { ...shown, sentences: [...shown.sentences, event.sentence] };
    case "dropped":
      return { ...shown, dropped: [...shown.dropped, event.dropped] };
    case "gap":
      return { ...shown, gap: event.gap };
    case "redirection":
      return { ...shown, redirection: event.redirection };
    case "understood":
      return { ...shown, understanding: event.understanding };
    case "warning":
      return { ...shown, warnings: [...shown.warnings, event.warning] };
    case "contrast":
      return { ...shown, contrasts: [...shown.contrasts, event.contrast] };
    case "follow_ups":
      return { ...shown, followUps: event.questions };
    case "done":
      return event.result;
    default:
      return shown;
  }
}
